import { createHash } from 'node:crypto';
import { shareWithNewcomer } from '../calendar/guest-copies.js';
import type { Account, CalendarRecord } from './records.js';
import type { World } from './world.js';

export const defaultTimeZone = 'Europe/Amsterdam';

/** The account of an e-mail, made with its primary calendar if it isn't there yet. */
export function ensureAccount(world: World, email: string, name?: string): Account {
  const address = email.trim().toLowerCase();
  const known = world.accounts.get(address);
  if (known !== undefined && (name === undefined || name === known.name)) return known;
  return world.change(() => {
    const account: Account = { email: address, sub: subOf(address), name: name ?? known?.name ?? nameOf(address) };
    world.accounts.put(address, account);
    if (known === undefined) {
      world.calendars.put(address, primaryCalendar(world, address));
      shareWithNewcomer(world, address);
    }
    return account;
  });
}

function primaryCalendar(world: World, email: string): CalendarRecord {
  const micros = world.nextMicros();
  const seq = world.nextSeq();
  return { id: email, owner: email, primary: true, etagMicros: micros, listSeq: seq, listEtagMicros: micros, eventsSeq: seq, fields: { summary: email, timeZone: defaultTimeZone } };
}

/** The same for the same e-mail, in every emulator: a reset doesn't make another person. */
function subOf(email: string): string {
  const digest = createHash('sha256').update(email).digest('hex').slice(0, 16);
  return `1${(BigInt(`0x${digest}`) % 10n ** 20n).toString().padStart(20, '0')}`;
}

function nameOf(email: string): string {
  const local = email.split('@')[0] ?? email;
  return local.split(/[._-]/).map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');
}
