import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorOf, json, path } from './testing/administrator.js';
import type { Browser } from './testing/browser.js';
import { consoleUnderTest, until, type ConsoleUnderTest } from './testing/console-under-test.js';

interface Sourced { readonly value: unknown; readonly from: string }
interface Effective { readonly privateContent: Sourced; readonly rules: { readonly deletion: { readonly toGoogle: Sourced; readonly toInventive: Sourced }; readonly colours: Sourced; readonly guests: Sourced } }
interface View { readonly id: string; readonly code: string; readonly name: string; readonly settings: object; readonly effective: Effective; readonly accountsAhead: number }

let under: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;

beforeAll(async () => {
  under = await consoleUnderTest();
  administrator = await administratorOf(under);
  beheer = administrator.beheer;
}, 120_000);
afterAll(() => under?.close(), 60_000);

const address = '/api/sources/demo/administrations';
const list = async () => (await json<{ administrations: readonly View[] }>(beheer.get(address))).administrations;
const put = (id: string, settings: object) => beheer.request('PUT', `${address}/${id}/settings`, { json: settings });
const settingsOf = async (loginName: string) => json<{ effective: Effective; inherited: Effective; administrationId?: string }>(beheer.get(path(await administrator.user(loginName), 'settings')));
const inState = (loginName: string, state: string) => until(`${loginName} is ${state}`, async () => (await administrator.user(loginName)).account?.state === state);

describe('administrations', () => {
  it('are listed by their names in Inventive, with what goes: at first the defaults', async () => {
    const found = await list();
    expect(found.length).toBeGreaterThan(1);
    expect(found.map(({ code }) => code)).toEqual(found.map(({ code }) => code).toSorted());
    for (const one of found) {
      expect(one.name).not.toBe('');
      expect([one.settings, one.accountsAhead]).toEqual([{}, 0]);
      expect(one.effective.rules.guests).toEqual({ value: 'off', from: 'default' });
    }
  });

  it('are set one by one, key by key, and can be taken back', async () => {
    const [one, other] = await list();
    const answer = await json<{ settings: object; effective: Effective; affectedUsers: number }>(put(one!.id, { privateContent: 'full', rules: { deletion: { toGoogle: 'mark', toInventive: null } } }));
    expect(answer).toMatchObject({ settings: { privateContent: 'full', rules: { deletion: { toGoogle: 'mark' } } }, affectedUsers: 0 });
    expect(answer.effective.rules.deletion).toEqual({ toGoogle: { value: 'mark', from: 'administration' }, toInventive: { value: 'delete', from: 'default' } });
    const [now, untouched] = await list();
    expect([now?.effective.privateContent.from, untouched]).toEqual(['administration', other]);
    expect(await json(put(one!.id, {}))).toMatchObject({ settings: {} });
  });

  it('that are set wrongly are refused field by field, and nothing is saved', async () => {
    const [one] = await list();
    const refused = await put(one!.id, { rules: { deletion: { toGoogle: 'vernietigen' }, colours: { Bezoek: { kind: 'colour', id: '12' } } }, privatecontent: 'full' });
    expect(refused.status).toBe(400);
    const problem = await json<{ code: string; errors: { path: string; message: string }[] }>(refused);
    expect([problem.code, problem.errors.map((error) => error.path).toSorted()]).toEqual(['invalid', ['', 'rules.colours.Bezoek.id', 'rules.deletion.toGoogle']]);
    expect(problem.errors.map((error) => error.message).join()).toMatch(/privatecontent/);
    expect((await list())[0]?.settings).toEqual({});
    expect(await json(put('F'.repeat(32), {}))).toMatchObject({ code: 'unknown-administration' });
    expect(await json(beheer.get('/api/sources/elders/administrations'))).toMatchObject({ code: 'unknown-source' });
  });

  it('[R7.14] reach who is linked already, and say how many; a user’s own setting wins, and shows as such', async () => {
    await administrator.linkUser('jansen');
    await administrator.linkUser('bakker');
    const accounts = under.connection.collection('accounts');
    const atWork = () => accounts.updateMany({ linked: true }, { $set: { state: 'live' } });
    await atWork();
    const { administrationId } = await settingsOf('jansen');
    expect((await settingsOf('bakker')).administrationId).toBe(administrationId);
    const bakker = await administrator.user('bakker');
    await beheer.request('PUT', path(bakker, 'settings'), { json: { ...bakker.settings, rules: { deletion: { toGoogle: 'keep' } } } });
    await inState('bakker', 'joining');
    await atWork();
    expect(await json(put(administrationId!, { rules: { deletion: { toGoogle: 'mark' } } }))).toMatchObject({ affectedUsers: 1 });
    await inState('jansen', 'joining');
    expect((await administrator.user('bakker')).account?.state).toBe('live');
    const [jansens, bakkers] = [await settingsOf('jansen'), await settingsOf('bakker')];
    expect([jansens.effective.rules.deletion.toGoogle, bakkers.effective.rules.deletion.toGoogle, bakkers.inherited.rules.deletion.toGoogle]).toEqual([
      { value: 'mark', from: 'administration' }, { value: 'keep', from: 'user' }, { value: 'mark', from: 'administration' },
    ]);
    await until('all are under way', async () => (await list()).every(({ accountsAhead }) => accountsAhead === 0));
  }, 60_000);

  it('answer that Inventive is away, and what to do', async () => {
    const id = (await list())[0]!.id;
    await under.inventive.stop();
    // A list of a few seconds ago still answers.
    const refused = await until('it notices', async () => { const answer = await beheer.get(address); return answer.status === 503 && answer; }, 20_000);
    expect(await json(refused)).toMatchObject({ code: 'inventive-unreachable' });
    expect((await put(id, {})).status).toBe(503);
  }, 40_000);
});
