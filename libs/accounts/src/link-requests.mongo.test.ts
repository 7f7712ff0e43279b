import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asInstallationId, asInventiveId, asSourceName } from '@calsync/calendar-model';
import { LinkRequests } from './link-requests.js';

const subject = { source: asSourceName('demo'), userId: asInventiveId('1'.repeat(32)) };
const HOUR_MS = 3_600_000;
let connection: Connection;
let requests: LinkRequests;
let now: number;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});
beforeEach(() => {
  now = Date.now();
  const keys = new KeyRing(`1:${Buffer.alloc(32, 1).toString('base64')}`);
  requests = new LinkRequests({ connection, installation: asInstallationId('00000000-0000-4000-8000-000000000000'), keys, now: () => now });
});

describe('an invitation', () => {
  it('is open until it is used, by one of many', async () => {
    const { token } = await requests.invite(subject, 'beheer', HOUR_MS);
    expect(await requests.readInvitation(token)).toMatchObject({ kind: 'open', invitation: subject });
    const uses = await Promise.all(Array.from({ length: 5 }, () => requests.useInvitation(token)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await requests.readInvitation(token)).toEqual({ kind: 'used' });
  });

  it('can be used again after a linking that did not succeed', async () => {
    const { token } = await requests.invite(subject, 'beheer', HOUR_MS);
    await requests.useInvitation(token);
    await requests.returnInvitation(token);
    expect(await requests.useInvitation(token)).toBe(true);
  });

  it('ends when another is made for the same user, and for nobody else', async () => {
    const [first, other] = [await requests.invite(subject, 'beheer', HOUR_MS), await requests.invite({ ...subject, userId: asInventiveId('2'.repeat(32)) }, 'beheer', HOUR_MS)];
    const second = await requests.invite(subject, 'beheer', HOUR_MS);
    expect(await requests.useInvitation(first.token)).toBe(false);
    expect(await requests.useInvitation(second.token)).toBe(true);
    expect((await requests.readInvitation(other.token)).kind).toBe('open');
  });

  it('expires', async () => {
    const { token } = await requests.invite(subject, 'beheer', HOUR_MS);
    now += HOUR_MS;
    expect(await requests.readInvitation(token)).toEqual({ kind: 'expired' });
    expect(await requests.useInvitation(token)).toBe(false);
  });

  it('is stored only as a hash', async () => {
    const { token } = await requests.invite(subject, 'beheer', HOUR_MS);
    expect(JSON.stringify(await connection.collection('link-requests').find().toArray())).not.toContain(token);
    expect(await requests.readInvitation('guessed')).toEqual({ kind: 'unknown' });
  });
});

describe('a journey to Google', () => {
  it('is taken once, by the browser that began it', async () => {
    const begun = await requests.beginAuthorization(subject, 'browser');
    expect(await requests.takeAuthorization(begun.state, ['other', 'browser'])).toEqual({ kind: 'open', authorization: begun });
    expect(await requests.takeAuthorization(begun.state, ['browser'])).toEqual({ kind: 'unknown' });
  });

  it('is refused to another browser, and gone after that', async () => {
    const begun = await requests.beginAuthorization(subject, 'browser', 'invitation');
    expect(await requests.takeAuthorization(begun.state, ['thief'])).toEqual({ kind: 'other-browser' });
    expect(await requests.takeAuthorization(begun.state, ['browser'])).toEqual({ kind: 'unknown' });
  });

  it('ends after ten minutes', async () => {
    const begun = await requests.beginAuthorization(subject, 'browser');
    now += 600_000;
    expect(await requests.takeAuthorization(begun.state, ['browser'])).toEqual({ kind: 'expired' });
  });
});
