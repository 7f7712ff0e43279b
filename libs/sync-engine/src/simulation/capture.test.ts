import { describe, expect, it } from 'vitest';
import type { PlainDate } from '@calsync/calendar-model';
import { CaptureHarness, contentOf, isNewer, LONGEST_TRANSACTION_MS } from './capture-harness.js';
import { modelId, type ModelChange } from './model-datastore.js';

const save = (n: number, text: string, more: Partial<Extract<ModelChange, { act: 'save' }>> = {}): ModelChange => ({ act: 'save', kind: 'appointment', id: modelId(n), text, ...more });
const remove = (n: number, kind: ModelChange['kind'] = 'appointment'): ModelChange => ({ act: 'delete', kind, id: modelId(n) });
const participant = (n: number, of: number, text: string): ModelChange => ({ act: 'save', kind: 'participant', id: modelId(n), text, appointmentId: modelId(of) });
const relation = (n: number, text: string): ModelChange => ({ act: 'save', kind: 'relation', id: modelId(n), text });

/** Long enough for the snapshot to settle and the reader to be idle. */
async function running(prepare: (harness: CaptureHarness) => void = () => undefined, settings = {}): Promise<CaptureHarness> {
  const harness = new CaptureHarness(settings);
  prepare(harness);
  harness.start();
  await harness.clock.advance(3 * LONGEST_TRANSACTION_MS);
  return harness;
}

const subjects = (harness: CaptureHarness, n: number) => harness.of(n).map((message) => ('fields' in message.data ? message.data.fields.subject : 'deleted'));

describe('capture', () => {
  it('publishes the whole table at its first start, once', async () => {
    const harness = await running((fresh) => {
      for (let n = 1; n <= 10; n += 1) fresh.change(save(n, `nr ${n}`), {});
    });
    expect(harness.log).toHaveLength(10);
    await harness.clock.advance(60_000);
    expect(harness.log).toHaveLength(10);
    expect(harness.replicas[0]?.capture.status()).toMatchObject({ state: 'live', readFrom: '11', counter: '11' });
  });

  it('publishes a committed change within 20 ms of its nudge, in five turns of asking', async () => {
    const harness = await running();
    harness.change(save(1, 'Overleg'));
    await harness.clock.advance(20);
    expect(subjects(harness, 1)).toEqual(['Overleg']);
    expect(harness.nudgeToPublishedMs[0]).toBeLessThanOrEqual(20);
  });

  it('finds a change whose nudge was lost at the next poll', async () => {
    const harness = await running();
    harness.change(save(1, 'stil'), {});
    await harness.clock.advance(harness.settings.pollMs + 50);
    expect(subjects(harness, 1)).toEqual(['stil']);
  });

  it('reads again after an early nudge until the commit is there', async () => {
    const harness = await running();
    harness.change(save(1, 'laat'), { commitAfterMs: 1_200, nudgeAfterMs: 0 });
    await harness.clock.advance(1_190);
    expect(harness.log).toHaveLength(0);
    await harness.clock.advance(1_100);
    expect(subjects(harness, 1)).toEqual(['laat']);
  });

  it('finds a lower stamp that becomes visible after a higher one was read, without a nudge', async () => {
    const harness = await running();
    harness.change(save(1, 'langzaam'), { commitAfterMs: 4_500 });
    harness.change(save(2, 'snel'), { nudgeAfterMs: 0 });
    await harness.clock.advance(100);
    expect(harness.log).toHaveLength(1);
    await harness.clock.advance(2 * LONGEST_TRANSACTION_MS);
    expect(subjects(harness, 1)).toEqual(['langzaam']);
    expect(harness.repaired).toBe(0);
  });

  it('gives up a nudge whose save was rolled back, and asks nothing more once all is settled', async () => {
    const harness = await running();
    harness.inventive.counter += 1n;
    harness.nudge(harness.inventive.counter - 1n);
    await harness.clock.advance(4 * LONGEST_TRANSACTION_MS);
    expect(harness.replicas[0]?.capture.status().awaitedStamps).toBe(0);
    const before = harness.inventive.reads;
    await harness.clock.advance(20_000);
    expect(harness.inventive.reads - before).toBeLessThanOrEqual(5);
  });

  it('makes few readings of many nudges', async () => {
    const harness = await running();
    const before = harness.inventive.reads;
    for (let n = 0; n < 50; n += 1) harness.change(save(1, `versie ${n}`));
    await harness.clock.advance(100);
    expect(subjects(harness, 1)).toEqual(['versie 49']);
    expect(harness.inventive.reads - before).toBeLessThan(150);
  });

  it('deletes only what the server lists as deleted and a read by key does not find', async () => {
    const harness = await running((fresh) => {
      for (const n of [1, 2, 3]) fresh.change(save(n, `nr ${n}`), {});
    });
    harness.change(remove(1));
    // Vanished without a trace, as from a restricted view.
    harness.inventive.rows.delete(`appointment/${modelId(2)}`);
    harness.change(remove(3), {});
    harness.change(save(3, 'opnieuw'));
    await harness.clock.advance(30_000);
    expect(subjects(harness, 1)).toEqual(['nr 1', 'deleted']);
    expect(subjects(harness, 2)).toEqual(['nr 2']);
    expect(subjects(harness, 3)).toEqual(['nr 3', 'opnieuw']);
  });

  it('publishes an appointment again when what it is made of changes, moves or goes', async () => {
    const harness = await running((fresh) => {
      fresh.change(relation(50, 'Bakkerij'), {});
      fresh.change(save(1, 'een', { relationId: modelId(50) }), {});
      fresh.change(save(2, 'twee'), {});
      fresh.change(participant(70, 1, 'Anna'), {});
    });
    const names = (n: number) => harness.of(n).map(({ data }) => ('participants' in data ? [...data.participants.map(({ name }) => name), ...data.blockLines.map(({ value }) => value)] : []));
    const after = async (change: ModelChange) => {
      harness.change(change);
      await harness.clock.advance(50);
    };
    await after(relation(50, 'Bakkerij Van Dam'));
    await after(participant(70, 1, 'Anna B.'));
    await after(participant(70, 2, 'Anna B.'));
    await after(remove(70, 'participant'));
    await after(remove(50, 'relation'));
    expect(names(1)).toEqual([['Anna', 'Bakkerij'], ['Anna', 'Bakkerij Van Dam'], ['Anna B.', 'Bakkerij Van Dam'], ['Bakkerij Van Dam'], []]);
    expect(names(2)).toEqual([[], ['Anna B.'], []]);
    for (const n of [1, 2]) expect(harness.of(n).slice(1).every((message, at) => isNewer(message, harness.of(n)[at]!))).toBe(true);
  });

  it('fans a renamed relation out in pages, behind live changes', async () => {
    const harness = await running((fresh) => {
      fresh.change(relation(500, 'Oud'), {});
      for (let n = 1; n <= 300; n += 1) fresh.change(save(n, `nr ${n}`, { relationId: modelId(500) }), {});
    });
    const before = harness.log.length;
    harness.change(relation(500, 'Nieuw'));
    await harness.clock.advance(15);
    harness.change(save(400, 'tussendoor'));
    await harness.clock.advance(2_000);
    const since = harness.log.slice(before);
    expect(since).toHaveLength(301);
    expect(since.findIndex(({ data }) => data.id === modelId(400))).toBeLessThan(290);
    expect(since.filter(({ data }) => 'blockLines' in data && data.blockLines[0]?.value === 'Nieuw')).toHaveLength(300);
  });

  it('never publishes the content of a private appointment', async () => {
    const harness = await running();
    harness.change(relation(50, 'Geheime relatie'), {});
    harness.change(participant(70, 1, 'Geheime deelnemer'), {});
    harness.change(save(1, 'Geheim', { private: true, relationId: modelId(50) }));
    await harness.clock.advance(50);
    expect(JSON.stringify(harness.log)).not.toMatch(/geheim/i);
    expect(harness.of(1)[0]?.data).toMatchObject({ reduced: true, fields: { showAs: 'busy', privacy: 'private', when: { kind: 'all-day' } } });
  });

  it('publishes the reduced state when an appointment becomes private', async () => {
    const harness = await running((fresh) => void fresh.change(save(1, 'Open'), {}));
    harness.change(save(1, 'Open', { private: true }));
    await harness.clock.advance(50);
    expect(harness.of(1).at(-1)?.data).toMatchObject({ reduced: true });
    expect(harness.of(1).at(-1)?.data).not.toHaveProperty('fields.subject');
  });

  it('stops when the counter runs backwards, publishes nothing, and goes on in a new epoch when a person says so', async () => {
    const harness = await running((fresh) => {
      for (const n of [1, 2, 3]) fresh.change(save(n, `nr ${n}`), {});
    });
    const before = harness.log.length;
    harness.inventive.counter = 2n;
    for (const n of [2, 3]) harness.inventive.rows.delete(`appointment/${modelId(n)}`);
    await harness.clock.advance(6_000);
    expect(harness.stops).toHaveLength(1);
    harness.change(save(4, 'na herstel'));
    await harness.clock.advance(20_000);
    expect(harness.log).toHaveLength(before);
    expect(harness.replicas[0]?.capture.status()).toMatchObject({ state: 'stopped', stoppedBecause: expect.stringContaining('backwards') as string });
    await harness.watermarks.resume(harness.inventive.name);
    await harness.clock.advance(20_000);
    expect(harness.log.slice(before).map(({ type, data }) => [type.includes('deleted'), data.version.epoch, data.id])).toEqual([
      [false, 2, modelId(1)],
      [false, 2, modelId(4)],
    ]);
  });

  it('stops at a known row with a lower stamp though the counter has run on since, before anything is published', async () => {
    const harness = await running((fresh) => {
      for (const n of [1, 2]) fresh.change(save(n, `nr ${n}`), {});
    });
    harness.replicas[0]?.kill();
    const before = harness.log.length;
    const older = harness.inventive.rows.get(`appointment/${modelId(2)}`)!;
    harness.inventive.rows.set(`appointment/${modelId(2)}`, { ...older, stamp: 1n });
    harness.inventive.counter = 500n;
    harness.start();
    harness.change(save(3, 'nieuw'));
    await harness.clock.advance(30_000);
    expect(harness.stops[0]).toContain(modelId(2));
    expect(harness.log).toHaveLength(before);
  });

  it('stops at a backup restored between two reads, though the counter has caught up by the next one', async () => {
    const harness = await running((fresh) => {
      for (const n of [1, 2]) fresh.change(save(n, `nr ${n}`), {});
    });
    const backup = new Map(harness.inventive.rows);
    const counter = harness.inventive.counter;
    harness.change(save(2, 'na de back-up'));
    await harness.clock.advance(100);
    const before = harness.log.length;
    harness.inventive.rows.clear();
    for (const [key, row] of backup) harness.inventive.rows.set(key, row);
    harness.inventive.counter = counter;
    harness.inventive.starts += 1;
    harness.change(save(3, 'na het herstel'));
    await harness.clock.advance(1_000);
    expect(harness.stops).toEqual([expect.stringContaining(modelId(2))]);
    expect(harness.log).toHaveLength(before);
  });

  it('sends in parts what is too large together, and sets aside what is too large alone', async () => {
    const harness = await running(() => undefined, { inventoryEveryMs: 120_000 });
    harness.refuses = (messages) => messages.length > 3 || messages.some(({ data }) => 'fields' in data && data.fields.subject === 'reusachtig');
    for (let n = 1; n <= 20; n += 1) harness.change(save(n, n === 7 ? 'reusachtig' : `nr ${n}`));
    await harness.clock.advance(1_000);
    expect(harness.log.map(({ data }) => data.id)).toEqual(Array.from({ length: 20 }, (_, at) => modelId(at + 1)).filter((id) => id !== modelId(7)));
    expect(new Set(harness.unreadable)).toEqual(new Set([modelId(7)]));
    expect([harness.failures, harness.replicas[0]?.capture.status().state]).toEqual([[], 'live']);
    harness.change(save(7, 'ingekort'));
    await harness.clock.advance(1_000);
    expect(subjects(harness, 7)).toEqual(['ingekort']);
    harness.refuses = () => false;
    await harness.clock.advance(130_000);
    expect(harness.repaired).toBe(0);
  });

  it('takes an inventory that finds nothing after ordinary life, and repairs and counts what no rule could see', async () => {
    const harness = await running((fresh) => {
      for (const n of [1, 2, 3]) fresh.change(save(n, `nr ${n}`), {});
      fresh.change(participant(70, 3, 'Anna'), {});
    }, { inventoryEveryMs: 60_000 });
    harness.change(save(1, 'gewijzigd'));
    harness.change(remove(2));
    await harness.clock.advance(70_000);
    expect(harness.replicas[0]?.capture.status().inventory).toMatchObject({ repaired: 0, missing: 0 });
    // A save below the settled stamps: longer open than the longest transaction.
    const row = harness.inventive.rows.get(`appointment/${modelId(1)}`)!;
    harness.inventive.rows.set(`appointment/${modelId(4)}`, { ...row, id: modelId(4), text: 'verdwaald', stamp: 2n });
    await harness.clock.advance(60_000);
    expect(harness.repaired).toBe(1);
    expect(subjects(harness, 4)).toEqual(['verdwaald']);
  });

  it('leaves out of the snapshot what ended before its range, and publishes it when it changes', async () => {
    const harness = new CaptureHarness({ snapshotDaysBack: 30 });
    harness.change(save(1, 'lang geleden'), {});
    const assemble = harness.inventive.assemble.bind(harness.inventive);
    harness.inventive.assemble = async (ids) => {
      const { found, unreadable } = await assemble(ids);
      return { unreadable, found: found.map((each) => ({ ...each, endsOn: '2001-01-01' as PlainDate })) };
    };
    harness.start();
    await harness.clock.advance(4 * LONGEST_TRANSACTION_MS);
    expect(harness.log).toHaveLength(0);
    harness.change(save(1, 'toch nog'));
    await harness.clock.advance(100);
    expect(subjects(harness, 1)).toEqual(['toch nog']);
  });

  it('lets one of two replicas read; the other goes on after a kill within ten seconds and loses nothing', async () => {
    const harness = await running();
    harness.start();
    harness.change(save(1, 'een'));
    await harness.clock.advance(100);
    expect(harness.replicas.map(({ capture }) => capture.isReader())).toEqual([true, false]);
    harness.replicas[0]!.crashAt = 'capture:before-publish';
    harness.change(save(2, 'twee'));
    await harness.clock.advance(10_000);
    expect(harness.replicas[1]?.capture.isReader()).toBe(true);
    expect(subjects(harness, 2)).toEqual(['twee']);
  });

  it('says again what was published before a crash and not yet remembered, with the same id and version', async () => {
    const harness = await running();
    harness.replicas[0]!.crashAt = 'capture:after-publish-before-watermark';
    harness.change(save(1, 'een'));
    await harness.clock.advance(100);
    harness.start();
    await harness.clock.advance(30_000);
    const [first, ...again] = harness.of(1);
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ id: first!.id, data: { version: first!.data.version } });
    expect(contentOf(again[0]!)).toEqual(contentOf(first!));
  });
});
