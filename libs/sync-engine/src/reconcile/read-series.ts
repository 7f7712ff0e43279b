import type { GoogleEventId, GoogleEventRecord, PlainDate } from '@calsync/calendar-model';
import { windowDays } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { GoogleEvents, ListedDays } from '../ports/google-events.js';
import { bindSeries, sameStart, type Bindings, type MasterAsRead } from './bind-series.js';
import type { Pair } from './pair.js';
import type { PairStore } from './ports.js';
import { seriesIdOfMaster, startSeries, withMaster, type Series } from './series.js';
import type { Days } from './window-days.js';

export interface ReadSeriesParts {
  readonly google: Pick<GoogleEvents, 'readSeries' | 'listDays' | 'get'>;
  readonly pairs: Pick<PairStore, 'ofSeries' | 'byEvent'>;
  readonly todayIn: (zone: string) => string;
}

/** Series that were made together, as Google has them now, beside the pairs of their occurrences. */
export interface FamilyAsRead {
  readonly series: readonly Series[];
  readonly alive: readonly { readonly series: Series; readonly master: GoogleEventRecord }[];
  /** Google's own word that these are deleted. */
  readonly gone: readonly { readonly series: Series; readonly id: GoogleEventId }[];
  readonly singles: readonly GoogleEventRecord[];
  /** A 404 proves nothing: of their pairs none can be called dropped. */
  readonly absent: readonly GoogleEventId[];
  readonly unreadable: readonly GoogleEventId[];
  readonly bindings: Bindings;
}

/** A person moves a meeting by so many days at most without its being looked for further away. */
const MARGIN_DAYS = 14;

/**
 * Reads every master of these series with the occurrences in the window and around all known pairs, and binds the pairs. Where
 * pairs are left over, halves that nobody told of yet are looked for on their days before anything is thought of them.
 */
export async function readFamily(parts: ReadSeriesParts, account: Account, series: readonly Series[]): Promise<FamilyAsRead> {
  const pairs = (await Promise.all(series.map(({ accountId, calendarId, seriesId }) => parts.pairs.ofSeries(accountId, calendarId, seriesId)))).flat();
  const reading = await readMasters(parts, account, series, pairs);
  if (reading.bindings.lost.length === 0) return reading;
  const later = await laterHalves(parts, account, reading);
  if (later.length === 0) return reading;
  const known = later.filter(({ seriesId }) => !series.some((one) => one.seriesId === seriesId));
  const more = (await Promise.all(known.map(({ accountId, calendarId, seriesId }) => parts.pairs.ofSeries(accountId, calendarId, seriesId)))).flat();
  return readMasters(parts, account, [...series.filter((one) => !later.some(({ seriesId }) => seriesId === one.seriesId)), ...later], [...pairs, ...more]);
}

async function readMasters(parts: ReadSeriesParts, account: Account, series: readonly Series[], ofSeries: readonly Pair[]): Promise<FamilyAsRead> {
  const { google } = parts;
  const calendar = { accountId: account.id, calendarId: account.calendarId };
  const pairs = [...ofSeries];
  const alive: { series: Series; master: GoogleEventRecord }[] = [];
  const gone: { series: Series; id: GoogleEventId }[] = [];
  const singles: GoogleEventRecord[] = [];
  const absent: GoogleEventId[] = [];
  const unreadable: GoogleEventId[] = [];
  const occurrences: GoogleEventRecord[] = [];
  const masters: MasterAsRead[] = [];
  for (const one of series) {
    for (const { id, expanded } of one.masters) {
      // Made of a single event: that event's pair is the pair of its first occurrence.
      const single = await parts.pairs.byEvent(account.id, account.calendarId, id);
      if (single !== undefined && !pairs.some((pair) => pair.id === single.id)) pairs.push(single);
      const days = daysToRead(parts, account, pairs);
      let reading = await google.readSeries(calendar, id, days);
      const first = reading.kind === 'found' ? reading.master.fields.when : undefined;
      const movedDays = expanded === undefined || first === undefined || sameStart(expanded.first, first) ? 0 : daysApart(dayOf(expanded.first), dayOf(first));
      if (movedDays > MARGIN_DAYS) reading = await google.readSeries(calendar, id, wider(days, movedDays));
      switch (reading.kind) {
        case 'found':
          alive.push({ series: one, master: reading.master });
          occurrences.push(...reading.records);
          unreadable.push(...reading.unreadable.map((odd) => odd.id));
          if (reading.master.fields.when !== undefined) {
            masters.push({ id, seriesId: one.seriesId, first: reading.master.fields.when, ...(reading.master.created === undefined ? {} : { created: reading.master.created }), ...(expanded === undefined ? {} : { before: expanded.first }) });
          }
          break;
        case 'cancelled':
          gone.push({ series: one, id });
          break;
        case 'not-a-series':
          singles.push(reading.record);
          break;
        case 'absent':
          absent.push(id);
      }
    }
  }
  return { series, alive, gone, singles, absent, unreadable, bindings: bindSeries(pairs, { masters, occurrences, singles }) };
}

/** Masters that stand on the days of lost pairs: the other half of a split, that no message has told of yet. */
async function laterHalves({ google }: ReadSeriesParts, account: Account, { series, alive, bindings: { lost } }: FamilyAsRead): Promise<readonly Series[]> {
  const days = spanOf(lost, account.zone);
  if (days === undefined) return [];
  const { records } = await google.listDays({ accountId: account.id, calendarId: account.calendarId }, wider(days, MARGIN_DAYS));
  const made = new Set([...alive.flatMap(({ master }) => master.created ?? []), ...series.flatMap(({ created }) => created ?? [])]);
  const found = new Map<GoogleEventId, Series>();
  for (const { occurrence, created } of records) {
    if (occurrence === undefined || series.some(({ masters }) => masters.some(({ id }) => id === occurrence.masterId))) continue;
    const seriesId = seriesIdOfMaster(occurrence.masterId);
    const known = found.get(seriesId) ?? series.find((one) => one.seriesId === seriesId);
    if (known === undefined && (created === undefined || !made.has(created))) continue;
    if (known?.masters.some(({ id }) => id === occurrence.masterId) === true) continue;
    found.set(seriesId, withMaster(known ?? startSeries({ accountId: account.id, calendarId: account.calendarId, seriesId }), { id: occurrence.masterId }));
  }
  return [...found.values()];
}

/** The window, and all days on which a pair of the series stands or stood. */
function daysToRead({ todayIn }: ReadSeriesParts, account: Account, pairs: readonly Pair[]): ListedDays {
  const window = windowDays({ ...account, todayOn: todayIn(account.zone) });
  const known = spanOf(pairs.filter(({ google }) => google.state !== 'tombstone'), account.zone);
  if (known === undefined) return { ...window, zone: account.zone };
  const { fromOn, untilOn } = wider(known, MARGIN_DAYS);
  return { fromOn: fromOn < window.fromOn ? fromOn : window.fromOn, untilOn: untilOn > window.untilOn ? untilOn : window.untilOn, zone: account.zone };
}

function spanOf(pairs: readonly Pair[], zone: string): ListedDays | undefined {
  const days = pairs.flatMap(({ occurrence, google }) => [
    ...(occurrence === undefined ? [] : [occurrence.originalStart.slice(0, 10)]),
    ...(google.record?.fields.when === undefined ? [] : [dayOf(google.record.fields.when)]),
  ]).toSorted();
  const [fromOn, untilOn] = [days[0], days.at(-1)];
  return fromOn === undefined || untilOn === undefined ? undefined : { fromOn, untilOn, zone };
}

const dayOf = (when: NonNullable<GoogleEventRecord['fields']['when']>): PlainDate => (when.kind === 'all-day' ? when.firstOn : when.start.slice(0, 10));
const daysApart = (a: PlainDate, b: PlainDate): number => Math.abs(Temporal.PlainDate.from(a).until(b, { largestUnit: 'days' }).days);
const wider = <D extends Days>(days: D, by: number): D => ({
  ...days, fromOn: Temporal.PlainDate.from(days.fromOn).subtract({ days: by }).toString(), untilOn: Temporal.PlainDate.from(days.untilOn).add({ days: by }).toString(),
});
