import { describe, expect, it } from 'vitest';
import { asInventiveId, asSourceName, type InventiveId } from '@calsync/calendar-model';
import type { PublishedAppointment, PublishedAppointments, Watermark, Watermarks } from '../capture/capture-ports.js';
import type { PartKey } from '../capture/capture-source.js';

let sources = 0;
const aSource = () => asSourceName(`bron-${(sources += 1)}`);
const id = (n: number): InventiveId => asInventiveId(n.toString(16).padStart(32, '0'));
const part = (n: number): PartKey => `participant/${id(n)}`;
/** Beyond what a double can hold. */
const BIG = 9_007_199_254_740_993n;

/** What every store of watermarks promises: run for the one over MongoDB and for the model that simulations use. */
export function describeWatermarks(name: string, open: () => Watermarks): void {
  describe(name, () => {
    const full: Watermark = { epoch: 1, readFrom: BIG, counter: BIG + 2n, marks: [{ stamp: BIG + 1n, at: 17 }], snapshot: { began: 5n, done: true } };

    it('begins at zero in epoch 1, and keeps every digit of what is saved', async () => {
      const watermarks = open();
      const source = aSource();
      expect(await watermarks.takeOver(source, 1)).toEqual({ epoch: 1, readFrom: 0n, counter: 0n, marks: [] });
      expect(await watermarks.save(source, 1, full)).toBe(true);
      expect(await watermarks.takeOver(source, 2)).toEqual(full);
    });

    it('refuses whoever was replaced by a higher fencing token, in taking over and in saving', async () => {
      const watermarks = open();
      const source = aSource();
      await watermarks.takeOver(source, 7);
      await watermarks.takeOver(source, 8);
      expect(await watermarks.save(source, 7, full)).toBe(false);
      expect(await watermarks.takeOver(source, 7)).toBeUndefined();
      expect((await watermarks.takeOver(source, 8))?.counter).toBe(0n);
    });

    it('begins a new epoch only where the source is stopped, and refuses saves of the old one', async () => {
      const watermarks = open();
      const source = aSource();
      await watermarks.takeOver(source, 1);
      expect(await watermarks.resume(source)).toBeUndefined();
      await watermarks.save(source, 1, { ...full, stopped: { reason: 'older', at: '2026-11-24T10:00:00.000Z' } });
      expect((await watermarks.takeOver(source, 1))?.stopped).toEqual({ reason: 'older', at: '2026-11-24T10:00:00.000Z' });
      expect(await watermarks.resume(source)).toBe(2);
      expect(await watermarks.save(source, 1, full)).toBe(false);
      expect(await watermarks.takeOver(source, 1)).toEqual({ epoch: 2, readFrom: 0n, counter: 0n, marks: [] });
    });
  });
}

/** The same for the memory of what was published. */
export function describePublishedAppointments(name: string, open: () => PublishedAppointments): void {
  describe(name, () => {
    const published = (n: number, stamp: bigint, parts: readonly number[] = [], deleted = false): PublishedAppointment => ({
      id: id(n), epoch: 1, stamp, rowStamp: stamp, parts: parts.map((each) => ({ key: part(each), stamp })), deleted,
    });

    it('remembers what was published, and forgets the offer with it', async () => {
      const store = open();
      const source = aSource();
      expect(await store.offer(source, 1, [{ id: id(1), epoch: 1, stamp: BIG, state: 'x', parts: [part(9)] }])).toBe(true);
      expect(await store.byIds(source, [id(1), id(2)])).toEqual([{ id: id(1), epoch: 0, stamp: 0n, rowStamp: 0n, parts: [], deleted: false, offered: { epoch: 1, stamp: BIG, state: 'x' } }]);
      expect(await store.save(source, 1, [published(1, BIG, [9])])).toBe(true);
      expect(await store.byIds(source, [id(1)])).toEqual([published(1, BIG, [9])]);
    });

    it('finds the appointments that a row is part of: those offered, those published, no longer those that lost it', async () => {
      const store = open();
      const source = aSource();
      await store.save(source, 1, [published(1, 5n, [7, 8]), published(2, 6n, [8]), published(3, 7n)]);
      await store.offer(source, 1, [{ id: id(3), epoch: 1, stamp: 8n, state: 'x', parts: [part(8)] }]);
      expect(await store.madeOf(source, part(8), { limit: 2 })).toEqual([id(1), id(2)]);
      expect(await store.madeOf(source, part(8), { after: id(2), limit: 2 })).toEqual([id(3)]);
      expect(await store.madeOf(aSource(), part(8), { limit: 2 })).toEqual([]);
      expect(await store.holdersOf(source, [part(7), part(8)])).toHaveLength(4);
      await store.save(source, 1, [published(1, 9n, [7])]);
      expect(await store.madeOf(source, part(8), { limit: 9 })).toEqual([id(2), id(3)]);
    });

    it('refuses a lower fencing token for a row of a newer holder', async () => {
      const store = open();
      const source = aSource();
      await store.save(source, 5, [published(1, 5n)]);
      expect(await store.save(source, 4, [published(1, 6n)])).toBe(false);
      expect(await store.offer(source, 4, [{ id: id(1), epoch: 1, stamp: 6n, state: 'x', parts: [] }])).toBe(false);
      expect(await store.byIds(source, [id(1)])).toEqual([published(1, 5n)]);
      expect(await store.save(source, 5, [published(1, 6n)])).toBe(true);
    });

    it('lists the rows that were saved last first, and pages through all in order of key', async () => {
      const store = open();
      const source = aSource();
      await store.save(source, 1, [published(1, 100n), published(2, 99n), published(3, 1_000n), published(4, 2n, [], true)]);
      expect((await store.newest(source, 2)).map((each) => each.id)).toEqual([id(3), id(1)]);
      expect((await store.page(source, undefined, 3)).map((each) => each.id)).toEqual([id(1), id(2), id(3)]);
      expect(await store.page(source, id(3), 3)).toEqual([published(4, 2n, [], true)]);
    });
  });
}
