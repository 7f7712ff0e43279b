import { asInventiveId, type GoogleEventId, type InventiveId } from '@calsync/calendar-model';
import { suffer, type TroubleStep } from './history-trouble.js';
import { eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import type { Typed, World } from './typed.js';

const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));

/** What may happen to single items: people, and all that the product does and suffers. */
export type HistoryStep =
  | { readonly do: 'edit-inventive'; readonly item: number; readonly field: 'subject' | 'location' | 'notes' }
  | { readonly do: 'edit-google'; readonly item: number; readonly field: 'subject' | 'location' | 'description' }
  | { readonly do: 'birth-in-google' | 'remove-inventive' | 'remove-google' | 'restore-google' | 'copy-google'; readonly item: number }
  | { readonly do: 'hand-over'; readonly item: number; readonly to: 'colleague' | 'back' }
  | { readonly do: 'empty-bin' }
  | TroubleStep;

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
    default:
      return suffer(world, one);
  }
}
