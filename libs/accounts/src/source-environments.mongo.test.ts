import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asCalendarId, asInstallationId, asInventiveId, asSourceName, deriveAccountId } from '@calsync/calendar-model';
import { MongoAccountDirectory } from './account-directory.js';
import { accountsModel } from './accounts.js';
import { GrantStore } from './grants.js';
import { linkAccount, type LinkingUser } from './link-account.js';
import { prepareAccounts } from './prepare-accounts.js';
import { SourceEnvironments } from './source-environments.js';

const installation = asInstallationId('00000000-0000-4000-8000-000000000000');
const [source, other] = [asSourceName('demo'), asSourceName('branch')];
const PRODUCTION = { address: 'https://inventive.example.com', database: 'D1' };
const COPY = { address: 'https://test.example.com', database: 'D1' };

let connection: Connection;
let grants: GrantStore;
let environments: SourceEnvironments;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  grants = new GrantStore({ connection, installation, keys: new KeyRing(`1:${Buffer.alloc(32, 1).toString('base64')}`) });
  await prepareAccounts(connection, grants);
  environments = new SourceEnvironments({ connection, installation });
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});
beforeEach(async () => {
  for (const name of ['accounts', 'grants', 'users-settings', 'source-environments']) await connection.collection(name).deleteMany({});
});

const directory = () => new MongoAccountDirectory({ connection, installation, clock: { now: () => Date.now() } });
const link = async (at = source, digit = '1') => {
  const user: LinkingUser = { source: at, userId: asInventiveId(digit.repeat(32)), loginName: 'jansen', fullName: 'J. Jansen', defaultAdministrationId: asInventiveId('A'.repeat(32)), zone: 'Europe/Amsterdam' };
  const outcome = await linkAccount({ connection, installation, grants }, user, { sub: `sub-${at}`, email: `${at}@example.com` }, { refreshToken: 'refresh', accessToken: 'access', useUntil: Date.now() + 3_600_000 }, { id: asCalendarId(`${at}@example.com`), primary: true });
  if (outcome.kind !== 'linked') throw new Error(outcome.kind);
  return outcome.account;
};
const live = async () => {
  const account = await link();
  await directory().changeState(account.id, ['joining'], 'live');
  await connection.collection('accounts').updateMany({}, { $set: { announcements: [] } });
  return account;
};

describe('[R13.1] an Inventive server is recognised', () => {
  it('as the one that was first seen', async () => {
    expect([await environments.recognise(source, PRODUCTION), await environments.recognise(source, PRODUCTION)]).toEqual(['known', 'known']);
    expect(await environments.all()).toMatchObject([{ source, known: PRODUCTION }]);
  });
  it.each([['stands elsewhere', COPY], ['is another database at the same address', { ...PRODUCTION, database: 'D2' }]])('and locked where it %s: every account of it waits, of other sources none', async (_what, found) => {
    const account = await live();
    const elsewhere = await link(other, '2');
    await environments.recognise(source, PRODUCTION);
    await environments.recognise(other, { address: 'https://branch.example.com' });
    expect(await environments.recognise(source, found)).toBe('locked');
    expect(await directory().byId(account.id)).toMatchObject({ state: 'locked', stateReason: 'source-write-locked' });
    expect((await directory().all()).map(({ id, state }) => [id, state])).toEqual(expect.arrayContaining([[account.id, 'locked'], [elsewhere.id, 'joining']]));
    // A list of who is linked says the same, of all or of one.
    expect((await directory().links()).map(({ id, state }) => [id, state])).toEqual(expect.arrayContaining([[account.id, 'locked'], [elsewhere.id, 'joining']]));
    expect(await directory().links({ source, userId: account.userId })).toEqual([{
      id: account.id, source, userId: account.userId, loginName: account.loginName, fullName: account.fullName, email: account.email, state: 'locked', stateReason: 'source-write-locked',
    }]);
    expect(await environments.all()).toMatchObject([{ source: other }, { source, known: PRODUCTION, locked: { found } }]);
  });
  it('by its address alone where it does not say what its database is called, and by both once it does', async () => {
    const { address } = PRODUCTION;
    expect(await environments.recognise(source, { address })).toBe('known');
    expect(await environments.recognise(source, PRODUCTION)).toBe('known');
    expect(await environments.recognise(source, { address, database: 'D2' })).toBe('locked');
  });
  it('again where it was, after an address that was wrong for a while: everything is compared', async () => {
    const account = await live();
    await environments.recognise(source, PRODUCTION);
    await environments.recognise(source, COPY);
    expect(await environments.recognise(source, PRODUCTION)).toBe('known');
    expect(await directory().byId(account.id)).toMatchObject({ state: 'joining' });
  });
  it('by ten processes at once as one', async () => {
    const seen = await Promise.all(Array.from({ length: 10 }, (_, at) => environments.recognise(source, { address: `https://server-${at}.example.com` })));
    expect(seen.filter((one) => one === 'known')).toHaveLength(1);
  });
});

describe('[R13.2] the answer "moved"', () => {
  it('takes the found server for the known one, and has all accounts compare', async () => {
    const account = await live();
    await environments.recognise(source, PRODUCTION);
    await environments.recognise(source, COPY);
    expect(await environments.answer(source, 'moved', 'beheer', grants)).toBe(true);
    expect(await environments.recognise(source, COPY)).toBe('known');
    expect(await directory().byId(account.id)).toMatchObject({ id: account.id, state: 'joining', installation });
    expect((await accountsModel(connection).findById(account.id).lean())?.announcements.map(({ type }) => type)).toEqual(['nl.inventive.sync.resync.requested.v1']);
    expect((await grants.read(account.id))?.refreshToken).toBe('refresh');
  });
  it('is refused where nothing is locked', async () => {
    await environments.recognise(source, PRODUCTION);
    expect(await environments.answer(source, 'moved', 'beheer', grants)).toBe(false);
  });
});

describe('[R13.3] [lesson 18] the answer "copy"', () => {
  it('unlinks all accounts of that source and erases their grants, with no one told to revoke or stop anything', async () => {
    const account = await live();
    const elsewhere = await link(other, '2');
    await connection.collection('grants').updateOne({ _id: account.id as never }, { $set: { retireAt: new Date(0) } });
    await environments.recognise(source, PRODUCTION);
    await environments.recognise(source, COPY);
    expect(await environments.answer(source, 'copy', 'beheer', grants)).toBe(true);
    expect((await directory().all()).map(({ id }) => id)).toEqual([elsewhere.id]);
    expect([await grants.read(account.id), await grants.dueForRetirement()]).toEqual([undefined, []]);
    expect((await accountsModel(connection).findById(account.id).lean())?.announcements).toEqual([]);
  });
  it('gives what is linked afterwards another identity, in marks and in ids', async () => {
    const before = await live();
    await environments.recognise(source, PRODUCTION);
    await environments.recognise(source, COPY);
    await environments.answer(source, 'copy', 'beheer', grants);
    const after = await link();
    expect(after.installation).not.toBe(installation);
    expect(after.installation).toBe(await environments.identityOf(source));
    expect(after.id).toBe(deriveAccountId(after.installation, source, after.userId, after.sub));
    expect(after.id).not.toBe(before.id);
    expect((await directory().byId(after.id))?.installation).toBe(after.installation);
    expect(await environments.identityOf(other)).toBe(installation);
  });
});
