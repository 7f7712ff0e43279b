import { saveEvent } from '../calendar/save-event.js';
import { defaultTimeZone, ensureAccount } from './accounts.js';
import type { World } from './world.js';

const people: ReadonlyArray<readonly [email: string, name: string]> = [
  ['jansen@example.com', 'Anneke Jansen'],
  ['devries@example.com', 'Pieter de Vries'],
  ['bakker@example.com', 'Zoë Bakker'],
  ['visser@example.com', 'Daniël Visser'],
];

/** The demo: four people with empty calendars, and two events of the first that stand only in Google. */
export function fillDemo(world: World): void {
  world.change(() => {
    for (const [email, name] of people) ensureAccount(world, email, name);
    const today = Temporal.Instant.fromEpochMilliseconds(world.clock.nowMs()).toZonedDateTimeISO(defaultTimeZone).toPlainDate();
    addSample(world, { id: 'demotandarts01', on: today.add({ days: 1 }), from: '09:30', to: '10:00', summary: 'Tandarts', location: 'Praktijk De Linde, Utrecht' });
    addSample(world, { id: 'demolunch00001', on: today.add({ days: 2 }), from: '12:15', to: '13:30', summary: 'Lunch met Zoë 🥗', location: 'Café Orloff' });
  });
}

interface Sample {
  readonly id: string;
  readonly on: Temporal.PlainDate;
  readonly from: string;
  readonly to: string;
  readonly summary: string;
  readonly location: string;
}

function addSample(world: World, sample: Sample): void {
  const email = 'jansen@example.com';
  const at = (time: string): { atMs: number; timeZone: string } => ({
    atMs: sample.on.toZonedDateTime({ timeZone: defaultTimeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds,
    timeZone: defaultTimeZone,
  });
  saveEvent(world, {
    calendarId: email,
    id: sample.id,
    iCalUID: `${sample.id}@google.com`,
    eventType: 'default',
    status: 'confirmed',
    sequence: 0,
    created: new Date(Math.floor(world.clock.nowMs() / 1000) * 1000).toISOString(),
    creator: { email },
    organizer: { email },
    fields: { start: at(sample.from), end: at(sample.to), reminders: { useDefault: true }, rest: { summary: sample.summary, location: sample.location } },
  });
}
