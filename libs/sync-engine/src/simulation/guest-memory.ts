import type { InventiveId } from '@calsync/calendar-model';
import { isOfAgenda } from './history-oracle.js';
import { mayWrite } from './model-guests.js';
import type { World } from './typed.js';

/** Where somebody stands with a reply: `anna@elders.nl: accepted` in one row or event. */
interface Said {
  readonly email: string;
  readonly reply: string;
  readonly value: string;
  readonly in: string;
}

/**
 * Who was brought in and what was answered, by people. Whoever takes somebody out or answers otherwise saw what stood there and let
 * it go; whatever else becomes of it is our doing. Addresses are of one item, so they can be looked for.
 */
export class GuestMemory {
  /** What was said, and in which row or event. */
  readonly #open = new Map<string, Said>();
  readonly #ever = new Set<string>();
  /** On which sides people answered, or took somebody out. */
  readonly #sides = new Map<string, ReadonlySet<'desk' | 'phone'>>();
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
    for (const side of ['desk', 'phone'] as const) {
      const { gone, come } = changed(before[side], after[side]);
      for (const said of gone) {
        this.#goneFrom(said.value, after[side].find(({ value }) => value === said.value));
        if (!after[side].some(({ email, in: item }) => email === said.email && item === said.in)) this.#goneFrom(said.email, after[side].find(({ email }) => email === said.email));
      }
      for (const said of come) {
        // A series without occurrences shows nobody; who shows again once it is single was not brought in by that.
        const isBack = what === 'to-single' && this.#ever.has(said.email);
        if (!isBack && !before[side].some(({ email }) => email === said.email)) this.#open.set(said.email, said);
        // Said before and taken back, it may be what both sides agree on still: then it is no news to anybody.
        if (said.reply !== 'none' && !this.#ever.has(said.value)) this.#open.set(said.value, said);
        this.#ever.add(said.value).add(said.email);
      }
      for (const { email, reply, in: item } of [...gone, ...come]) {
        if (reply !== 'none' || gone.some((one) => one.email === email)) this.#sides.set(email, new Set([...(this.#sides.get(email) ?? []), side]));
        if (side === 'desk') this.#rowsOfDesk.add(item);
      }
      if (side === 'desk') for (const { email } of [...gone, ...come]) this.#byDesk.add(email);
    }
    // *Vervallen* is a deletion too.
    if (what === 'set-status') for (const row of world.inventive.rows.values()) if (row.status === 'void') this.#rowsOfDesk.add(row.id);
  }

  /** An item that goes on under another id (a series that was moved, or became a single event) takes along who is in it. */
  #goneFrom(key: string, movedTo: Said | undefined): void {
    if (movedTo !== undefined && this.#open.has(key)) this.#open.set(key, movedTo);
    else this.#open.delete(key);
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

  /**
   * Guests and replies that nobody took back, of items that live, and that stand nowhere. In a pair's history they may stand only
   * where the other side said something too, or where the list is not the desk's to change.
   */
  lost(world: World): readonly string[] {
    const { desk, phone } = sayings(world);
    const standing = new Set([...desk, ...phone].flatMap(({ email, value }) => [email, value]));
    const living = new Set<string>(world.pairs.all().filter(({ appointmentId }) => isThere(world, appointmentId)).flatMap(({ appointmentId, eventId }) => [appointmentId, eventId]));
    const theirs = new Set([...world.google.living(), ...world.google.series.occurrences()].filter((event) => !mayWrite(event)).flatMap(({ attendees = [] }) => attendees.filter(({ self }) => !self).map(({ email }) => email)));
    const histories = JSON.stringify([world.pairs.all().map(({ lostValues }) => lostValues), world.forgotten]);
    const isKept = ({ email, value }: Said): boolean => histories.includes(value) && (theirs.has(email) || (this.#sides.get(email)?.size ?? 0) > 1);
    return [...this.#open].filter(([value, said]) => living.has(said.in) && !standing.has(value) && !(value !== said.email && isKept(said))).map(([value, said]) => `${value} in ${said.in}`);
  }
}

/** Ever since people could say anything in it: a row that a late worker made under a deleted key is another one. */
function isThere(world: World, id: InventiveId): boolean {
  const row = world.inventive.rows.get(id);
  return row !== undefined && !world.inventive.deleted.has(id) && row.status !== 'void' && isOfAgenda(world, row);
}

const keyOf = ({ value, in: item }: Said): string => `${item} ${value}`;

function changed(before: readonly Said[], after: readonly Said[]): { readonly gone: readonly Said[]; readonly come: readonly Said[] } {
  const [old, young] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return { gone: before.filter((said) => !young.has(keyOf(said))), come: after.filter((said) => !old.has(keyOf(said))) };
}

function sayings({ inventive, google }: World): { readonly desk: readonly Said[]; readonly phone: readonly Said[] } {
  const said = (item: string) => ({ email = '', reply }: { readonly email?: string; readonly reply: string }): Said => ({ email, reply, value: `${email}: ${reply}`, in: item });
  return {
    desk: [...inventive.rows.values()].flatMap(({ id, participants }) => participants.map(said(id))),
    phone: [...google.living(), ...google.series.occurrences()].flatMap(({ id, attendees = [] }) => attendees.map(said(id))),
  };
}
