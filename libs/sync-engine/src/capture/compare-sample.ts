import { sayIfOlder } from './appointment-version.js';
import { OlderState } from './stops.js';
import { readCounter, type Tenure } from './tenure.js';

const SAMPLE = 50;

/**
 * Before the first publication and after a lost connection: the rows that were saved last, read again. If one of them has
 * a lower stamp than we know, the server was restored from a backup, however far its counter ran since.
 */
export async function compareSample(tenure: Tenure): Promise<void> {
  await readCounter(tenure);
  const { ports, source, watermark } = tenure;
  const newest = (await ports.published.newest(source, SAMPLE)).filter(({ epoch }) => epoch === watermark.epoch);
  if (newest.length === 0) return;
  const known = new Map(newest.map((published) => [published.id, published] as const));
  for (const assembled of (await ports.inventive.assemble([...known.keys()])).found) {
    const older = sayIfOlder(assembled, known.get(assembled.record.id), watermark.epoch);
    if (older !== undefined) throw new OlderState(older);
  }
}
