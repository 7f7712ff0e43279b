import type { InventiveId, SourceName } from '@calsync/calendar-model';
import type { PublishedAppointment, PublishedAppointments, Watermark, Watermarks } from '../capture/capture-ports.js';
import type { PartKey } from '../capture/capture-source.js';

export function createMemoryWatermarks(): Watermarks & { find(source: SourceName): Watermark | undefined } {
  const rows = new Map<SourceName, { token: number; watermark: Watermark }>();
  return {
    find: (source) => rows.get(source)?.watermark,
    async takeOver(source, fencingToken) {
      const row = rows.get(source) ?? { token: fencingToken, watermark: { epoch: 1, readFrom: 0n, counter: 0n, marks: [] } };
      if (row.token > fencingToken) return undefined;
      rows.set(source, { ...row, token: fencingToken });
      return row.watermark;
    },
    async save(source, fencingToken, watermark) {
      const row = rows.get(source);
      if (row === undefined || row.token > fencingToken || row.watermark.epoch !== watermark.epoch) return false;
      rows.set(source, { token: fencingToken, watermark });
      return true;
    },
    async resume(source) {
      const row = rows.get(source);
      if (row?.watermark.stopped === undefined) return undefined;
      const epoch = row.watermark.epoch + 1;
      rows.set(source, { token: row.token, watermark: { epoch, readFrom: 0n, counter: 0n, marks: [] } });
      return epoch;
    },
  };
}

export function createMemoryPublished(): PublishedAppointments {
  const rows = new Map<string, PublishedAppointment & { readonly madeOf: readonly PartKey[]; readonly token: number }>();
  const keyOf = (source: SourceName, id: InventiveId) => `${source}/${id}`;
  const inOrder = (source: SourceName) => [...rows].filter(([key]) => key.startsWith(`${source}/`)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const known = ({ id, epoch, stamp, rowStamp, parts, deleted, offered }: PublishedAppointment): PublishedAppointment => ({ id, epoch, stamp, rowStamp, parts, deleted, ...(offered === undefined ? {} : { offered }) });
  return {
    async byIds(source, ids) {
      return ids.flatMap((id) => rows.get(keyOf(source, id)) ?? []).map(known);
    },
    async madeOf(source, part, { after, limit }) {
      return inOrder(source).filter(({ id, madeOf }) => madeOf.includes(part) && (after === undefined || id > after)).slice(0, limit).map(({ id }) => id);
    },
    async holdersOf(source, parts) {
      return inOrder(source).flatMap(({ id, madeOf }) => madeOf.filter((part) => parts.includes(part)).map((part) => ({ id, part })));
    },
    async offer(source, fencingToken, offers) {
      let all = true;
      for (const { id, parts, ...offered } of offers) {
        const row = rows.get(keyOf(source, id)) ?? { id, epoch: 0, stamp: 0n, rowStamp: 0n, parts: [], deleted: false, madeOf: [], token: 0 };
        if (row.token > fencingToken) all = false;
        else rows.set(keyOf(source, id), { ...row, offered, token: fencingToken, madeOf: [...new Set([...row.madeOf, ...parts])] });
      }
      return all;
    },
    async save(source, fencingToken, published) {
      let all = true;
      for (const each of published) {
        if ((rows.get(keyOf(source, each.id))?.token ?? 0) > fencingToken) all = false;
        else rows.set(keyOf(source, each.id), { ...each, madeOf: each.parts.map(({ key }) => key), token: fencingToken });
      }
      return all;
    },
    async newest(source, limit) {
      return inOrder(source).filter(({ epoch }) => epoch > 0).sort((a, b) => b.epoch - a.epoch || (a.rowStamp > b.rowStamp ? -1 : 1)).slice(0, limit).map(known);
    },
    async page(source, after, limit) {
      return inOrder(source).filter(({ id }) => after === undefined || id > after).slice(0, limit).map(known);
    },
  };
}
