import type { PersonAtDesk, SeenRow } from '../system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from '../system/person-at-google.js';
import { MARK, shownEvents } from './editing-person.js';

const ZONE = 'Europe/Amsterdam';

/** One item as a person reads it on a screen, whichever side shows it. Written for the soak alone: it shares nothing with the product. */
interface Shown { readonly subject: string; readonly place: string; readonly notes: string; readonly from: string; readonly until: string; readonly free: boolean }

export interface Comparison {
  readonly items: number;
  /** Empty where both sides show the same. */
  readonly differences: readonly string[];
}

export async function compareAgendas(desk: PersonAtDesk, phone: PersonAtGoogle): Promise<Comparison> {
  const [rows, events] = await Promise.all([desk.agenda(), shownEvents(phone)]);
  const mine = rows.filter(({ Onderwerp }) => Onderwerp.startsWith(MARK));
  const differences: string[] = [];
  const left = new Map<string, number>();
  for (const row of mine) add(left, JSON.stringify(ofRow(row)), 1);
  for (const event of events) add(left, JSON.stringify(ofEvent(event)), -1);
  for (const [shown, count] of left) {
    if (count !== 0) differences.push(`${count > 0 ? 'only in Inventive' : 'only in Google'}${Math.abs(count) > 1 ? `, ${Math.abs(count)} times` : ''}: ${shown}`);
  }
  // An event that names a row must say what that row says, and no two may name the same.
  const named = Map.groupBy(events.filter((event) => linkOf(event) !== undefined), (event) => linkOf(event) ?? '');
  for (const [id, these] of named) {
    const row = mine.find(({ ID }) => ID === id);
    if (these.length > 1) differences.push(`${these.length} events name the row ${id}`);
    if (row === undefined) differences.push(`an event names the row ${id}, which is gone: ${these.map(({ summary }) => summary).join(', ')}`);
    else if (these.some((event) => JSON.stringify(ofEvent(event)) !== JSON.stringify(ofRow(row)))) differences.push(`the row ${id} and its event differ`);
  }
  return { items: mine.length, differences };
}

const linkOf = ({ extendedProperties }: SeenEvent) => extendedProperties?.private?.['inventiveAppointment'];
const add = (counts: Map<string, number>, key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);

function ofRow(row: SeenRow): Shown {
  return { subject: row.Onderwerp, place: row.Locatie, notes: row.Opmerking.trim(), from: moment(row.BeginDatum, row.BeginTijd), until: moment(row.EindDatum, row.EindTijd), free: row.ToonAls === 'Vrij' };
}

function ofEvent(event: SeenEvent): Shown {
  const clock = (at: SeenEvent['start']) => (at?.dateTime === undefined ? String(at?.date) : Temporal.Instant.from(at.dateTime).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'minute' }));
  return {
    subject: event.summary ?? '', place: event.location ?? '', notes: (event.description ?? '').split('— Inventive —')[0]?.trim() ?? '',
    from: clock(event.start), until: clock(event.end), free: event.transparency === 'transparent',
  };
}

/** 4D writes a date as day!month!year and a time in milliseconds. */
function moment(on: string, timeMs: number): string {
  const [day, month, year] = on.split('!').map(Number);
  return new Temporal.PlainDateTime(year ?? 0, month ?? 0, day ?? 0).add({ milliseconds: timeMs }).toString({ smallestUnit: 'minute' });
}
