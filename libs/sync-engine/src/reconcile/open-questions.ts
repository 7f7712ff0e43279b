import type { AppointmentRecord, GoogleEventRecord, Reason } from '@calsync/calendar-model';
import { equalFields, type Matching } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { GoogleEvents } from '../ports/google-events.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { PairStore, UnpairedStore } from './ports.js';
import type { Item } from './take-in.js';
import type { Event, Row } from './two-strips.js';

export interface QuestionParts {
  readonly pairs: Pick<PairStore, 'byAppointment' | 'byEvent'>;
  readonly unpaired: Pick<UnpairedStore, 'questionsOf' | 'removeUnlessWaiting'>;
  readonly inventive: Pick<InventiveAgenda, 'read'>;
  readonly google: Pick<GoogleEvents, 'get'>;
}

/** What of an account is put to a person and not answered, each as it stands now. */
export interface OpenQuestions {
  readonly events: readonly GoogleEventRecord[];
  /** Whether a person has still to say of this item, as it stands: a change of what it is recognised by is an answer, too. */
  isAsked(record: AppointmentRecord | GoogleEventRecord): boolean;
}

/** Reads what is asked about, for an account may have missed for a while what became of it: what is gone is asked no more. */
export async function readOpenQuestions({ pairs, unpaired, inventive, google }: QuestionParts, account: Account): Promise<OpenQuestions> {
  const asked = new Map<string, AppointmentRecord | GoogleEventRecord>();
  const events: GoogleEventRecord[] = [];
  for (const { side, itemId, record } of await unpaired.questionsOf(account.id)) {
    // After a crash of an answer: it has its pair.
    const isPaired = side === 'google' ? (await pairs.byEvent(account.id, account.calendarId, itemId)) !== undefined
      : (await pairs.byAppointment(account.source, itemId)).some(({ accountId }) => accountId === account.id);
    if (isPaired || record === undefined) continue;
    const reading = side === 'google' ? await google.get({ accountId: account.id, calendarId: account.calendarId }, itemId) : await inventive.read(account.source, itemId);
    if (reading.kind === 'cancelled' || reading.kind === 'deleted') {
      await unpaired.removeUnlessWaiting(account.id, side, itemId);
      continue;
    }
    asked.set(itemId, record);
    // A look that found nothing proves nothing.
    const now = reading.kind === 'found' ? reading.record : record;
    if ('calendarId' in now && now.shape !== 'master') events.push(now);
  }
  return { events, isAsked: (record) => isAsAsked(asked.get(record.id), record, account) };
}

/** The same of one item. */
export async function isOpenQuestion(unpaired: Pick<UnpairedStore, 'find'>, { side, record }: Item, account: Account): Promise<boolean> {
  const found = await unpaired.find(account.id, side, record.id);
  return found?.reason === 'ambiguous-match' && isAsAsked(found.record, record, account);
}

/** Recognised by the same subject and time as when a person was asked. */
function isAsAsked(before: AppointmentRecord | GoogleEventRecord | undefined, after: AppointmentRecord | GoogleEventRecord, { zone }: Pick<Account, 'zone'>): boolean {
  if (before === undefined || after.status === 'void') return false;
  const [{ subject: oldSubject, when: oldWhen }, { subject, when }] = [before.fields, after.fields];
  const sameSubject = oldSubject === undefined || subject === undefined ? oldSubject === subject : equalFields('subject', oldSubject, subject, zone);
  return sameSubject && oldWhen !== undefined && when !== undefined && equalFields('when', oldWhen, when, zone);
}

/** These say how the account or its days stand, and answer nothing: what a person was asked before is asked still. */
const ANSWERS_NOTHING: ReadonlySet<Reason> = new Set<Reason>([
  'account-joining', 'needs-consent', 'needs-calendar', 'held-by-brake', 'account-off', 'source-write-locked', 'outside-window', 'direction-excludes-side',
]);
export const leavesQuestion = (reason: Reason | undefined): boolean => reason === undefined || ANSWERS_NOTHING.has(reason);

/**
 * A matching of which what a person was asked about stays theirs to say: what is left over of a group is joined to nothing
 * that merely looks like it. Marks tell more than a person was asked, and join it.
 */
export async function withoutAsked<I extends Row, G extends Event>(
  { pairs, ambiguous, inventiveSingles, googleSingles, leftAlone }: Matching<I, G>,
  isAsked: (one: I | G) => boolean | Promise<boolean>,
): Promise<Matching<I, G>> {
  const asked = new Set<I | G>();
  for (const one of [...pairs.flatMap(({ inventive, google }) => [inventive, google]), ...inventiveSingles, ...googleSingles, ...leftAlone.map(({ google }) => google)]) {
    if (await isAsked(one)) asked.add(one);
  }
  const isTheirs = ({ inventive, google, by }: (typeof pairs)[number]) => by !== 'marks' && (asked.has(inventive) || asked.has(google));
  const free = <One extends I | G>(all: readonly One[]) => all.filter((one) => !asked.has(one));
  const alone = { inventive: inventiveSingles.filter((one) => asked.has(one)), google: [...googleSingles, ...leftAlone.map(({ google }) => google)].filter((one) => asked.has(one)) };
  return {
    pairs: pairs.filter((pair) => !isTheirs(pair)),
    ambiguous: [
      ...ambiguous,
      ...pairs.filter(isTheirs).map(({ inventive, google }) => ({ inventive: [inventive], google: [google] })),
      ...alone.inventive.map((one) => ({ inventive: [one], google: [] })),
      ...alone.google.map((one) => ({ inventive: [], google: [one] })),
    ],
    inventiveSingles: free(inventiveSingles),
    googleSingles: free(googleSingles),
    leftAlone: leftAlone.filter(({ google }) => !asked.has(google)),
  };
}
