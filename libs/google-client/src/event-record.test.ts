import { describe, expect, it } from 'vitest';
import { asCalendarId, type GoogleFields } from '@calsync/calendar-model';
import { toEventRecord } from './event-record.js';

const context = { calendarId: asCalendarId('jansen@example.com'), calendarZone: 'Europe/Amsterdam', reduced: false };
const timed = { start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T15:30:00+01:00', timeZone: 'Europe/Amsterdam' } };
const read = (event: object, over: Partial<typeof context> = {}) => toEventRecord({ id: 'abc', etag: '"1"', status: 'confirmed', ...event }, { ...context, ...over });

describe('[R3.8] [lesson 12] the times of an event', () => {
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
      name: "with Windows' name of a zone: the zone it stands for",
      event: { start: { dateTime: '2026-01-05T09:00:00+01:00', timeZone: 'Pacific Standard Time' }, end: { dateTime: '2026-01-05T10:00:00+01:00', timeZone: 'Pacific Standard Time' } },
      when: { kind: 'timed', start: '2026-01-05T00:00:00', end: '2026-01-05T01:00:00', zone: 'America/Los_Angeles' },
      zone: 'America/Los_Angeles',
    },
    {
      name: "without an offset, in Windows' name of a zone: wall time of the zone it stands for",
      event: { start: { dateTime: '2026-07-06T09:00:00', timeZone: 'W. Europe Standard Time' }, end: { dateTime: '2026-07-06T10:00:00', timeZone: 'W. Europe Standard Time' } },
      when: { kind: 'timed', start: '2026-07-06T09:00:00', end: '2026-07-06T10:00:00', zone: 'Europe/Berlin' },
      zone: 'Europe/Berlin',
    },
    {
      name: 'without an offset, in a zone that is a bare offset: that moment, told in the zone of the calendar',
      event: { start: { dateTime: '2026-07-01T08:00:00', timeZone: 'GMT-07:00' }, end: { dateTime: '2026-07-01T09:00:00', timeZone: 'GMT-07:00' } },
      when: { kind: 'timed', start: '2026-07-01T17:00:00', end: '2026-07-01T18:00:00', zone: 'Europe/Amsterdam' },
    },
    {
      name: 'in a zone whose name turns its sign around (Etc/GMT+3 is three hours behind)',
      event: { start: { dateTime: '2026-07-01T08:00:00', timeZone: 'Etc/GMT+3' }, end: { dateTime: '2026-07-01T09:00:00', timeZone: 'Etc/GMT+3' } },
      when: { kind: 'timed', start: '2026-07-01T08:00:00', end: '2026-07-01T09:00:00', zone: 'Etc/GMT+3' },
      zone: 'Etc/GMT+3',
    },
    {
      name: 'without an offset and in a zone that nobody knows: wall time of the calendar',
      event: { start: { dateTime: '2026-01-05T09:00:00', timeZone: 'Customized Time Zone' }, end: { dateTime: '2026-01-05T10:00:00', timeZone: 'Customized Time Zone' } },
      when: { kind: 'timed', start: '2026-01-05T09:00:00', end: '2026-01-05T10:00:00', zone: 'Europe/Amsterdam' },
    },
    {
      name: 'a century ago, when Amsterdam was nineteen and a half minutes ahead or on the time of Brussels: the instant counts',
      event: { start: { dateTime: '1926-11-24T14:00:00Z', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '1926-11-24T15:00:00Z', timeZone: 'Europe/Amsterdam' } },
      when: { kind: 'timed', start: '1926-11-24T14:00:00', end: '1926-11-24T15:00:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    {
      name: 'at the end of the century to come',
      event: { start: { dateTime: '2100-12-31T23:30:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2101-01-01T00:30:00+01:00', timeZone: 'Europe/Amsterdam' } },
      when: { kind: 'timed', start: '2100-12-31T23:30:00', end: '2101-01-01T00:30:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    {
      name: 'that take no time at all',
      event: { start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' } },
      when: { kind: 'timed', start: '2026-11-24T14:00:00', end: '2026-11-24T14:00:00', zone: 'Europe/Amsterdam' },
      zone: 'Europe/Amsterdam',
    },
    { name: 'a leap day of a century', event: { start: { date: '2000-02-29' }, end: { date: '2000-03-01' } }, when: { kind: 'all-day', firstOn: '2000-02-29', lastOn: '2000-02-29' } },
    { name: 'no leap day of a century: the last of February', event: { start: { date: '1900-02-28' }, end: { date: '1900-03-01' } }, when: { kind: 'all-day', firstOn: '1900-02-28', lastOn: '1900-02-28' } },
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

describe('[R3.1] an event that ends in another zone than it begins in', () => {
  const flight = { start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T16:30:00-05:00', timeZone: 'America/New_York' } };
  it('is read on the clock of its beginning, and both zones are known', () => {
    const record = read(flight);
    expect([record.fields.when, record.zone, record.endZone]).toEqual([{ kind: 'timed', start: '2026-11-24T14:00:00', end: '2026-11-24T22:30:00', zone: 'Europe/Amsterdam' }, 'Europe/Amsterdam', 'America/New_York']);
    expect(read(timed)).not.toHaveProperty('endZone');
  });
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

describe('who is in it', () => {
  it('is told for each attendee, with all that Google says of him', () => {
    const attendees = [
      { email: 'Jansen@Example.com', self: true, organizer: true, responseStatus: 'accepted' },
      { email: 'klant@example.nl', displayName: 'Klant', responseStatus: 'tentative', comment: 'graag later', additionalGuests: 2 },
      { email: 'zaal1@resource.calendar.google.com', resource: true, responseStatus: 'declined' },
      { email: 'team@group.calendar.google.com', responseStatus: 'needsAction' },
      { displayName: 'Zonder adres', responseStatus: 'van morgen' },
    ];
    const people = read({ ...timed, attendees, attendeesOmitted: true, organizer: { email: 'Jansen@Example.com', self: true }, creator: { email: 'Secretaris@example.com' } });
    expect(people).toMatchObject({ attendeesOmitted: true, organizerEmail: 'jansen@example.com', creatorEmail: 'secretaris@example.com' });
    expect(people.attendees).toEqual([
      { email: 'jansen@example.com', name: '', reply: 'accepted', self: true, organizer: true, kind: 'person', raw: attendees[0] },
      { email: 'klant@example.nl', name: 'Klant', reply: 'maybe', self: false, organizer: false, kind: 'person', raw: attendees[1] },
      { email: 'zaal1@resource.calendar.google.com', name: '', reply: 'declined', self: false, organizer: false, kind: 'resource', raw: attendees[2] },
      { email: 'team@group.calendar.google.com', name: '', reply: 'none', self: false, organizer: false, kind: 'group', raw: attendees[3] },
      { name: 'Zonder adres', reply: 'none', self: false, organizer: false, kind: 'person', raw: attendees[4] },
    ]);
  });
  it('is nothing we know where it was left out', () => {
    expect(read(timed)).not.toHaveProperty('attendees');
    const reduced = read({ ...timed, visibility: 'private', attendees: [{ email: 'x@example.com' }], organizer: { email: 'y@example.com' }, creator: { email: 'y@example.com' }, source: { url: 'https://x.example' } }, { reduced: true });
    for (const key of ['attendees', 'organizerEmail', 'creatorEmail', 'link']) expect(reduced).not.toHaveProperty(key);
  });
});

describe('link and colour of an event', () => {
  it.each<[string, object, unknown, unknown]>([
    ['neither', {}, undefined, undefined],
    ['a link', { source: { title: 'Inventive', url: 'https://x.example/1' } }, { title: 'Inventive', url: 'https://x.example/1' }, undefined],
    ['a link without a title', { source: { url: 'https://x.example/1' } }, { title: '', url: 'https://x.example/1' }, undefined],
    ['a colour', { colorId: '5' }, undefined, { kind: 'colour', id: '5' }],
    ['a label', { eventLabelId: 'l1' }, undefined, { kind: 'label', id: 'l1' }],
    ['a label over a colour', { eventLabelId: 'l1', colorId: '5' }, undefined, { kind: 'label', id: 'l1' }],
  ])('%s', (_name, event, link, colour) => {
    const record = read({ ...timed, ...event });
    expect([record.link, record.colour]).toEqual([link, colour]);
  });
});

describe('the fields of an event', () => {
  it('takes what Google leaves out for empty', () => {
    expect(read(timed).fields).toMatchObject({ subject: '', location: '', description: '', showAs: 'busy', privacy: 'public' });
  });
  it('keeps the description as it came', () => {
    expect(read({ ...timed, description: '<b>Agenda</b>&nbsp;\n ' }).fields.description).toBe('<b>Agenda</b>&nbsp;\n ');
  });
  it.each([['private'], ['confidential']])('%s is private', (visibility) => expect(read({ ...timed, visibility }).fields.privacy).toBe('private'));
  it.each([
    [{}, 'busy'], [{ status: 'tentative' }, 'tentative'], [{ transparency: 'transparent' }, 'free'], [{ transparency: 'transparent', status: 'tentative' }, 'free'],
  ])('%j shows as %s', (event, showAs) => expect(read({ ...timed, ...event }).fields.showAs).toBe(showAs));
  it.each([
    [{ useDefault: true }, { useDefault: true, overrides: [] }],
    [{ useDefault: false }, { useDefault: false, overrides: [] }],
    [{ useDefault: false, overrides: [{ method: 'popup', minutes: 10 }, { method: 'email', minutes: 60 }] }, { useDefault: false, overrides: [{ method: 'popup', minutes: 10 }, { method: 'email', minutes: 60 }] }],
  ])('takes reminders as they are: %j', (reminders, seen) => expect(read({ ...timed, reminders }).fields.reminders).toEqual(seen));
  it('says nothing of a field that was left out before', () => {
    expect(Object.keys(read({ ...timed, visibility: 'private', reminders: { useDefault: true } }, { reduced: true }).fields).toSorted()).toEqual(['privacy', 'reminders', 'showAs', 'when']);
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
