import { nameOf, type Series, type SeriesStore } from '../reconcile/series.js';

/** The series store as a model in memory, held to the same contract suite as the one over MongoDB. */
export function createMemorySeries(now: () => number): SeriesStore {
  const rows = new Map<string, { series: Series; due: boolean; dueAt: number }>();
  const all = () => [...rows.values()];
  return {
    find: async (key) => rows.get(nameOf(key))?.series,
    ofCalendar: async (accountId, calendarId) => all().map(({ series }) => series).filter((one) => one.accountId === accountId && one.calendarId === calendarId),
    createdAt: async (accountId, calendarId, created) =>
      all().map(({ series }) => series).filter((one) => one.accountId === accountId && one.calendarId === calendarId && one.created === created),
    async put(known, next, due) {
      const name = nameOf(next);
      const row = rows.get(name);
      if (row?.series.revision !== known?.revision) return false;
      const before = row?.series ?? next;
      rows.set(name, {
        series: structuredClone({ ...next, revision: before.revision + 1, dueSeq: before.dueSeq + (due === 'due' ? 1 : 0) }),
        due: due === 'due' || row?.due === true,
        dueAt: due === 'due' ? now() : (row?.dueAt ?? now()),
      });
      return true;
    },
    async due(limit) {
      return all().filter((row) => row.due && row.dueAt <= now()).sort((a, b) => a.dueAt - b.dueAt).slice(0, limit)
        .map(({ series: { accountId, calendarId, seriesId } }) => ({ accountId, calendarId, seriesId }));
    },
    dueCount: async () => all().filter(({ due }) => due).length,
    async finish(key, dueSeq) {
      const row = rows.get(nameOf(key));
      if (row === undefined) return false;
      row.due = row.due && row.series.dueSeq !== dueSeq;
      return row.due;
    },
    async postpone(key, notBefore) {
      const row = rows.get(nameOf(key));
      if (row !== undefined) row.dueAt = notBefore;
    },
  };
}
