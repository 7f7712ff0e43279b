import { EmulatorRequestError, FaultBook, faultParser, fieldsOf, numberField, textField, type DocumentTable, type Fault, type FaultSpec } from '@calsync/emulator-kit';
import { calendarDocument, methodsOf } from '../discovery/document.js';
import type { Grants } from '../oauth/grants.js';
import type { World } from '../state/world.js';

/** What a fault is matched with. */
export type CallKey = { method: string | undefined; email: string | undefined; client: string | undefined; calendarId: string | undefined };

export type FaultAction =
  | { readonly error: { readonly status: number; readonly reason?: string } }
  | { readonly latencyMs: number }
  | { readonly applyThenDrop: true }
  | { readonly omit: readonly string[] }
  | { readonly cutAfterPage: number }
  | { readonly notifications: 'drop' | 'delay' | 'duplicate'; readonly ms?: number }
  | { readonly expireSyncTokens: true }
  | { readonly revoke: true };

const matchFields = ['method', 'email', 'client', 'calendarId'] as const;
const actionFields = ['error', 'latencyMs', 'applyThenDrop', 'omit', 'cutAfterPage', 'notifications', 'ms', 'expireSyncTokens', 'revoke'];

/** What a test ordered to go wrong; the calendar's door and the push sender ask it. */
export class Faults {
  readonly book: FaultBook<CallKey, FaultAction>;

  constructor(world: World, private readonly grants: Grants) {
    this.book = new FaultBook<CallKey, FaultAction>(world.store.table<Fault<CallKey, FaultAction>>('faults') satisfies DocumentTable<Fault<CallKey, FaultAction>>);
    this.#world = world;
  }

  readonly #world: World;

  /** Checks a fault body; `expireSyncTokens` and `revoke` happen here, at once. */
  parse = (body: unknown): FaultSpec<CallKey, FaultAction> => {
    const parsed = faultParser<CallKey, FaultAction>(matchFields, parseAction)(body);
    const spec = parsed.match === undefined ? parsed : { ...parsed, match: checkMatch(parsed.match, parsed.action) };
    const { email, client, calendarId } = spec.match ?? {};
    if ('expireSyncTokens' in spec.action) {
      this.#world.expireTokens({ ...(email === undefined ? {} : { email }), ...(client === undefined ? {} : { client }), ...(calendarId === undefined ? {} : { calendarId }) });
    }
    if ('revoke' in spec.action) this.grants.revoke({ email, client });
    return spec;
  };

  /** Before the work: how long to wait, and what to answer instead of working. */
  before(call: CallKey): { latencyMs: number; error: { status: number; reason?: string } | undefined } {
    let latencyMs = 0;
    let error: { status: number; reason?: string } | undefined;
    for (const action of this.book.take(call, (wanted) => 'error' in wanted || 'latencyMs' in wanted)) {
      if ('latencyMs' in action) latencyMs += action.latencyMs;
      if ('error' in action) error ??= action.error;
    }
    return { latencyMs, error };
  }

  /** After an accepted call that isn't a read: whether its answer gets lost. */
  dropsAnswer(call: CallKey): boolean {
    return this.book.take(call, (wanted) => 'applyThenDrop' in wanted).length > 0;
  }

  /** Only where a fault names the token endpoint: one that waits for any write isn't used up by a refresh. */
  dropsTokenAnswer(call: CallKey): boolean {
    return this.book.list().some((fault) => fault.match?.method === oauthMethod) && this.dropsAnswer(call);
  }

  omitted(call: CallKey): ReadonlySet<string> {
    return new Set(this.book.take(call, (wanted) => 'omit' in wanted).flatMap((action) => ('omit' in action ? action.omit : [])));
  }

  /** Whether the request for this page is cut off; counts only then. */
  cutsPage(call: CallKey, page: number): boolean {
    return this.book.take(call, (wanted) => 'cutAfterPage' in wanted && page > wanted.cutAfterPage).length > 0;
  }

  /** In how many pages at least a list must come, so that a cut can be seen; looks only, counts nothing. */
  pagesAtLeast(call: CallKey): number | undefined {
    const cuts = this.book.list().flatMap((fault) => {
      const open = fault.times === undefined || fault.matched < fault.times;
      const fits = Object.entries(fault.match ?? {}).every(([field, value]) => call[field as keyof CallKey] === value);
      return 'cutAfterPage' in fault.action && open && fits ? [fault.action.cutAfterPage + 1] : [];
    });
    return cuts.length > 0 ? Math.max(...cuts) : undefined;
  }

  /** What happens to one notification. */
  notification(call: CallKey): { drop: boolean; copies: number; delayMs: number } {
    const fate = { drop: false, copies: 1, delayMs: 0 };
    for (const action of this.book.take(call, (wanted) => 'notifications' in wanted)) {
      if (!('notifications' in action)) continue;
      if (action.notifications === 'drop') fate.drop = true;
      if (action.notifications === 'duplicate') fate.copies += 1;
      if (action.notifications === 'delay') fate.delayMs += action.ms ?? 1000;
    }
    return fate;
  }
}

/** Beside the methods of Google's document. */
const oauthMethod = 'oauth2.token';
const knownMethods: ReadonlySet<string> = new Set([...methodsOf(calendarDocument).map((method) => method.id), oauthMethod]);

/**
 * A match that could never fit, or that its action doesn't look at, is refused: a fault that silently does nothing, or
 * something to everybody, would make a test lie.
 */
function checkMatch(match: Partial<CallKey>, action: FaultAction): Partial<CallKey> {
  const { method, email, calendarId } = match;
  const refuse = (field: keyof CallKey, why: string): never => {
    throw new EmulatorRequestError(`match.${field} ${why}`);
  };
  if (method !== undefined && !knownMethods.has(method)) refuse('method', `is no method of Google's document and not ${oauthMethod}: ${method}`);
  if (calendarId === 'primary') refuse('calendarId', 'must be the real id: of a primary calendar the e-mail');
  if (method !== undefined && ('revoke' in action || 'notifications' in action || ('expireSyncTokens' in action && method !== 'calendar.events.list'))) refuse('method', `does not belong to ${Object.keys(action)[0] ?? ''}: no call is matched`);
  if (calendarId !== undefined && 'revoke' in action) refuse('calendarId', 'does not belong to revoke: a consent is one of an e-mail and a client');
  return email === undefined ? match : { ...match, email: email.trim().toLowerCase() };
}

function parseAction(value: unknown): FaultAction {
  const raw = fieldsOf(value, 'action', actionFields);
  const names = Object.keys(raw).filter((name) => name !== 'ms');
  const [name] = names;
  if (name === undefined || names.length > 1) throw new EmulatorRequestError('an action has exactly one of ' + actionFields.filter((field) => field !== 'ms').join(', '));
  if (raw['ms'] !== undefined && name !== 'notifications') throw new EmulatorRequestError('ms belongs to notifications');
  const given = raw[name];
  switch (name) {
    case 'error': {
      const error = fieldsOf(given, 'error', ['status', 'reason']);
      const status = numberField(error['status'], 'error.status', { min: 400, max: 599, whole: true });
      return { error: { status, ...(error['reason'] === undefined ? {} : { reason: textField(error['reason'], 'error.reason') }) } };
    }
    case 'latencyMs':
      return { latencyMs: numberField(given, 'latencyMs', { min: 0 }) };
    case 'cutAfterPage':
      return { cutAfterPage: numberField(given, 'cutAfterPage', { min: 1, whole: true }) };
    case 'omit':
      if (!Array.isArray(given)) throw new EmulatorRequestError('omit must be a list of event ids');
      return { omit: given.map((id) => textField(id, 'omit')) };
    case 'notifications':
      if (given !== 'drop' && given !== 'delay' && given !== 'duplicate') throw new EmulatorRequestError('notifications must be drop, delay or duplicate');
      return { notifications: given, ...(raw['ms'] === undefined ? {} : { ms: numberField(raw['ms'], 'ms', { min: 0 }) }) };
    default:
      if (given !== true) throw new EmulatorRequestError(`${name} must be true`);
      return { [name]: true } as FaultAction;
  }
}
