import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asCalendarId, asInstallationId, asInventiveId, asSourceName, type AccountId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { MongoAccountDirectory } from './account-directory.js';
import { publishAnnouncements } from './announcements.js';
import { chooseCalendar, lastCalendarOf } from './choose-calendar.js';
import { changeSettings } from './change-settings.js';
import { GrantStore } from './grants.js';
import { linkAccount, unlinkAccount, type LinkingUser } from './link-account.js';
import { prepareAccounts } from './prepare-accounts.js';
import { retireGrants } from './retire-grants.js';
import { DEFAULT_SETTINGS } from './users-settings.js';

const installation = asInstallationId('00000000-0000-4000-8000-000000000000');
const source = asSourceName('demo');
const jansen = asInventiveId('1'.repeat(32));
const identity = { sub: 'sub-jansen', email: 'jansen@example.com' };
const tokens = { refreshToken: 'refresh', accessToken: 'access', useUntil: Date.now() + 3_600_000 };
const own = { id: asCalendarId('jansen@example.com'), primary: true };
const team = { id: asCalendarId('c_team@group.calendar.google.com'), primary: false };

let connection: Connection;
let grants: GrantStore;
let directory: MongoAccountDirectory;
/** Google's revocations, as far as they are asked for. */
let google: Server;
const revoked: string[] = [];

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  grants = new GrantStore({ connection, installation, keys: new KeyRing(`1:${Buffer.alloc(32, 1).toString('base64')}`) });
  await prepareAccounts(connection, grants);
  google = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => revoked.push(String(new URLSearchParams(chunk.toString()).get('token'))));
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => google.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  google.close();
  await connection.dropDatabase();
  await connection.close();
});
beforeEach(async () => {
  for (const name of ['accounts', 'grants', 'users-settings']) await connection.collection(name).deleteMany({});
  revoked.length = 0;
  directory = new MongoAccountDirectory({ connection, installation, clock: { now: () => Date.now() } });
});

const parts = () => ({ connection, installation, grants });
const user: LinkingUser = { source, userId: jansen, loginName: 'jansen', fullName: 'Jan Jansen', expectedEmail: 'jansen@example.com', defaultAdministrationId: asInventiveId('A'.repeat(32)), zone: 'Europe/Amsterdam' };
const link = (calendar = own) => linkAccount(parts(), user, identity, tokens, calendar);
const choose = (calendar: typeof own) => chooseCalendar(parts(), source, jansen, calendar);
const linked = async () => (await directory.all()).map(({ id, calendarId, state }) => ({ id, calendarId, state }));
const accountId = async (): Promise<AccountId> => (await directory.all())[0]!.id;
const published = async (): Promise<Message[]> => {
  const messages: Message[] = [];
  await publishAnnouncements({ connection, installation, publisher: { publish: async (batch) => void messages.push(...batch) } });
  return messages;
};
const retireNow = async () => {
  await connection.collection('grants').updateMany({ retireAt: { $exists: true } }, { $set: { retireAt: new Date(0) } });
  await retireGrants({ ...parts(), client: { clientId: 'client', clientSecret: 'secret', root: `http://127.0.0.1:${(google.address() as AddressInfo).port}` } });
};

describe('choosing another calendar', () => {
  it('[R6.8] unlinks the old one and links the new one with the same consent, at once, and tells the services of both', async () => {
    await link();
    const before = await accountId();
    await published();
    expect(await choose(team)).toMatchObject({ kind: 'chosen', resumed: false, account: { calendarId: team.id, state: 'joining', email: identity.email, loginName: 'jansen' } });
    const after = await accountId();
    expect(after).not.toBe(before);
    expect(await linked()).toEqual([{ id: after, calendarId: team.id, state: 'joining' }]);
    expect(await grants.read(after)).toMatchObject({ accountId: after, refreshToken: 'refresh', accessToken: { token: 'access' }, refused: false });
    // What the old channels are stopped with.
    expect(await grants.read(before)).toMatchObject({ refreshToken: 'refresh' });
    expect((await published()).map(({ type, key }) => `${type} ${key}`).sort()).toEqual([`nl.inventive.sync.account-linked.v1 ${after}`, `nl.inventive.sync.account-unlinked.v1 ${before}`]);
  });

  it('[R6.9] and the first one again resumes it: the same account, so the same pairs', async () => {
    await link();
    const first = await accountId();
    await choose(team);
    const second = await accountId();
    expect((await directory.all())[0]).not.toHaveProperty('keptElsewhereUntil');
    const chosenAt = Date.now();
    expect(await choose(own)).toMatchObject({ kind: 'chosen', resumed: true, account: { id: first, calendarId: own.id, state: 'joining' } });
    // What was deleted in it until now was tidied up, and takes no appointment along.
    const until = (await directory.all())[0]!.keptElsewhereUntil;
    expect(until).toBeGreaterThanOrEqual(chosenAt);
    // A new consent for the same calendar changes nothing of that.
    await link();
    expect((await directory.all())[0]!.keptElsewhereUntil).toBe(until);
    expect(await choose(team)).toMatchObject({ kind: 'chosen', resumed: true, account: { id: second } });
    expect(await linked()).toHaveLength(1);
  });

  it('takes in no change that was planned for the account before: its state is no longer to be had', async () => {
    await link();
    const before = await accountId();
    await choose(team);
    expect(await directory.changeState(before, ['off', 'joining', 'live'], 'live')).toBe(false);
    // Whatever is remembered of it for seconds: asked before each write.
    expect([await directory.isLinked(before), await directory.isLinked(await accountId())]).toEqual([false, true]);
    expect(await directory.current(before)).toBeUndefined();
  });

  it('leaves the account off where the settings say so', async () => {
    await link();
    await changeSettings(parts(), source, jansen, { ...DEFAULT_SETTINGS, on: false });
    expect(await choose(team)).toMatchObject({ kind: 'chosen', account: { state: 'off' } });
  });

  it('gets an account out of a calendar that is gone', async () => {
    await link(team);
    await directory.changeState(await accountId(), ['joining'], 'needs-calendar', 'needs-calendar');
    expect(await choose(own)).toMatchObject({ kind: 'chosen', account: { state: 'joining', calendarId: own.id } });
  });

  it('changes nothing where that calendar is the chosen one, nobody is linked, or the consent is gone', async () => {
    expect(await choose(team)).toEqual({ kind: 'not-linked' });
    await link();
    await published();
    expect(await choose(own)).toEqual({ kind: 'chosen-already' });
    const id = await accountId();
    await grants.markRefused((await grants.read(id))!);
    expect(await choose(team)).toEqual({ kind: 'needs-consent' });
    expect(await linked()).toEqual([{ id, calendarId: own.id, state: 'joining' }]);
    expect(await published()).toEqual([]);
  });

  it('lets one of two administrators win who choose at the same moment, and one calendar is linked', async () => {
    await link();
    const outcomes = await Promise.all([choose(team), choose({ id: asCalendarId('c_other@group.calendar.google.com'), primary: false })]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['chosen', 'chosen']);
    expect(await linked()).toHaveLength(1);
  });
});

describe('a new consent', () => {
  it('[R6.9] finds the calendar that was chosen last, linked or not, and only of that Google account', async () => {
    expect(await lastCalendarOf(parts(), user, identity.sub)).toBeUndefined();
    await link();
    expect(await lastCalendarOf(parts(), user, identity.sub)).toEqual(own);
    await choose(team);
    expect(await lastCalendarOf(parts(), user, identity.sub)).toEqual(team);
    expect(await lastCalendarOf(parts(), user, 'sub-other')).toBeUndefined();
    await unlinkAccount(parts(), source, jansen);
    expect(await lastCalendarOf(parts(), user, identity.sub)).toEqual(team);
  });

  it('with another calendar links that one instead', async () => {
    await link();
    const before = await accountId();
    expect(await link(team)).toMatchObject({ kind: 'linked', resumed: false, account: { calendarId: team.id } });
    expect(await linked()).toHaveLength(1);
    expect(await accountId()).not.toBe(before);
  });
});

describe('[R6.7] a calendar that is shared between two users', () => {
  const deVries: LinkingUser = { ...user, userId: asInventiveId('2'.repeat(32)), loginName: 'devries', fullName: 'Anna de Vries', expectedEmail: 'devries@example.com' };
  const hers = { id: asCalendarId('devries@example.com'), primary: true };
  const linkDeVries = (calendar: typeof own) => linkAccount(parts(), deVries, { sub: 'sub-devries', email: 'devries@example.com' }, tokens, calendar);
  const taken = { kind: 'calendar-taken', by: 'Jan Jansen' };

  it('is kept for one of them: the other is told whose it is, and keeps what there was', async () => {
    await link(team);
    expect(await linkDeVries(team)).toEqual(taken);
    await linkDeVries(hers);
    expect(await chooseCalendar(parts(), source, deVries.userId, team)).toEqual(taken);
    expect((await linked()).map(({ calendarId }) => calendarId).toSorted()).toEqual([team.id, hers.id].toSorted());
    // Left by the one it is free for the other; and so is somebody's own, once they are linked with another.
    await choose(own);
    expect(await chooseCalendar(parts(), source, deVries.userId, team)).toMatchObject({ kind: 'chosen' });
    expect(await choose(team)).toEqual({ kind: 'calendar-taken', by: 'Anna de Vries' });
  });

  it('also where both are chosen at the same moment', async () => {
    await link();
    await linkDeVries(hers);
    const outcomes = await Promise.all([choose(team), chooseCalendar(parts(), source, deVries.userId, team)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['calendar-taken', 'chosen']);
    expect((await linked()).filter(({ calendarId }) => calendarId === team.id)).toHaveLength(1);
  });
});

describe('the grant of the calendar before', () => {
  it('[R6.8] is erased and not revoked, for the new one lives by the same consent', async () => {
    await link();
    const before = await accountId();
    await choose(team);
    await retireNow();
    expect(await grants.read(before)).toBeUndefined();
    expect(await grants.read(await accountId())).toMatchObject({ refreshToken: 'refresh' });
    expect(revoked).toEqual([]);
  });

  it('is revoked with the last of them, once the person is unlinked', async () => {
    await link();
    await choose(team);
    const last = await accountId();
    await unlinkAccount(parts(), source, jansen);
    // The first is due before the last: the channels of that one are still to be stopped.
    await connection.collection<{ _id: string }>('grants').updateMany({ _id: { $ne: last } }, { $set: { retireAt: new Date(0) } });
    await retireGrants({ ...parts(), client: { clientId: 'client', clientSecret: 'secret', root: `http://127.0.0.1:${(google.address() as AddressInfo).port}` } });
    expect(revoked).toEqual([]);
    await retireNow();
    expect(revoked).toEqual(['refresh']);
    expect(await connection.collection('grants').countDocuments()).toBe(0);
  });
});
