import { asInventiveId, type GoogleEventId, type InventiveId } from '@calsync/calendar-model';
import type { ReconcileStep } from '../reconcile/index.js';
import type { CallFate } from './call-fate.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));

type Side = 'inventive' | 'google';
type When = 'before' | 'after';
/** What may happen: people, messages, workers, and what goes wrong with them. */
export type HistoryStep =
  | { readonly do: 'edit-inventive'; readonly item: number; readonly field: 'subject' | 'location' | 'notes' }
  | { readonly do: 'edit-google'; readonly item: number; readonly field: 'subject' | 'location' | 'description' }
  | { readonly do: 'birth-in-google' | 'remove-inventive' | 'remove-google' | 'restore-google' | 'copy-google'; readonly item: number }
  | { readonly do: 'hand-over'; readonly item: number; readonly to: 'colleague' | 'back' }
  | { readonly do: 'deliver'; readonly side: Side }
  | { readonly do: 'rewind'; readonly side: Side; readonly to: number }
  | { readonly do: 'empty-bin' | 'deliver-all' | 'work' | 'go-on' }
  | { readonly do: 'work-and-stall'; readonly when: When }
  | { readonly do: 'kill'; readonly step: ReconcileStep }
  | { readonly do: 'kill-in'; readonly calls: number; readonly when: When }
  | { readonly do: 'fate'; readonly fate: CallFate };

/**
 * What people typed. Each value is unlike any other, so it can be looked for. A person who overwrites or deletes a value
 * that stands before them gives it up; whatever else becomes of it is our doing.
 */
export class Typed {
  readonly #open = new Set<string>();
  #count = 0;

  type(): string {
    this.#count += 1;
    const value = `typed-${this.#count}.`;
    this.#open.add(value);
    return value;
  }

  /** A person saw this and let it go. */
  giveUp(seen: unknown): void {
    const text = JSON.stringify(seen) ?? '';
    for (const value of this.#open) if (text.includes(value)) this.#open.delete(value);
  }

  /** What nobody gave up and stands nowhere: on no side and in no pair's history. */
  lost(world: World): readonly string[] {
    const everything = JSON.stringify([world.google.living().map(({ fields }) => fields), [...world.inventive.rows.values()].map(({ fields }) => fields), world.pairs.all().map(({ lostValues }) => lostValues)]);
    return [...this.#open].filter((value) => !everything.includes(value));
  }
}

export async function liveThrough(world: World, history: readonly HistoryStep[], typed: Typed): Promise<void> {
  for (const one of history) await take(world, one, typed);
}

async function take(world: World, one: HistoryStep, typed: Typed): Promise<void> {
  const rowAt = (item: number): InventiveId => [...world.inventive.rows.keys()][item] ?? rowId(item);
  const eventAt = (item: number): GoogleEventId | undefined => world.google.living()[item]?.id;
  switch (one.do) {
    case 'edit-inventive': {
      const row = world.inventive.rows.get(rowAt(one.item));
      // A key is a UUID: that of a deleted row never comes again.
      const id = row?.id ?? rowId(100 + world.inventive.news.length);
      typed.giveUp(row?.fields[one.field]);
      return world.inventive.edit(id, row === undefined ? fullRow({ [one.field]: typed.type() }) : { [one.field]: typed.type() });
    }
    case 'edit-google': {
      const id = eventAt(one.item);
      if (id === undefined) return;
      typed.giveUp(world.google.events.get(id)?.fields[one.field]);
      return world.google.edit(id, { [one.field]: typed.type() });
    }
    case 'birth-in-google':
      if (!world.google.events.has(eventId(one.item))) world.google.edit(eventId(one.item), fullEvent({ subject: typed.type(), description: typed.type() }));
      return;
    case 'remove-inventive':
      typed.giveUp(world.inventive.rows.get(rowAt(one.item))?.fields);
      return world.inventive.remove(rowAt(one.item));
    case 'remove-google': {
      const id = eventAt(one.item);
      if (id === undefined) return;
      typed.giveUp(world.google.events.get(id)?.fields);
      return world.google.remove(id);
    }
    case 'restore-google':
      return world.google.restore([...world.google.events.keys()][one.item] ?? eventId(one.item));
    case 'copy-google': {
      const id = eventAt(one.item);
      if (id !== undefined) world.google.copy(id, eventId(10 + one.item));
      return;
    }
    case 'hand-over':
      return world.inventive.handTo(rowAt(one.item), one.to === 'back' ? world.account().userId : COLLEAGUE);
    case 'empty-bin':
      world.google.revivable = false;
      return;
    case 'deliver':
      return world.deliverNext(one.side);
    case 'rewind':
      // As after a crash before the commit: all from there comes again, in its order; the other side is far ahead or behind.
      return world.rewind(one.side, one.to);
    case 'deliver-all':
      return world.deliverAll();
    case 'work':
      await world.workOnce();
      return;
    case 'work-and-stall':
      return world.workAndStall(one.when);
    case 'go-on':
      return world.goOn();
    case 'kill':
      return world.kill(one.step);
    case 'kill-in':
      return world.killIn(one.calls, one.when);
    case 'fate':
      world.fates.push(one.fate);
  }
}
