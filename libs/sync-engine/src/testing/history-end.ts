import { expect } from 'vitest';
import type { Account } from '../ports/account.js';
import { liveThrough, type EverythingStep } from '../simulation/everything-history.js';
import { peopleApart } from '../simulation/guests-oracle.js';
import { differences, isOfAgenda, isPaired } from '../simulation/history-oracle.js';
import { comeToRest, drift, findLost, needsComparison } from '../simulation/history-trouble.js';
import { aWorld } from '../simulation/reconcile-world.js';
import { Typed, type World } from '../simulation/typed.js';

/** So many that they fit beside all other tests, and always the same; a hunt sets more, and another seed. */
export const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 150);
export const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
export const OPTIONS = { numRuns: RUNS, seed: SEED, endOnFailure: process.env['SIMULATION_SHRINK'] === 'off' };
/** Of what takes long, or is a mixture of what has properties of its own. */
export const oneIn = (share: number): typeof OPTIONS => ({ ...OPTIONS, numRuns: Math.ceil(RUNS / share) });
const HEALTHY = { matched: 0, toInventive: 0, toGoogle: 0, different: 0 };

/** A history, and what follows when nobody changes anything any more. */
export async function lived(history: readonly EverythingStep[], account: Partial<Account> = {}): Promise<{ world: World; typed: Typed }> {
  const world = aWorld({ account });
  const typed = new Typed();
  await liveThrough(world, history, typed);
  await comeToRest(world);
  // Without another look at the vendors. A change of reminders is told by nobody.
  if (!history.some(needsComparison)) expect(differences(world, 'as told')).toEqual([]);
  await findLost(world);
  expect(await drift(world)).toEqual(HEALTHY);
  return { world, typed };
}

export function holdsTogether(world: World, typed: Typed): void {
  expect(differences(world)).toEqual([]);
  expect(typed.lost(world)).toEqual([]);
  for (const fields of world.inventive.revenants) typed.again(fields);
  expect(typed.doubled(world.google.living().map(({ fields }) => fields.subject))).toEqual([]);
  expect(typed.doubled([...world.inventive.rows.values()].filter((row) => isOfAgenda(world, row)).map(({ fields }) => fields.subject))).toEqual([]);
}

/** Both lists of people are alike where they may be, no reply is lost, nobody was told unasked, and what is somebody else's was never touched. */
export function guestsHoldTogether(world: World, typed: Typed): void {
  typed.guests.hearMails(world);
  expect(world.google.trespasses).toEqual([]);
  expect(typed.guests.unasked).toEqual([]);
  expect(peopleApart(world, typed.guests)).toEqual([]);
  expect(typed.guests.lost(world)).toEqual([]);
}

/** Everything that was ever told is told again, and work goes on between two old messages: none of them may pass for news. */
export async function staysQuiet(world: World): Promise<void> {
  const before = writes(world);
  for (let at = 0; at < Math.max(world.inventive.news.length, world.google.news.length); at += 1) {
    if (isPaired(world, world.inventive.news[at])) await world.deliverInventive(at);
    if (isPaired(world, world.google.news[at])) await world.deliverGoogle(at);
    while (await world.workOnce());
  }
  await world.quiesce();
  expect(writes(world)).toEqual(before);
}

const writes = (world: World) => [world.google.writes, world.inventive.writes];
