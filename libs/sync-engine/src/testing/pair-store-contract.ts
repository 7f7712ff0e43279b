import { describe, expect, it } from 'vitest';
import { asAccountId, asGoogleEventId, deriveGoogleEventId, derivePairId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { learnAppointment, learnEvent } from '../reconcile/learn.js';
import { startPair, UNSEEN, type InventiveSide, type Pair } from '../reconcile/pair.js';
import type { PairStore } from '../reconcile/ports.js';
import { ACCOUNT, anAppointment, anEvent } from './records.js';

/** What every pair store promises: run for the one over MongoDB and for the model that simulations use. */
export function describePairStore(name: string, open: () => Promise<PairStore>): void {
  let next = 0;
  /** A pair of its own account, so that tests don't meet. */
  const aPair = (): Pair => {
    next += 1;
    const accountId = asAccountId(`${name}-${next}-${Date.now()}`);
    const record = anAppointment({ id: `${'0'.repeat(24)}${String(next).padStart(8, '0')}` as Pair['appointmentId'] });
    const id = derivePairId(accountId, { side: 'inventive', appointmentId: record.id });
    return startPair({ id, accountId, source: record.source, appointmentId: record.id, calendarId: ACCOUNT.calendarId, eventId: deriveGoogleEventId(id, 0), inventive: seen(record) });
  };
  const seen = (record: ReturnType<typeof anAppointment>, known: InventiveSide = UNSEEN): InventiveSide => {
    const learnt = learnAppointment(known, record, undefined, 5);
    return learnt.kind === 'changed' ? learnt.side : known;
  };
  const stored = async (store: PairStore): Promise<Pair> => {
    const pair = aPair();
    expect(await store.insert(pair, 'live')).toBe('inserted');
    return pair;
  };

  describe(name, () => {
    it('gives back what was put in, contents included', async () => {
      const store = await open();
      const pair = await stored(store);
      expect(await store.byId(pair.id)).toEqual(pair);
      expect(await store.byAppointment(pair.source, pair.appointmentId)).toContainEqual(pair);
      expect(await store.byEvent(pair.accountId, pair.calendarId, pair.eventId)).toEqual(pair);
      expect(await store.idsOfAccount(pair.accountId)).toEqual([pair.id]);
    });

    it('keeps all of a pair that was made by joining and stands in the middle of a write', async () => {
      const store = await open();
      const fresh = aPair();
      const base = { fields: { subject: 'Overleg' }, block: '' };
      const pair: Pair = {
        ...fresh, base, administrationId: ACCOUNT.administrationId, google: { ...UNSEEN, needsRead: true, toldGone: true }, imported: true, attempts: 2, status: 'failed', reasons: ['refused-by-google'],
        failure: { kind: 'permanent', cause: 'refused', at: '2026-11-24T10:00:00.000Z' },
        intent: { side: 'google', act: 'create', id: fresh.eventId, generation: 0, fields: { subject: 'Overleg' }, settled: base, marks: { inventiveInstallation: 'i', inventiveAdministration: 'a', inventiveAppointment: 'b', inventiveEvent: 'c.0' } },
        lostValues: [{ field: 'subject', winner: 'google', kept: 'a', lost: 'b', at: '2026-11-24T10:00:00.000Z' }],
        recentWrites: [{ side: 'google', digest: 'd', at: 1 }],
      };
      expect(await store.insert(pair, 'import')).toBe('inserted');
      expect(await store.byId(pair.id)).toEqual(pair);
    });

    it("reads an account's due pairs, in work or not, and no others", async () => {
      const store = await open();
      const [pair, other] = [await stored(store), await stored(store)];
      await store.claim(pair.id, 60_000);
      expect((await store.dueOf(pair.accountId, 10)).map(({ id }) => id)).toEqual([pair.id]);
      await store.claim(other.id, 60_000);
      await store.finish(other.id, other.dueSeq);
      expect(await store.dueOf(other.accountId, 10)).toEqual([]);
    });

    describe('occurrences', () => {
      const key = { seriesId: asGoogleEventId('weekly'), originalStart: '2026-11-24T09:00:00Z' };
      const anOccurrence = (accountId: Pair['accountId'], originalStart: string): Pair => {
        const fresh = aPair();
        const record = anEvent({ id: asGoogleEventId(`weekly_${originalStart}`), shape: 'occurrence', occurrence: { seriesId: key.seriesId, originalStart, masterId: key.seriesId } });
        const learnt = learnEvent(UNSEEN, record, undefined, 5);
        return { ...fresh, accountId, eventId: record.id, occurrence: { seriesId: key.seriesId, originalStart }, ...(learnt.kind === 'changed' ? { google: learnt.side } : {}) };
      };

      it('are found by series and start, each once', async () => {
        const store = await open();
        const { accountId } = aPair();
        const [one, other] = [anOccurrence(accountId, key.originalStart), anOccurrence(accountId, '2026-12-01T09:00:00Z')];
        expect([await store.insert(one, 'live'), await store.insert(other, 'live')]).toEqual(['inserted', 'inserted']);
        expect(await store.insert({ ...anOccurrence(accountId, key.originalStart), eventId: asGoogleEventId('elsewhere') }, 'live')).toBe('exists');
        expect(await store.byOccurrence(accountId, one.calendarId, key)).toEqual(one);
        expect((await store.ofSeries(accountId, one.calendarId, key.seriesId)).map(({ id }) => id).toSorted()).toEqual([one.id, other.id].toSorted());
        // A place that another pair holds is not taken.
        expect(await store.save(other, { occurrence: key })).toBeUndefined();
        expect((await store.save(other, { occurrence: null, eventId: asGoogleEventId('single') }))?.occurrence).toBeUndefined();
        expect(await store.byEvent(accountId, one.calendarId, asGoogleEventId('single'))).toBeDefined();
      });

      it('move on to another version without becoming due, in clear and in content', async () => {
        const store = await open();
        const { accountId } = aPair();
        const [one, other] = [anOccurrence(accountId, key.originalStart), anOccurrence(accountId, '2026-12-01T09:00:00Z')];
        for (const pair of [one, other]) {
          await store.insert(pair, 'live');
          await store.claim(pair.id, 60_000);
          await store.finish(pair.id, pair.dueSeq);
        }
        const to = { etag: '"2"', updated: '2026-11-24T12:00:00.000Z' };
        await store.advanceSeries({ accountId, calendarId: one.calendarId, seriesId: key.seriesId }, '"9"', to);
        expect((await store.byId(one.id))?.google.version?.etag).toBe('"1"');
        await store.advanceSeries({ accountId, calendarId: one.calendarId, seriesId: key.seriesId }, '"1"', to);
        expect(await store.byId(one.id)).toMatchObject({ google: { version: to, record: to, seq: one.google.seq }, dueSeq: one.dueSeq });
        const next = { ...one.google, version: { etag: '"3"', updated: '2026-11-24T13:00:00.000Z' }, record: anEvent({ etag: '"3"', updated: '2026-11-24T13:00:00.000Z' }) };
        await store.renewGoogle([{ pair: one, next }, { pair: { ...other, google: { ...other.google, seq: 99 } }, next }]);
        expect((await store.byId(one.id))?.google.version?.etag).toBe('"3"');
        expect((await store.byId(other.id))?.google.version?.etag).toBe('"2"');
        expect(await store.claim(one.id, 1_000)).toBeUndefined();
      });
    });

    it('knows one pair for an appointment and one for an event', async () => {
      const store = await open();
      const pair = await stored(store);
      expect(await store.insert(pair, 'live')).toBe('exists');
      expect(await store.insert({ ...pair, id: aPair().id, eventId: deriveGoogleEventId(pair.id, 7) }, 'live')).toBe('exists');
      expect(await store.insert({ ...pair, id: aPair().id, appointmentId: aPair().appointmentId }, 'live')).toBe('exists');
    });

    it('gives a due pair to one of many who claim it', async () => {
      const store = await open();
      const pair = await stored(store);
      const claims = await Promise.all(Array.from({ length: 6 }, () => store.claim(pair.id, 60_000)));
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
      expect(await store.due(1000)).not.toContain(pair.id);
    });

    it('keeps a claim up only while it is held', async () => {
      const store = await open();
      const pair = await stored(store);
      const claimed = await store.claim(pair.id, 60_000);
      await store.extendClaim(pair.id, 3_600_000);
      expect(await store.claim(pair.id, 60_000)).toBeUndefined();
      await store.postpone(pair.id, 0);
      await store.extendClaim(pair.id, 3_600_000);
      expect((await store.claim(pair.id, 60_000))?.id).toBe(claimed?.id);
    });

    it('saves a side only where it is the one that was read, and makes the pair due', async () => {
      const store = await open();
      const pair = await stored(store);
      await store.claim(pair.id, 60_000);
      await store.finish(pair.id, pair.dueSeq);
      const newer = seen(anAppointment({ id: pair.appointmentId, stamp: 2 }), pair.inventive);
      expect(await store.putInventive(pair, newer, false)).toBe(true);
      expect(await store.putInventive(pair, newer, false)).toBe(false);
      expect(await store.due(1000)).toContain(pair.id);
      expect((await store.byId(pair.id))?.inventive).toEqual(newer);
    });

    it('notes what a person wants back, each once, and forgets it when it is done', async () => {
      const store = await open();
      const pair = await stored(store);
      const claimed = await store.claim(pair.id, 60_000);
      for (const index of [2, 0, 2]) expect(await store.restore(pair.accountId, pair.id, index)).toBe(true);
      expect(await store.restore(aPair().accountId, pair.id, 1)).toBe(false);
      // The worker that holds it goes on undisturbed, and the pair stays due after it.
      const saved = await store.save(claimed ?? pair, { reasons: [] });
      expect(saved?.restoring).toEqual([2, 0]);
      expect(await store.finish(pair.id, pair.dueSeq)).toBe(true);
      const first = await store.save(saved ?? pair, { restored: 2 });
      expect(first?.restoring).toEqual([0]);
      expect(await store.save(first ?? pair, { restored: 0 })).not.toHaveProperty('restoring');
    });

    it('keeps a pair due that became due again while it was worked on', async () => {
      const store = await open();
      const pair = await stored(store);
      const claimed = await store.claim(pair.id, 60_000);
      await store.putInventive(pair, seen(anAppointment({ id: pair.appointmentId, stamp: 2 }), pair.inventive), false);
      expect(await store.finish(pair.id, claimed?.dueSeq ?? -1)).toBe(true);
      const again = await store.claim(pair.id, 60_000);
      expect(await store.finish(pair.id, again?.dueSeq ?? -1)).toBe(false);
      expect(await store.claim(pair.id, 60_000)).toBeUndefined();
    });

    it('saves base and intent by revision, and news of the other side do not stand in the way', async () => {
      const store = await open();
      const pair = await stored(store);
      const base = { fields: { subject: 'Overleg' }, block: '' };
      const intent = { side: 'google', act: 'delete', id: pair.eventId, etag: '"1"' } as const;
      const saved = await store.save(pair, { base, intent });
      expect(saved).toMatchObject({ base, intent, revision: pair.revision + 1 });
      expect(await store.save(pair, { base })).toBeUndefined();
      await store.putInventive(pair, seen(anAppointment({ id: pair.appointmentId, stamp: 2 }), pair.inventive), false);
      const google = { ...UNSEEN, seq: 1 };
      const settled = await store.save(saved ?? pair, { google, intent: null });
      expect(settled).toMatchObject({ google: { seq: 1 }, inventive: { seq: 2 } });
      expect(settled).not.toHaveProperty('intent');
    });

    it('refuses a save of a side that news have moved', async () => {
      const store = await open();
      const pair = await stored(store);
      await store.putInventive(pair, seen(anAppointment({ id: pair.appointmentId, stamp: 2 }), pair.inventive), false);
      expect(await store.save(pair, { inventive: { ...pair.inventive, seq: pair.inventive.seq + 1 } })).toBeUndefined();
    });

    it('shows a postponed pair only after its time', async () => {
      const store = await open();
      const pair = await stored(store);
      await store.claim(pair.id, 60_000);
      await store.postpone(pair.id, Date.now() + 3_600_000);
      expect(await store.due(1000)).not.toContain(pair.id);
      expect(await store.claim(pair.id, 60_000)).toBeUndefined();
    });

    it('does not postpone what became due again meanwhile', async () => {
      const store = await open();
      const pair = await stored(store);
      const claimed = await store.claim(pair.id, 60_000);
      expect(await store.postpone(pair.id, 0, claimed?.dueSeq)).toBe(false);
      await store.claim(pair.id, 60_000);
      await store.putInventive(pair, seen(anAppointment({ id: pair.appointmentId, stamp: 2 }), pair.inventive), false);
      expect(await store.postpone(pair.id, Date.now() + 3_600_000, claimed?.dueSeq)).toBe(true);
      expect(await store.due(1000)).toContain(pair.id);
    });

    it('lists live pairs before imports', async () => {
      const store = await open();
      const imported = aPair();
      await store.insert(imported, 'import');
      const live = await stored(store);
      const due = await store.due(1000);
      expect(due.indexOf(live.id)).toBeLessThan(due.indexOf(imported.id));
    });

    it('gives the pairs of an account page by page, each once, and says which are due', async () => {
      const store = await open();
      const [first, other] = [await stored(store), await stored(store)];
      const second = { ...other, id: aPair().id, accountId: first.accountId };
      await store.insert(second, 'live');
      await store.claim(first.id, 60_000);
      await store.finish(first.id, first.dueSeq);
      const seen: [string, boolean][] = [];
      for (let after: Pair['id'] | undefined; ; ) {
        const [one] = await store.pageOfAccount(first.accountId, after, 1);
        if (one === undefined) break;
        seen.push([one.pair.id, one.due]);
        after = one.pair.id;
      }
      expect(seen).toEqual([[first.id, false] as const, [second.id, true] as const].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    });

    it('remembers what was begun, until it is taken back', async () => {
      const store = await open();
      const pair = await stored(store);
      const begun = [{ side: 'google', id: pair.eventId, settled: { fields: { subject: 'Overleg' }, block: '' } }] as const;
      const saved = await store.save(pair, { begun });
      expect((await store.byId(pair.id))?.begun).toEqual(begun);
      await store.save(saved ?? pair, { begun: null });
      expect(await store.byId(pair.id)).not.toHaveProperty('begun');
    });

    it('remembers what the event had whose place a new one takes, until that is made', async () => {
      const store = await open();
      const pair = await stored(store);
      const formerEvent = { zone: 'America/New_York', colour: { kind: 'colour', id: '3' }, reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 60 }] }, agreed: { reminder: 15 } } as const;
      const saved = await store.save(pair, { formerEvent });
      expect((await store.byId(pair.id))?.formerEvent).toEqual(formerEvent);
      await store.save(saved ?? pair, { formerEvent: null });
      expect(await store.byId(pair.id)).not.toHaveProperty('formerEvent');
    });

    it('marks both sides for reading', async () => {
      const store = await open();
      const pair = await stored(store);
      await store.markForReading([pair.id]);
      expect(await store.byId(pair.id)).toMatchObject({ inventive: { needsRead: true, seq: pair.inventive.seq + 1 }, google: { needsRead: true, seq: 1 } });
    });

    it('keeps outcomes until they were told', async () => {
      const store = await open();
      const pair = await stored(store);
      const told = (id: string): Message => ({
        type: 'nl.inventive.sync.held.v1', id, key: pair.id, source: '/reconciler', time: '2026-11-24T10:00:00.000Z',
        data: { pairId: pair.id, revision: 1, accountId: pair.accountId, source: pair.source, at: '2026-11-24T10:00:00.000Z', reason: 'held-by-brake' },
      });
      await store.save(pair, { outbox: [told('one'), told('two')] });
      expect((await store.withOutbox(1000)).map(({ id }) => id)).toContain(pair.id);
      await store.clearOutbox(pair.id, ['one']);
      expect((await store.byId(pair.id))?.outbox.map(({ id }) => id)).toEqual(['two']);
    });
  });
}
