import { EmulatorRequestError, fieldsOf, numberField, textField } from '@calsync/emulator-kit';

/** What a call is to a fault and to `stats`. A type, not an interface: fault books and call logs index it by name. */
export type CallMatch = {
  op?: string;
  dataclass?: string;
  user?: string;
};

export type FaultAction =
  | { readonly error: { readonly status: number; readonly errCode: number } }
  | { readonly latencyMs: number }
  | { readonly applyThenDrop: true }
  | { readonly locked: true }
  | { readonly nudges: 'drop' | 'delay' | 'duplicate'; readonly ms?: number }
  | { readonly slowCommitMs: number };

const ACTIONS = ['error', 'latencyMs', 'applyThenDrop', 'locked', 'nudges', 'slowCommitMs', 'ms'];

/** Exactly one action; `ms` belongs to `nudges: "delay"`. */
export function parseAction(body: unknown): FaultAction {
  const raw = fieldsOf(body, 'action', ACTIONS);
  const named = Object.keys(raw).filter((field) => field !== 'ms');
  if (named.length !== 1) throw new EmulatorRequestError(`action needs exactly one of ${ACTIONS.slice(0, -1).join(', ')}`);
  if (raw['ms'] !== undefined && raw['nudges'] !== 'delay') throw new EmulatorRequestError('ms goes with nudges "delay" only');
  switch (named[0]) {
    case 'error': {
      const error = fieldsOf(raw['error'], 'error', ['status', 'errCode']);
      return {
        error: {
          status: numberField(error['status'], 'error.status', { min: 400, max: 599, whole: true }),
          errCode: error['errCode'] === undefined ? 0 : numberField(error['errCode'], 'error.errCode', { min: -99_999, max: 99_999, whole: true }),
        },
      };
    }
    case 'latencyMs':
      return { latencyMs: numberField(raw['latencyMs'], 'latencyMs', { min: 0, max: 600_000 }) };
    case 'slowCommitMs':
      return { slowCommitMs: numberField(raw['slowCommitMs'], 'slowCommitMs', { min: 0, max: 3_600_000 }) };
    case 'nudges': {
      const nudges = textField(raw['nudges'], 'nudges');
      if (nudges === 'drop' || nudges === 'duplicate') return { nudges };
      if (nudges === 'delay') return { nudges, ms: raw['ms'] === undefined ? 1000 : numberField(raw['ms'], 'ms', { min: 0, max: 600_000 }) };
      throw new EmulatorRequestError('nudges must be "drop", "delay" or "duplicate"');
    }
    case 'applyThenDrop':
    case 'locked':
      if (raw[named[0]] !== true) throw new EmulatorRequestError(`${named[0]} must be true`);
      return named[0] === 'locked' ? { locked: true } : { applyThenDrop: true };
    default:
      throw new EmulatorRequestError('action is empty');
  }
}

/** What hits this one call, gathered from the actions of all faults that matched. */
export interface CallFaults {
  readonly error: { readonly status: number; readonly errCode: number } | undefined;
  readonly latencyMs: number;
  readonly applyThenDrop: boolean;
  readonly locked: boolean;
  readonly slowCommitMs: number | undefined;
  readonly nudges: ReadonlyArray<{ kind: 'drop' | 'duplicate' } | { kind: 'delay'; ms: number }>;
}

type NudgeAction = CallFaults['nudges'][number];

export function gather(actions: readonly FaultAction[]): CallFaults {
  const slow = actions.flatMap((action) => ('slowCommitMs' in action ? [action.slowCommitMs] : []));
  return {
    error: actions.find((action) => 'error' in action)?.error,
    latencyMs: actions.reduce((total, action) => total + ('latencyMs' in action ? action.latencyMs : 0), 0),
    applyThenDrop: actions.some((action) => 'applyThenDrop' in action),
    locked: actions.some((action) => 'locked' in action),
    slowCommitMs: slow.length > 0 ? Math.max(...slow) : undefined,
    nudges: actions.flatMap((action): NudgeAction[] => {
      if (!('nudges' in action)) return [];
      return action.nudges === 'delay' ? [{ kind: action.nudges, ms: action.ms ?? 1000 }] : [{ kind: action.nudges }];
    }),
  };
}

/** Locks, slow commits and nudges are things of a write: whatever else matches (a read, a login, a validation) leaves them alone and uncounted. A refused `$lock` is the one in between. */
export const concerns = (kind: 'read' | 'lock' | 'write') => (action: FaultAction): boolean =>
  kind === 'write' || 'error' in action || 'latencyMs' in action || 'applyThenDrop' in action || (kind === 'lock' && 'locked' in action);
