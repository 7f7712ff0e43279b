import { sayIfOlder } from './appointment-version.js';
import { OlderState } from './stops.js';
import { readCounter, type Tenure } from './tenure.js';

const SAMPLE = 50;

/** The counter, once it is sure that this is still the database we know. */
export async function knownCounter(tenure: Tenure): Promise<bigint> {
  const counter = await readCounter(tenure);
  if (tenure.ports.inventive.sessions() !== tenure.comparedSession) await compareSample(tenure);
  return counter;
}

/**
 * Before the first publication and after a lost connection or session: the rows that were saved last, read again. If one of them has
 * a lower stamp than we know, the server was restored from a backup, however far its counter ran since.
 */
export async function compareSample(tenure: Tenure): Promise<void> {
  await readCounter(tenure);
  const { ports, source, watermark } = tenure;
  // Before the rows: a session that is lost meanwhile leads here again.
  const session = ports.inventive.sessions();
  const newest = (await ports.published.newest(source, SAMPLE)).filter(({ epoch }) => epoch === watermark.epoch);
  const known = new Map(newest.map((published) => [published.id, published] as const));
  for (const assembled of (await ports.inventive.assemble([...known.keys()])).found) {
    const older = sayIfOlder(assembled, known.get(assembled.record.id), watermark.epoch);
    if (older !== undefined) throw new OlderState(older);
  }
  tenure.comparedSession = session;
}
