import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  asCalendarId, asGoogleEventId, asInstallationId, asInventiveId, asPairId, asSourceName, deriveAccountId, deriveAppointmentId, deriveGoogleEventId, derivePairId,
} from './ids.js';

const installation = asInstallationId('6f3b2c1e-7a55-4d0c-9f8e-0c2d4a6b8e10');
const user = asInventiveId('0123456789ABCDEF0123456789ABCDEF');

describe('a key of Inventive', () => {
  it('is the same however a UUID is written', () => {
    const written = ['0123456789abcdef0123456789abcdef', '01234567-89AB-CDEF-0123-456789ABCDEF', '01234567-89ab-cdef-0123-456789abcdef'];
    expect(new Set(written.map(asInventiveId))).toEqual(new Set([user]));
  });

  it('is nothing else', () => {
    for (const wrong of ['', '123', 'G123456789ABCDEF0123456789ABCDEF', '0123456789ABCDEF0123456789ABCDEF0']) expect(() => asInventiveId(wrong)).toThrow(/32 hex digits/);
  });
});

describe('derived ids', () => {
  it('never change: these values stand in customers’ databases and in Google', () => {
    const account = deriveAccountId(installation, asSourceName('demo'), user, '108234567890123456789');
    const pair = derivePairId(account, { side: 'inventive', appointmentId: user });
    expect([account, pair, deriveGoogleEventId(pair, 0), deriveAppointmentId(pair, 0)]).toMatchInlineSnapshot(`
      [
        "76d9682a-53c3-5015-968c-828945b6f1d9",
        "24ace265-b2f0-5d54-ac21-eb94152bee92",
        "8qnliign25btr6h39cb58cdv3s",
        "2295008428295D62AC648F267E78B74A",
      ]
    `);
  });

  it('differ by whatever they are derived from', () => {
    const calendarId = asCalendarId('jansen@example.com');
    const account = deriveAccountId(installation, asSourceName('demo'), user, '1');
    const ids = [
      account,
      deriveAccountId(installation, asSourceName('demo'), user, '2'),
      deriveAccountId(installation, asSourceName('demo2'), user, '1'),
      deriveAccountId(installation, asSourceName('demo'), user, '1', asCalendarId('team@group.calendar.google.com')),
      deriveAccountId(installation, asSourceName('demo'), user, '1', asCalendarId('private@group.calendar.google.com')),
      derivePairId(account, { side: 'inventive', appointmentId: user }),
      derivePairId(account, { side: 'google', calendarId, eventId: asGoogleEventId(user) }),
      derivePairId(account, { side: 'google', calendarId, eventId: asGoogleEventId(user), originalStart: '2026-11-24' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are client ids that Google takes, another for each generation', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(1000), (pair, generation) => {
        const id = deriveGoogleEventId(asPairId(pair), generation);
        // calendar.v3, events.insert: characters of base32hex, 5 to 1024 of them.
        expect(id).toMatch(/^[0-9a-v]{26}$/);
        expect(id).not.toBe(deriveGoogleEventId(asPairId(pair), generation + 1));
      }),
    );
  });
});
