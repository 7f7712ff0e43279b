import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asCalendarId, asGoogleEventId, type Decor, type GoogleEventRecord, type GoogleFields } from '@calsync/calendar-model';
import { insertWrite, patchWrites, type EventChange } from './event-body.js';
import { toEventRecord } from './event-record.js';

/** Google's own description of its API. */
const DISCOVERY = new URL('../../../apps/google-emulator/discovery/calendar.v3.json', import.meta.url);
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

const insertBody = (...what: Parameters<typeof insertWrite>) => insertWrite(...what).body;
const patchBody = (current: GoogleEventRecord, change: EventChange) => patchWrites(current, change).at(-1)!.body;

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

  it('[R1.1] [lesson 1] names only what changes, and of people nothing ever', () => {
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
  it('[R3.1] leaves the zone in which it ends as it is, where that is another one', () => {
    const flight = { ...anEvent({ when: timedWhen }, 'Europe/Amsterdam'), endZone: 'America/Chicago' };
    expect(patchBody(flight, { fields: { when: timedWhen } })).toEqual({
      start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' },
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

describe('tentative, free and busy', () => {
  const patched = (now: { transparency?: string; status?: string }, showAs: 'busy' | 'free' | 'tentative') => {
    const event = { id, start: { date: '2026-12-24' }, end: { date: '2026-12-25' }, status: 'confirmed', ...now };
    const context = { calendarId: asCalendarId('c'), calendarZone: 'Europe/Amsterdam', reduced: false };
    const body = patchBody(toEventRecord(event, context), { fields: { showAs } });
    return { body, after: toEventRecord({ ...event, ...body }, context).fields.showAs };
  };
  const stands = { confirmed: {}, 'confirmed, free': { transparency: 'transparent' }, tentative: { status: 'tentative' }, 'tentative, free': { status: 'tentative', transparency: 'transparent' } } as const;
  const table: [keyof typeof stands, 'busy' | 'free' | 'tentative', object][] = [
    ['confirmed', 'busy', { transparency: 'opaque' }],
    ['confirmed', 'free', { transparency: 'transparent' }],
    ['confirmed', 'tentative', { transparency: 'opaque', status: 'tentative' }],
    ['confirmed, free', 'busy', { transparency: 'opaque' }],
    ['confirmed, free', 'free', { transparency: 'transparent' }],
    ['confirmed, free', 'tentative', { transparency: 'opaque', status: 'tentative' }],
    ['tentative', 'busy', { transparency: 'opaque', status: 'confirmed' }],
    ['tentative', 'free', { transparency: 'transparent' }],
    ['tentative', 'tentative', { transparency: 'opaque' }],
    ['tentative, free', 'busy', { transparency: 'opaque', status: 'confirmed' }],
    ['tentative, free', 'free', { transparency: 'transparent' }],
    ['tentative, free', 'tentative', { transparency: 'opaque' }],
  ];
  it.each(table)('%s → %s touches the status only where it has to, and reads as it was meant', (now, showAs, body) => {
    expect(patched(stands[now], showAs)).toEqual({ body, after: showAs });
  });
  it('a new event names its status only when it is tentative', () => {
    expect(insertBody(id, { when: dayWhen, showAs: 'tentative' }, marks)).toMatchObject({ status: 'tentative', transparency: 'opaque' });
    expect(insertBody(id, { when: dayWhen, showAs: 'busy' }, marks)).not.toHaveProperty('status');
  });
  it('a revived event is confirmed, or tentative where it is to be', () => {
    // The engine keeps an event as it last was, so its status may be any.
    for (const status of ['cancelled', 'tentative', 'confirmed'] as const) {
      const gone: GoogleEventRecord = { ...anEvent({ when: dayWhen }), status };
      expect(patchBody(gone, { fields: { showAs: 'busy' }, revive: true })).toEqual({ status: 'confirmed', transparency: 'opaque' });
      expect(patchBody(gone, { fields: { showAs: 'tentative' }, revive: true })).toEqual({ status: 'tentative', transparency: 'opaque' });
    }
  });
});

describe('a label that gives way to a colour', () => {
  it('of an event that is revived: the first call revives it', () => {
    const gone: GoogleEventRecord = { ...anEvent({ when: dayWhen }), colour: { kind: 'label', id: 'l1' } };
    const writes = patchWrites(gone, { fields: {}, decor: { colour: { kind: 'colour', id: '5' } }, revive: true });
    expect(writes.map(({ body }) => body)).toEqual([{ status: 'confirmed', eventLabelId: '' }, { status: 'confirmed', colorId: '5' }]);
  });
});

describe('reminders', () => {
  const current = anEvent({ when: dayWhen, reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } });
  it('are written as a whole list, for Google replaces lists', () => {
    const reminders = { useDefault: false, overrides: [{ method: 'email', minutes: 60 }, { method: 'popup', minutes: 15 }] };
    expect(patchBody(current, { fields: { reminders } })).toEqual({ reminders });
    expect(insertBody(id, { when: dayWhen, reminders }, marks).reminders).toEqual(reminders);
  });
  it('become the default ones only with an emptied list, which Google refuses otherwise', () => {
    expect(patchBody(current, { fields: { reminders: { useDefault: true, overrides: [] } } })).toEqual({ reminders: { useDefault: true, overrides: [] } });
    expect(insertBody(id, { when: dayWhen, reminders: { useDefault: true, overrides: [] } }, marks).reminders).toEqual({ useDefault: true });
  });
  it('can be none', () => expect(patchBody(current, { fields: { reminders: { useDefault: false, overrides: [] } } })).toEqual({ reminders: { useDefault: false, overrides: [] } }));
  it('[lesson 14] are not named where nobody changed them', () => expect(patchBody(current, { fields: { subject: 'Nieuw' } })).not.toHaveProperty('reminders'));
});

describe('link and colour', () => {
  const link = { title: 'Inventive', url: 'https://inventive.example.com/afspraak/1' };
  const current = anEvent({ when: dayWhen });
  const labelled: GoogleEventRecord = { ...current, colour: { kind: 'label', id: 'l1' } };
  it('stand on a new event', () => {
    expect(insertWrite(id, { when: dayWhen }, marks, { link, colour: { kind: 'colour', id: '5' } })).toMatchObject({ body: { source: link, colorId: '5' }, parameters: {} });
    expect(insertWrite(id, { when: dayWhen }, marks, { colour: { kind: 'label', id: 'l1' } })).toMatchObject({ body: { eventLabelId: 'l1' }, parameters: { eventLabelVersion: 1 } });
  });
  it('are written alone where nothing else changes', () => {
    expect(patchWrites(current, { fields: {}, decor: { link } })).toEqual([{ body: { source: link }, parameters: {} }]);
    expect(patchWrites(current, { fields: {}, decor: { colour: { kind: 'label', id: 'l1' } } })).toEqual([{ body: { eventLabelId: 'l1' }, parameters: { eventLabelVersion: 1 } }]);
  });
  it('take two calls where a colour takes the place of a label: the label goes first', () => {
    expect(patchWrites(labelled, { fields: { subject: 'Nieuw' }, decor: { colour: { kind: 'colour', id: '5' } } })).toEqual([
      { body: { eventLabelId: '' }, parameters: { eventLabelVersion: 1 } },
      { body: { summary: 'Nieuw', colorId: '5' }, parameters: {} },
    ]);
  });
  it('keep a label: a call that names none says nothing of labels, or it would be removed', () => {
    expect(patchWrites(labelled, { fields: { subject: 'Nieuw' } })).toEqual([{ body: { summary: 'Nieuw' }, parameters: {} }]);
  });
});

describe('times that a wall clock and an offset cannot say', () => {
  it.each([
    ['an offset with seconds', 'Africa/Monrovia', '1950-06-01T09:00:00', '1950-06-01T09:44:30Z'],
    ['before standard time', 'Europe/Paris', '1905-06-01T09:00:00', '1905-06-01T08:50:39Z'],
    ['an ordinary one', 'Europe/Amsterdam', '2100-06-01T09:00:00', '2100-06-01T09:00:00+02:00'],
  ])('%s', (_name, zone, start, dateTime) => {
    const body = insertBody(id, { when: { kind: 'timed', start, end: start, zone } }, marks);
    expect(body.start).toEqual({ dateTime, timeZone: zone });
    expect(toEventRecord(body, { calendarId: asCalendarId('c'), calendarZone: 'UTC', reduced: false }).fields.when).toEqual({ kind: 'timed', start, end: start, zone });
  });
});

describe('what is written is in the document of the API', () => {
  it('[lesson 14] every key, no read-only one, and nulls only to empty what a person emptied', () => {
    const api = JSON.parse(readFileSync(DISCOVERY, 'utf8')) as { schemas: Record<string, { properties: Record<string, { $ref?: string; readOnly?: boolean; properties?: object }> }>; resources: { events: { methods: { patch: { parameters: object } } } } };
    const all: EventChange & { readonly decor: Decor } = {
      fields: { subject: '', location: '', description: '', when: timedWhen, showAs: 'tentative', privacy: 'private', reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } },
      marks, decor: { link: { title: 'Inventive', url: 'https://x.example' }, colour: { kind: 'label', id: 'l1' } }, revive: true,
    };
    const written = [...patchWrites(anEvent({ when: dayWhen }), all), insertWrite(id, all.fields, marks, all.decor)];
    const { properties } = api.schemas['Event']!;
    for (const { body, parameters } of written) {
      expect(Object.keys(body).filter((key) => properties[key] === undefined || properties[key].readOnly)).toEqual([]);
      expect(Object.keys(body.start ?? {}).filter((key) => api.schemas['EventDateTime']!.properties[key] === undefined)).toEqual([]);
      expect(Object.keys(body.reminders ?? {}).toSorted()).toEqual(Object.keys(properties['reminders']!.properties ?? {}).toSorted());
      expect(Object.keys(parameters).filter((key) => !(key in api.resources.events.methods.patch.parameters))).toEqual([]);
      for (const untouched of ['attendees', 'conferenceData', 'attachments', 'guestsCanModify', 'recurrence']) expect(body).not.toHaveProperty(untouched);
    }
    expect(Object.entries(written[0]!.body).filter(([, value]) => value === null).map(([key]) => key).toSorted()).toEqual(['description', 'location', 'summary']);
  });
});

describe('there and back', () => {
  const fieldSets: GoogleFields[] = [
    { subject: 'Overleg', when: timedWhen, location: 'Zaal', description: 'n', showAs: 'busy', privacy: 'public' },
    { subject: 'Misschien', when: timedWhen, location: '', description: '', showAs: 'tentative', privacy: 'public', reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 1440 }, { method: 'popup', minutes: 0 }] } },
    { subject: 'Vakantie', when: dayWhen, location: 'Texel', description: 'n', showAs: 'free', privacy: 'private' },
  ];
  it.each(fieldSets)('an inserted event reads as it was meant: $subject', (fields) => {
    expect(toEventRecord({ ...insertBody(id, fields, marks) }, { calendarId: asCalendarId('c'), calendarZone: 'Europe/Amsterdam', reduced: false })).toMatchObject({ fields, marks });
  });
});
