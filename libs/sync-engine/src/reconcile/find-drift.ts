import type { GoogleEventRecord, PairId, Reason } from '@calsync/calendar-model';
import { overlapsWindow, type SyncWindow } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { EventReading, GoogleEvents } from '../ports/google-events.js';
import type { AppointmentReading, InventiveAgenda } from '../ports/inventive-agenda.js';
import { eventDrifted, rowDrifted, wasNeverWritten } from './drift.js';
import { whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import { sameUnderNewVersion } from './occurrences.js';
import { isOpenQuestion, leavesQuestion } from './open-questions.js';
import type { Pair } from './pair.js';
import { whyRowIsElsewhere } from './place.js';
import type { PairStore, UnpairedStore } from './ports.js';
import { itemOf, matchStrips, readTwoStrips, type Event, type Row, type TwoStrips } from './two-strips.js';
import type { Item } from './take-in.js';
import type { Days } from './window-days.js';

export interface FindDriftParts {
  readonly pairs: Pick<PairStore, 'pageOfAccount'>;
  readonly unpaired: Pick<UnpairedStore, 'find'>;
  readonly inventive: Pick<InventiveAgenda, 'readAgenda' | 'read'>;
  readonly google: Pick<GoogleEvents, 'listDays' | 'get'>;
  readonly todayIn: (zone: string) => string;
}

/** How the sides of one pair stand at their vendors, as far as they were asked. */
export interface Readings {
  readonly inventive?: AppointmentReading;
  readonly google?: EventReading;
}

/** Something that no message told of. `key` names it for good; `changedAt` (epoch ms) where the vendor says when it came about. */
export type Finding = { readonly key: string; readonly changedAt?: number } & (
  | { readonly kind: 'different'; readonly pairId: PairId; readonly readings: Readings; /** Its dueSeq, where nothing is news and only the work was never done. */ readonly idleSince?: number }
  | { readonly kind: 'matched'; readonly row: Row; readonly event: Event }
  | { readonly kind: 'toInventive'; readonly item: Extract<Item, { side: 'google' }> }
  | { readonly kind: 'toGoogle'; readonly item: Extract<Item, { side: 'inventive' }> }
);

export interface Found {
  readonly strips: TwoStrips;
  readonly paired: number;
  readonly findings: readonly Finding[];
  readonly ambiguous: readonly { readonly inventive: readonly Row[]; readonly google: readonly Event[] }[];
  readonly leftAlone: readonly { readonly item: Item; readonly reason: Reason }[];
  readonly quarantined: number;
}

/** Events of which a row would be made. */
export const comingFromGoogle = ({ findings }: Found): readonly GoogleEventRecord[] => findings.flatMap((finding) => (finding.kind === 'toInventive' ? [finding.item.record] : []));

/** Each of them may have to be asked for on both sides, one by one, before the account is kept up and the progress noted again. */
const PAGE = 25;

/**
 * Reads these days of both sides and holds them against the pairs: what is newer than we know, what has no pair though it
 * should, and known pairs that a list leaves out, which are asked for one by one. It writes nothing anywhere.
 * `looked` is told how many items were looked at; what it throws ends the look.
 */
export async function findDrift(parts: FindDriftParts, account: Account, days: Days, looked: (done: number, total: number) => Promise<void>): Promise<Found> {
  const strips = await readTwoStrips(parts, account, days);
  const listed = new Listed(strips);
  const total = strips.rows.length + strips.events.length;
  const inDays: SyncWindow = { zone: account.zone, todayOn: days.fromOn, daysBefore: 0, daysAfter: Temporal.PlainDate.from(days.fromOn).until(days.untilOn, { largestUnit: 'days' }).days };
  const findings: Finding[] = [];
  let [paired, quarantined] = [0, 0];
  let after: PairId | undefined;
  for (;;) {
    const page = await parts.pairs.pageOfAccount(account.id, after, PAGE);
    for (const { pair, due } of page) {
      const row = listed.rowOf(pair, account);
      const event = listed.eventOf(pair, account);
      const readings = await readingsOf(parts, pair, account, row, event, inDays);
      if (readings === undefined) continue;
      if (pair.status === 'quarantined') quarantined += 1;
      else if (differs(pair, readings, due)) findings.push({ kind: 'different', key: `different:${pair.id}`, pairId: pair.id, readings, ...changedAt(readings) });
      else if (!due && wasNeverWritten(pair, account)) findings.push({ kind: 'different', key: `different:${pair.id}`, pairId: pair.id, readings, idleSince: pair.dueSeq, ...changedAt(readings) });
      else paired += 1;
    }
    await looked(total - listed.size, total);
    after = page.at(-1)?.pair.id;
    if (page.length < PAGE) break;
  }
  const without = await judgeUnpaired(parts, account, listed);
  await looked(total, total);
  return { strips, paired, quarantined, findings: [...findings, ...without.findings], ambiguous: without.ambiguous, leftAlone: without.leftAlone };
}

/** What is pending anyway (a side to be read, of a pair that is due) is no difference. */
export function differs(pair: Pair, { inventive, google }: Readings, due: boolean): boolean {
  const [readsRow, readsEvent] = [pair.inventive.needsRead, pair.google.needsRead];
  const row = inventive === undefined || readsRow ? false
    : inventive.kind === 'found' ? rowDrifted(pair.inventive, inventive.record)
    : inventive.kind === 'deleted' && pair.inventive.state !== 'tombstone';
  const event = google === undefined || readsEvent ? false
    : google.kind === 'found' ? otherEvent(pair, google.record)
    : google.kind === 'cancelled' && pair.google.state !== 'tombstone';
  return row || event || (!due && (readsRow || readsEvent));
}

/** All of a series has one version, and an occurrence goes to another event with the half that has it: those are told of by the series. */
function otherEvent(pair: Pair, record: GoogleEventRecord): boolean {
  if (record.id !== pair.eventId) return true;
  return eventDrifted(pair.google, record) && (pair.occurrence === undefined || sameUnderNewVersion(pair, record) === undefined);
}

/** What was listed and not yet recognised; a pair takes what is its own. */
class Listed {
  private readonly rows: Map<string, Row>;
  private readonly events: Map<string, Event>;
  private readonly occurrences = new Map<string, Event>();

  constructor(strips: TwoStrips) {
    this.rows = new Map(strips.rows.map((row) => [row.id, row]));
    this.events = new Map(strips.events.map((event) => [event.id, event]));
    for (const event of strips.events) if (event.record.occurrence !== undefined) this.occurrences.set(placeIn(event.record.occurrence), event);
  }

  get size(): number {
    return this.rows.size + this.events.size;
  }

  rowOf(pair: Pair, account: Account): Row | undefined {
    const row = this.rows.get(pair.appointmentId);
    this.rows.delete(pair.appointmentId);
    // It left for another administration of the same user, and nothing of it is kept here.
    return row !== undefined && pair.status === 'closed' && whyRowIsElsewhere(row.record, account) !== undefined ? undefined : row;
  }

  /** An occurrence is the same one under whatever id it has now. */
  eventOf(pair: Pair, account: Account): Event | undefined {
    if (pair.calendarId !== account.calendarId) return undefined;
    const event = this.events.get(pair.eventId) ?? (pair.occurrence === undefined ? undefined : this.occurrences.get(placeIn(pair.occurrence)));
    if (event !== undefined) this.events.delete(event.id);
    return event;
  }

  rest(): { readonly rows: readonly Row[]; readonly events: readonly Event[] } {
    return { rows: [...this.rows.values()], events: [...this.events.values()] };
  }
}

const placeIn = ({ seriesId, originalStart }: NonNullable<Pair['occurrence']>): string => `${seriesId} ${originalStart}`;

/** Undefined where the pair has nothing to do with these days. A side that we know to be in them and that wasn't listed is asked for. */
async function readingsOf(parts: FindDriftParts, pair: Pair, account: Account, row: Row | undefined, event: Event | undefined, inDays: SyncWindow): Promise<Readings | undefined> {
  const { inventive, google } = pair;
  const expected = (side: Pair['inventive'] | Pair['google']) => {
    const when = side.state === 'known' ? side.record?.fields.when : undefined;
    return when !== undefined && overlapsWindow(when, inDays);
  };
  // One that went to a colleague is in their agenda, and known to be.
  const rowMissing = row === undefined && expected(inventive) && inventive.record?.ownerId === account.userId;
  const eventMissing = event === undefined && expected(google) && pair.calendarId === account.calendarId;
  if (row === undefined && event === undefined && !rowMissing && !eventMissing) return undefined;
  const rowReading = row !== undefined ? { kind: 'found' as const, record: row.record } : rowMissing ? await parts.inventive.read(pair.source, pair.appointmentId) : undefined;
  const eventReading = event !== undefined ? { kind: 'found' as const, record: event.record }
    : eventMissing ? await parts.google.get({ accountId: account.id, calendarId: pair.calendarId }, pair.eventId) : undefined;
  return { ...(rowReading === undefined ? {} : { inventive: rowReading }), ...(eventReading === undefined ? {} : { google: eventReading }) };
}

/** Undefined as soon as one change can't be dated: then it may be of this moment. */
function changedAt({ inventive, google }: Readings): { readonly changedAt?: number } {
  const times = [inventive?.kind === 'found' ? inventive.record.modifiedAt : inventive && undefined, google?.kind === 'found' ? google.record.updated : google && undefined];
  const asked = [inventive, google];
  if (times.some((time, at) => asked[at] !== undefined && time === undefined)) return {};
  return { changedAt: Math.max(...times.flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))) };
}

/** For these nothing is made, but they may be joined to what stands there, or tell that something else must not be made. */
const MAY_BE_JOINED: ReadonlySet<Reason> = new Set(['direction-excludes-side', 'marked-by-other-installation', 'appointment-void']);

async function judgeUnpaired(parts: FindDriftParts, account: Account, listed: Listed): Promise<Pick<Found, 'findings' | 'ambiguous' | 'leftAlone'>> {
  const { unpaired, todayIn } = parts;
  // In a dry run the account may be off: what would become of it once it is live?
  const live: Account = { ...account, state: 'live' };
  const reasonOf = (item: Item): Reason | undefined =>
    item.side === 'inventive' ? whyNoPairForAppointment(item.record, live, todayIn(item.record.zone)) : whyNoPairForEvent(item.record, live, todayIn(account.zone), account.zone);
  const isQuestion = async (item: Item) => leavesQuestion(reasonOf(item)) && isOpenQuestion(unpaired, item, account);
  const rest = listed.rest();
  const leftAlone: { item: Item; reason: Reason }[] = [];
  const stays = (one: Row | Event): boolean => {
    const reason = reasonOf(itemOf(one));
    const out = reason !== undefined && !MAY_BE_JOINED.has(reason);
    if (out) leftAlone.push({ item: itemOf(one), reason });
    return !out;
  };
  const matching = await matchStrips(rest.rows.filter(stays), rest.events.filter(stays), account, isQuestion);

  const findings: Finding[] = [];
  for (const { inventive: row, google: event } of matching.pairs) {
    findings.push({ kind: 'matched', key: `matched:${row.id}:${event.id}`, row, event, ...changedAt({ inventive: { kind: 'found', record: row.record }, google: { kind: 'found', record: event.record } }) });
  }
  for (const one of matching.alone) {
    const item = itemOf(one);
    const reason = reasonOf(item);
    if (reason !== undefined) leftAlone.push({ item, reason });
    else if (item.side === 'inventive') findings.push({ kind: 'toGoogle', key: `toGoogle:${item.record.id}`, item, ...changedAt({ inventive: { kind: 'found', record: item.record } }) });
    else findings.push({ kind: 'toInventive', key: `toInventive:${item.record.id}`, item, ...changedAt({ google: { kind: 'found', record: item.record } }) });
  }
  return { findings, ambiguous: matching.ambiguous, leftAlone };
}
