import { describe, expect, it } from 'vitest';
import { asCalendarId, type GoogleFields } from '@calsync/calendar-model';
import { toEventRecord } from './event-record.js';

const context = { calendarId: asCalendarId('jansen@example.com'), calendarZone: 'Europe/Amsterdam', reduced: false };
const timed = { start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T15:30:00+01:00', timeZone: 'Europe/Amsterdam' } };
const read = (event: object, over: Partial<typeof context> = {}) => toEventRecord({ id: 'abc', etag: '"1"', status: 'confirmed', ...event }, { ...context, ...over });

describe('the times of an event', () => {
  const cases: { name: string; event: object; when: GoogleFields['when']; zone?: string }[] = [
    {
      name: 'in the zone of the calendar',
      event: timed,
      when: { kind: 'timed', start: '2026-11-24T14:00:00', end: '2026-11-24T15:30:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    {
      name: 'with the offset of another zone than the one it names (recorded form)',
      event: { start: { dateTime: '2026-11-24T14:00:00+11:00', timeZone: 'America/Chicago' }, end: { dateTime: '2026-11-24T15:00:00+11:00', timeZone: 'America/Chicago' } },
      when: { kind: 'timed', start: '2026-11-23T21:00:00', end: '2026-11-23T22:00:00', zone: 'America/Chicago' },
      zone: 'America/Chicago',
    },
    {
      name: 'in UTC without a zone: the zone of the calendar',
      event: { start: { dateTime: '2026-07-01T08:00:00Z' }, end: { dateTime: '2026-07-01T09:00:00Z' } },
      when: { kind: 'timed', start: '2026-07-01T10:00:00', end: '2026-07-01T11:00:00', zone: 'Europe/Amsterdam' },
    },
    {
      name: 'with an offset for a zone (GMT-07:00): the zone of the calendar',
      event: { start: { dateTime: '2026-07-01T08:00:00-07:00', timeZone: 'GMT-07:00' }, end: { dateTime: '2026-07-01T09:00:00-07:00', timeZone: 'GMT-07:00' } },
      when: { kind: 'timed', start: '2026-07-01T17:00:00', end: '2026-07-01T18:00:00', zone: 'Europe/Amsterdam' },
    },
    {
      name: "with Windows' name of a zone: the zone of the calendar",
      event: { start: { dateTime: '2026-01-05T09:00:00+01:00', timeZone: 'W. Europe Standard Time' }, end: { dateTime: '2026-01-05T10:00:00+01:00', timeZone: 'W. Europe Standard Time' } },
      when: { kind: 'timed', start: '2026-01-05T09:00:00', end: '2026-01-05T10:00:00', zone: 'Europe/Amsterdam' },
    },
    {
      name: 'without an offset: wall time of its zone',
      event: { start: { dateTime: '2026-01-05T09:00:00', timeZone: 'Asia/Tokyo' }, end: { dateTime: '2026-01-05T10:00:00', timeZone: 'Asia/Tokyo' } },
      when: { kind: 'timed', start: '2026-01-05T09:00:00', end: '2026-01-05T10:00:00', zone: 'Asia/Tokyo' },
      zone: 'Asia/Tokyo',
    },
    {
      name: 'that end in another zone: told in that of the start',
      event: { start: { dateTime: '2026-11-24T10:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T12:00:00-05:00', timeZone: 'America/New_York' } },
      when: { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T18:00:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    {
      name: 'over the night in which the clock goes back',
      event: { start: { dateTime: '2026-10-25T01:30:00+02:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-10-25T03:30:00+01:00', timeZone: 'Europe/Amsterdam' } },
      when: { kind: 'timed', start: '2026-10-25T01:30:00', end: '2026-10-25T03:30:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    { name: 'all day: the exclusive end becomes the last day', event: { start: { date: '2026-12-24' }, end: { date: '2026-12-27' } }, when: { kind: 'all-day', firstOn: '2026-12-24', lastOn: '2026-12-26' } },
    { name: 'one day', event: { start: { date: '2026-12-31' }, end: { date: '2027-01-01' } }, when: { kind: 'all-day', firstOn: '2026-12-31', lastOn: '2026-12-31' } },
    { name: 'all day with an end that is no later than its start', event: { start: { date: '2026-12-31' }, end: { date: '2026-12-31' } }, when: { kind: 'all-day', firstOn: '2026-12-31', lastOn: '2026-12-31' } },
    { name: 'with seconds cut to seconds', event: { start: { dateTime: '2026-01-05T09:00:00.500Z', timeZone: 'UTC' }, end: { dateTime: '2026-01-05T10:00:00Z', timeZone: 'UTC' } }, when: { kind: 'timed', start: '2026-01-05T09:00:00', end: '2026-01-05T10:00:00', zone: 'UTC' }, zone: 'UTC' },
  ];
  for (const { name, event, when, zone } of cases) {
    it(name, () => {
      const record = read(event);
      expect(record.fields.when).toEqual(when);
      expect(record.zone).toBe(zone);
    });
  }
});

describe('the shape of an event', () => {
  const cases: [string, object, string][] = [
    ['nothing of a series', { ...timed }, 'single'],
    ['a rule', { ...timed, recurrence: ['RRULE:FREQ=WEEKLY'] }, 'master'],
    ['an empty list of rules', { ...timed, recurrence: [] }, 'single'],
    ['the id of a series', { ...timed, id: 'abc_20261124T130000Z', recurringEventId: 'abc' }, 'occurrence'],
    ['a bare cancelled occurrence of a trimmed series', { id: 'abc_20261124T130000Z', status: 'cancelled' }, 'occurrence'],
    ['a bare cancelled all-day occurrence', { id: 'abc_20261124', status: 'cancelled' }, 'occurrence'],
    ['an invitation from elsewhere', { ...timed, id: '_6co30db661j6abb6' }, 'single'],
    ['an occurrence of an invitation from elsewhere', { id: '_60q30c1g_20251209T140000Z', status: 'cancelled' }, 'occurrence'],
    ['the later half of a split series', { ...timed, id: 'abc_R20250327T123000', recurrence: ['RRULE:FREQ=DAILY'] }, 'master'],
  ];
  it.each(cases)('%s', (_name, event, shape) => expect(read(event).shape).toBe(shape));
});

describe('whose event it is', () => {
  const cases: [string, object, boolean][] = [
    ['no organiser', {}, true],
    ['the calendar itself', { organizer: { email: 'jansen@example.com', self: true } }, true],
    ['somebody else', { organizer: { email: 'devries@example.com' } }, false],
    ['somebody else, said expressly', { organizer: { email: 'devries@example.com', self: false } }, false],
    ['a locked copy', { organizer: { self: true }, locked: true }, false],
  ];
  it.each(cases)('%s', (_name, event, owned) => expect(read({ ...timed, ...event }).ownedByUser).toBe(owned));
});

describe('the fields of an event', () => {
  it('takes what Google leaves out for empty', () => {
    expect(read(timed).fields).toMatchObject({ subject: '', location: '', description: '', showAs: 'busy', privacy: 'public' });
  });
  it('keeps the description as it came', () => {
    expect(read({ ...timed, description: '<b>Agenda</b>&nbsp;\n ' }).fields.description).toBe('<b>Agenda</b>&nbsp;\n ');
  });
  it.each([['private'], ['confidential']])('%s is private', (visibility) => expect(read({ ...timed, visibility }).fields.privacy).toBe('private'));
  it('transparent is free', () => expect(read({ ...timed, transparency: 'transparent' }).fields.showAs).toBe('free'));
  it('says nothing of a field that was left out before', () => {
    expect(Object.keys(read({ ...timed, visibility: 'private' }, { reduced: true }).fields).toSorted()).toEqual(['privacy', 'showAs', 'when']);
  });
  it('says nothing at all of a bare tombstone', () => {
    const record = read({ status: 'cancelled' });
    expect(record.fields).toEqual({});
    expect(record).not.toHaveProperty('updated');
  });
  it('reads our marks and no others', () => {
    const record = read({ ...timed, extendedProperties: { private: { inventiveInstallation: 'i', inventiveEvent: 'abc.0', zoom: 'x' } } });
    expect(record.marks).toEqual({ inventiveInstallation: 'i', inventiveEvent: 'abc.0' });
    expect(read({ ...timed, extendedProperties: { private: { zoom: 'x' } } })).not.toHaveProperty('marks');
  });
  it('refuses what is no event', () => {
    expect(() => toEventRecord({ etag: '"1"' }, context)).toThrow(/id/);
    expect(() => read({ start: { date: 'morgen' }, end: { date: 'morgen' } })).toThrow(/invalid/i);
  });
});
