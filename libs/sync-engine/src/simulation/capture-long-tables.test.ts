import { describe, expect, it } from 'vitest';
import { CaptureHarness, LONGEST_TRANSACTION_MS } from './capture-harness.js';
import { modelId } from './model-datastore.js';

/** Pages of three rows, a lease that lasts for fewer pages than the table has. */
const ROWS = 1_500;
const settings = { leaseTtlMs: 400, sendLimitMs: 100 };

/** How long the reader showed no sign of life at most, and who read, looked at every 50 ms. */
async function watch(harness: CaptureHarness, forMs: number) {
  const readers = new Set<number>();
  let longestSilenceMs = 0;
  for (let passed = 0; passed < forMs; passed += 50) {
    await harness.clock.advance(50);
    for (const [n, { capture }] of harness.replicas.entries()) {
      if (!capture.isReader()) continue;
      readers.add(n);
      longestSilenceMs = Math.max(longestSilenceMs, harness.clock.now() - Date.parse(capture.status().lastTurnAt));
    }
  }
  return { readers: [...readers], longestSilenceMs };
}

describe('capture of tables that take longer to read than a lease lasts', () => {
  it('keeps the lease and shows life from the first start until all is settled', async () => {
    const harness = new CaptureHarness(settings);
    for (let n = 1; n <= ROWS; n += 1) harness.change({ act: 'save', kind: 'participant', id: modelId(n), text: `deelnemer ${n}`, appointmentId: modelId(9_000) }, {});
    harness.change({ act: 'save', kind: 'appointment', id: modelId(9_000), text: 'drukbezocht' }, {});
    harness.start();
    harness.start();
    expect(await watch(harness, 4 * LONGEST_TRANSACTION_MS)).toEqual({ readers: [0], longestSilenceMs: expect.toSatisfy((ms: number) => ms < settings.leaseTtlMs) });
    expect([harness.log.length, harness.failures]).toEqual([1, []]);
    expect(harness.replicas[0]?.capture.status()).toMatchObject({ state: 'live', readFrom: String(harness.inventive.counter) });
  });

  it('shows life while it works off what happened when nobody read', async () => {
    const harness = new CaptureHarness(settings);
    harness.start();
    await harness.clock.advance(3 * LONGEST_TRANSACTION_MS);
    for (let n = 1; n <= ROWS; n += 1) harness.change({ act: 'save', kind: 'appointment', id: modelId(n), text: `nr ${n}` }, {});
    const { longestSilenceMs } = await watch(harness, 4 * LONGEST_TRANSACTION_MS);
    expect(longestSilenceMs).toBeLessThan(settings.leaseTtlMs);
    expect(harness.log).toHaveLength(ROWS);
  });

  it('keeps the lease and shows life while an inventory asks for one vanished row after another', async () => {
    const harness = new CaptureHarness({ ...settings, inventoryEveryMs: 60_000 });
    for (let n = 1; n <= ROWS; n += 1) harness.change({ act: 'save', kind: 'appointment', id: modelId(n), text: `nr ${n}` }, {});
    harness.start();
    harness.start();
    await harness.clock.advance(50_000);
    harness.inventive.rows.clear();
    const { readers, longestSilenceMs } = await watch(harness, 30_000);
    expect([readers, longestSilenceMs < settings.leaseTtlMs, harness.failures]).toEqual([[0], true, []]);
    expect(harness.replicas[0]?.capture.status().inventory).toMatchObject({ missing: ROWS, repaired: 0 });
  });
});
