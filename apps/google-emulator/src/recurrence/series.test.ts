import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
beforeEach(async () => {
  await emulator.control('reset', {});
  bakker = await emulator.as('bakker@example.com');
});
afterAll(() => emulator.stop());

const at = (dateTime: string): object => ({ dateTime, timeZone: 'Europe/Amsterdam' });
const weekly = (fields: object = {}): Promise<Loose> =>
  bakker.insert(anEvent({ id: 'reeks000', start: at('2027-03-15T10:00:00'), end: at('2027-03-15T11:00:00'), recurrence: ['RRULE:FREQ=WEEKLY;COUNT=5'], ...fields }));
const list = (query: Record<string, string> = {}): Promise<TestAnswer> => bakker.call('GET', events, { query });
const items = async (query: Record<string, string> = {}): Promise<Loose[]> => {
  const { status, body } = await list(query);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body['items'] as Loose[];
};
const token = async (): Promise<string> => (await list()).body['nextSyncToken'];
const instances = async (id: string, query: Record<string, string> = {}): Promise<Loose[]> => (await bakker.call('GET', `${events}/${id}/instances`, { query })).body['items'];
const patch = (id: string, body: object, headers = {}): Promise<TestAnswer> => bakker.call('PATCH', `${events}/${id}`, { body, headers });
const get = (id: string): Promise<TestAnswer> => bakker.call('GET', `${events}/${id}`);
const startsOf = (list: Loose[]): string[] => list.map((event) => event['start'].dateTime ?? event['start'].date);
const third = 'reeks000_20270329T080000Z';

describe('a series', () => {
  it('keeps its wall time over the change of the clock; ids name the start in UTC', async () => {
    const master = await weekly();
    expect([master['recurrence'], master['start'].timeZone]).toEqual([['RRULE:FREQ=WEEKLY;COUNT=5'], 'Europe/Amsterdam']);
    const all = await instances('reeks000');
    expect(all.map((event) => event['id'])).toEqual(['20270315T090000Z', '20270322T090000Z', '20270329T080000Z', '20270405T080000Z', '20270412T080000Z'].map((start) => `reeks000_${start}`));
    expect(startsOf(all)[2]).toBe('2027-03-29T10:00:00+02:00');
    expect(all[2]).toMatchObject({ recurringEventId: 'reeks000', originalStartTime: { dateTime: '2027-03-29T10:00:00+02:00', timeZone: 'Europe/Amsterdam' }, iCalUID: 'reeks000@google.com', etag: master['etag'] });
    expect(all[2]).not.toHaveProperty('recurrence');
  });

  it.each([
    ['in the skipped hour moves forward', { start: at('2027-03-27T02:30:00'), end: at('2027-03-27T03:00:00'), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }, ['2027-03-27T02:30:00+01:00', '2027-03-28T03:30:00+02:00', '2027-03-29T02:30:00+02:00']],
    ['off its own pattern begins with its start', { start: at('2027-01-06T09:00:00'), end: at('2027-01-06T10:00:00'), recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3'] }, ['2027-01-06T09:00:00+01:00', '2027-01-11T09:00:00+01:00', '2027-01-18T09:00:00+01:00']],
    ['of days', { start: { date: '2027-01-30' }, end: { date: '2027-02-01' }, recurrence: ['RRULE:FREQ=MONTHLY;COUNT=2', 'RDATE;VALUE=DATE:20270210', 'EXDATE;VALUE=DATE:20270130'] }, ['2027-02-10', '2027-03-30']],
    ['of dates only', { start: at('2027-01-06T09:00:00'), end: at('2027-01-06T10:00:00'), recurrence: ['RDATE:20270108T080000Z', 'RDATE;TZID=America/New_York:20270107T090000'] }, ['2027-01-06T09:00:00+01:00', '2027-01-07T15:00:00+01:00', '2027-01-08T09:00:00+01:00']],
    ['of two rules with exceptions', { start: at('2027-01-04T09:00:00'), end: at('2027-01-04T10:00:00'), recurrence: ['RRULE:FREQ=DAILY;UNTIL=20270108T080000Z', 'RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=2', 'EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2', 'EXDATE;TZID=Europe/Amsterdam:20270105T090000'] }, ['2027-01-07T09:00:00+01:00', '2027-01-08T09:00:00+01:00', '2027-01-09T09:00:00+01:00']],
  ])('%s', async (_what, fields, starts) => {
    const master = await bakker.insert(anEvent(fields));
    expect(startsOf(await instances(master['id']))).toEqual(starts);
    expect(startsOf(await items({ singleEvents: 'true', orderBy: 'startTime' }))).toEqual(starts);
  });

  it.each([
    ['no zone beside an offset', { start: { dateTime: '2027-01-04T09:00:00+01:00' } }, 'required', 'Missing time zone definition for start time.'],
    ['no frequency', { recurrence: ['RRULE:COUNT=2'] }, 'invalid', 'Invalid recurrence rule.'],
    ['COUNT and UNTIL', { recurrence: ['RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270108T080000Z'] }, 'invalid', 'Invalid recurrence rule.'],
    ['a month of 13', { recurrence: ['RRULE:FREQ=YEARLY;BYMONTH=13'] }, 'invalid', 'Invalid recurrence rule.'],
    ['a DTSTART line', { recurrence: ['DTSTART:20270104T080000Z', 'RRULE:FREQ=DAILY'] }, 'invalid', 'Invalid recurrence rule.'],
    ['a day that is none', { recurrence: ['EXDATE:20270230T080000Z'] }, 'invalid', 'Invalid recurrence rule.'],
    ['hours in a series of days', { start: { date: '2027-01-04' }, end: { date: '2027-01-05' }, recurrence: ['RRULE:FREQ=HOURLY'] }, 'invalid', 'Invalid recurrence rule.'],
  ])('with %s is refused', async (_what, fields, reason, message) => {
    const answer = await bakker.call('POST', events, { body: anEvent({ start: at('2027-01-04T09:00:00'), end: 'date' in ((fields as Loose)['start'] ?? {}) ? undefined : at('2027-01-04T10:00:00'), recurrence: ['RRULE:FREQ=DAILY'], ...fields }) });
    expect([answer.status, answer.body['error'].errors[0].reason, answer.body['error'].message]).toEqual([400, reason, message]);
  });
});

describe('instances', () => {
  it('are found by original start and bounds, in pages, cancelled ones on request', async () => {
    await weekly();
    await patch(third, { start: at('2027-06-01T10:00:00'), end: at('2027-06-01T11:00:00') });
    await bakker.call('DELETE', `${events}/reeks000_20270405T080000Z`);
    expect((await instances('reeks000', { originalStart: '2027-03-29T08:00:00Z' })).map((event) => event['id'])).toEqual([third]);
    expect(startsOf(await instances('reeks000', { timeMin: '2027-04-10T00:00:00Z' }))).toEqual(['2027-06-01T10:00:00+02:00', '2027-04-12T10:00:00+02:00']);
    expect(startsOf(await instances('reeks000', { timeMax: '2027-03-22T09:00:00Z' }))).toHaveLength(1);
    expect(await instances('reeks000')).toHaveLength(4);
    expect((await instances('reeks000', { showDeleted: 'true' })).filter((event) => event['status'] === 'cancelled')).toHaveLength(1);
    const read: string[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const { body }: TestAnswer = await bakker.call('GET', `${events}/reeks000/instances`, { query: { maxResults: '3', ...(pageToken === '' ? {} : { pageToken }) } });
      read.push(...(body['items'] as Loose[]).map((event) => event['id']));
      pageToken = body['nextPageToken'];
    }
    expect(read).toEqual((await instances('reeks000')).map((event) => event['id']));
  });

  it('of days are asked for by date', async () => {
    await bakker.insert(anEvent({ id: 'dagen0', start: { date: '2027-01-04' }, end: { date: '2027-01-05' }, recurrence: ['RRULE:FREQ=DAILY'] }));
    expect((await instances('dagen0', { originalStart: '2027-02-03' })).map((event) => event['id'])).toEqual(['dagen0_20270203']);
  });
});

describe('one occurrence', () => {
  it('is changed and moved under the id it had, and the whole series gets one version', async () => {
    const master = await weekly();
    const first = await patch('reeks000_20270322T090000Z', { summary: 'Anders' });
    const syncToken = await token();
    const moved = await patch(third, { start: at('2027-03-30T15:00:00'), end: at('2027-03-30T16:00:00') });
    expect(moved.body).toMatchObject({ id: third, summary: 'Overleg', sequence: 1, originalStartTime: { dateTime: '2027-03-29T10:00:00+02:00' } });
    expect(moved.body['etag']).not.toBe(master['etag']);
    const delta = await items({ syncToken });
    expect(new Set(delta.map((event) => event['id']))).toEqual(new Set(['reeks000', 'reeks000_20270322T090000Z', third]));
    expect(new Set(delta.map((event) => `${event['etag']} ${event['updated']}`)).size).toBe(1);
    expect((await get('reeks000_20270412T080000Z')).body['etag']).toBe(moved.body['etag']);
    expect((await patch('reeks000_20270412T080000Z', { summary: 'x' }, { 'if-match': first.body['etag'] })).status).toBe(412);
    expect((await bakker.call('PUT', `${events}/${third}`, { body: anEvent({ summary: 'heel nieuw' }) })).body).toMatchObject({ id: third, summary: 'heel nieuw', recurringEventId: 'reeks000' });
    expect((await patch(third, { recurrence: ['RRULE:FREQ=DAILY'] })).status).toBe(400);
  });

  it('that is cancelled is told by mode as the facts say', async () => {
    await weekly();
    const syncToken = await token();
    expect((await bakker.call('DELETE', `${events}/${third}`)).status).toBe(204);
    expect((await bakker.call('DELETE', `${events}/${third}`)).status).toBe(410);
    const hole = { kind: 'calendar#event', etag: expect.any(String), id: third, status: 'cancelled', recurringEventId: 'reeks000', originalStartTime: { dateTime: '2027-03-29T10:00:00+02:00', timeZone: 'Europe/Amsterdam' } };
    for (const query of [{}, { syncToken }] as Record<string, string>[]) expect((await items(query)).sort((a, b) => (a['id'] < b['id'] ? -1 : 1))).toEqual([expect.objectContaining({ id: 'reeks000', status: 'confirmed' }), hole]);
    expect(startsOf(await items({ singleEvents: 'true' }))).toHaveLength(4);
    expect((await items({ singleEvents: 'true', showDeleted: 'true' })).filter((event) => event['status'] === 'cancelled')).toMatchObject([{ id: third, recurringEventId: 'reeks000' }]);
    expect([(await get(third)).status, (await get(third)).body['status']]).toEqual([200, 'cancelled']);
    expect((await patch(third, { status: 'confirmed' })).body['status']).toBe('confirmed');
    expect(await instances('reeks000')).toHaveLength(5);
  });

  it('that the series no longer has is told by its id alone', async () => {
    await weekly();
    await patch(third, { status: 'cancelled' });
    const syncToken = await token();
    await patch('reeks000', { recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20270325T225959Z'] });
    const [master, orphan, ...others] = await items({ syncToken });
    expect([master?.['id'], others]).toEqual(['reeks000', []]);
    expect(orphan).toEqual({ kind: 'calendar#event', etag: master?.['etag'], id: third, status: 'cancelled' });
    expect((await items()).map((event) => event['id'])).toEqual(['reeks000']);
    expect((await get('reeks000_20270405T080000Z')).status).toBe(404);
    expect((await patch(third, { summary: 'x' })).status).toBe(403);
  });

  it('of a foreign series is found by its id too', async () => {
    const { body } = await bakker.call('POST', `${events}/import`, { body: anEvent({ iCalUID: 'reeks@elders.nl', start: at('2027-03-15T10:00:00'), end: at('2027-03-15T11:00:00'), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }) });
    expect(body['id']).toMatch(/^_[a-v0-9]+$/);
    expect((await get(`${body['id']}_20270316T090000Z`)).body).toMatchObject({ recurringEventId: body['id'], iCalUID: 'reeks@elders.nl' });
  });

  it('tightens the visibility of the series, and never loosens it', async () => {
    await weekly();
    expect((await patch(third, { visibility: 'private' })).body['visibility']).toBe('private');
    expect((await get('reeks000')).body['visibility']).toBe('private');
    expect((await patch(third, { visibility: 'public' })).body['visibility']).toBe('private');
  });

  it('cannot be moved to another calendar; the series can, with what was changed of it', async () => {
    await weekly();
    await patch(third, { summary: 'Anders' });
    const other = (await bakker.call('POST', 'calendars', { body: { summary: 'Tweede' } })).body['id'];
    expect((await bakker.call('POST', `${events}/${third}/move`, { query: { destination: other } })).body['error'].errors[0].reason).toBe('cannotChangeOrganizerOfInstance');
    expect((await bakker.call('POST', `${events}/reeks000/move`, { query: { destination: other } })).status).toBe(200);
    const there = await bakker.call('GET', `calendars/${encodeURIComponent(other)}/events/reeks000/instances`);
    expect((there.body['items'] as Loose[]).map((event) => event['summary'])).toEqual(['Overleg', 'Overleg', 'Anders', 'Overleg', 'Overleg']);
    expect(await items()).toEqual([]);
  });
});

describe('the whole series', () => {
  it('is told by its master alone when it is deleted, and comes back whole', async () => {
    await weekly();
    await patch(third, { summary: 'Anders' });
    const syncToken = await token();
    await bakker.call('DELETE', `${events}/reeks000`);
    expect(await items({ syncToken })).toEqual([{ kind: 'calendar#event', etag: expect.any(String), id: 'reeks000', status: 'cancelled' }]);
    expect(await items({ singleEvents: 'true' })).toEqual([]);
    expect((await items({ singleEvents: 'true', showDeleted: 'true' })).map((event) => event['status'])).toEqual(Array(5).fill('cancelled'));
    expect((await get(third)).body['status']).toBe('cancelled');
    expect((await patch(third, { status: 'confirmed' })).status).toBe(403);
    await patch('reeks000', { status: 'confirmed' });
    expect((await items()).map((event) => event['id'])).toEqual(['reeks000', third]);
  });

  it('moved by an hour by a patch has new ids; a single event and back by a patch', async () => {
    await weekly();
    await patch(third, { summary: 'Anders' });
    await patch('reeks000', { start: at('2027-03-15T11:00:00'), end: at('2027-03-15T12:00:00') });
    expect((await instances('reeks000')).map((event) => event['id'])[2]).toBe('reeks000_20270329T090000Z');
    const syncToken = await token();
    const single = (await patch('reeks000', { recurrence: null })).body;
    expect(single).not.toHaveProperty('recurrence');
    expect(startsOf(await items({ singleEvents: 'true' }))).toEqual(['2027-03-15T11:00:00+01:00']);
    expect((await bakker.call('GET', `${events}/reeks000/instances`)).status).toBe(400);
    expect((await patch('reeks000', { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] })).body['recurrence']).toEqual(['RRULE:FREQ=DAILY;COUNT=2']);
    expect((await items({ syncToken })).map((event) => event['id'])).toEqual(['reeks000']);
    expect(await instances('reeks000')).toHaveLength(2);
  });

  it('stands in a list with bounds if one of its occurrences does, and is busy then', async () => {
    await bakker.insert(anEvent({ id: 'endless0', start: at('2020-01-06T10:00:00'), end: at('2020-01-06T11:00:00'), recurrence: ['RRULE:FREQ=WEEKLY'] }));
    const monday = { timeMin: '2027-03-15T00:00:00Z', timeMax: '2027-03-15T23:00:00Z' };
    expect((await items(monday)).map((event) => event['id'])).toEqual(['endless0']);
    expect(startsOf(await items({ ...monday, singleEvents: 'true' }))).toEqual(['2027-03-15T10:00:00+01:00']);
    expect(await items({ timeMin: '2027-03-16T00:00:00Z', timeMax: '2027-03-17T00:00:00Z' })).toEqual([]);
    const { body } = await bakker.call('POST', 'freeBusy', { body: { ...monday, items: [{ id: 'primary' }] } });
    expect(body['calendars'].primary.busy).toEqual([{ start: '2027-03-15T09:00:00Z', end: '2027-03-15T10:00:00Z' }]);
  });

  it('tells in a delta of single events each occurrence that it has, and those gone by their ids', async () => {
    await weekly();
    const syncToken = (await list({ singleEvents: 'true' })).body['nextSyncToken'];
    expect((await list({ syncToken, singleEvents: 'true' })).body['items']).toEqual([]);
    await patch(third, { summary: 'Anders' });
    const changed = (await list({ syncToken, singleEvents: 'true' })).body;
    expect(changed['items'].filter((event: Loose) => event['summary'] === 'Anders').map((event: Loose) => event['id'])).toEqual([third]);
    expect(changed['items'].every((event: Loose) => event['recurringEventId'] === third.split('_')[0])).toBe(true);
    await bakker.call('DELETE', `${events}/${third.split('_')[0]}`);
    const gone = (await list({ syncToken: changed['nextSyncToken'], singleEvents: 'true' })).body['items'];
    expect(gone).toHaveLength(changed['items'].length);
    expect(gone.every((event: Loose) => event['status'] === 'cancelled')).toBe(true);
  });
});

describe('people and watchers', () => {
  it('copy an occurrence as a single event, a master as a series', async () => {
    await weekly({ extendedProperties: { private: { a: '1' } } });
    const copy = async (eventId: string): Promise<Loose> => (await emulator.control('ui/copy', { email: bakker.email, calendarId: 'primary', eventId })).body;
    const single = await copy(third);
    expect(single).toMatchObject({ start: { dateTime: '2027-03-29T10:00:00+02:00' }, extendedProperties: { private: { a: '1' } } });
    for (const name of ['recurrence', 'recurringEventId', 'originalStartTime']) expect(single).not.toHaveProperty(name);
    expect(await instances((await copy('reeks000'))['id'])).toHaveLength(5);
  });

  it('hear of one write once, however much of the series it renews', async () => {
    await weekly();
    await patch(third, { summary: 'Anders' });
    const address = 'http://127.0.0.1:9/none';
    await bakker.call('POST', `${events}/watch`, { body: { id: 'series-watch', type: 'web_hook', address } });
    await emulator.control('faults', { action: { notifications: 'drop' } });
    const dropped = async (): Promise<number> => (await emulator.control('stats')).body['notifications'].dropped;
    const before = await dropped();
    await patch('reeks000_20270322T090000Z', { summary: 'Ook' });
    expect(await dropped()).toBe(before + 1);
  });

  it('empty the bin without filling the holes of a living series', async () => {
    await weekly();
    await bakker.call('DELETE', `${events}/${third}`);
    expect((await emulator.control('ui/empty-bin', { email: bakker.email, calendarId: 'primary' })).body).toEqual({ removed: 0 });
    expect(await instances('reeks000')).toHaveLength(4);
    await bakker.call('DELETE', `${events}/reeks000`);
    await emulator.control('ui/empty-bin', { email: bakker.email, calendarId: 'primary' });
    expect((await patch('reeks000', { status: 'confirmed' })).status).toBe(403);
  });
});

it('a deleted series costs a list nothing, and a rule that never comes true ends', async () => {
  const endless = await bakker.insert(anEvent({ start: at('2020-01-06T10:00:00'), end: at('2020-01-06T11:00:00'), recurrence: ['RRULE:FREQ=SECONDLY'] }));
  const day = { timeMin: '2030-01-01T00:00:00Z', timeMax: '2030-01-02T00:00:00Z', singleEvents: 'true' };
  const refused = await list(day);
  expect([refused.status, refused.body['error'].errors[0].location]).toEqual([501, 'timeMax']);
  await bakker.call('DELETE', `${events}/${endless['id']}`);
  expect(await items(day)).toEqual([]);
  // Every second hour from ten o'clock is never one o'clock.
  const never = await bakker.insert(anEvent({ start: at('2020-01-06T10:00:00'), end: at('2020-01-06T11:00:00'), recurrence: ['RRULE:FREQ=HOURLY;INTERVAL=2;BYHOUR=1'] }));
  expect(await items({ timeMin: '2030-01-01T00:00:00Z' })).toEqual([]);
  expect(startsOf(await instances(never['id']))).toEqual(['2020-01-06T10:00:00+01:00']);
});
