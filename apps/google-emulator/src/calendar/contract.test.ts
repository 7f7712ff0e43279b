import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDocument, methodsOf } from '../discovery/document.js';
import { loadResponseCheck } from '../discovery/response-check.js';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';
import { rooms } from './methods.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

describe("Google's document", () => {
  it('is honoured by the answer of every supported method', async () => {
    const check = await loadResponseCheck();
    const secondary = (await jansen.call('POST', 'calendars', { body: { summary: 'Tweede', description: 'x', location: 'y', timeZone: 'Asia/Tokyo' } })).body;
    const path = `calendars/${encodeURIComponent(secondary['id'])}`;
    const full = anEvent({
      description: 'd', location: 'l', visibility: 'private', transparency: 'transparent', colorId: '3', source: { title: 't', url: 'https://x.nl' },
      attendees: [{ email: 'jansen@example.com', responseStatus: 'accepted' }, { email: 'a@x.nl', optional: true, comment: 'c', additionalGuests: 2 }],
      extendedProperties: { private: { a: '1' }, shared: { b: '2' } }, reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 30 }] },
      guestsCanModify: true, guestsCanInviteOthers: false, attachments: [{ fileUrl: 'https://x.nl/f', title: 'f' }],
    });
    const watched = { id: 'contract-1', type: 'web_hook', address: 'http://127.0.0.1:9/none', token: 't' };
    const answers: Record<string, TestAnswer> = {};
    const run = async (id: string, verb: string, to: string, options: Parameters<TestCaller['call']>[2] = {}): Promise<TestAnswer> => (answers[id] = await jansen.call(verb, to, options));

    await run('calendar.calendars.insert', 'POST', 'calendars', { body: { summary: 'Derde' } });
    await run('calendar.calendars.get', 'GET', path);
    await run('calendar.calendars.patch', 'PATCH', path, { body: { summary: 'Anders' } });
    await run('calendar.calendars.update', 'PUT', path, { body: { summary: 'Nog anders', timeZone: 'Europe/Paris' } });
    await run('calendar.calendarList.list', 'GET', 'users/me/calendarList');
    await run('calendar.calendarList.get', 'GET', `users/me/calendarList/${encodeURIComponent(secondary['id'])}`);
    await run('calendar.calendarList.watch', 'POST', 'users/me/calendarList/watch', { body: { ...watched, id: 'contract-2' } });
    await run('calendar.colors.get', 'GET', 'colors');
    await run('calendar.settings.list', 'GET', 'users/me/settings');
    await run('calendar.settings.get', 'GET', 'users/me/settings/timezone');
    const event = (await run('calendar.events.insert', 'POST', `calendars/primary/events`, { body: full, query: { supportsAttachments: 'true' } })).body;
    await run('calendar.events.get', 'GET', `calendars/primary/events/${event['id']}`);
    await run('calendar.events.patch', 'PATCH', `calendars/primary/events/${event['id']}`, { body: { summary: 'p' } });
    await run('calendar.events.update', 'PUT', `calendars/primary/events/${event['id']}`, { body: full });
    await run('calendar.events.import', 'POST', 'calendars/primary/events/import', { body: { ...full, iCalUID: 'elders@x.nl' } });
    await run('calendar.events.move', 'POST', `calendars/primary/events/${event['id']}/move`, { query: { destination: secondary['id'] } });
    await run('calendar.events.list', 'GET', 'calendars/primary/events', { query: { showDeleted: 'true' } });
    const channel = (await run('calendar.events.watch', 'POST', 'calendars/primary/events/watch', { body: watched })).body;
    await run('calendar.channels.stop', 'POST', 'channels/stop', { body: { id: channel['id'], resourceId: channel['resourceId'] } });
    await run('calendar.freebusy.query', 'POST', 'freeBusy', { body: { timeMin: new Date().toISOString(), timeMax: new Date(Date.now() + 5 * 86_400_000).toISOString(), items: [{ id: 'primary' }, { id: 'onbekend@x.nl' }] } });
    await run('calendar.settings.watch', 'POST', 'users/me/settings/watch', { body: { ...watched, id: 'contract-3' } });
    await run('calendar.acl.insert', 'POST', `${path}/acl`, { body: { role: 'reader', scope: { type: 'user', value: 'visser@example.com' } } });
    await run('calendar.acl.list', 'GET', `${path}/acl`);
    await run('calendar.acl.get', 'GET', `${path}/acl/user:visser@example.com`);
    await run('calendar.acl.patch', 'PATCH', `${path}/acl/user:visser@example.com`, { body: { role: 'writer' } });
    await run('calendar.acl.update', 'PUT', `${path}/acl/user:visser@example.com`, { body: { role: 'freeBusyReader', scope: { type: 'user', value: 'visser@example.com' } } });
    await run('calendar.acl.watch', 'POST', `${path}/acl/watch`, { body: { ...watched, id: 'contract-4' } });
    await run('calendar.acl.delete', 'DELETE', `${path}/acl/user:visser@example.com`);
    const entry = `users/me/calendarList/${encodeURIComponent(secondary['id'])}`;
    await run('calendar.calendarList.patch', 'PATCH', entry, { body: { summaryOverride: 'Mijn naam', defaultReminders: [{ method: 'popup', minutes: 5 }], notificationSettings: { notifications: [{ type: 'agenda', method: 'email' }] } } });
    await run('calendar.calendarList.update', 'PUT', entry, { body: { backgroundColor: '#0088aa', foregroundColor: '#ffffff', hidden: true }, query: { colorRgbFormat: 'true' } });
    await run('calendar.calendarList.delete', 'DELETE', entry);
    await run('calendar.calendarList.insert', 'POST', 'users/me/calendarList', { body: { id: secondary['id'], colorId: '7' } });
    await run('calendar.events.delete', 'DELETE', `${path}/events/${event['id']}`);
    await run('calendar.calendars.delete', 'DELETE', path);

    const series = await jansen.insert(anEvent({ start: { date: '2026-12-01' }, end: { date: '2026-12-02' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }));
    await run('calendar.events.instances', 'GET', `calendars/primary/events/${series['id']}/instances`);
    const refused = await jansen.call('GET', `calendars/primary/events/demotandarts01/instances`);
    expect([refused.status, refused.body['error'].errors[0].reason]).toEqual([400, 'invalid']);

    const clearing = await emulator.as('leegmaker@example.com');
    answers['calendar.calendars.clear'] = await clearing.call('POST', 'calendars/primary/clear');

    // Nobody here administers an organisation, so ownership is transferred by nobody.
    expect(Object.keys(answers).sort()).toEqual(Object.keys(rooms).filter((id) => id !== 'calendar.calendars.transferOwnership').sort());
    for (const method of methodsOf(calendarDocument)) {
      const answer = answers[method.id];
      if (answer === undefined) continue;
      expect([method.id, answer.status]).toEqual([method.id, method.response === undefined ? 204 : 200]);
      if (method.response !== undefined) check(method.response.$ref, answer.body);
    }
    const { primary, ...others } = (answers['calendar.freebusy.query']?.body['calendars'] ?? {}) as Loose;
    expect(primary.busy).toContainEqual({ start: expect.stringMatching(/Z$/), end: expect.stringMatching(/Z$/) });
    expect(others).toEqual({ 'onbekend@x.nl': { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] } });
  });

  it('names a breach of it with its path', async () => {
    const check = await loadResponseCheck();
    expect(() => check('Event', { start: { dateTime: 'gisteren' }, titel: 'x' })).toThrow(/Event: .*titel.*\/start\/dateTime/);
  });

  it.each(methodsOf(calendarDocument).filter((method) => rooms[method.id] === undefined).map((method) => [method.id, method]))('refuses %s with its name', async (id, method) => {
    const path = method.path.replace(/\{(\w+)\}/g, 'primary');
    const answer = await jansen.call(method.httpMethod, path, method.httpMethod === 'GET' || method.httpMethod === 'DELETE' ? {} : { body: {} });
    expect([answer.status, answer.body['error'].message]).toEqual([501, `The emulator does not support the method ${id}.`]);
  });
});

describe('a request', () => {
  const events = 'calendars/primary/events';
  it.each([
    ['an unknown parameter', 'GET', events, { query: { nonsense: '1' } }, 400, 'badRequest', 'nonsense'],
    ['a parameter of the wrong type', 'GET', events, { query: { maxResults: 'veel' } }, 400, 'invalid', 'maxResults'],
    ['a value outside its range', 'GET', events, { query: { maxResults: '0' } }, 400, 'invalid', 'maxResults'],
    ['a value outside its list', 'GET', events, { query: { orderBy: 'summary' } }, 400, 'invalid', 'orderBy'],
    ['a time without offset', 'GET', events, { query: { timeMin: '2026-01-01T00:00:00' } }, 400, 'invalid', 'timeMin'],
    ['a parameter given twice', 'GET', events, { query: { q: ['a', 'b'] } }, 400, 'invalid', 'q'],
    ['an unknown field', 'POST', events, { body: anEvent({ titel: 'x' }) }, 400, 'badRequest', 'titel'],
    ['an unknown field below another', 'POST', events, { body: anEvent({ start: { when: 'nu' } }) }, 400, 'badRequest', 'when'],
    ['a field of the wrong type', 'POST', events, { body: anEvent({ summary: 7 }) }, 400, 'badRequest', 'summary'],
    ['an exception of no series', 'POST', events, { body: anEvent({ recurringEventId: 'abcde', originalStartTime: { date: '2026-12-01' } }) }, 400, 'invalid', 'recurringEventId'],
    ['an exception without its start', 'POST', events, { body: anEvent({ recurringEventId: 'abcde' }) }, 400, 'required', 'originalStartTime'],
    ['a zone of another maker', 'POST', events, { body: anEvent({ start: { dateTime: '2026-12-01T10:00:00+01:00', timeZone: 'W. Europe Standard Time' } }) }, 400, 'invalid', 'time zone definition'],
    ['a bare offset for a zone', 'POST', events, { body: anEvent({ start: { dateTime: '2026-12-01T10:00:00', timeZone: '+03:00' } }) }, 400, 'invalid', 'time zone definition'],
    ['a new owner, by nobody who administers', 'POST', 'calendars/jansen@example.com/transferOwnership', { query: { newDataOwner: 'bakker@example.com', useAdminAccess: 'true' } }, 403, 'forbidden', 'Forbidden'],
    ['a new owner without administration', 'POST', 'calendars/jansen@example.com/transferOwnership', { query: { newDataOwner: 'bakker@example.com', useAdminAccess: 'false' } }, 400, 'invalid', 'useAdminAccess'],
    ['a new owner who isn’t named', 'POST', 'calendars/jansen@example.com/transferOwnership', { query: { useAdminAccess: 'true' } }, 400, 'required', 'newDataOwner'],
    ['automatic acceptance', 'PATCH', 'calendars/primary', { body: { autoAcceptInvitations: true } }, 400, 'invalid', 'autoAcceptInvitations'],
    ['working hours without times', 'PATCH', 'calendars/primary', { body: { workingHours: { workingHoursEnabled: true } } }, 400, 'invalid', 'workingHours'],
    ['a secondary calendar to clear', 'POST', 'calendars/onbekend@group.calendar.google.com/clear', {}, 404, 'notFound', 'Not Found'],
    ['too large a group', 'POST', 'freeBusy', { body: { timeMin: '2026-01-01T00:00:00Z', timeMax: '2026-01-02T00:00:00Z', groupExpansionMax: 101 } }, 400, 'invalid', 'groupExpansionMax'],
    ...['RDATE;VALUE=PERIOD:20261203/PT1H', 'RDATE;VALUE=PERIOD:20261203T100000Z', 'RDATE;VALUE=PERIOD:20261203T100000Z/20261203T090000Z', 'RDATE;VALUE=PERIOD:20261203T100000Z/-PT1H', 'RDATE:20261203T100000Z/PT1H', 'EXDATE;VALUE=PERIOD:20261203T100000Z/PT1H'].map(
      (line) => [`the line ${line}`, 'POST', events, { body: anEvent({ start: { dateTime: '2026-12-01T10:00:00Z', timeZone: 'Etc/UTC' }, recurrence: [line] }) }, 400, 'invalid', 'recurrence rule'] as const,
    ),
    ['a conference of parameters alone', 'POST', events, { body: anEvent({ conferenceData: { parameters: { addOnParameters: {} } } }), query: { conferenceDataVersion: '1' } }, 400, 'invalid', 'conferenceData'],
    ['a gadget', 'POST', events, { body: anEvent({ gadget: { type: 'x' } }) }, 501, 'notImplemented', 'gadget'],
    ['a parameter not supported', 'POST', `${events}/watch`, { query: { q: 'x' }, body: {} }, 501, 'notImplemented', 'q'],
    ['a calendar of somebody else', 'GET', 'calendars/bakker@example.com/events', {}, 404, 'notFound', 'Not Found'],
    ['a long free/busy range', 'POST', 'freeBusy', { body: { timeMin: '2026-01-01T00:00:00Z', timeMax: '2027-01-01T00:00:00Z', items: [] } }, 400, 'timeRangeTooLong', 'too long'],
  ] as const)('with %s is refused', async (_what, verb, path, options, status, reason, word) => {
    const answer = await jansen.call(verb, path, options);
    expect([answer.status, answer.body['error'].errors[0].reason]).toEqual([status, reason]);
    expect(JSON.stringify(answer.body)).toContain(word);
  });

  it('without, or with a wrong token is refused as Google does', async () => {
    const without = await fetch(`${emulator.url}/calendar/v3/colors`);
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="https://accounts.google.com/"']);
    const wrong = await fetch(`${emulator.url}/calendar/v3/colors`, { headers: { authorization: 'Bearer nonsense' } });
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="https://accounts.google.com/", error="invalid_token"']);
    expect(await wrong.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED', errors: [{ reason: 'authError', location: 'Authorization' }] } });
  });

  it('needs a scope that fits the method', async () => {
    const narrow = await emulator.as('jansen@example.com', ['https://www.googleapis.com/auth/calendar.events']);
    expect((await narrow.call('GET', events)).status).toBe(200);
    const list = await narrow.call('GET', 'users/me/calendarList');
    expect(list.status).toBe(403);
    expect(list.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect(list.body['error']).toMatchObject({ status: 'PERMISSION_DENIED', errors: [{ reason: 'insufficientPermissions' }], details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', metadata: { method: 'calendar.v3.CalendarList.List' } }] });
  });
});
