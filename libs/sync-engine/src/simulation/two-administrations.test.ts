import { describe, expect, it } from 'vitest';
import type { Account, AccountRules, AgendaPolicy } from '../ports/account.js';
import { ACCOUNT } from '../testing/records.js';
import { accountFor, policyOf } from '../reconcile/policy-of-pair.js';
import { OTHER_ADMINISTRATION as OTHER } from './history-people.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
interface Change extends Partial<Omit<AgendaPolicy, 'rules'>> {
  readonly rules?: Partial<AccountRules>;
}
const policy = ({ rules, ...rest }: Change = {}): AgendaPolicy => {
  const { conflictPolicy, privateContent, descriptionFields } = ACCOUNT;
  return { conflictPolicy, privateContent, descriptionFields, ...rest, rules: { ...ACCOUNT.rules, ...rules } };
};
/** An agenda with appointments of two administrations: the account's own, and another one. */
const under = (own: Change, other: Change): Partial<Account> => ({ ...policy(own), elsewhere: { of: { [OTHER]: policy(other) }, otherwise: policy() } });

/** One appointment in each, on both sides. */
async function inStep(world: World, fields: Parameters<typeof fullRow>[0] = {}) {
  world.inventive.edit(rowId(1), fullRow({ subject: 'Hier', ...fields }));
  world.inventive.edit(rowId(2), fullRow({ subject: 'Daar', ...fields }));
  world.inventive.moveTo(rowId(2), OTHER);
  await world.quiesce();
  const eventOf = (n: number) => world.google.events.get(world.pairs.all().find(({ appointmentId }) => appointmentId === rowId(n))!.eventId)!;
  const look = () => [1, 2].map((n) => [world.inventive.rows.get(rowId(n))?.status ?? 'gone', eventOf(n).status === 'cancelled' ? 'gone' : eventOf(n).fields.subject]);
  return { eventOf, look };
}
/** What a joining does with pairs that stand. */
const readAnew = async (world: World) => {
  await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
  await world.quiesce();
};
const writes = (world: World) => world.inventive.writes + world.google.writes;

const twoPolicies = under({ rules: { deletion: { toGoogle: 'delete', toInventive: 'keep' } } }, { rules: { deletion: { toGoogle: 'mark', toInventive: 'mark' } } });

describe('[R7.13] a deletion goes by the policy of the administration, each direction by itself', () => {
  it('from Inventive', async () => {
    const world = aWorld({ account: twoPolicies });
    const { look } = await inStep(world);
    world.inventive.remove(rowId(1));
    world.inventive.remove(rowId(2));
    await world.quiesce();
    expect(look()).toEqual([['gone', 'gone'], ['gone', 'Vervallen: Daar']]);
  });

  it('from Google', async () => {
    const world = aWorld({ account: twoPolicies });
    const { look, eventOf } = await inStep(world);
    world.google.remove(eventOf(1).id);
    world.google.remove(eventOf(2).id);
    await world.quiesce();
    expect(look()).toEqual([['planned', 'gone'], ['void', 'gone']]);
  });

  it('of where the appointment is now: one that moved goes by the other one’s', async () => {
    const world = aWorld({ account: twoPolicies });
    const { look } = await inStep(world);
    world.inventive.moveTo(rowId(1), OTHER);
    world.inventive.moveTo(rowId(2), ACCOUNT.administrationId);
    await world.quiesce();
    world.inventive.remove(rowId(1));
    world.inventive.remove(rowId(2));
    await world.quiesce();
    expect(look()).toEqual([['gone', 'Vervallen: Hier'], ['gone', 'gone']]);
  });

  it('of an administration for which nothing was set goes as by default, and not as in the own one', async () => {
    const world = aWorld({ account: { ...policy({ rules: { deletion: { toGoogle: 'keep', toInventive: 'keep' } } }), elsewhere: { of: {}, otherwise: policy() } } });
    const { look } = await inStep(world);
    world.inventive.remove(rowId(1));
    world.inventive.remove(rowId(2));
    await world.quiesce();
    expect(look()).toEqual([['gone', 'Hier'], ['gone', 'gone']]);
  });
});

describe('[R1.13] what a private appointment shows in Google goes by its administration', () => {
  const fullHere = under({ privateContent: 'full' }, { privateContent: 'busy-only' });

  it('side by side in one agenda', async () => {
    const world = aWorld({ account: fullHere });
    const { look } = await inStep(world, { privacy: 'private' });
    expect(look()).toEqual([['planned', 'Hier'], ['planned', 'Bezet']]);
  });

  it('and is hidden or shown as it moves to the other', async () => {
    const world = aWorld({ account: fullHere });
    const { look } = await inStep(world, { privacy: 'private' });
    world.inventive.moveTo(rowId(1), OTHER);
    world.inventive.moveTo(rowId(2), ACCOUNT.administrationId);
    await world.quiesce();
    expect(look()).toEqual([['planned', 'Bezet'], ['planned', 'Daar']]);
    const before = writes(world);
    await readAnew(world);
    expect(writes(world)).toBe(before);
  });
});

describe('[R7.14] an administration that was set otherwise', () => {
  it('has what stands planned anew, and nothing else', async () => {
    const world = aWorld({ account: under({}, {}) });
    const { look } = await inStep(world, { privacy: 'private' });
    expect(look()).toEqual([['planned', 'Bezet'], ['planned', 'Bezet']]);
    world.setAccount(under({}, { privateContent: 'full' }));
    await readAnew(world);
    expect(look()).toEqual([['planned', 'Bezet'], ['planned', 'Daar']]);
    const before = writes(world);
    await readAnew(world);
    expect(writes(world)).toBe(before);
  });

  it('gives the colours by Soort of each', async () => {
    const colours = (id: string) => ({ rules: { colours: { Bezoek: { kind: 'colour' as const, id } } } });
    const world = aWorld({ account: under(colours('3'), colours('7')) });
    const { eventOf } = await inStep(world);
    for (const n of [1, 2]) {
      world.inventive.rows.set(rowId(n), { ...world.inventive.rows.get(rowId(n))!, category: 'Bezoek' });
      world.inventive.edit(rowId(n), {});
    }
    await world.quiesce();
    expect([eventOf(1).colour, eventOf(2).colour]).toEqual([{ kind: 'colour', id: '3' }, { kind: 'colour', id: '7' }]);
  });
});

describe('the policy of a pair', () => {
  const account: Account = { ...ACCOUNT, ...twoPolicies };
  it('is the account’s own where nothing is known of an administration, or only that one is in the agenda', () => {
    const nothing = { inventive: { state: 'unknown' as const, seq: 0, needsRead: false, changedAt: {} } };
    expect(accountFor(nothing, account)).toBe(account);
    expect(accountFor({ ...nothing, administrationId: ACCOUNT.administrationId }, account)).toBe(account);
    expect(accountFor({ ...nothing, administrationId: OTHER }, account).rules.deletion.toGoogle).toBe('mark');
    expect(accountFor({ ...nothing, administrationId: OTHER }, { ...account, onlyAdministration: true }).rules.deletion.toGoogle).toBe('delete');
    expect(policyOf(ACCOUNT, OTHER)).toBe(ACCOUNT);
  });
});
