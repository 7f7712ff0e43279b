import type { Account, AccountRules } from '../ports/account.js';
import type { ComparisonCounts, ReconcileStep } from '../reconcile/index.js';
import type { CallFate } from './call-fate.js';
import { comparing } from './comparing-world.js';
import { eventAt, rowAt } from './history-people.js';
import type { World } from './typed.js';

type Side = 'inventive' | 'google';
type Moment = 'before' | 'after';

/** What the product does, and what goes wrong with it. */
export type TroubleStep =
  | { readonly do: 'deliver'; readonly side: Side }
  | { readonly do: 'rewind'; readonly side: Side; readonly to: number }
  | { readonly do: 'again'; readonly side: Side; readonly which: number }
  | { readonly do: 'lose'; readonly side: Side }
  | { readonly do: 'hide'; readonly side: Side; readonly item: number }
  | { readonly do: 'lose-database' | 'show' }
  | { readonly do: 'deliver-all' | 'work' | 'go-on' | 'restart' | 'join' | 'roll' }
  | { readonly do: 'pass-days'; readonly days: number }
  | { readonly do: 'work-and-stall'; readonly when: Moment }
  | { readonly do: 'kill'; readonly step: ReconcileStep }
  | { readonly do: 'kill-in'; readonly calls: number; readonly when: Moment }
  | { readonly do: 'fate'; readonly fate: CallFate }
  | { readonly do: 'settings'; readonly change: SettingsChange };

export type SettingsChange = Partial<Pick<Account, 'conflictPolicy' | 'privateContent' | 'descriptionFields' | 'daysBefore' | 'daysAfter' | 'direction' | 'onlyAdministration'>> & {
  readonly on?: boolean;
  readonly rules?: Partial<AccountRules>;
};

const DAY_MS = 86_400_000;

export async function suffer(world: World, step: TroubleStep): Promise<void> {
  switch (step.do) {
    case 'deliver':
      return world.deliverNext(step.side);
    case 'rewind':
      // As after a crash before the commit: all from there comes again, in its order; the other side is far ahead or behind.
      return world.rewind(step.side, step.to);
    case 'again':
      return world.alive(() => (step.side === 'inventive' ? world.deliverInventive : world.deliverGoogle)(step.which));
    case 'lose':
      return world.loseNext(step.side);
    case 'lose-database':
      world.loseDatabase();
      // Who is linked goes with it, and is linked anew by people: calls of before have ended by then, at the latest by their time-outs.
      return world.goOn();
    case 'hide': {
      // A read that answers "not found" proves nothing.
      const row = rowAt(world, step.item);
      const event = eventAt(world, step.item);
      if (step.side === 'inventive' && row !== undefined) world.inventive.hidden.add(row);
      if (step.side === 'google' && event !== undefined) world.google.hidden.add(event);
      return;
    }
    case 'show':
      return show(world);
    case 'deliver-all':
      return world.deliverAll();
    case 'work':
      await world.workOnce();
      return;
    case 'work-and-stall':
      return world.workAndStall(step.when);
    case 'go-on':
      return world.goOn();
    case 'restart':
      return world.restart();
    case 'join':
      return joinOnce(world);
    case 'roll':
      return world.alive(() => world.rolling.turn());
    case 'pass-days':
      return world.pass(step.days * DAY_MS);
    case 'kill':
      return world.kill(step.step);
    case 'kill-in':
      return world.killIn(step.calls, step.when);
    case 'fate':
      world.fates.push(step.fate);
      return;
    case 'settings':
      return changeSettings(world, step.change);
    default:
      step satisfies never;
  }
}

/** As the console does it: another comparison of both sides, under a new revision. */
export function changeSettings(world: World, { on, rules, ...change }: SettingsChange): void {
  const { state, revision = 0, rules: before } = world.account();
  const goesOff = on === false || (state === 'off' && on !== true);
  world.setAccount({ ...change, rules: { ...before, ...rules }, state: goesOff ? 'off' : 'joining', revision: revision + 1 });
}

/** One attempt: the wait for the look-up of linked users, a full list, and the step that makes all pairs. */
async function joinOnce(world: World): Promise<void> {
  if (world.account().state !== 'joining') return;
  await world.alive(() => world.joins.turn());
  world.pass(6_000);
  await world.alive(() => world.listCalendar());
  await world.alive(() => world.joins.turn());
}

function show(world: World): void {
  world.inventive.hidden.clear();
  world.google.hidden.clear();
}

/** What nobody told (lost news, reminders): found by a comparison in the window, and by reading all pairs outside it. */
export async function findLost(world: World): Promise<void> {
  await comparing(world).compare();
  await comeToRest(world);
  await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
  await comeToRest(world);
}

/** What a comparison would mend now: nothing, in a healthy system. */
export async function drift(world: World): Promise<Pick<ComparisonCounts, 'matched' | 'toInventive' | 'toGoogle' | 'different'>> {
  const { matched, toInventive, toGoogle, different } = await comparing(world).compare('preview');
  return { matched, toInventive, toGoogle, different };
}

/** Something happened of which nobody is told, or that couldn't be seen when it was told. */
export const needsComparison = (step: TroubleStep | { readonly do: string }): boolean => step.do === 'lose' || step.do === 'hide';

/** Until nothing moves: linked, both sides read, the window where the days are, nothing due. */
export async function comeToRest(world: World): Promise<void> {
  world.killIn(Number.POSITIVE_INFINITY, 'before');
  world.fates.length = 0;
  world.google.guestsRefused = 0;
  show(world);
  for (let round = 0; round < 20; round += 1) {
    if (world.account().state !== 'live' || world.account().direction !== 'both') changeSettings(world, { on: true, direction: 'both' });
    for (let attempt = 0; attempt < 5 && world.account().state === 'joining'; attempt += 1) await joinOnce(world);
    await world.joins.drain();
    // Guests that were refused several times wait longest.
    world.pass(3_700_000);
    await world.rolling.turn();
    await world.quiesce();
    if (world.account().state === 'live') return;
  }
  throw new Error(`no end: the account is ${world.account().state}`);
}
