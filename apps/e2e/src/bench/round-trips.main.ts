import { setTimeout as delay } from 'node:timers/promises';
import { startProduct } from '../system/product.js';

/**
 * How long a change takes from the moment that one vendor accepted it until the other shows it: the whole product with real
 * Kafka and MongoDB, one change after the other. Prints figures and judges nothing: machines differ. To compare two versions,
 * run both on the same machine with nothing else going on.
 */
const TRIPS = Number(process.env['TRIPS'] ?? 30);
/** As a person works; what comes in a burst is paced by the receiver on purpose. */
const PAUSE_MS = Number(process.env['PAUSE_MS'] ?? 300);
const PATIENCE_MS = 20_000;
const ZONE = 'Europe/Amsterdam';
const tomorrow = Temporal.Now.plainDateISO(ZONE).add({ days: 1 });
const at = (time: string) => ({ dateTime: tomorrow.toZonedDateTime({ timeZone: ZONE, plainTime: time }).toInstant().toString(), timeZone: ZONE });

const product = await startProduct();
try {
  await product.link('jansen');
  const [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
  await product.quiet();
  const row = await desk.create({ Onderwerp: 'Meting 0' });
  const event = await seen(async () => (await phone.withSummary('Meting 0'))[0]);
  const own = await phone.insert({ summary: 'Meting G0', start: at('09:00'), end: at('10:00') });
  const made = await seen(async () => (await desk.withSubject('Meting G0'))[0]);

  const toGoogle: number[] = [];
  const toInventive: number[] = [];
  for (let trip = 1; trip <= TRIPS; trip += 1) {
    await desk.change(row.ID, { Locatie: `Zaal ${trip}` });
    toGoogle.push(await timed(async () => (await phone.get(event.id)).location === `Zaal ${trip}`));
    await delay(PAUSE_MS);
    await phone.patch(own.id, { location: `Kamer ${trip}` });
    toInventive.push(await timed(async () => (await desk.get(made.ID))?.Locatie === `Kamer ${trip}`));
    await delay(PAUSE_MS);
  }
  console.log(`Inventive → Google  ${spread(toGoogle)}`);
  console.log(`Google → Inventive  ${spread(toInventive)}`);

  const began = performance.now();
  await phone.insert({ summary: 'Meting reeks', recurrence: ['RRULE:FREQ=DAILY;COUNT=90'], start: at('07:00'), end: at('07:30') });
  // Of the ninety days that the window reaches ahead.
  await seen(async () => ((await desk.withSubject('Meting reeks')).length >= 85 ? true : undefined));
  console.log(`A daily series, Google → Inventive: ${(await desk.withSubject('Meting reeks')).length} rows after ${Math.round(performance.now() - began)} ms`);
} finally {
  await product.stop();
}

async function timed(stands: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  await seen(async () => ((await stands()) ? true : undefined));
  return performance.now() - began;
}

async function seen<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await delay(3)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`the other side did not show it within ${PATIENCE_MS / 1000} s`);
}

function spread(millis: readonly number[]): string {
  const sorted = millis.toSorted((a, b) => a - b);
  const rank = (share: number): string => `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)} ms`;
  return `p50 ${rank(0.5)}, p95 ${rank(0.95)}, longest ${rank(1)} (${sorted.length} changes)`;
}
