import type { GoogleEventRecord } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { GoogleEvents } from '../ports/google-events.js';
import { whyEventIsLeftAlone } from './eligibility.js';
import type { PairStore } from './ports.js';
import { changeSeries, touchSeries, withMaster, type Series, type SeriesStore } from './series.js';
import type { Days } from './window-days.js';

export interface JoinSeriesParts {
  readonly series: SeriesStore;
  readonly pairs: Pick<PairStore, 'ofSeries' | 'byEvent'>;
  readonly google: Pick<GoogleEvents, 'listDays'>;
}

export interface OccurrencesToJoin {
  /** Those that may be matched with rows, or get a pair of their own. */
  readonly records: readonly GoogleEventRecord[];
  /** To be said once all of them have a pair: their series need not be read for it. */
  readonly settle: () => Promise<void>;
}

/**
 * What of recurring events may be joined: masters were noted by the intake, one list of the window gives the occurrences. A
 * series that has pairs already may have been split meanwhile: it is left to whoever binds pairs before new ones are made.
 */
export async function occurrencesToJoin(parts: JoinSeriesParts, account: Account, days: Days): Promise<OccurrencesToJoin> {
  const { series, pairs, google } = parts;
  const all = await series.ofCalendar(account.id, account.calendarId);
  if (all.length === 0) return { records: [], settle: async () => undefined };
  const paired: Series[] = [];
  for (const one of all) if (await hasPairs(pairs, one)) paired.push(one);
  const fresh = all.filter((one) => !paired.some(({ seriesId, created }) => seriesId === one.seriesId || (created !== undefined && created === one.created)));
  const { records } = await google.listDays({ accountId: account.id, calendarId: account.calendarId }, { ...days, zone: account.zone });
  const ofFresh = records.filter(({ occurrence }) => fresh.some(({ seriesId }) => seriesId === occurrence?.seriesId));
  return {
    records: ofFresh.filter((record) => record.status !== 'cancelled' && whyEventIsLeftAlone(record, account) === undefined),
    async settle() {
      for (const one of all.filter((row) => !fresh.includes(row))) {
        const [master] = one.masters;
        if (master !== undefined) await touchSeries(series, one, master.id);
      }
      for (const one of fresh) if (isAsTold(one, ofFresh, account)) await noteExpanded(series, one);
    },
  };
}

/** Of its occurrences, or of the single event that it was: that one is bound to its first occurrence. */
async function hasPairs(pairs: JoinSeriesParts['pairs'], { accountId, calendarId, seriesId, masters }: Series): Promise<boolean> {
  if ((await pairs.ofSeries(accountId, calendarId, seriesId)).length > 0) return true;
  for (const { id } of masters) if ((await pairs.byEvent(accountId, calendarId, id)) !== undefined) return true;
  return false;
}

/** What was listed is of the very versions that were told, and none of it was left out with a reason to be noted. */
function isAsTold({ seriesId, masters }: Series, records: readonly GoogleEventRecord[], account: Account): boolean {
  const own = records.filter(({ occurrence }) => occurrence?.seriesId === seriesId);
  // A half without any of them may recur no more: what it became has to be looked at.
  const isListed = (master: Series['masters'][number]): boolean => master.gone === true || own.some(({ occurrence }) => occurrence?.masterId === master.id);
  return own.length > 0 && masters.every((master) => master.etag !== undefined && master.first !== undefined && isListed(master)) &&
    own.every((record) => whyEventIsLeftAlone(record, account) === undefined && masters.some(({ id, etag }) => id === record.occurrence?.masterId && etag === record.etag));
}

async function noteExpanded(series: SeriesStore, joined: Series): Promise<void> {
  await changeSeries(series, joined, (current) => {
    if (current.dueSeq !== joined.dueSeq) return undefined;
    const next = current.masters.reduce((row, master) =>
      (master.etag === undefined || master.digest === undefined || master.first === undefined ? row
        : withMaster(row, { ...master, expanded: { etag: master.etag, digest: master.digest, first: master.first } })), current);
    return { next, due: 'as-it-is' };
  });
  await series.finish(joined, joined.dueSeq);
}
