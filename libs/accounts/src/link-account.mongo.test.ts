import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asCalendarId, asInstallationId, asInventiveId, asSourceName } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { MongoAccountDirectory } from './account-directory.js';
import { publishAnnouncements } from './announcements.js';
import { changeSettings, readSettingsOf } from './change-settings.js';
import { GrantStore } from './grants.js';
import { linkAccount, unlinkAccount, type GoogleIdentity, type LinkingUser } from './link-account.js';
import { prepareAccounts } from './prepare-accounts.js';
import { DEFAULT_SETTINGS } from './users-settings.js';

const installation = asInstallationId('00000000-0000-4000-8000-000000000000');
const source = asSourceName('demo');
const administration = asInventiveId('A'.repeat(32));
const tokens = { refreshToken: 'refresh', accessToken: 'access', useUntil: Date.now() + 3_600_000 };
const jansen = asInventiveId('1'.repeat(32));
const bakker = asInventiveId('2'.repeat(32));

let connection: Connection;
let grants: GrantStore;
let now: number;
let directory: MongoAccountDirectory;

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
  for (const name of ['accounts', 'grants', 'users-settings']) await connection.collection(name).deleteMany({});
  now = 1_000_000;
  directory = new MongoAccountDirectory({ connection, installation, clock: { now: () => now } });
});

const parts = () => ({ connection, installation, grants });
const user = (overrides: Partial<LinkingUser> = {}): LinkingUser => ({
  source, userId: jansen, loginName: 'jansen', fullName: 'Jan Jansen', expectedEmail: 'jansen@example.com', defaultAdministrationId: administration, zone: 'Europe/Amsterdam', ...overrides,
});
const link = (who: LinkingUser = user(), identity: GoogleIdentity = { sub: 'sub-jansen', email: 'jansen@example.com' }) =>
  linkAccount(parts(), who, identity, tokens, { id: asCalendarId(identity.email), primary: true });
const published = async (): Promise<Message[]> => {
  const messages: Message[] = [];
  await publishAnnouncements({ connection, installation, publisher: { publish: async (batch) => void messages.push(...batch) } });
  return messages;
};

describe('linking', () => {
  it('makes an account that joins, with settings, grant and one message to the services', async () => {
    const outcome = await link();
    expect(outcome).toMatchObject({ kind: 'linked', resumed: false, account: { state: 'joining', email: 'jansen@example.com', calendarId: 'jansen@example.com', zone: 'Europe/Amsterdam', daysBefore: 30, daysAfter: 90, administrationId: administration } });
    const account = await directory.byUser(source, jansen);
    expect(account).toEqual(outcome.kind === 'linked' && outcome.account);
    expect((await grants.read(account!.id))?.refreshToken).toBe('refresh');
    expect((await published()).map((one) => [one.type, one.key])).toEqual([['nl.inventive.sync.account-linked.v1', account!.id]]);
    expect(await published()).toEqual([]);
  });

  it('keeps a message whose publication failed, with the same id', async () => {
    await link();
    const tried: Message[] = [];
    const publisher = {
      publish: async (batch: readonly Message[]) => {
        tried.push(...batch);
        throw new Error('no broker');
      },
    };
    await expect(publishAnnouncements({ connection, installation, publisher })).rejects.toThrow('no broker');
    expect((await published()).map((one) => one.id)).toEqual(tried.map((one) => one.id));
  });

  it('resumes the same account for the same Google account, after an unlink and without one', async () => {
    const first = await link();
    await directory.changeState((await directory.byUser(source, jansen))!.id, ['joining'], 'needs-consent', 'needs-consent');
    const again = await link();
    expect(again).toMatchObject({ kind: 'linked', resumed: true, account: { state: 'joining' } });
    expect(again.kind === 'linked' && again.account.stateReason).toBeUndefined();
    await unlinkAccount(parts(), source, jansen);
    const resumed = await link();
    expect(resumed).toMatchObject({ kind: 'linked', resumed: true });
    expect(resumed.kind === 'linked' && resumed.account.id).toBe(first.kind === 'linked' && first.account.id);
  });

  it('refuses another Google account until the old one is unlinked', async () => {
    await link();
    const other = { sub: 'sub-other', email: 'jansen@example.com' };
    expect(await link(user(), other)).toEqual({ kind: 'user-has-other-account', email: 'jansen@example.com' });
    await unlinkAccount(parts(), source, jansen);
    expect(await link(user(), other)).toMatchObject({ kind: 'linked', resumed: false });
  });

  it('[R6.7] [lesson 11] refuses a Google account that another user has', async () => {
    await link();
    expect(await link(user({ userId: bakker, loginName: 'bakker' }))).toEqual({ kind: 'google-account-taken', by: 'Jan Jansen' });
  });

  it('refuses an address other than the expected one unless that very address was confirmed', async () => {
    const stranger = { sub: 'sub-x', email: 'Someone@example.com' };
    expect(await link(user(), stranger)).toEqual({ kind: 'unexpected-address', expected: 'jansen@example.com', actual: 'Someone@example.com' });
    expect(await link(user({ confirmedEmail: 'else@example.com' }), stranger)).toMatchObject({ kind: 'unexpected-address' });
    expect(await connection.collection('grants').countDocuments()).toBe(0);
    expect(await link(user({ confirmedEmail: 'someone@example.com' }), stranger)).toMatchObject({ kind: 'linked' });
  });

  it('takes the address that an administrator named for the only one where Inventive knows none', async () => {
    const nameless = user({ expectedEmail: '', confirmedEmail: 'jansen@example.com' });
    expect(await link(nameless, { sub: 'sub-x', email: 'someone@example.com' })).toEqual({ kind: 'unexpected-address', expected: 'jansen@example.com', actual: 'someone@example.com' });
    expect(await link(nameless)).toMatchObject({ kind: 'linked' });
  });

  it('lets one of two users win who link the same Google account at the same moment, and leaves nothing of the other', async () => {
    const outcomes = await Promise.all([link(user({ expectedEmail: '' })), link(user({ userId: bakker, expectedEmail: '' }))]);
    expect(outcomes.map((one) => one.kind).sort()).toEqual(['google-account-taken', 'linked']);
    expect(await connection.collection('accounts').countDocuments()).toBe(1);
    expect(await connection.collection('grants').countDocuments()).toBe(1);
  });

  it('unlinks without deleting the account, tells the services and lets the grant live on for a moment', async () => {
    await link();
    const account = (await directory.byUser(source, jansen))!;
    await published();
    expect(await unlinkAccount(parts(), source, jansen)).toBe(true);
    expect(await unlinkAccount(parts(), source, jansen)).toBe(false);
    now += 5_001;
    expect(await directory.byId(account.id)).toBeUndefined();
    expect(await directory.all()).toEqual([]);
    expect((await published()).map((one) => one.type)).toEqual(['nl.inventive.sync.account-unlinked.v1']);
    expect(await grants.read(account.id)).toBeDefined();
    expect(await grants.dueForRetirement()).toEqual([]);
  });
});

describe('the directory', () => {
  it('answers from its cache for five seconds, about unlinked users too', async () => {
    expect(await directory.byUser(source, jansen)).toBeUndefined();
    await link();
    now += 4_999;
    expect(await directory.byUser(source, jansen)).toBeUndefined();
    now += 2;
    expect(await directory.byUser(source, jansen)).toMatchObject({ loginName: 'jansen' });
  });

  it('changes a state only from one that was named, and sees its own change at once', async () => {
    await link();
    const { id } = (await directory.byUser(source, jansen))!;
    expect(await directory.changeState(id, ['live'], 'held', 'held-by-brake')).toBe(false);
    expect(await directory.changeState(id, ['joining', 'live'], 'held', 'held-by-brake')).toBe(true);
    expect(await directory.byId(id)).toMatchObject({ state: 'held', stateReason: 'held-by-brake' });
    expect(await directory.changeState(id, ['held'], 'live')).toBe(true);
    expect((await directory.byId(id))?.stateReason).toBeUndefined();
  });

  it('lets one of two changes from the same state win', async () => {
    await link();
    const { id } = (await directory.byUser(source, jansen))!;
    const wins = await Promise.all([directory.changeState(id, ['joining'], 'live'), directory.changeState(id, ['joining'], 'needs-calendar', 'needs-calendar')]);
    expect(wins.filter(Boolean)).toHaveLength(1);
  });

  it('is listed among those that join for as long as it does, by an index', async () => {
    await link();
    const [account] = await directory.all();
    expect(await directory.joining()).toEqual([account]);
    await directory.changeState(account!.id, ['joining'], 'live');
    expect(await directory.joining()).toEqual([]);
    const plan = JSON.stringify(await connection.collection('accounts').find({ installation, linked: true, state: 'joining' }).explain());
    expect(plan).toContain('"by-state"');
  });

  it('is read now where seconds matter, and remembered', async () => {
    await link();
    const { id } = (await directory.all())[0]!;
    expect((await directory.byId(id))?.state).toBe('joining');
    const elsewhere = new MongoAccountDirectory({ connection, installation, clock: { now: () => Date.now() } });
    await elsewhere.changeState(id, ['joining'], 'live');
    expect((await directory.byId(id))?.state).toBe('joining');
    expect((await directory.current(id))?.state).toBe('live');
    expect((await directory.byId(id))?.state).toBe('live');
  });
});

describe('settings', () => {
  const change = (settings: Partial<typeof DEFAULT_SETTINGS>) => changeSettings({ connection, installation }, source, jansen, { ...DEFAULT_SETTINGS, ...settings });
  const state = async () => (await directory.all())[0]?.state;
  const live = async () => {
    await link();
    await directory.changeState((await directory.all())[0]!.id, ['joining'], 'live');
    await published();
  };

  it('have defaults for a user whom nobody has set', async () => {
    expect(await readSettingsOf(connection, source, bakker)).toEqual(DEFAULT_SETTINGS);
  });

  it('off stops the account, on again joins and tells the services', async () => {
    await live();
    await change({ on: false });
    expect(await state()).toBe('off');
    expect(await published()).toEqual([]);
    await change({ on: true });
    expect(await state()).toBe('joining');
    expect((await published()).map((one) => one.type)).toEqual(['nl.inventive.sync.resync.requested.v1']);
  });

  it('a smaller window and another conflict policy leave the account as it is', async () => {
    await live();
    await change({ daysBefore: 10, conflictPolicy: 'google-wins' });
    expect(await state()).toBe('live');
    expect(await published()).toEqual([]);
  });

  const comparing: readonly Partial<typeof DEFAULT_SETTINGS>[] = [
    { daysAfter: 91 }, { daysBefore: 31 }, { direction: 'to-google' }, { privateContent: 'full' }, { descriptionFields: ['notes'] }, { administrationId: 'B'.repeat(32) },
  ];
  it.each(comparing)(
    '%j compares both sides again',
    async (changed) => {
      await live();
      await change(changed);
      expect(await state()).toBe('joining');
      expect((await published()).map((one) => one.type)).toEqual(['nl.inventive.sync.resync.requested.v1']);
    },
  );

  it('changed while an account joins let no comparison under the old ones end the joining', async () => {
    await link();
    const [before] = await directory.all();
    await change({ daysAfter: 91 });
    expect(await directory.changeState(before!.id, ['joining'], 'live', undefined, before!.revision)).toBe(false);
    const [after] = await directory.all();
    expect(after).toMatchObject({ state: 'joining', daysAfter: 91 });
    expect(await directory.changeState(after!.id, ['joining'], 'live', undefined, after!.revision)).toBe(true);
  });

  it('do not put an account back to work that waits for a person', async () => {
    await link();
    const { id } = (await directory.all())[0]!;
    await directory.changeState(id, ['joining'], 'held', 'held-by-brake');
    await change({ daysAfter: 365 });
    expect(await state()).toBe('held');
  });

  it('keep the administration of a linked user where a form leaves it out', async () => {
    await live();
    await change({ daysBefore: 5 });
    expect((await directory.all())[0]).toMatchObject({ daysBefore: 5, administrationId: administration });
  });

  it('[R6.2] bound the agenda to an administration once somebody chose one, before the link or after it', async () => {
    const bound = async () => (await directory.all())[0]?.onlyAdministration;
    await live();
    expect(await bound()).toBeUndefined();
    await change({ administrationId: administration });
    expect(await bound()).toBeUndefined();
    // A form sends back what it read; what counts is that another one was chosen.
    await change({ administrationId: 'B'.repeat(32), onlyAdministration: false });
    directory.forget();
    expect(await bound()).toBe(true);
    await change({ administrationId: 'B'.repeat(32), onlyAdministration: false });
    expect(await state()).toBe('joining');
    expect(await bound()).toBeUndefined();
  });

  it('[R6.2] chosen before the link bound it from the start', async () => {
    await change({ administrationId: 'B'.repeat(32) });
    await link();
    expect((await directory.all())[0]).toMatchObject({ administrationId: 'B'.repeat(32), onlyAdministration: true });
  });

  it('that were off before the link leave the account off', async () => {
    await change({ on: false });
    expect(await link()).toMatchObject({ kind: 'linked', account: { state: 'off' } });
  });
});
