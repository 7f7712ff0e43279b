import type { Decor, DecorChange, GoogleEventRecord, GoogleFields, InventiveFields } from '@calsync/calendar-model';
import { deriveAppointmentId, deriveGoogleEventId } from '@calsync/calendar-model';
import type { Base, GoogleAct, InventiveAct } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { CalendarRef, GoogleEvents } from '../ports/google-events.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import { Failure } from '../failures/failure.js';
import { answerAppointment, answerAppointmentDeleted, answerEvent, answerEventCancelled } from './learn.js';
import { UNSEEN, type Intent, type Pair, type PeopleIntent, type Side } from './pair.js';
import { asItWas, deletedEvent, formerEventOf } from './former-event.js';
import { executePeople } from './people-act.js';
import { placeOf } from './place.js';
import { marksOf } from './plan-pair.js';
import type { PairChanges } from './ports.js';

/**
 * What an answer changes of the pair as it stands when the lesson is saved: the echo of our own write may have been
 * taken in before its answer, and then the newer of the two is kept.
 */
export type Lesson = (pair: Pair) => PairChanges;

/**
 * `accepted`: the write stands, `lesson` is what it taught. `replan`: somebody was faster, or the id is taken; after
 * reading, a new plan. `locked`: the record is open on a desk. `refused`: the vendor won't have it, whatever we do.
 */
export type ActOutcome =
  | { readonly kind: 'accepted'; readonly lesson: Lesson }
  | { readonly kind: 'replan'; readonly lesson: Lesson }
  | { readonly kind: 'locked' }
  | { readonly kind: 'guest-quota'; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly cause: string };

export interface Vendors {
  readonly inventive: InventiveAgenda;
  readonly google: GoogleEvents;
}

/** Turns a plan's act into the exact call to be made, ids and versions included; stored before the call. */
export function intendInventive(pair: Pair, account: Account, act: Exclude<InventiveAct, { kind: 'none' }>): { intent: Intent; identity: PairChanges } {
  const row = pair.inventive.record;
  switch (act.kind) {
    case 'create': {
      // A key that was deleted is not used again: its old deletion would be taken for a new one. One that an earlier try chose and
      // never used is kept: a worker that hangs may use it yet, and two keys would be two appointments. Nor is that of a row that
      // went to another user or administration: it is theirs, until a key of our own was chosen by an earlier try.
      const theirs = row === undefined ? wasLetGo(pair) : placeOf(pair, account).kind === 'left' && row.id === pair.appointmentId;
      const burnt = (pair.inventive.state === 'tombstone' && (row === undefined || row.id === pair.appointmentId)) || theirs;
      const inventiveGeneration = pair.inventiveGeneration + (burnt ? 1 : 0);
      const id = burnt ? deriveAppointmentId(pair.id, inventiveGeneration) : pair.appointmentId;
      return {
        // Of what doesn't cross, *Soort* is all that is known of the row that was; without it the new one would lose its colour, too.
        intent: { side: 'inventive', act: 'create', id, fields: act.fields, ...(row === undefined || row.category === '' ? {} : { category: row.category }), settled: act.settled },
        identity: burnt ? { appointmentId: id, inventiveGeneration } : {},
      };
    }
    case 'update':
      if (row === undefined) throw new Error(`pair ${pair.id}: an update of an appointment that was never read`);
      return { intent: { side: 'inventive', act: 'update', id: row.id, entityStamp: row.entityStamp, fields: act.fields, ...(act.status ? { status: act.status } : {}), settled: act.settled }, identity: {} };
    case 'delete':
      if (row === undefined) throw new Error(`pair ${pair.id}: a deletion of an appointment that was never read`);
      return { intent: { side: 'inventive', act: 'delete', id: row.id, rowStamp: row.rowStamp }, identity: {} };
  }
}

/** Known, and let go when its pair was closed: it lives on in another agenda. Once a key of our own was tried, that one is meant. */
const wasLetGo = ({ inventive, begun = [], appointmentId }: Pair): boolean =>
  inventive.state === 'known' && inventive.record === undefined && !begun.some(({ side, id }) => side === 'inventive' && id === appointmentId);

export function intendGoogle(pair: Pair, account: Account, act: Exclude<GoogleAct, { kind: 'none' }>): { intent: Intent; identity: PairChanges } {
  const event = pair.google.record;
  switch (act.kind) {
    case 'create': {
      const marks = marksOf(pair, account, pair.inventive.record?.administrationId ?? account.administrationId);
      return {
        intent: { side: 'google', act: 'create', id: pair.eventId, generation: pair.googleGeneration, marks, ...asItWas(pair, account, act), settled: act.settled },
        identity: {},
      };
    }
    case 'patch':
      if (event === undefined) throw new Error(`pair ${pair.id}: a patch of an event that was never read`);
      return {
        intent: { side: 'google', act: 'update', id: event.id, etag: event.etag, fields: act.fields, ...(act.marks ? { marks: act.marks } : {}), ...(act.decor ? { decor: act.decor } : {}), settled: act.settled },
        identity: {},
      };
    case 'delete':
      if (event === undefined) throw new Error(`pair ${pair.id}: a deletion of an event that was never read`);
      return { intent: { side: 'google', act: 'delete', id: event.id, etag: event.etag }, identity: {} };
  }
}

/** Makes the one call that the intent names, and nothing else. Throws `Failure` where the answer is not known. */
export async function execute(pair: Pair, account: Account, intent: Intent | PeopleIntent, vendors: Vendors, now: number): Promise<ActOutcome> {
  if (intent.act === 'people') return executePeople(pair, intent, vendors, now);
  return intent.side === 'inventive' ? executeInInventive(pair, account, intent, vendors, now) : executeInGoogle(pair, intent, vendors, now);
}

async function executeInInventive(pair: Pair, account: Account, intent: Extract<Intent, { side: 'inventive' }>, vendors: Vendors, now: number): Promise<ActOutcome> {
  const outcome = await callInventive(pair, account, intent, vendors.inventive);
  switch (outcome.kind) {
    case 'written': {
      const settled = 'settled' in intent ? intent.settled : pair.base;
      return accepted(({ inventive }) => ({ inventive: heedingNews(pair.inventive, inventive, answerAppointment(inventive, outcome.record, settled, now)), ...(settled ? { base: settled } : {}) }));
    }
    case 'gone':
      if (intent.act === 'delete') return accepted(({ inventive }) => ({ inventive: heedingNews(pair.inventive, inventive, answerAppointmentDeleted(inventive, intent.id, undefined)), base: null }));
      return replan(({ inventive }) => ({ inventive: { ...inventive, seq: inventive.seq + 1, needsRead: true } }));
    case 'exists':
    case 'stale':
      return replan(({ inventive }) => ({ inventive: { ...inventive, seq: inventive.seq + 1, needsRead: true } }));
    case 'locked':
      return { kind: 'locked' };
    case 'refused':
      return { kind: 'refused', cause: outcome.cause };
  }
}

function callInventive(pair: Pair, account: Account, intent: Extract<Intent, { side: 'inventive' }>, agenda: InventiveAgenda) {
  switch (intent.act) {
    case 'create':
      return agenda.create(pair.source, { id: intent.id, ownerId: account.userId, administrationId: account.administrationId, fields: intent.fields, ...(intent.category === undefined ? {} : { category: intent.category }) });
    case 'update':
      return agenda.update(pair.source, intent.id, intent.entityStamp, intent.fields, intent.status);
    case 'delete':
      return agenda.delete(pair.source, intent.id, intent.rowStamp);
  }
}

async function executeInGoogle(pair: Pair, intent: Extract<Intent, { side: 'google' }>, vendors: Vendors, now: number): Promise<ActOutcome> {
  const calendar = { accountId: pair.accountId, calendarId: pair.calendarId };
  switch (intent.act) {
    case 'create': {
      const deleted = deletedEvent(pair);
      if (deleted?.shape === 'master') return afterRefusedCreate(pair, intent, vendors, now, { kind: 'exists' });
      const outcome = deleted === undefined
        ? await vendors.google.insert(calendar, intent.id, intent.fields, intent.marks, decorOfNew(intent.decor))
        // An id that was deleted is never free again: it is revived, or the next generation is used.
        : await vendors.google.patch(calendar, deleted, { fields: intent.fields, ...(pair.occurrence === undefined ? { marks: intent.marks } : {}), ...(intent.decor ? { decor: intent.decor } : {}), revive: true });
      if (outcome.kind === 'written') return accepted(({ google }) => ({ google: heedingNews(pair.google, google, answerEvent(google, outcome.record, intent.settled, now, pair.inventive.record?.zone)), base: intent.settled, ...(pair.formerEvent === undefined ? {} : { formerEvent: null }) }));
      return afterRefusedCreate(pair, intent, vendors, now, outcome);
    }
    case 'update': {
      const record = currentEvent(pair, intent.etag);
      // A change of reminders moves no etag: before they are replaced as a whole they are looked at once more.
      const unheard = intent.fields.reminders === undefined ? undefined : await changedReminders(calendar, record, vendors.google);
      if (unheard !== undefined) return replan(({ google }) => ({ google: answerEvent(google, unheard, pair.base, now, pair.inventive.record?.zone) }));
      const outcome = await vendors.google.patch(calendar, record, { fields: intent.fields, ...(intent.marks ? { marks: intent.marks } : {}), ...(intent.decor ? { decor: intent.decor } : {}) });
      if (outcome.kind === 'written') return accepted(({ google }) => ({ google: heedingNews(pair.google, google, answerEvent(google, outcome.record, intent.settled, now, pair.inventive.record?.zone)), base: intent.settled }));
      return outcome.kind === 'refused' ? outcome : replan(({ google }) => ({ google: { ...google, seq: google.seq + 1, needsRead: true } }));
    }
    case 'delete': {
      const outcome = await vendors.google.delete(calendar, intent.id, intent.etag);
      if (outcome.kind === 'gone') return accepted(({ google }) => ({ google: heedingNews(pair.google, google, answerEventCancelled(google, undefined)), base: agreedOnceDeleted(pair) }));
      return outcome.kind === 'refused' ? outcome : replan(({ google }) => ({ google: { ...google, seq: google.seq + 1, needsRead: true } }));
    }
  }
}

/** Each after a longer wait. */
const MOST_LOOKS = 5;

/** The id is taken. By our own event of an earlier try: it is read and merged. By a deleted one: the next generation, stored before it is used. */
async function afterRefusedCreate(
  pair: Pair, intent: Extract<Intent, { side: 'google'; act: 'create' }>, vendors: Vendors, now: number,
  outcome: { kind: 'exists' | 'stale' | 'gone' } | { kind: 'refused'; cause: string },
): Promise<ActOutcome> {
  const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, intent.id);
  if (reading.kind === 'found') return replan(({ google }) => ({ google: answerEvent(google, reading.record, undefined, now) }));
  // The deletion itself changed the etag: with the present one it is tried once more.
  if (reading.kind === 'cancelled' && outcome.kind === 'stale' && reading.record.etag !== deletedEvent(pair)?.etag) {
    return replan(({ google }) => ({ google: answerEventCancelled(google, reading.record) }));
  }
  // Taken, not to be seen, and tried by us before: most likely that try made it, and a second event would double it. Only after a while it counts as burnt.
  const mayBeOurs = reading.kind === 'absent' && outcome.kind === 'exists' && pair.begun?.some(({ side, id }) => side === 'google' && id === intent.id) === true;
  if (mayBeOurs && pair.attempts < MOST_LOOKS) throw new Failure('transient', `pair ${pair.id}: Google says that its event exists, and doesn't show it; it is looked for again`);
  const idIsBurnt = outcome.kind === 'exists' || pair.google.state === 'tombstone';
  if (!idIsBurnt) return outcome.kind === 'refused' ? outcome : replan(() => ({}));
  const googleGeneration = pair.googleGeneration + 1;
  const formerEvent = formerEventOf(pair);
  return replan(({ google }) => ({
    eventId: deriveGoogleEventId(pair.id, googleGeneration),
    googleGeneration,
    // What its series has no more goes on by itself.
    ...(pair.occurrence === undefined ? {} : { occurrence: null }),
    google: { ...UNSEEN, seq: google.seq + 1, ...(google.receivedAt === undefined ? {} : { receivedAt: google.receivedAt }) },
    base: null,
    ...(pair.begun === undefined ? {} : { begun: null }),
    ...(formerEvent === undefined ? {} : { formerEvent }),
  }));
}

/**
 * The written side after an answer, where news of it came while the call was under way (`before` is the side as the call
 * began). The answer may be the older of the two: a claim that couldn't be ordered still stands, and "gone" says nothing
 * about what came back since. The echo of the write itself is no such news.
 */
export function heedingNews<S extends Side<unknown, unknown>>(before: S, current: S, answered: S): S {
  const undone = current.seq !== before.seq && answered.state === 'tombstone' && current.state === 'known';
  return current.needsRead || undone ? { ...answered, needsRead: true } : answered;
}

/**
 * Nothing is agreed on once the event is gone: should it come back, that is news and no unedited leftover to be deleted again. Beside a
 * row that is *Vervallen* "never in step" would leave both as they are, so one field less is agreed on: that counts as an edit, and
 * what was typed in Google since is still told from what both had.
 */
export function agreedOnceDeleted({ base, inventive: { state, record } }: Pair): Base | null {
  if (base === undefined || state !== 'known' || record?.status !== 'void') return null;
  const { showAs: _unknown, ...fields } = base.fields;
  return { ...base, fields };
}

/** There is no colour to take away. */
const decorOfNew = ({ colour, ...rest }: DecorChange = {}): Decor => ({ ...rest, ...(colour === undefined || colour.kind === 'none' ? {} : { colour }) });

function currentEvent(pair: Pair, etag: string) {
  const record = pair.google.record;
  if (record === undefined || record.etag !== etag) throw new Error(`pair ${pair.id}: the event to patch is not the one that the plan was made for`);
  return record;
}

async function changedReminders(calendar: CalendarRef, known: GoogleEventRecord, google: GoogleEvents): Promise<GoogleEventRecord | undefined> {
  const reading = await google.get(calendar, known.id);
  if (reading.kind !== 'found' || reading.record.etag !== known.etag) return undefined;
  return JSON.stringify(reading.record.fields.reminders) === JSON.stringify(known.fields.reminders) ? undefined : reading.record;
}

const accepted = (lesson: Lesson): ActOutcome => ({ kind: 'accepted', lesson });
const replan = (lesson: Lesson): ActOutcome => ({ kind: 'replan', lesson });

/** The names of what an intent writes, for outcomes and logs: never the values. */
export function writtenFields(intent: Intent | PeopleIntent): readonly string[] {
  if (intent.act === 'delete') return [];
  if (intent.act === 'people') return ['participants'];
  const fields: InventiveFields | GoogleFields = intent.fields;
  const named = (what: string, there: unknown): readonly string[] => (there === undefined ? [] : [what]);
  return [
    ...Object.keys(fields),
    ...('status' in intent ? named('status', intent.status) : []),
    ...('marks' in intent ? named('marks', intent.marks) : []),
    ...('decor' in intent ? Object.keys(intent.decor ?? {}) : []),
  ];
}
