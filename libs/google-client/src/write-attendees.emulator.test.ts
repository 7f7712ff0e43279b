import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asCalendarId, asGoogleEventId, type GoogleEventRecord } from '@calsync/calendar-model';
import type { GoogleEvents } from '@calsync/sync-engine';
import { createGoogleEvents } from './google-events.js';
import { openEmulator, type Emulator, type Person } from './testing/google-emulator.js';

let emulator: Emulator;
let person: Person;
let google: GoogleEvents;
beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  person = await emulator.aPerson();
  google = createGoogleEvents(person.options);
});

const times = { start: { dateTime: '2026-12-01T14:00:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-12-01T15:00:00', timeZone: 'Europe/Amsterdam' } };
const room = { email: 'zaal@resource.calendar.google.com', displayName: 'Zaal', resource: true, responseStatus: 'accepted' };
const anna = { email: 'anna@elders.example', displayName: 'Anna', comment: 'Komt later', optional: true, responseStatus: 'tentative' };

async function anEventWith(owner: Person, attendees: readonly object[]): Promise<string> {
  const { id } = await owner.api<{ id: string }>('POST', owner.events, { summary: 'Overleg', description: 'Notitie', ...times, attendees });
  return id;
}
async function seenBy(one: GoogleEvents, who: Person, id: string): Promise<GoogleEventRecord> {
  const reading = await one.get(who.calendar, asGoogleEventId(id));
  if (reading.kind !== 'found') throw new Error(reading.kind);
  return reading.record;
}
const raws = ({ attendees = [] }: GoogleEventRecord) => attendees.map(({ raw }) => raw);

describe('the list of guests', () => {
  it('is read with its rooms, and written back beside a new guest as it was', async () => {
    const record = await seenBy(google, person, await anEventWith(person, [room, anna]));
    expect(record.attendees?.map(({ email, reply, kind }) => [email, reply, kind])).toEqual([[room.email, 'accepted', 'resource'], [anna.email, 'maybe', 'person']]);
    const outcome = await google.writeAttendees(person.calendar, record, { attendees: [...raws(record), { email: 'bob@elders.example', responseStatus: 'accepted' }], onlyOwn: false, tell: 'none' });
    if (outcome.kind !== 'written') throw new Error(outcome.kind);
    expect(raws(outcome.record)).toEqual([expect.objectContaining(room), expect.objectContaining(anna), expect.objectContaining({ email: 'bob@elders.example', responseStatus: 'accepted' })]);
    expect(outcome.record.fields).toEqual(record.fields);
    expect(outcome.record.etag).not.toBe(record.etag);
  });

  it('is refused as stale once somebody changed the event, and as gone once it is deleted', async () => {
    const record = await seenBy(google, person, await anEventWith(person, [anna]));
    await person.api('PATCH', `${person.events}/${record.id}`, { summary: 'Anders' });
    const change = { attendees: [], onlyOwn: false, tell: 'none' } as const;
    expect(await google.writeAttendees(person.calendar, record, change)).toEqual({ kind: 'stale' });
    const again = await seenBy(google, person, record.id);
    await google.delete(person.calendar, again.id, again.etag);
    expect((await google.writeAttendees(person.calendar, again, change)).kind).toMatch(/gone|stale/);
  });

  it('[lesson 17] answers what Google says of too many guests as such, and no other call does', async () => {
    const record = await seenBy(google, person, await anEventWith(person, [anna]));
    await person.fault('calendar.events.patch', { error: { status: 403, reason: 'quotaExceeded' } });
    expect(await google.writeAttendees(person.calendar, record, { attendees: [], onlyOwn: false, tell: 'none' })).toEqual({ kind: 'guest-quota' });
    await person.fault('calendar.events.patch', { error: { status: 403, reason: 'quotaExceeded' } });
    await expect(google.patch(person.calendar, record, { fields: { subject: 'Met gasten' } })).rejects.toMatchObject({ kind: 'transient', retryAfterMs: 60_000 });
    const alone = await seenBy(google, person, (await person.api<{ id: string }>('POST', person.events, { summary: 'Alleen', ...times })).id);
    await person.fault('calendar.events.patch', { error: { status: 403, reason: 'quotaExceeded' } });
    await expect(google.patch(person.calendar, alone, { fields: { subject: 'Zonder gasten' } })).rejects.toMatchObject({ kind: 'quota' });
  });
});

describe('an invitation', () => {
  it('takes the own reply and leaves everybody else as they were', async () => {
    const organiser = await emulator.aPerson();
    const id = await anEventWith(organiser, [anna, { email: person.email }]);
    const record = await seenBy(google, person, id);
    expect(record).toMatchObject({ ownedByUser: false, organizerEmail: organiser.email });
    const own = record.attendees?.map(({ raw, self }) => (self ? { ...raw, responseStatus: 'accepted' } : raw)) ?? [];
    expect((await google.writeAttendees(person.calendar, record, { attendees: own, onlyOwn: false, tell: 'none' })).kind).toBe('written');
    const theirs = await seenBy(createGoogleEvents(organiser.options), { ...organiser, calendar: { ...organiser.calendar, calendarId: asCalendarId(organiser.email) } }, id);
    expect(theirs.attendees?.map(({ email, reply }) => [email, reply])).toEqual([[anna.email, 'maybe'], [person.email, 'accepted']]);
  });

  it('takes it alone where Google showed nobody else', async () => {
    const organiser = await emulator.aPerson();
    const id = await anEventWith(organiser, [anna, { email: person.email }]);
    const record = await seenBy(google, person, id);
    const own = record.attendees?.filter(({ self }) => self).map(({ raw }) => ({ ...raw, responseStatus: 'declined' })) ?? [];
    expect((await google.writeAttendees(person.calendar, record, { attendees: own, onlyOwn: true, tell: 'none' })).kind).toBe('written');
    expect((await seenBy(google, person, id)).attendees?.map(({ email, reply }) => [email, reply])).toEqual([[anna.email, 'maybe'], [person.email, 'declined']]);
  });
});
