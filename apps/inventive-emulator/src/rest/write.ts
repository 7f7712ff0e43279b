import type { Dataclass } from '../catalog/dataclass.js';
import type { Datastore } from '../datastore/datastore.js';
import type { Row } from '../datastore/table.js';
import type { Transaction } from '../datastore/transaction.js';
import type { RuleContext } from '../rules/inventive-rules.js';
import { entityForm, entityUri, type JsonObject } from './entity-form.js';
import type { Locks } from './locks.js';
import { parseProjection } from './projection.js';
import { tablesOf } from './read.js';
import { errorLine, type ErrorLine } from './rest-error.js';
import { saveEntity, type SaveContext, type SaveOutcome } from './save-entities.js';
import type { Session } from './sessions.js';

/** Goes with its appointment. */
const PARTICIPANT = 'AfspraakDeelnemer';

export interface Write {
  readonly at: string;
  readonly op: 'create' | 'update' | 'delete';
  readonly dataclass: string;
  readonly key: string;
  readonly user: string;
  /** Null where the dataclass isn't tracked. */
  readonly stamp: number | null;
}

export interface WriteParts {
  readonly datastore: Datastore;
  readonly locks: Locks;
  readonly now: () => Date;
  /** An accepted write, for `stats.writes`. */
  readonly accepted: (write: Write) => void;
}

/** What the faults and the session mean for this one call. */
export interface WriteCall {
  readonly session: Session;
  readonly lockedByFault: boolean;
  readonly slowCommitMs: number | undefined;
  /** The trigger: the newest stamp that was taken, at save, whatever becomes of the transaction. */
  readonly nudge: (stamp: number) => void;
}

export interface WriteAnswer {
  readonly body: unknown;
  readonly refused: boolean;
}

/** `$method=update` (and `$method=validate`, which saves nothing): an entity, an array, or `{"__ENTITIES":[…]}`. */
export function saveEntities(body: unknown, dataclass: Dataclass, mode: 'each' | 'atomic' | 'validate', call: WriteCall, parts: WriteParts): WriteAnswer {
  const elements = elementsOf(body);
  const outcomes = parts.datastore.together(() => (mode === 'each' ? saveEach(elements, dataclass, call, parts) : saveTogether(elements, dataclass, mode, call, parts)));
  const refused = outcomes.some((outcome) => outcome.kind === 'refused');
  if (mode === 'validate' && !refused) return { body: { ok: true }, refused };
  const forms = outcomes.map((outcome) => outcomeForm(outcome, dataclass, parts.datastore));
  return { body: Array.isArray(body) || isEntities(body) ? { __ENTITIES: forms } : forms[0], refused };
}

/** Deletes the rows, all or none. No stamp is checked: 4D has no conditional delete. */
export function deleteRows(rows: readonly Row[], dataclass: Dataclass, call: WriteCall, parts: WriteParts): WriteAnswer {
  const context = saveContext(parts.datastore.begin(), call, parts);
  const locked = rows.find((row) => context.isLocked(dataclass.name, row.key) || participantsOf(row, dataclass, parts.datastore).some((child) => context.isLocked(PARTICIPANT, child.key)));
  if (locked) {
    const lines: ErrorLine[] = [
      errorLine(1264, `The record of entity "${locked.key}" is locked by another process`),
      errorLine(1517, `The entity# ${locked.key} in the "${dataclass.name}" dataclass cannot be deleted`),
    ];
    return { body: { ok: false, __KEY: locked.key, __STAMP: locked.stamp, __STATUS: { status: 3, statusText: STATUS_TEXTS[3], success: false }, __ERROR: lines }, refused: true };
  }
  const writes = rows.map((row): Write => ({ ...about(call, parts), op: 'delete', dataclass: dataclass.name, key: row.key, stamp: deleteWithChildren(row, dataclass, context.transaction, parts.datastore) ?? null }));
  parts.datastore.together(() => {
    finish(context.transaction, call, parts.datastore);
    for (const write of writes) parts.accepted(write);
  });
  announce(context.transaction, call);
  for (const row of rows) parts.locks.forget(dataclass.name, row.key);
  return { body: { ok: true }, refused: false };
}

function saveEach(elements: readonly unknown[], dataclass: Dataclass, call: WriteCall, parts: WriteParts): SaveOutcome[] {
  let last: Transaction | undefined;
  const outcomes = elements.map((element) => {
    const context = saveContext(parts.datastore.begin(), call, parts);
    const outcome = saveEntity(dataclass, element, context);
    if (context.transaction.changes.length > 0) finish(context.transaction, call, parts.datastore);
    accept(outcome, dataclass, call, parts);
    if (context.transaction.stamps.length > 0) last = context.transaction;
    return outcome;
  });
  if (last) announce(last, call);
  return outcomes;
}

function saveTogether(elements: readonly unknown[], dataclass: Dataclass, mode: 'atomic' | 'validate', call: WriteCall, parts: WriteParts): SaveOutcome[] {
  const context = saveContext(mode === 'validate' ? parts.datastore.rehearse() : parts.datastore.begin(), call, parts);
  const outcomes = elements.map((element) => saveEntity(dataclass, element, context));
  if (mode === 'validate') return outcomes;
  // Triggers ran at each save: the nudge goes out for a transaction that is rolled back, too.
  announce(context.transaction, call);
  if (outcomes.some((outcome) => outcome.kind === 'refused')) {
    parts.datastore.rollback(context.transaction);
    return outcomes;
  }
  if (context.transaction.changes.length > 0) finish(context.transaction, call, parts.datastore);
  for (const outcome of outcomes) accept(outcome, dataclass, call, parts);
  return outcomes;
}

function saveContext(transaction: Transaction, call: WriteCall, { datastore, locks, now }: WriteParts): SaveContext {
  const rules: RuleContext = {
    user: call.session.user,
    now: now().toISOString(),
    // Rows of this very transaction count: an appointment and its participants may be saved together.
    find: (name, key) => transaction.get(datastore.table(name).dataclass, key),
    first: (name) => datastore.table(name).rows()[0],
    lastAppointmentOf: (ownerId) => datastore.table('Afspraak').rows({ attribute: 'GebruikerID', oneOf: [ownerId] }).at(-1),
    userId: (user) => datastore.table('Gebruiker').rows().find((row) => row.values['Inlognaam'] === user)?.key,
  };
  const isLocked = (name: string, key: string) => call.lockedByFault || datastore.isHeld(name, key) || locks.heldByOther(name, key, call.session.id);
  return { ...rules, transaction, isLocked };
}

function finish(transaction: Transaction, call: WriteCall, datastore: Datastore): void {
  if (call.slowCommitMs === undefined) datastore.commit(transaction);
  else datastore.commitLater(transaction, call.slowCommitMs);
}

function announce(transaction: Transaction, call: WriteCall): void {
  const newest = transaction.stamps.at(-1);
  if (newest !== undefined) call.nudge(newest);
}

function accept(outcome: SaveOutcome, dataclass: Dataclass, call: WriteCall, parts: WriteParts): void {
  if (outcome.kind === 'refused') return;
  const stamp = outcome.row.values['__GlobalStamp'];
  parts.accepted({ ...about(call, parts), op: outcome.created ? 'create' : 'update', dataclass: dataclass.name, key: outcome.row.key, stamp: typeof stamp === 'number' ? stamp : null });
}

const about = (call: WriteCall, parts: WriteParts) => ({ at: parts.now().toISOString(), user: call.session.user });

/** An appointment takes its participants along, as its own trigger does: one that is locked keeps it. */
function deleteWithChildren(row: Row, dataclass: Dataclass, transaction: Transaction, datastore: Datastore): number | undefined {
  for (const child of participantsOf(row, dataclass, datastore)) transaction.delete(datastore.table(PARTICIPANT).dataclass, child);
  return transaction.delete(dataclass, row);
}

function participantsOf(row: Row, dataclass: Dataclass, datastore: Datastore): readonly Row[] {
  return dataclass.name === 'Afspraak' ? datastore.table(PARTICIPANT).rows({ attribute: 'AfspraakID', oneOf: [row.key] }) : [];
}

const STATUS_TEXTS = { 2: 'Stamp has changed', 3: 'Already locked', 4: 'Other error', 5: 'Entity does not exist anymore' } as const;

function outcomeForm(outcome: SaveOutcome, dataclass: Dataclass, datastore: Datastore): JsonObject {
  const all = parseProjection(undefined, undefined, dataclass);
  const form = (row: Row) => entityForm(row, dataclass, all, tablesOf(datastore));
  if (outcome.kind === 'saved') return { __entityModel: dataclass.name, uri: entityUri(dataclass.name, outcome.row.key), ...form(outcome.row), __STATUS: { success: true } };
  const { status, current, lines } = outcome;
  return { __STATUS: { status, statusText: STATUS_TEXTS[status], success: false }, ...(current ? form(current) : {}), __ERROR: lines };
}

const isEntities = (body: unknown): body is { __ENTITIES: unknown[] } => typeof body === 'object' && body !== null && '__ENTITIES' in body && Array.isArray(body.__ENTITIES);

export function elementsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  return isEntities(body) ? body.__ENTITIES : [body];
}
