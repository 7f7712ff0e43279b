import { setTimeout as delay } from 'node:timers/promises';
import type { PersonAtDesk, SeenRow } from '../system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from '../system/person-at-google.js';
import { Random } from './random.js';

/** Every subject begins so: it tells what belongs to the soak from what was there before. */
export const MARK = 'Duur';
const ZONE = 'Europe/Amsterdam';
const HOUR_MS = 3_600_000;
/** Days after today that everything lies on: well within the window, so that nothing leaves it. */
const DAYS = { from: 2, below: 40 };
const FEWEST = 6;
const MOST = 40;

export interface Edits { made: number; late: number; lastMs: number }
type Kind = 'create' | 'delete' | 'subject' | 'place' | 'notes' | 'time' | 'free' | 'whole series';

/** What both people of one user have typed, all of it different. */
export class Typed {
  readonly texts = new Set<string>();
  #count = 0;

  text(who: string): string {
    const text = `${MARK} ${who} ${(this.#count += 1)}`;
    this.texts.add(text);
    return text;
  }
}

/** Edits until it is told to stop, every 0.3 to 2 s. */
export async function keepEditing(act: (kind: Kind) => Promise<'made' | 'late'>, random: Random, until: AbortSignal, kinds: readonly Kind[], edits: Edits): Promise<void> {
  while (!until.aborted) {
    edits[await act(random.oneOf(kinds))] += 1;
    edits.lastMs = performance.now();
    await delay(300 + random.next() * 1_700);
  }
}

export const DESK_KINDS: readonly Kind[] = ['subject', 'subject', 'subject', 'place', 'place', 'place', 'notes', 'notes', 'time', 'free', 'create', 'create', 'delete'];
export const GOOGLE_KINDS: readonly Kind[] = [...DESK_KINDS, 'whole series'];

export function atDesk(desk: PersonAtDesk, random: Random, typed: Typed): (kind: Kind) => Promise<'made' | 'late'> {
  const mine = async () => (await desk.agenda()).filter(({ Onderwerp }) => Onderwerp.startsWith(MARK));
  const time = () => ({ BeginTijd: random.between(7, 20) * HOUR_MS, day: random.between(DAYS.from, DAYS.below) });
  const on = ({ BeginTijd, day }: ReturnType<typeof time>) => {
    const date = `${today().add({ days: day }).toString()}T00:00:00Z`;
    return { BeginDatum: date, EindDatum: date, BeginTijd, EindTijd: BeginTijd + HOUR_MS };
  };
  const change = async (row: SeenRow, values: Record<string, unknown>): Promise<'made' | 'late'> => {
    try {
      await desk.change(row.ID, values);
      return 'made';
    } catch (error) {
      // The colleague with the phone deleted it meanwhile.
      if ((await desk.get(row.ID)) === undefined) return 'late';
      throw error;
    }
  };
  return async (kind) => {
    const rows = await mine();
    if (kind === 'create' || rows.length < FEWEST) {
      if (rows.length >= MOST) return 'late';
      await desk.create({ Onderwerp: typed.text('bureau'), Locatie: typed.text('bureau'), Opmerking: typed.text('bureau'), ...on(time()) });
      return 'made';
    }
    const row = random.oneOf(rows.toSorted((a, b) => (a.ID < b.ID ? -1 : 1)));
    switch (kind) {
      case 'delete':
        await desk.delete(row.ID);
        return 'made';
      case 'place':
        return change(row, { Locatie: typed.text('bureau') });
      case 'notes':
        return change(row, { Opmerking: typed.text('bureau') });
      case 'time':
        return change(row, { BeginTijd: random.between(7, 20) * HOUR_MS, EindTijd: 21 * HOUR_MS });
      case 'free':
        return change(row, { ToonAls: random.oneOf(['Bezet', 'Vrij']), Locatie: typed.text('bureau') });
      default:
        return change(row, { Onderwerp: typed.text('bureau') });
    }
  };
}

export function atGoogle(phone: PersonAtGoogle, random: Random, typed: Typed): (kind: Kind) => Promise<'made' | 'late'> {
  const hours = (day: number, from: number, hoursLong: number) => {
    const at = (hour: number) => ({ dateTime: `${today().add({ days: day }).toString()}T${String(hour).padStart(2, '0')}:00:00`, timeZone: ZONE });
    return { start: at(from), end: at(from + hoursLong) };
  };
  const tried = async (write: () => Promise<unknown>): Promise<'made' | 'late'> => {
    try {
      await write();
      return 'made';
    } catch (error) {
      if (error instanceof Error && / answered (404|410|400) /.test(error.message) && /deleted|notFound|not found|cancelled|gone/i.test(error.message)) return 'late';
      throw error;
    }
  };
  return async (kind) => {
    const events = await phone.events();
    const masters = (events as readonly (SeenEvent & { recurrence?: readonly string[] })[]).filter(({ recurrence, summary }) => recurrence !== undefined && summary?.startsWith(MARK));
    if (kind === 'whole series' && masters.length > 0) return tried(() => phone.patch(random.oneOf(masters).id, { location: typed.text('telefoon') }));
    const singles = await shownEvents(phone, events);
    if (kind === 'create' || singles.length < FEWEST) {
      if (singles.length >= MOST) return 'late';
      await phone.insert({ summary: typed.text('telefoon'), location: typed.text('telefoon'), description: typed.text('telefoon'), ...hours(random.between(DAYS.from, DAYS.below), random.between(7, 20), 1) });
      return 'made';
    }
    const event = random.oneOf(singles.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    const begins = Temporal.Instant.from(event.start?.dateTime ?? '').toZonedDateTimeISO(ZONE);
    switch (kind) {
      case 'delete':
        return tried(() => phone.delete(event.id));
      case 'place':
        return tried(() => phone.patch(event.id, { location: typed.text('telefoon') }));
      case 'notes': {
        const notes = typed.text('telefoon');
        const block = (event.description ?? '').indexOf('— Inventive —');
        return tried(() => phone.patch(event.id, { description: block < 0 ? notes : `${notes}\n\n${event.description?.slice(block)}` }));
      }
      case 'time': {
        const from = begins.with({ hour: random.between(7, 20), minute: 30 });
        const at = (moment: Temporal.ZonedDateTime) => ({ dateTime: moment.toInstant().toString(), timeZone: ZONE });
        return tried(() => phone.patch(event.id, { start: at(from), end: at(from.add({ hours: 1 })) }));
      }
      case 'free':
        return tried(() => phone.patch(event.id, { transparency: random.oneOf(['opaque', 'transparent']), location: typed.text('telefoon') }));
      default:
        return tried(() => phone.patch(event.id, { summary: typed.text('telefoon') }));
    }
  };
}

/** Single events and the occurrences of series, as a calendar shows them. */
export async function shownEvents(phone: PersonAtGoogle, from?: readonly SeenEvent[]): Promise<readonly SeenEvent[]> {
  const events = (from ?? (await phone.events())) as readonly (SeenEvent & { recurrence?: readonly string[]; recurringEventId?: string })[];
  const masters = events.filter(({ recurrence }) => recurrence !== undefined);
  const occurrences = await Promise.all(masters.map(({ id }) => phone.instances(id)));
  const singles = events.filter(({ recurrence, recurringEventId }) => recurrence === undefined && recurringEventId === undefined);
  return [...singles, ...occurrences.flat()].filter(({ summary }) => summary?.startsWith(MARK));
}

const today = () => Temporal.Now.plainDateISO(ZONE);
