import type { FaultSpec } from './fault-book.js';

/** A wrong request under `/_emulator/`: answered with 400 and this message. */
export class EmulatorRequestError extends Error {
  override readonly name = 'EmulatorRequestError';
  readonly statusCode: number;

  constructor(message: string, statusCode = 400) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** The body as an object whose fields are all in `allowed`; a field that isn't known is named, so a misspelt one is never ignored. */
export function fieldsOf(value: unknown, what: string, allowed: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EmulatorRequestError(`${what} must be a JSON object with ${allowed.join(', ') || 'no fields'}`);
  }
  for (const field of Object.keys(value)) {
    if (!allowed.includes(field)) throw new EmulatorRequestError(`${what} has an unknown field "${field}"; known: ${allowed.join(', ') || 'none'}`);
  }
  return value as Record<string, unknown>;
}

export function numberField(value: unknown, what: string, range: { min: number; max?: number; whole?: true }): number {
  const { min, max = Number.MAX_SAFE_INTEGER, whole } = range;
  if (typeof value !== 'number' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new EmulatorRequestError(`${what} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
  }
  return value;
}

export function textField(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new EmulatorRequestError(`${what} must be a text`);
  return value;
}

/** A parser of fault bodies: checks all fields but the action's, which `parseAction` judges (it throws EmulatorRequestError). */
export function faultParser<M extends Record<string, string | undefined>, A>(
  matchFields: readonly (keyof M & string)[],
  parseAction: (action: unknown) => A,
): (body: unknown) => FaultSpec<M, A> {
  return (body) => {
    const raw = fieldsOf(body, 'a fault', ['match', 'action', 'times', 'probability', 'seed']);
    if (raw['action'] === undefined) throw new EmulatorRequestError('a fault needs an action');
    const spec: FaultSpec<M, A> = { action: parseAction(raw['action']) };
    if (raw['match'] !== undefined) {
      const match = fieldsOf(raw['match'], 'match', matchFields);
      spec.match = Object.fromEntries(Object.entries(match).map(([field, value]) => [field, textField(value, `match.${field}`)])) as Partial<M>;
    }
    if (raw['times'] !== undefined) spec.times = numberField(raw['times'], 'times', { min: 1, whole: true });
    if (raw['probability'] !== undefined) spec.probability = numberField(raw['probability'], 'probability', { min: 0, max: 1 });
    if (raw['seed'] !== undefined) spec.seed = numberField(raw['seed'], 'seed', { min: 0, whole: true });
    return spec;
  };
}
