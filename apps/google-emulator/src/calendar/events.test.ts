import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

const events = 'calendars/primary/events';
const get = (id: string): Promise<TestAnswer> => jansen.call('GET', `${events}/${id}`);
const patch = (id: string, body: object, headers = {}): Promise<TestAnswer> => jansen.call('PATCH', `${events}/${id}`, { body, headers });
const reasonOf = (answer: TestAnswer): string => answer.body['error'].errors[0].reason;

describe('a calendar of which nothing is known yet', () => {
  it('works after a first call that is refused', async () => {
    const fresh = await emulator.as('fresh@example.com');
    expect((await fresh.call('GET', `${events}/nothing00`)).status).toBe(404);
    const event = await fresh.insert(anEvent());
    expect((await fresh.call('GET', `${events}/${event['id']}`)).status).toBe(200);
  });
});

describe('identity', () => {
  it('takes an id of the client, and refuses it a second time, deleted or not', async () => {
    await jansen.insert(anEvent({ id: 'client00001' }));
    const again = await jansen.call('POST', events, { body: anEvent({ id: 'client00001' }) });
    expect([again.status, reasonOf(again)]).toEqual([409, 'duplicate']);
    await jansen.call('DELETE', `${events}/client00001`);
    expect((await jansen.call('POST', events, { body: anEvent({ id: 'client00001' }) })).status).toBe(409);
  });

  it('refuses ids outside base32hex, and id together with a foreign iCalUID', async () => {
    const bad = await jansen.call('POST', events, { body: anEvent({ id: 'xyz-not-allowed' }) });
    expect([bad.status, bad.body['error'].message]).toEqual([400, 'Invalid resource id value.']);
    expect((await jansen.call('POST', events, { body: anEvent({ id: 'abcde00', iCalUID: 'elsewhere@x' }) })).status).toBe(400);
  });

  it('makes the id of an imported event from its UID, as Google does', async () => {
    const imported = await jansen.call('POST', `${events}/import`, { body: anEvent({ iCalUID: '3005f0fe-f096-4b5c@example.org', organizer: { email: 'Boss@Elsewhere.org' }, eventType: 'focusTime' }) });
    expect(imported.status).toBe(200);
    expect(imported.body['id']).toMatch(/^_6co30db661j6abb6/);
    expect(imported.body['organizer']).toEqual({ email: 'boss@elsewhere.org' });
    expect(imported.body['eventType']).toBe('default');
    const shared = await patch(imported.body['id'], { extendedProperties: { shared: { a: 'b' } } });
    expect([shared.status, reasonOf(shared)]).toEqual([403, 'forbiddenForNonOrganizer']);
  });
});

describe('versions', () => {
  it('ties the etag to the microseconds of updated, ever growing', async () => {
    const first = await jansen.insert(anEvent());
    const second = await jansen.insert(anEvent());
    const micros = (event: Loose): number => Number(event['etag'].slice(1, -1)) / 2;
    expect(Math.floor(micros(first) / 1000)).toBe(Date.parse(first['updated']));
    expect(micros(second)).toBeGreaterThan(micros(first));
    expect(first['created']).toMatch(/\.000Z$/);
  });

  it('refuses an old If-Match with 412, on patch, update and delete', async () => {
    const event = await jansen.insert(anEvent());
    const renamed = await patch(event['id'], { summary: 'Nieuw' }, { 'if-match': event['etag'] });
    expect(renamed.status).toBe(200);
    expect(renamed.headers.get('etag')).toBe(renamed.body['etag']);
    for (const [method, body] of [['PATCH', { summary: 'x' }], ['PUT', anEvent()], ['DELETE', undefined]] as const) {
      const answer = await jansen.call(method, `${events}/${event['id']}`, { body, headers: { 'if-match': event['etag'] } });
      expect([method, answer.status, reasonOf(answer)]).toEqual([method, 412, 'conditionNotMet']);
    }
    expect((await get(event['id'])).body['summary']).toBe('Nieuw');
  });

  it('answers 304 to a known etag, of an event and of a list', async () => {
    const event = await jansen.insert(anEvent());
    expect((await jansen.call('GET', `${events}/${event['id']}`, { headers: { 'if-none-match': event['etag'] } })).status).toBe(304);
    const list = await jansen.call('GET', events);
    expect((await jansen.call('GET', events, { headers: { 'if-none-match': list.body['etag'] } })).status).toBe(304);
    await patch(event['id'], { summary: 'anders' });
    expect((await jansen.call('GET', events, { headers: { 'if-none-match': list.body['etag'] } })).status).toBe(200);
  });

  it('gives no new version to a patch that changes nothing, nor to a change of reminders', async () => {
    const event = await jansen.insert(anEvent({ extendedProperties: { private: { a: '1' } } }));
    const same = await patch(event['id'], { summary: 'Overleg', start: event['start'], extendedProperties: { private: { a: '1' } } });
    expect([same.body['etag'], same.body['updated']]).toEqual([event['etag'], event['updated']]);
    const reminded = await patch(event['id'], { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } });
    expect(reminded.body['reminders'].overrides).toEqual([{ method: 'popup', minutes: 5 }]);
    expect(reminded.body['etag']).toBe(event['etag']);
    expect((await get(event['id'])).body['reminders'].useDefault).toBe(false);
  });

  it('raises sequence when the time changes, not at a rename, and refuses a lower one', async () => {
    const event = await jansen.insert(anEvent());
    expect((await patch(event['id'], { summary: 'x' })).body['sequence']).toBe(0);
    expect((await patch(event['id'], { end: { dateTime: '2026-12-01T12:00:00+01:00' } })).body['sequence']).toBe(1);
    const lower = await patch(event['id'], { sequence: 0 });
    expect([lower.status, lower.body['error'].message.slice(0, 23)]).toEqual([400, 'Invalid sequence value.']);
  });
});

describe('deleting', () => {
  it('keeps a deleted event visible to get, refuses a second delete, and lets a patch revive it', async () => {
    const event = await jansen.insert(anEvent());
    expect((await jansen.call('DELETE', `${events}/${event['id']}`)).status).toBe(204);
    const gone = await get(event['id']);
    expect([gone.status, gone.body['status'], gone.body['summary']]).toEqual([200, 'cancelled', 'Overleg']);
    const twice = await jansen.call('DELETE', `${events}/${event['id']}`);
    expect([twice.status, reasonOf(twice)]).toEqual([410, 'deleted']);
    expect((await patch(event['id'], { status: 'confirmed' })).body['status']).toBe('confirmed');
    expect((await jansen.call('DELETE', `${events}/nosuchevent`)).status).toBe(404);
  });

  it('refuses the revival once the bin was emptied; the id stays burnt', async () => {
    const event = await jansen.insert(anEvent({ id: 'binned00001' }));
    await jansen.call('DELETE', `${events}/${event['id']}`);
    await emulator.control('ui/empty-bin', { email: jansen.email, calendarId: 'primary' });
    expect((await patch('binned00001', { status: 'confirmed' })).status).toBe(403);
    const { etag: _any, ...bare } = (await get('binned00001')).body;
    expect(bare).toEqual({ kind: 'calendar#event', id: 'binned00001', status: 'cancelled' });
    expect((await jansen.call('POST', events, { body: anEvent({ id: 'binned00001' }) })).status).toBe(409);
  });

  it('cancels by a patch of the status', async () => {
    const event = await jansen.insert(anEvent());
    expect((await patch(event['id'], { status: 'cancelled' })).body['status']).toBe('cancelled');
    expect((await jansen.call('DELETE', `${events}/${event['id']}`)).status).toBe(410);
  });
});

describe('patch and update', () => {
  it('merges objects, replaces lists, deletes by null; update clears what is absent', async () => {
    const event = await jansen.insert(anEvent({ description: 'notitie', location: 'hier', attendees: [{ email: 'a@x.nl' }, { email: 'b@x.nl' }], extendedProperties: { private: { a: '1', b: '2' } } }));
    const patched = (await patch(event['id'], { description: null, attendees: [{ email: 'c@x.nl' }], extendedProperties: { private: { a: null, c: '3' } } })).body;
    expect(patched['description']).toBeUndefined();
    expect(patched['location']).toBe('hier');
    expect(patched['attendees'].map((attendee: { email: string }) => attendee.email)).toEqual(['c@x.nl']);
    expect(patched['extendedProperties']).toEqual({ private: { b: '2', c: '3' } });
    const updated = (await jansen.call('PUT', `${events}/${event['id']}`, { body: anEvent({ summary: 'kaal' }) })).body;
    expect([updated['summary'], updated['location'], updated['attendees'], updated['extendedProperties']]).toEqual(['kaal', undefined, undefined, undefined]);
    expect(updated['id']).toBe(event['id']);
  });

  it('drops long keys and cuts long values of extended properties silently', async () => {
    const event = await jansen.insert(anEvent({ extendedProperties: { private: { ['k'.repeat(45)]: 'x', ok: 'v'.repeat(2000) } } }));
    expect(Object.keys(event['extendedProperties'].private)).toEqual(['ok']);
    expect(event['extendedProperties'].private.ok).toHaveLength(1024);
  });

  it('leaves defaults out and keeps values that are none', async () => {
    const event = await jansen.insert(anEvent({ visibility: 'default', transparency: 'opaque', guestsCanModify: false, guestsCanInviteOthers: true }));
    for (const name of ['visibility', 'transparency', 'guestsCanModify', 'guestsCanInviteOthers']) expect(event).not.toHaveProperty(name);
    expect((await patch(event['id'], { visibility: 'private', transparency: 'transparent', guestsCanInviteOthers: false })).body).toMatchObject({ visibility: 'private', transparency: 'transparent', guestsCanInviteOthers: false });
    for (const name of ['kind', 'etag', 'id', 'status', 'htmlLink', 'created', 'updated', 'creator', 'organizer', 'start', 'end', 'iCalUID', 'sequence', 'reminders', 'eventType']) expect(event).toHaveProperty(name);
  });

  it('turns a timed event into an all-day one only if the unused keys are nulled', async () => {
    const event = await jansen.insert(anEvent());
    expect((await patch(event['id'], { start: { date: '2026-12-01' }, end: { date: '2026-12-03' } })).status).toBe(400);
    const nulled = { dateTime: null, timeZone: null };
    const allDay = (await patch(event['id'], { start: { date: '2026-12-01', ...nulled }, end: { date: '2026-12-03', ...nulled } })).body;
    expect([allDay['start'], allDay['end'], allDay['sequence']]).toEqual([{ date: '2026-12-01' }, { date: '2026-12-03' }, 1]);
  });
});

describe('times', () => {
  it('gives the instant in the offset of the calendar beside the zone of the event', async () => {
    const event = await jansen.insert(anEvent({ start: { dateTime: '2026-07-01T09:00:00', timeZone: 'America/Chicago' }, end: { dateTime: '2026-07-01T23:30:00', timeZone: 'America/Chicago' } }));
    expect(event['start']).toEqual({ dateTime: '2026-07-01T16:00:00+02:00', timeZone: 'America/Chicago' });
    const inTokyo = await jansen.call('GET', `${events}/${event['id']}`, { query: { timeZone: 'Asia/Tokyo' } });
    expect(inTokyo.body['start']).toEqual({ dateTime: '2026-07-01T23:00:00+09:00', timeZone: 'America/Chicago' });
  });

  it('shows an offset that once had seconds (Paris, +00:09:21) in whole minutes, at the same instant', async () => {
    const old = await jansen.insert(anEvent({ start: { dateTime: '1880-01-01T12:00:00Z' }, end: { dateTime: '1880-01-01T13:00:00Z' } }));
    const shown = await jansen.call('GET', `${events}/${old['id']}`, { query: { timeZone: 'Europe/Paris' } });
    expect(shown.body['start'].dateTime).toBe('1880-01-01T12:09:00+00:09');
  });

  it.each([
    ['a missing end', { start: { dateTime: '2026-12-01T10:00:00Z' }, end: undefined }, 'required', 'Missing end time.'],
    ['a local time without zone', { start: { dateTime: '2026-12-01T10:00:00' } }, 'required', 'Missing time zone definition for start time.'],
    ['an end before the start', { end: { dateTime: '2026-12-01T09:00:00+01:00' } }, 'timeRangeEmpty', 'The specified time range is empty.'],
    ['an all-day end that is not exclusive', { start: { date: '2026-12-01' }, end: { date: '2026-12-01' } }, 'timeRangeEmpty', 'The specified time range is empty.'],
    ['a zone that does not exist', { start: { dateTime: '2026-12-01T10:00:00', timeZone: 'Europe/Utrecht' } }, 'invalid', 'Invalid time zone definition for start time.'],
    ['a year beyond 9999', { end: { dateTime: '9999-12-31T23:30:00Z' } }, 'invalid', 'Invalid end time.'],
  ])('refuses %s', async (_what, fields, reason, message) => {
    const answer = await jansen.call('POST', events, { body: anEvent(fields) });
    expect([answer.status, reasonOf(answer), answer.body['error'].message]).toEqual([400, reason, message]);
  });

  it('keeps an event past midnight and one on the skipped hour', async () => {
    const night = await jansen.insert(anEvent({ start: { dateTime: '2026-12-01T23:00:00+01:00' }, end: { dateTime: '2026-12-02T01:00:00+01:00' } }));
    expect(night['end'].dateTime).toBe('2026-12-02T01:00:00+01:00');
    const spring = await jansen.insert(anEvent({ start: { dateTime: '2027-03-28T02:30:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2027-03-28T04:00:00', timeZone: 'Europe/Amsterdam' } }));
    expect(spring['start'].dateTime).toBe('2027-03-28T03:30:00+02:00');
  });
});

describe('event types', () => {
  it('makes the special types under their rules and never changes a type', async () => {
    const birthday = { eventType: 'birthday', start: { date: '2026-12-01' }, end: { date: '2026-12-02' }, visibility: 'private', transparency: 'transparent' };
    const born = await jansen.insert(anEvent(birthday));
    expect(born['eventType']).toBe('birthday');
    expect(reasonOf(await patch(born['id'], { location: 'x' }))).toBe('eventTypeRestriction');
    expect((await patch(born['id'], { summary: 'Jarig' })).status).toBe(200);
    await jansen.insert(anEvent({ eventType: 'focusTime', focusTimeProperties: { autoDeclineMode: 'declineNone' } }));
    await jansen.insert(anEvent({ eventType: 'outOfOffice', outOfOfficeProperties: { declineMessage: 'weg' } }));
    await jansen.insert(anEvent({ eventType: 'workingLocation', visibility: 'public', transparency: 'transparent', workingLocationProperties: { type: 'homeOffice', homeOffice: {} } }));
    for (const body of [anEvent({ eventType: 'fromGmail' }), anEvent({ ...birthday, visibility: 'public' }), anEvent({ focusTimeProperties: { chatStatus: 'available' } })]) {
      expect(reasonOf(await jansen.call('POST', events, { body }))).toBe('eventTypeRestriction');
    }
    const plain = await jansen.insert(anEvent());
    expect(reasonOf(await patch(plain['id'], { eventType: 'focusTime' }))).toBe('eventTypeRestriction');
  });

  it('lets a mail become an event only by the emulator door', async () => {
    const flight = (await emulator.control('ui/from-gmail', { email: jansen.email, event: anEvent({ summary: 'Vlucht' }) })).body;
    expect(flight['eventType']).toBe('fromGmail');
    expect(reasonOf(await patch(flight['id'], { summary: 'x' }))).toBe('eventTypeRestriction');
    expect((await patch(flight['id'], { colorId: '4' })).body['colorId']).toBe('4');
  });
});

describe('labels', () => {
  it('counts labels with eventLabelVersion=1 and colours without', async () => {
    const label = '0b7f2f2e-0000-4000-8000-000000000001';
    await jansen.call('PATCH', 'calendars/primary', { body: { labelProperties: { eventLabels: [{ id: label, name: 'Klant', backgroundColor: '#ff0000' }] } } });
    const query = { eventLabelVersion: '1' };
    const event = await jansen.insert(anEvent({ eventLabelId: label, colorId: '3' }), query);
    expect([event['eventLabelId'], event['colorId']]).toEqual([label, undefined]);
    expect((await patch(event['id'], { colorId: '3' })).body).toMatchObject({ eventLabelId: label, colorId: '3' });
    const removed = await jansen.call('PATCH', `${events}/${event['id']}`, { body: { summary: 'x' }, query });
    expect([removed.body['eventLabelId'], removed.body['colorId']]).toEqual([undefined, '3']);
  });
});

describe('conferences and attachments', () => {
  const withMeet = { conferenceData: { createRequest: { requestId: 'r1', conferenceSolutionKey: { type: 'hangoutsMeet' } } } };
  const version1 = { conferenceDataVersion: '1' };

  it('makes a Meet link once a request, and ignores conferences without the parameter', async () => {
    const plain = await jansen.insert(anEvent(withMeet));
    expect(plain).not.toHaveProperty('conferenceData');
    const event = await jansen.insert(anEvent(withMeet), version1);
    expect(event['hangoutLink']).toMatch(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
    expect(event['conferenceData']).toMatchObject({ conferenceId: expect.any(String), createRequest: { requestId: 'r1', status: { statusCode: 'success' } }, entryPoints: [{ entryPointType: 'video', uri: event['hangoutLink'] }] });
    const again = await jansen.call('PATCH', `${events}/${event['id']}`, { body: withMeet, query: version1 });
    expect(again.body['etag']).toBe(event['etag']);
  });

  it('keeps the conference through every write that doesn’t count it, and clears it by null or PUT with version 1', async () => {
    const event = await jansen.insert(anEvent(withMeet), version1);
    expect((await patch(event['id'], { summary: 'x', conferenceData: null })).body['hangoutLink']).toBe(event['hangoutLink']);
    expect((await jansen.call('PUT', `${events}/${event['id']}`, { body: anEvent() })).body['conferenceData']).toEqual(event['conferenceData']);
    expect((await jansen.call('PATCH', `${events}/${event['id']}`, { body: { summary: 'y' }, query: version1 })).body['conferenceData']).toEqual(event['conferenceData']);
    const cleared = await jansen.call('PATCH', `${events}/${event['id']}`, { body: { conferenceData: null }, query: version1 });
    expect([cleared.body['conferenceData'], cleared.body['hangoutLink']]).toEqual([undefined, undefined]);
  });

  it('keeps a conference of elsewhere as it came, and refuses one that is none', async () => {
    const conferenceData = { conferenceSolution: { key: { type: 'addOn' }, name: 'Zoom' }, conferenceId: '81', entryPoints: [{ entryPointType: 'video', uri: 'https://zoom.example/j/81', passcode: 'geheim' }], notes: 'welkom' };
    const event = await jansen.insert(anEvent({ conferenceData }), version1);
    expect(event['conferenceData']).toEqual(conferenceData);
    expect(event).not.toHaveProperty('hangoutLink');
    expect((await jansen.call('POST', events, { body: anEvent({ conferenceData: { conferenceId: '1' } }), query: version1 })).status).toBe(400);
    expect((await jansen.call('POST', events, { body: anEvent({ conferenceData: { createRequest: { requestId: 'a', conferenceSolutionKey: { type: 'eventHangout' } } } }), query: version1 })).status).toBe(400);
  });

  it('writes attachments only with supportsAttachments, and keeps them otherwise', async () => {
    const attachments = [{ fileUrl: 'https://drive.example/1', title: 'Agenda', mimeType: 'text/plain' }];
    expect(await jansen.insert(anEvent({ attachments }))).not.toHaveProperty('attachments');
    const event = await jansen.insert(anEvent({ attachments }), { supportsAttachments: 'true' });
    expect((await patch(event['id'], { summary: 'z', attachments: [] })).body['attachments']).toEqual(attachments);
    const cleared = await jansen.call('PATCH', `${events}/${event['id']}`, { body: { attachments: [] }, query: { supportsAttachments: 'true' } });
    expect(cleared.body).not.toHaveProperty('attachments');
  });
});

describe('moving', () => {
  it('changes the organiser and leaves a cancelled stub behind', async () => {
    const calendar = (await jansen.call('POST', 'calendars', { body: { summary: 'Project' } })).body;
    const event = await jansen.insert(anEvent());
    const moved = await jansen.call('POST', `${events}/${event['id']}/move`, { query: { destination: calendar['id'] } });
    expect(moved.body).toMatchObject({ id: event['id'], iCalUID: event['iCalUID'], organizer: { email: calendar['id'], self: true } });
    expect((await get(event['id'])).body).toEqual({ kind: 'calendar#event', etag: expect.any(String), id: event['id'], status: 'cancelled' });
    expect((await jansen.call('GET', `calendars/${encodeURIComponent(calendar['id'])}/events/${event['id']}`)).body['summary']).toBe('Overleg');
    const focus = await jansen.insert(anEvent({ eventType: 'focusTime' }));
    expect(reasonOf(await jansen.call('POST', `${events}/${focus['id']}/move`, { query: { destination: calendar['id'] } }))).toBe('eventTypeRestriction');
  });
});

describe('copies on the page', () => {
  it('copies everything, private marks included, to a new id', async () => {
    const event = await jansen.insert(anEvent({ extendedProperties: { private: { inventiveEvent: 'me' } } }));
    const copy = (await emulator.control('ui/copy', { email: jansen.email, calendarId: 'primary', eventId: event['id'] })).body;
    expect(copy['id']).not.toBe(event['id']);
    expect(copy['iCalUID']).not.toBe(event['iCalUID']);
    expect(copy['extendedProperties']).toEqual(event['extendedProperties']);
  });
});

describe('mails', () => {
  const mailsOf = async (eventId: string): Promise<string[]> =>
    (await emulator.control('stats')).body['mails'].filter((mail: { eventId: string }) => mail.eventId === eventId).map((mail: { kind: string; to: string }) => `${mail.kind} ${mail.to}`);
  const guests = { attendees: [{ email: 'bakker@example.com' }, { email: 'klant@elders.nl' }, { email: 'jansen@example.com' }] };

  it('records none unless asked, one a guest with all, strangers only with externalOnly', async () => {
    expect(await mailsOf((await jansen.insert(anEvent(guests)))['id'])).toEqual([]);
    expect(await mailsOf((await jansen.insert(anEvent(guests), { sendUpdates: 'all' }))['id'])).toEqual(['invitation bakker@example.com', 'invitation klant@elders.nl']);
    expect(await mailsOf((await jansen.insert(anEvent(guests), { sendUpdates: 'externalOnly' }))['id'])).toEqual(['invitation klant@elders.nl']);
    expect(await mailsOf((await jansen.insert(anEvent(guests), { sendNotifications: 'true' }))['id'])).toHaveLength(2);
  });

  it('records updates and cancellations, but none for a change that says nothing', async () => {
    const event = await jansen.insert(anEvent(guests));
    const query = { sendUpdates: 'all' };
    await jansen.call('PATCH', `${events}/${event['id']}`, { body: { summary: 'Overleg' }, query });
    await jansen.call('PATCH', `${events}/${event['id']}`, { body: { extendedProperties: { private: { a: '1' } } }, query });
    expect(await mailsOf(event['id'])).toEqual([]);
    await jansen.call('PATCH', `${events}/${event['id']}`, { body: { location: 'zaal 2' }, query });
    await jansen.call('PATCH', `${events}/${event['id']}`, { body: { attendees: [{ email: 'klant@elders.nl' }] }, query });
    await jansen.call('DELETE', `${events}/${event['id']}`, { query });
    expect(await mailsOf(event['id'])).toEqual([
      'update bakker@example.com', 'update klant@elders.nl',
      'cancellation bakker@example.com', 'update klant@elders.nl',
      'cancellation klant@elders.nl',
    ]);
  });
});
