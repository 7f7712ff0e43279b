import { ConsoleSide } from './console-side.js';
import { addressesOf } from './environments.js';
import { GoogleSide } from './google-side.js';
import { InventiveSide } from './inventive-side.js';
import { type Crossing, makeRoundTrips } from './round-trips.js';
import type { StartSettings } from './settings.js';

/** Linked at the start; `visser` stays unlinked for the newcomer to try. */
export const linkedUsers = ['jansen', 'devries', 'bakker'] as const;
export const addressOf = (user: string): string => `${user}@example.com`;

/** Links whoever isn't yet; resolves with the names that were linked now. */
export async function linkUsers(settings: StartSettings, adminPassword: string, tell: (line: string) => void): Promise<readonly string[]> {
  const console = await ConsoleSide.open(addressesOf(settings).console, adminPassword);
  const users = await console.users();
  const linked: string[] = [];
  for (const name of linkedUsers) {
    const user = users.find(({ loginName }) => loginName === name);
    if (user === undefined) throw new Error(`The console shows no user ${name}: ${users.map(({ loginName }) => loginName).join(', ') || 'it shows none at all'}`);
    if (user.account?.email === addressOf(name)) continue;
    tell(`${name} → ${addressOf(name)}`);
    await console.link(user, addressOf(name));
    linked.push(name);
  }
  tell('matching what stands on both sides …');
  await console.waitUntilLive(linkedUsers);
  return linked;
}

export async function showRoundTrips(settings: StartSettings, tell: (crossing: Crossing) => void): Promise<readonly Crossing[]> {
  const { google, inventive } = addressesOf(settings);
  const [user] = linkedUsers;
  const [inventiveSide, googleSide] = await Promise.all([InventiveSide.open(inventive, user), GoogleSide.open(google, addressOf(user))]);
  return makeRoundTrips(inventiveSide, googleSide, tell);
}
