import { describe, expect, it } from 'vitest';
import { asCalendarId, asGoogleEventId, type GoogleEventRecord, type GoogleFields } from '@calsync/calendar-model';
import { insertBody, patchBody } from './event-body.js';
import { toEventRecord } from './event-record.js';

const id = asGoogleEventId('0123456789abcdefghijklmnop');
const marks = { inventiveInstallation: 'i', inventiveAdministration: 'a', inventiveAppointment: 'p', inventiveEvent: `${id}.0` };
const timedWhen = { kind: 'timed', start: '2026-11-24T14:00:00', end: '2026-11-24T15:00:00', zone: 'Europe/Amsterdam' } as const;
const dayWhen = { kind: 'all-day', firstOn: '2026-12-24', lastOn: '2026-12-26' } as const;

function anEvent(fields: GoogleFields, zone?: string): GoogleEventRecord {
  return {
    calendarId: asCalendarId('jansen@example.com'), id, etag: '"1"', status: 'confirmed', shape: 'single', eventType: 'default', ownedByUser: true, fields, reduced: false,
    ...(zone === undefined ? {} : { zone }),
  };
}

describe('a new event', () => {
  it('carries id, fields and marks, and nothing of people', () => {
    const body = insertBody(id, { subject: 'Overleg', when: timedWhen, location: '', description: 'Notitie', showAs: 'free', privacy: 'private' }, marks);
    expect(body).toEqual({
      id,
      summary: 'Overleg',
      description: 'Notitie',
      start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' },
      end: { dateTime: '2026-11-24T15:00:00+01:00', timeZone: 'Europe/Amsterdam' },
      transparency: 'transparent',
      visibility: 'private',
      extendedProperties: { private: marks },
    });
  });
  it('ends all-day on the day after the last', () => {
    expect(insertBody(id, { when: dayWhen }, marks)).toMatchObject({ start: { date: '2026-12-24' }, end: { date: '2026-12-27' } });
  });
});

describe('a patch', () => {
  const current = anEvent({ subject: 'Oud', when: timedWhen, location: 'Zaal 1', description: 'Notitie', showAs: 'busy', privacy: 'public' }, 'Europe/Amsterdam');

  it('names only what changes', () => {
    expect(patchBody(current, { fields: { subject: 'Nieuw' } })).toEqual({ summary: 'Nieuw' });
    expect(patchBody(current, { fields: {}, marks })).toEqual({ extendedProperties: { private: marks } });
    expect(patchBody(current, { fields: {}, revive: true })).toEqual({ status: 'confirmed' });
  });
  it('removes the key of a text that became empty', () => {
    expect(patchBody(current, { fields: { location: '', description: '' } })).toEqual({ location: null, description: null });
  });
  it('writes the times in the zone that the event keeps', () => {
    const inChicago = anEvent({ when: timedWhen }, 'America/Chicago');
    expect(patchBody(inChicago, { fields: { when: timedWhen } })).toEqual({
      start: { dateTime: '2026-11-24T07:00:00-06:00', timeZone: 'America/Chicago' },
      end: { dateTime: '2026-11-24T08:00:00-06:00', timeZone: 'America/Chicago' },
    });
  });
  it('nulls the times of an event that becomes all-day, and the dates of one that gets times', () => {
    expect(patchBody(current, { fields: { when: dayWhen } })).toEqual({
      start: { date: '2026-12-24', dateTime: null, timeZone: null },
      end: { date: '2026-12-27', dateTime: null, timeZone: null },
    });
    expect(patchBody(anEvent({ when: dayWhen }), { fields: { when: timedWhen } })).toEqual({
      start: { date: null, dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' },
      end: { date: null, dateTime: '2026-11-24T15:00:00+01:00', timeZone: 'Europe/Amsterdam' },
    });
  });
  it('moves an hour that the clock skips to the hour after, and takes the first pass of one that it repeats', () => {
    const at = (start: string, end: string) => patchBody(current, { fields: { when: { ...timedWhen, start, end } } }).start?.dateTime;
    expect(at('2026-03-29T02:30:00', '2026-03-29T04:00:00')).toBe('2026-03-29T03:30:00+02:00');
    expect(at('2026-10-25T02:30:00', '2026-10-25T04:00:00')).toBe('2026-10-25T02:30:00+02:00');
  });
});

describe('there and back', () => {
  const fieldSets: GoogleFields[] = [
    { subject: 'Overleg', when: timedWhen, location: 'Zaal', description: 'n', showAs: 'busy', privacy: 'public' },
    { subject: 'Vakantie', when: dayWhen, location: 'Texel', description: 'n', showAs: 'free', privacy: 'private' },
  ];
  it.each(fieldSets)('an inserted event reads as it was meant: $subject', (fields) => {
    expect(toEventRecord({ ...insertBody(id, fields, marks) }, { calendarId: asCalendarId('c'), calendarZone: 'Europe/Amsterdam', reduced: false })).toMatchObject({ fields, marks });
  });
});
