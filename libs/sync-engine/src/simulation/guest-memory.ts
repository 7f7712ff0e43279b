import type { InventiveId } from '@calsync/calendar-model';
import { isOfAgenda } from './history-oracle.js';
import type { World } from './typed.js';

/** Where somebody stands with a reply: `anna@elders.nl: accepted` in one row or event. */
interface Said {
  readonly email: string;
  readonly value: string;
  readonly in: string;
}

/**
 * Who was brought in and what was answered, by people. Whoever takes somebody out or answers otherwise saw what stood there and let
 * it go; whatever else becomes of it is our doing. Addresses are of one item, so they can be looked for.
 */
export class GuestMemory {
  /** What was said, and in which row or event. */
  readonly #open = new Map<string, string>();
  /** Whom the desk brought in, took out or answered for; in which rows it did so, or deleted them. */
  readonly #byDesk = new Set<string>();
  readonly #rowsOfDesk = new Set<string>();
  #heard = 0;
  #everMail = false;
  readonly #unasked: string[] = [];

  /** What people do, in one step. */
  watch(world: World, what: string, act: () => void): void {
    const before = sayings(world);
    act();
    const after = sayings(world);
    const still = new Set([...after.desk, ...after.phone].map(keyOf));
    const stood = new Set([...before.desk, ...before.phone].map(keyOf));
    for (const said of [...before.desk, ...before.phone]) if (!still.has(keyOf(said))) this.#open.delete(said.value);
    for (const said of [...after.desk, ...after.phone]) if (!stood.has(keyOf(said)) && !said.value.endsWith(': none')) this.#open.set(said.value, said.in);
    for (const said of changed(before.desk, after.desk)) {
      this.#byDesk.add(said.email);
      this.#rowsOfDesk.add(said.in);
    }
    // *Vervallen* is a deletion too.
    if (what === 'set-status') for (const row of world.inventive.rows.values()) if (row.status === 'void') this.#rowsOfDesk.add(row.id);
  }

  wasDesk(email: string): boolean {
    return this.#byDesk.has(email);
  }

  /** Guests may be told of what the desk did with them, where that is turned on, and of nothing else. */
  hearMails(world: World): void {
    if (world.account().rules.guests === 'mail') this.#everMail = true;
    for (const id of world.google.told.slice(this.#heard)) {
      const rows = world.pairs.all().filter(({ eventId }) => eventId === id).map(({ appointmentId }) => appointmentId);
      if (!this.#everMail || (rows.length > 0 && !rows.some((row) => this.#rowsOfDesk.has(row)))) this.#unasked.push(`guests of ${id} were told`);
    }
    this.#heard = world.google.told.length;
  }

  get unasked(): readonly string[] {
    return this.#unasked;
  }

  /** Replies that nobody took back, of items that live, and that stand nowhere: on no side and in no pair's history. */
  lost(world: World): readonly string[] {
    const { desk, phone } = sayings(world);
    const standing = new Set([...desk, ...phone].map(({ value }) => value));
    const living = new Set<string>(world.pairs.all().filter(({ appointmentId }) => isThere(world, appointmentId)).flatMap(({ appointmentId, eventId }) => [appointmentId, eventId]));
    const histories = JSON.stringify([world.pairs.all().map(({ lostValues }) => lostValues), world.forgotten]);
    return [...this.#open].filter(([value, item]) => living.has(item) && !standing.has(value) && !histories.includes(value)).map(([value, item]) => `${value} in ${item}`);
  }
}

function isThere(world: World, id: InventiveId): boolean {
  const row = world.inventive.rows.get(id);
  return row !== undefined && row.status !== 'void' && isOfAgenda(world, row);
}

const keyOf = ({ value, in: item }: Said): string => `${item} ${value}`;

function changed(before: readonly Said[], after: readonly Said[]): readonly Said[] {
  const [old, young] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return [...before.filter((said) => !young.has(keyOf(said))), ...after.filter((said) => !old.has(keyOf(said)))];
}

function sayings({ inventive, google }: World): { readonly desk: readonly Said[]; readonly phone: readonly Said[] } {
  const said = (item: string) => ({ email = '', reply }: { readonly email?: string; readonly reply: string }): Said => ({ email, value: `${email}: ${reply}`, in: item });
  return {
    desk: [...inventive.rows.values()].flatMap(({ id, participants }) => participants.map(said(id))),
    phone: [...google.living(), ...google.series.occurrences()].flatMap(({ id, attendees = [] }) => attendees.map(said(id))),
  };
}
