import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorOf, json, path, resultOf } from '../testing/administrator.js';
import type { Browser } from '../testing/browser.js';
import { consoleUnderTest, until, type ConsoleUnderTest } from '../testing/console-under-test.js';
import { readCalendars } from './google-calendars.js';

let console_: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;

beforeAll(async () => {
  console_ = await consoleUnderTest();
  administrator = await administratorOf(console_);
  beheer = administrator.beheer;
}, 120_000);
afterAll(() => console_?.close(), 60_000);

interface Seen { readonly id: string; readonly name: string; readonly primary: boolean; readonly chosen: boolean }
const atGoogle = async (email: string, method: string, rest: string, body?: object): Promise<{ id: string }> => {
  const { access_token } = await json<{ access_token: string }>(fetch(`${console_.google.url}/_emulator/tokens`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email }) }));
  const answer = await fetch(`${console_.google.url}/calendar/v3${rest}`, {
    method, headers: { authorization: `Bearer ${access_token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${rest}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text === '' ? { id: '' } : JSON.parse(text)) as { id: string };
};
const newCalendar = async (email: string, summary: string) => (await atGoogle(email, 'POST', '/calendars', { summary })).id;
const calendarsOf = async (loginName: string): Promise<readonly Seen[]> => (await json<{ calendars: readonly Seen[] }>(beheer.get(path(await administrator.user(loginName), 'calendars')))).calendars;
const choose = async (loginName: string, calendarId: string) => beheer.request('PUT', path(await administrator.user(loginName), 'calendar'), { json: { calendarId } });
const chosenBy = async (loginName: string) => (await calendarsOf(loginName)).filter(({ chosen }) => chosen).map(({ id }) => id);
const accountOf = async (loginName: string) => (await administrator.user(loginName)).account;
const offered = (html: string) => [...html.matchAll(/name="calendar" value="([^"]*)"( checked)?> <span>([^<]*)</g)].map(([, id, checked, name]) => ({ id, name, checked: checked !== undefined }));

describe('an administrator', () => {
  it('[R6.8] sees the calendars that can be written to, chooses another, and the first again', async () => {
    await administrator.linkUser('jansen');
    expect(await calendarsOf('jansen')).toEqual([{ id: 'jansen@example.com', name: 'jansen@example.com', primary: true, chosen: true }]);
    const team = await newCalendar('jansen@example.com', 'Werk');
    const first = (await accountOf('jansen'))!.id;
    expect((await calendarsOf('jansen')).map(({ name, chosen }) => [name, chosen])).toEqual([['jansen@example.com', true], ['Werk', false]]);

    expect((await choose('jansen', team)).status).toBe(204);
    expect(await chosenBy('jansen')).toEqual([team]);
    expect(await accountOf('jansen')).toMatchObject({ email: 'jansen@example.com', state: 'joining' });
    expect((await accountOf('jansen'))!.id).not.toBe(first);
    expect((await choose('jansen', 'jansen@example.com')).status).toBe(204);
    expect(await accountOf('jansen')).toMatchObject({ id: first, state: 'joining' });
    // A second press on the same button is no mistake.
    expect((await choose('jansen', 'jansen@example.com')).status).toBe(204);
    expect((await accountOf('jansen'))!.id).toBe(first);
  });

  it('is told what stands in the way: another person’s calendar, nobody linked, Google away, the consent gone', async () => {
    const foreign = await newCalendar('devries@example.com', 'Van een ander');
    expect(await json(choose('jansen', foreign))).toMatchObject({ status: 400, code: 'unknown-calendar' });
    expect(await json(choose('bakker', foreign))).toMatchObject({ status: 404, code: 'not-linked' });
    expect(await json(beheer.get(path(await administrator.user('bakker'), 'calendars')))).toMatchObject({ code: 'not-linked' });
    const fault = (match: object, action: object) => fetch(`${console_.google.url}/_emulator/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ match, action }) });
    await fault({ method: 'calendar.calendarList.list' }, { error: { status: 503, reason: 'backendError' } });
    expect(await json(beheer.get(path(await administrator.user('jansen'), 'calendars')))).toMatchObject({ status: 503, code: 'google-unreachable' });
    await fetch(`${console_.google.url}/_emulator/faults`, { method: 'DELETE' });
    await fault({ email: 'jansen@example.com', client: 'inventive-calendar-sync' }, { revoke: true });
    expect(await json(beheer.get(path(await administrator.user('jansen'), 'calendars')))).toMatchObject({ status: 409, code: 'needs-consent' });
    await until('the console shows it', async () => (await accountOf('jansen'))?.state === 'needs-consent');
  });

  it('[R6.9] links again without being asked: the calendar that was chosen resumes', async () => {
    const [team = ''] = (await administrator.linkUser('jansen').then(() => calendarsOf('jansen'))).flatMap(({ id, primary }) => (primary ? [] : [id]));
    await choose('jansen', team);
    const { id } = (await accountOf('jansen'))!;
    await beheer.request('DELETE', path(await administrator.user('jansen'), 'link'));
    expect(resultOf((await administrator.linkUser('jansen')).headers.get('location'))).toBe('resumed');
    expect([(await accountOf('jansen'))!.id, await chosenBy('jansen')]).toEqual([id, [team]]);
  });

  it('is asked which calendar to go on with where the chosen one is gone', async () => {
    const [team = ''] = await chosenBy('jansen');
    await atGoogle('jansen@example.com', 'DELETE', `/calendars/${encodeURIComponent(team)}`);
    expect(await chosenBy('jansen')).toEqual([]);
    const asked = await administrator.linkUser('jansen');
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/google/agenda']);
    const page = await (await beheer.get('/google/agenda')).text();
    expect(page).toContain('is gone, or read-only');
    expect(offered(page)).toEqual([{ id: 'jansen@example.com', name: 'jansen@example.com', checked: true }]);
    const back = await beheer.request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: 'jansen@example.com' }) });
    expect(resultOf(back.headers.get('location'))).toBe('resumed');
    expect(await chosenBy('jansen')).toEqual(['jansen@example.com']);
  });
});

describe('[R6.10] a user with more than one calendar', () => {
  it('is asked at the first link, in the guest’s own browser; nothing of what Google gave is in the page', async () => {
    const own = await newCalendar('visser@example.com', 'Werk <b>&</b> meer');
    const { url } = await json<{ url: string }>(beheer.request('POST', path(await administrator.user('visser'), 'invitation'), { json: {} }));
    const guest = console_.browser();
    const follow = async () => guest.get(await guest.consent((await guest.request('POST', url, { form: new URLSearchParams() })).headers.get('location') ?? ''));
    expect((await follow()).headers.get('location')).toBe('/google/agenda');
    expect(await accountOf('visser')).toBeUndefined();

    const page = await guest.get('/google/agenda');
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(offered(html)).toEqual([{ id: 'visser@example.com', name: 'visser@example.com', checked: true }, { id: own, name: 'Werk &lt;b&gt;&amp;&lt;/b&gt; meer', checked: false }]);
    const stored = JSON.stringify(await console_.connection.collection('link-requests').find({ kind: 'choice' }).toArray());
    for (const text of [html, stored]) expect(text).not.toMatch(/ya29|1\/\/|refresh/);

    // Another browser has no key to it; a calendar that wasn't offered isn't taken.
    expect((await console_.browser().get('/google/agenda')).status).toBe(400);
    expect((await console_.browser().request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: own }) })).status).toBe(400);
    expect((await guest.request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: 'jansen@example.com' }) })).status).toBe(400);
    expect(await accountOf('visser')).toBeUndefined();

    const done = await guest.request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: own }) });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('visser@example.com');
    expect(await accountOf('visser')).toMatchObject({ state: 'joining' });
    expect(await chosenBy('visser')).toEqual([own]);
    // Once: the choice is over, and so is the invitation.
    expect((await guest.request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: own }) })).status).toBe(400);
    expect((await guest.get(url)).status).toBe(400);
  });

  it('whose Google account is another user’s is refused without being asked', async () => {
    const back = await beheer.get(await beheer.consent(await administrator.beginLink(await administrator.user('bakker'), { confirmedEmail: 'visser@example.com' }), { email: 'visser@example.com' }));
    expect(resultOf(back.headers.get('location'))).toBe('google-account-taken');
  });

  it('who has but one is asked nothing', async () => {
    expect(resultOf((await administrator.linkUser('bakker')).headers.get('location'))).toBe('linked');
    expect(await chosenBy('bakker')).toEqual(['bakker@example.com']);
  });

  it('who waits too long begins again, and nothing was linked', async () => {
    await newCalendar('devries@example.com', 'Nog een');
    expect((await administrator.linkUser('devries')).headers.get('location')).toBe('/google/agenda');
    await console_.connection.collection('link-requests').updateMany({ kind: 'choice' }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    expect((await beheer.request('POST', '/google/agenda', { form: new URLSearchParams({ calendar: 'devries@example.com' }) })).status).toBe(400);
    expect(await accountOf('devries')).toBeUndefined();
  });
});

describe('[R6.7] a calendar that a colleague shared', () => {
  it('is refused while it is kept for that colleague, and nothing changes', async () => {
    expect(await chosenBy('bakker')).toEqual(['bakker@example.com']);
    await atGoogle('bakker@example.com', 'POST', '/calendars/bakker@example.com/acl', { role: 'writer', scope: { type: 'user', value: 'jansen@example.com' } });
    await atGoogle('jansen@example.com', 'POST', '/users/me/calendarList', { id: 'bakker@example.com' });
    const before = await calendarsOf('jansen');
    expect(before).toContainEqual(expect.objectContaining({ id: 'bakker@example.com', chosen: false }));
    expect(await json(choose('jansen', 'bakker@example.com'))).toMatchObject({ status: 409, code: 'calendar-taken' });
    expect(await calendarsOf('jansen')).toEqual(before);
  });
});

describe('the list of calendars', () => {
  const answering = async (answers: readonly { readonly status: number; readonly body: object }[]) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]!;
      asked.push(request.url ?? '');
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const reading = await readCalendars(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token').finally(() => server.close());
    return { reading, asked };
  };
  const refusal = (reason: string) => ({ error: { errors: [{ domain: 'usageLimits', reason }] } });

  it('is read to its last page, without what can only be read; the primary one comes first, a name of one’s own counts', async () => {
    const { reading, asked } = await answering([
      { status: 200, body: { nextPageToken: 'next', items: [{ id: 'z', summary: 'Zaal', accessRole: 'writer' }, { id: 'holidays', summary: 'Feestdagen', accessRole: 'reader' }, { id: 'half', accessRole: 'writerWithoutPrivateAccess' }] } },
      { status: 200, body: { items: [{ id: 'me@example.com', summary: 'me@example.com', primary: true, accessRole: 'owner' }, { id: 'a', summary: 'x', summaryOverride: 'Auto', accessRole: 'owner' }] } },
    ]);
    expect(reading).toEqual({ kind: 'read', calendars: [{ id: 'me@example.com', name: 'me@example.com', primary: true }, { id: 'a', name: 'Auto', primary: false }, { id: 'z', name: 'Zaal', primary: false }] });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('pageToken=next');
  });

  it.each([
    { said: 'a server that fails', answers: [{ status: 503, body: {} }], kind: 'unreachable', times: 3 },
    { said: 'too many questions', answers: [{ status: 403, body: refusal('userRateLimitExceeded') }], kind: 'unreachable', times: 3 },
    { said: 'one failure among answers', answers: [{ status: 500, body: {} }, { status: 200, body: { items: [] } }], kind: 'read', times: 2 },
    { said: 'no calendar service', answers: [{ status: 403, body: refusal('notACalendarUser') }], kind: 'refused', times: 1 },
    { said: 'a token that is dead', answers: [{ status: 401, body: refusal('authError') }], kind: 'token-refused', times: 1 },
  ])('$said: $kind after $times', async ({ answers, kind, times }) => {
    const { reading, asked } = await answering(answers);
    expect([reading.kind, asked.length]).toEqual([kind, times]);
  });
});
