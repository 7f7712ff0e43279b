import type { InventiveId } from '@calsync/calendar-model';
import { knownCounter } from './compare-sample.js';
import { publishAppointments, type Cause } from './publish-appointments.js';
import { snapshotRange } from './read-changes.js';
import { SeenRows } from './seen-rows.js';
import { saveWatermark, type Tenure } from './tenure.js';

/**
 * Publishes the whole table, once for each epoch. `between` runs between two pages, so that live changes don't wait.
 *
 * Rows that are saved later than the counter read here, or that become visible later, are found by the readings after:
 * re-reading begins at zero until the longest transaction has passed.
 */
export async function takeSnapshot(tenure: Tenure, between: () => Promise<void>): Promise<void> {
  const { ports, source } = tenure;
  const { inventive, observer, clock } = ports;
  const counter = await knownCounter(tenure);
  const mark = { stamp: counter, at: clock.now() };
  tenure.head = counter;
  tenure.seen = new SeenRows();
  // An earlier attempt may have published what nobody remembers: its beginning counts.
  const began = tenure.watermark.snapshot?.began ?? counter;
  await saveWatermark(tenure, { ...tenure.watermark, counter, snapshot: { began, done: false } });
  // First what appointments are made of: each appointment is read after this, so it shows these rows as noted or newer.
  for (const kind of ['relation', 'contact', 'project', 'participant'] as const) {
    for await (const rows of inventive.allRows(kind)) {
      tenure.seen.addRows(rows);
      await tenure.pulse();
    }
  }
  let published = 0;
  for await (const rows of inventive.allRows('appointment')) {
    const causes = new Map<InventiveId, Cause>(rows.map(({ id, stamp }) => [id, { stamp }] as const));
    published += await publishAppointments(tenure, causes, { ...snapshotRange(tenure), repeat: true });
    tenure.seen.addRows(rows);
    observer.snapshotProgress(source, published, false);
    await between();
  }
  // Deletions from before the beginning concern nobody, except of appointments that somebody may have seen.
  for await (const deletions of inventive.deletionsSince(0n)) {
    const ofAppointments = new Map(deletions.filter(({ kind }) => kind === 'appointment').map(({ id, stamp }) => [id, stamp] as const));
    const known = new Map((await ports.published.byIds(source, [...ofAppointments.keys()])).map((published) => [published.id, published] as const));
    const causes = new Map<InventiveId, Cause>();
    for (const [id, stamp] of ofAppointments) {
      const published = known.get(id);
      const seen = published !== undefined && (published.offered !== undefined || (published.epoch > 0 && !published.deleted));
      if (seen || stamp >= began) causes.set(id, { stamp, deletedAt: stamp });
    }
    await publishAppointments(tenure, causes, { repeat: false });
    tenure.seen.addDeletions(deletions);
    await between();
  }
  const { marks, counter: counterSince } = tenure.watermark;
  await saveWatermark(tenure, { ...tenure.watermark, snapshot: { began, done: true }, readFrom: 0n, counter: counterSince > counter ? counterSince : counter, marks: [mark, ...marks.filter(({ stamp }) => stamp > counter)] });
  // All of it was just said: dropping repeats is safe from here on.
  tenure.republish = false;
  observer.snapshotProgress(source, published, true);
}
