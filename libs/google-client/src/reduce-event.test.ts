import { describe, expect, it } from 'vitest';
import { googleEventSchema } from './event-schema.js';
import { reduceEvent } from './reduce-event.js';

const secret = 'Gesprek met de bedrijfsarts';
const event = googleEventSchema.parse({
  kind: 'calendar#event', id: 'abc', etag: '"1"', status: 'confirmed', htmlLink: secret, created: '2026-01-01T00:00:00.000Z', updated: '2026-01-01T00:00:00.000Z',
  summary: secret, description: secret, location: secret, colorId: '3', eventLabelId: 'l1', creator: { email: secret }, organizer: { email: secret, displayName: secret, self: true },
  start: { dateTime: '2026-11-24T14:00:00+01:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2026-11-24T15:00:00+01:00', timeZone: 'Europe/Amsterdam' },
  transparency: 'transparent', visibility: 'private', iCalUID: secret, sequence: 2, attendees: [{ email: secret }], hangoutLink: secret, conferenceData: { notes: secret },
  attachments: [{ title: secret }], reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5, aKeyOfTomorrow: secret }], aKeyOfTomorrow: secret }, attendeesOmitted: true, source: { title: secret }, gadget: { title: secret }, eventType: 'default', recurringEventId: 'series', originalStartTime: { date: '2026-11-24' },
  extendedProperties: { private: { inventiveInstallation: 'i', other: secret }, shared: { x: secret } }, aKeyOfTomorrow: secret,
});

describe('a private event in a message', () => {
  it('holds nothing of its content, whatever key it came in', () => {
    expect(JSON.stringify(reduceEvent(event))).not.toContain(secret);
  });
  it('keeps what binds and times it', () => {
    expect(reduceEvent(event)).toMatchObject({
      id: 'abc', etag: '"1"', status: 'confirmed', updated: '2026-01-01T00:00:00.000Z', start: event.start, end: event.end, transparency: 'transparent', visibility: 'private',
      reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] }, colorId: '3', eventLabelId: 'l1',
      recurringEventId: 'series', originalStartTime: { date: '2026-11-24' }, eventType: 'default', organizer: { self: true }, extendedProperties: { private: { inventiveInstallation: 'i' } },
    });
  });
});
