import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asCalendarId, asInstallationId, asInventiveId, asSourceName, type AccountId } from '@calsync/calendar-model';
import { MongoAccountDirectory } from './account-directory.js';
import { accountsModel } from './accounts.js';
import { administrationsModel } from './administration-settings.js';
import { publishAnnouncements } from './announcements.js';
import { changeAdministration } from './change-administration.js';
import { changeSettings, readSettingsOf, readSettingsOfEach } from './change-settings.js';
import { GrantStore } from './grants.js';
import { linkAccount } from './link-account.js';
import type { PolicySettings } from './policy-settings.js';
import { prepareAccounts } from './prepare-accounts.js';
import { spreadSettings } from './spread-settings.js';
import type { UserSettings } from './users-settings.js';

const installation = asInstallationId('00000000-0000-4000-8000-000000000000');
const source = asSourceName('demo');
const A = asInventiveId('A'.repeat(32));
const B = asInventiveId('B'.repeat(32));
const user = (n: number) => asInventiveId(String(n).padStart(32, '0'));

let connection: Connection;
let grants: GrantStore;
let directory: MongoAccountDirectory;
/** Accounts whose agenda holds something of B. */
let holding: Set<AccountId>;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  grants = new GrantStore({ connection, installation, keys: new KeyRing(`1:${Buffer.alloc(32, 1).toString('base64')}`) });
  await prepareAccounts(connection, grants);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});
beforeEach(async () => {
  for (const name of ['accounts', 'grants', 'users-settings', 'administrations-settings']) await connection.collection(name).deleteMany({});
  directory = new MongoAccountDirectory({ connection, installation, clock: { now: () => 0 } });
  holding = new Set();
});

const parts = () => ({ connection, installation, grants, holders: async () => holding });
const change = (administration: typeof A, settings: PolicySettings) => changeAdministration(parts(), source, administration, settings);
const spread = () => spreadSettings(parts());
/** Linked and at work, with nothing left to tell. */
async function live(n: number): Promise<AccountId> {
  const outcome = await linkAccount(
    parts(), { source, userId: user(n), loginName: `u${n}`, fullName: `User ${n}`, zone: 'Europe/Amsterdam', defaultAdministrationId: A }, { sub: `sub-${n}`, email: `u${n}@example.com` },
    { refreshToken: 'refresh', accessToken: 'access', useUntil: Date.now() + 3_600_000 }, { id: asCalendarId(`u${n}@example.com`), primary: true },
  );
  if (outcome.kind !== 'linked') throw new Error(outcome.kind);
  await directory.changeState(outcome.account.id, ['joining'], 'live');
  await published();
  return outcome.account.id;
}
const set = async (n: number, own: Partial<UserSettings>) => {
  await changeSettings(parts(), source, user(n), { ...(await readSettingsOf(connection, source, user(n))), ...own });
  await accountsModel(connection).updateMany({ userId: user(n) }, { $set: { state: 'live', announcements: [] } });
  directory.forget();
};
const published = async (): Promise<readonly string[]> => {
  const keys: string[] = [];
  await publishAnnouncements({ connection, installation, publisher: { publish: async (batch) => void keys.push(...batch.map((one) => one.key)) } });
  return keys;
};
const states = async () => Object.fromEntries((await accountsModel(connection).find().sort({ userId: 1 }).lean()).map((one) => [one.loginName, one.state]));
const account = async (n: number) => {
  directory.forget();
  return directory.byUser(source, user(n));
};

describe('[R7.13] the settings of an administration', () => {
  it('go for its users at once, each direction by itself, and a user’s own go before them', async () => {
    await live(1);
    await live(2);
    await set(2, { rules: { deletion: { toGoogle: 'keep' } } });
    await change(A, { rules: { deletion: { toGoogle: 'mark', toInventive: 'keep' }, guests: 'silent' } });
    expect([(await account(1))?.rules.deletion, (await account(2))?.rules.deletion]).toEqual([{ toGoogle: 'mark', toInventive: 'keep' }, { toGoogle: 'keep', toInventive: 'keep' }]);
    expect((await account(2))?.rules.guests).toBe('silent');
  });

  it('of another administration go for what is of it, in an agenda that holds both', async () => {
    await live(1);
    await change(B, { rules: { deletion: { toGoogle: 'mark' } } });
    const both = await account(1);
    expect([both?.rules.deletion.toGoogle, both?.elsewhere?.of[B]?.rules.deletion.toGoogle, both?.elsewhere?.otherwise.rules.deletion.toGoogle]).toEqual(['delete', 'mark', 'delete']);
    expect((await directory.all())[0]).toEqual(both);
    await set(1, { onlyAdministration: true });
    expect((await account(1))?.elsewhere).toBeUndefined();
  });

  it('that were taken back are as by default again', async () => {
    await live(1);
    await change(A, { privateContent: 'full' });
    expect((await account(1))?.privateContent).toBe('full');
    await change(A, { privateContent: null });
    expect((await account(1))?.privateContent).toBe('busy-only');
  });
});

describe('[R7.14] a changed administration', () => {
  it('has the agendas of its users planned anew, and of others that hold something of it; it says of how many users', async () => {
    const [own, holds, other, bound] = [await live(1), await live(2), await live(3), await live(4)];
    await set(1, { administrationId: B });
    await set(4, { administrationId: A, onlyAdministration: true });
    holding = new Set([own, holds, bound]);
    expect(await change(B, { rules: { deletion: { toGoogle: 'mark' } } })).toMatchObject({ affectedUsers: 2 });
    expect(await states()).toEqual({ u1: 'live', u2: 'live', u3: 'live', u4: 'live' });
    expect(await spread()).toBe(2);
    expect(await states()).toEqual({ u1: 'joining', u2: 'joining', u3: 'live', u4: 'live' });
    expect((await published()).toSorted()).toEqual([own, holds].toSorted());
    expect(other).toBeDefined();
    // The joining that began under the older settings doesn't end this one.
    expect((await account(2))?.revision).toBe(2);
  });

  it('leaves alone who have all that changed set for themselves, and where nothing differs', async () => {
    await live(1);
    await live(2);
    await set(1, { privateContent: 'busy-only' });
    expect(await change(A, { privateContent: 'full' })).toMatchObject({ affectedUsers: 1 });
    expect(await spread()).toBe(1);
    expect(await states()).toEqual({ u1: 'live', u2: 'joining' });
    expect(await change(A, { privateContent: 'full', rules: { guests: 'off' } })).toMatchObject({ affectedUsers: 0 });
  });

  it('needs no comparison where only the winner of conflicts is another', async () => {
    await live(1);
    expect(await change(A, { conflictPolicy: 'google-wins' })).toMatchObject({ affectedUsers: 1 });
    expect([await spread(), await states(), (await account(1))?.conflictPolicy]).toEqual([0, { u1: 'live' }, 'google-wins']);
  });

  it('is taken to many some at a time, each once, whoever does it and however often it dies', async () => {
    for (let n = 1; n <= 60; n += 1) await live(n);
    await change(A, { rules: { guests: 'silent' } });
    const [one, other] = await Promise.all([spread(), spread()]);
    const joining = async () => Object.values(await states()).filter((state) => state === 'joining').length;
    // Two consoles at once may each see room for some.
    expect(one + other).toBe(await joining());
    expect(await joining()).toBeLessThan(60);
    // Nobody comes out of joining: one a turn, and no more.
    const stuck = await joining();
    expect([await spread(), await joining()]).toEqual([1, stuck + 1]);
    for (let turn = 0; turn < 5; turn += 1) {
      await accountsModel(connection).updateMany({ state: 'joining' }, { $set: { state: 'live' } });
      await spread();
    }
    expect((await published()).length).toBe(60);
    expect(new Set((await accountsModel(connection).find().lean()).map(({ revision }) => revision))).toEqual(new Set([2]));
    await spread();
    expect((await administrationsModel(connection).findOne().lean())?.spreading).toBeUndefined();
  });

  it('and changed again before it came round goes to all for both changes', async () => {
    await live(1);
    await set(1, { rules: { guests: 'silent' } });
    await change(A, { privateContent: 'full' });
    await change(A, { privateContent: 'full', rules: { guests: 'mail' } });
    expect([await spread(), await states()]).toEqual([1, { u1: 'joining' }]);
  });

  it('does not put to work who waits for a person: going on compares them in any case', async () => {
    const id = await live(1);
    await directory.changeState(id, ['live'], 'held', 'held-by-brake');
    await change(A, { privateContent: 'full' });
    expect([await spread(), await states()]).toEqual([0, { u1: 'held' }]);
    await spread();
    expect((await administrationsModel(connection).findOne().lean())?.spreading).toBeUndefined();
  });
});

describe("a user's own settings", () => {
  it('compare the agenda again where they differ from what went, and not where they say the same', async () => {
    await live(1);
    await change(A, { privateContent: 'full' });
    await spread();
    await accountsModel(connection).updateMany({}, { $set: { state: 'live', announcements: [] } });
    const own = await readSettingsOf(connection, source, user(1));
    expect([...(await readSettingsOfEach(connection, [1, 99].map((n) => ({ source, id: user(n) }))))]).toEqual([[`${source}/${user(1)}`, own]]);
    await changeSettings(parts(), source, user(1), { ...own, conflictPolicy: 'google-wins' });
    expect(await states()).toEqual({ u1: 'live' });
    await changeSettings(parts(), source, user(1), { ...own, privateContent: 'busy-only' });
    expect(await states()).toEqual({ u1: 'joining' });
  });
});
