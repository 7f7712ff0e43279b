import { describe, expect, it } from 'vitest';
import { asInventiveId, type AppointmentRecord, type GoogleEventRecord } from '@calsync/calendar-model';
import type { Account, AgendaPolicy } from '../ports/account.js';
import { sidesToRead, whyPairRests } from '../reconcile/plan-pair.js';
import { pairBornInInventive } from '../reconcile/born-pair.js';
import { UNSEEN, type Pair } from '../reconcile/pair.js';
import { ACCOUNT, anAppointment, anEvent } from '../testing/records.js';
import { OTHER_ADMINISTRATION as OTHER } from './history-people.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

const { conflictPolicy, privateContent, descriptionFields, rules } = ACCOUNT;
const USUAL: AgendaPolicy = { conflictPolicy, privateContent, descriptionFields, rules };
/** An agenda that holds rows of another administration too, each under its own policy. */
const agenda = (own: Partial<AgendaPolicy>, other: Partial<AgendaPolicy>): Account => ({ ...ACCOUNT, ...own, elsewhere: { of: { [OTHER]: { ...USUAL, ...other } }, otherwise: USUAL } });
const pairOf = (row: AppointmentRecord, event?: GoogleEventRecord): Pair => ({
  ...pairBornInInventive(row, ACCOUNT, 0), ...(event === undefined ? {} : { google: { ...UNSEEN, state: 'known' as const, record: event } }),
});

describe('the policy of the administration in which an appointment is', () => {
  it('[R1.13] says whether a row that came without its content is read for it', () => {
    const reads = (administrationId: string, own: AgendaPolicy['privateContent'], other: AgendaPolicy['privateContent']) => {
      const row = anAppointment({ administrationId: asInventiveId(administrationId), reduced: true });
      return sidesToRead(pairOf(row), agenda({ privateContent: own }, { privateContent: other }));
    };
    expect([reads(OTHER, 'busy-only', 'full'), reads(OTHER, 'full', 'busy-only')]).toEqual([['inventive'], []]);
    expect([reads(ACCOUNT.administrationId, 'busy-only', 'full'), reads(ACCOUNT.administrationId, 'full', 'busy-only')]).toEqual([[], ['inventive']]);
  });

  it('[R7.13] says whether an event of its kind is followed', () => {
    const skipping = { rules: { ...rules, invitations: 'skip' as const } };
    const rests = (administrationId: string, account: Account) =>
      whyPairRests(pairOf(anAppointment({ administrationId: asInventiveId(administrationId) }), anEvent({ ownedByUser: false })), account);
    expect([rests(OTHER, agenda(skipping, {})), rests(OTHER, agenda({}, skipping))]).toEqual([undefined, 'foreign-organizer']);
    expect(rests(ACCOUNT.administrationId, agenda(skipping, {}))).toBe('foreign-organizer');
  });

  it.each([['off', 'silent', []], ['silent', 'off', ['hier']]] as const)('[R5.1] says whether its people cross: guests are %s in the own one and %s in the other', async (own, other, invitedHere) => {
    const when = { kind: 'timed', start: '2026-11-26T10:00:00', end: '2026-11-26T11:00:00', zone: 'Europe/Amsterdam' } as const;
    const world = aWorld({ account: agenda({ rules: { ...rules, guests: own } }, { rules: { ...rules, guests: other } }) });
    for (const [n, name] of [[1, 'hier'], [2, 'daar']] as const) {
      world.inventive.edit(rowId(n), fullRow({ subject: name, when }));
      world.inventive.seat(rowId(n), [{ id: asInventiveId(String(n).padStart(32, 'E')), name, email: `${name}@elders.nl`, reply: 'none', entityStamp: 1 }]);
    }
    world.inventive.moveTo(rowId(2), OTHER);
    await world.quiesce();
    const invited = world.google.living().filter(({ attendees = [] }) => attendees.length > 0).map(({ fields }) => fields.subject);
    expect(invited).toEqual(invitedHere.length > 0 ? ['hier'] : ['daar']);
  });
});

describe('[R6.8] an account that was unlinked, or whose calendar was left, a moment ago', () => {
  it('is written to no more on either side, although it is still remembered as linked', async () => {
    const world = aWorld();
    const linked = world.accounts.isLinked;
    world.accounts.isLinked = async () => false;
    world.inventive.edit(rowId(1), fullRow({ subject: 'Te laat' }));
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes, world.google.living()]).toEqual([0, 0, []]);
    expect(world.pairs.all().map(({ intent }) => intent)).toEqual([undefined]);
    // Chosen again, all of it is read anew.
    world.accounts.isLinked = linked;
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    await world.quiesce();
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Te laat']);
  });
});
