import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { nextWorkingDay } from './calendar-day.js';
import type { GoogleSide } from './google-side.js';
import type { InventiveSide } from './inventive-side.js';

export interface Crossing {
  readonly direction: 'Inventive → Google' | 'Google → Inventive';
  readonly act: 'create' | 'change' | 'delete';
  readonly what: string;
  /** What stood on the other side in the end; undefined when it didn't within the time. */
  readonly arrived: string | undefined;
  /** From the accepted write on one side until it was seen on the other. */
  readonly ms: number;
}

const limitMs = 30_000;

/** Creates, changes and deletes an appointment in Inventive, then an event in Google, and watches each arrive on the other side. */
export async function makeRoundTrips(inventive: InventiveSide, google: GoogleSide, tell: (crossing: Crossing) => void): Promise<readonly Crossing[]> {
  const crossings: Crossing[] = [];
  const add = (crossing: Crossing) => {
    crossings.push(crossing);
    tell(crossing);
    return crossing.arrived !== undefined;
  };
  await fromInventive(inventive, google, add);
  await fromGoogle(inventive, google, add);
  return crossings;
}

async function fromInventive(inventive: InventiveSide, google: GoogleSide, add: (crossing: Crossing) => boolean): Promise<void> {
  const on = nextWorkingDay();
  const subject = `Kennismaking café Zoë ☕ ${mark()}`;
  const report = reporter('Inventive → Google', add);

  const appointment = await inventive.create({ subject, location: 'Kantoor Utrecht', on, fromHour: 10, toHour: 11 });
  const event = await report('create', `“${subject}”, ${on.toString()} 10:00`, async () => (await google.onDay(on)).find((seen) => seen.summary === subject), (seen) => `event ${seen.id}`);
  if (event === undefined) return;

  await inventive.change(appointment.id, { location: 'Kantoor Zürich' });
  await report('change', 'location “Kantoor Utrecht” → “Kantoor Zürich”', async () => matching(await google.get(event.id), (seen) => seen.location === 'Kantoor Zürich'), (seen) => `location “${seen.location}”`);

  await inventive.delete(appointment.id);
  await report('delete', `“${subject}”`, async () => ((await google.get(event.id)) === undefined ? true : undefined), () => 'event cancelled');
}

async function fromGoogle(inventive: InventiveSide, google: GoogleSide, add: (crossing: Crossing) => boolean): Promise<void> {
  const on = nextWorkingDay();
  const summary = `Werklunch crème brûlée 🍮 ${mark()}`;
  const report = reporter('Google → Inventive', add);

  const event = await google.create({ summary, location: 'Utrecht', on, fromHour: 12, toHour: 13 });
  const appointment = await report('create', `“${summary}”, ${on.toString()} 12:00`, async () => (await inventive.withSubject(summary))[0], (seen) => `appointment ${seen.id.slice(0, 8)}…`);
  if (appointment === undefined) return;

  await google.change(event.id, { location: 'Den Haag' });
  await report('change', 'location “Utrecht” → “Den Haag”', async () => matching(await inventive.get(appointment.id), (seen) => seen.location === 'Den Haag'), (seen) => `location “${seen.location}”`);

  await google.delete(event.id);
  await report('delete', `“${summary}”`, async () => ((await inventive.get(appointment.id)) === undefined ? true : undefined), () => 'row deleted');
}

/** Call it as soon as the write was accepted: it looks until the change is seen, and reports how long that took. */
function reporter(direction: Crossing['direction'], add: (crossing: Crossing) => boolean) {
  return async <T>(act: Crossing['act'], what: string, look: () => Promise<T | undefined>, describe: (seen: T) => string): Promise<T | undefined> => {
    const began = performance.now();
    let seen: T | undefined;
    while ((seen = await look()) === undefined && performance.now() - began < limitMs) {
      // Ever more seldom: a person's quota at Google must outlast a crossing that fails.
      await delay(performance.now() - began < 2_000 ? 20 : 500);
    }
    const ms = Math.round(performance.now() - began);
    add({ direction, act, what, arrived: seen === undefined ? undefined : describe(seen), ms });
    return seen;
  };
}

const matching = <T>(seen: T | undefined, wanted: (seen: T) => boolean): T | undefined => (seen !== undefined && wanted(seen) ? seen : undefined);

/** Every start has subjects of its own. */
const mark = () => randomBytes(2).toString('hex');
