import { asGoogleEventId, asInventiveId, type GoogleEventId, type GoogleFields, type GoogleReminders, type InventiveFields, type InventiveId, type ShowAs } from '@calsync/calendar-model';
import { ACCOUNT } from '../testing/records.js';
import { GOOGLE_WHENS, WHENS } from './history-whens.js';
import { fullEvent, fullRow, rowId } from './reconcile-world.js';
import type { Typed, World } from './typed.js';

export const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));
export const OTHER_ADMINISTRATION = asInventiveId('AD2'.padStart(32, '0'));

export type RowChange =
  | { readonly field: 'subject' | 'location' | 'notes'; readonly how: 'type' | 'clear' }
  | { readonly field: 'when'; readonly to: number }
  | { readonly field: 'showAs'; readonly to: ShowAs }
  | { readonly field: 'privacy'; readonly to: 'public' | 'private' }
  | { readonly field: 'reminder'; readonly to: number | 'default' };
export type EventChange =
  | { readonly field: 'subject' | 'location' | 'description'; readonly how: 'type' | 'clear' }
  | { readonly field: 'when'; readonly to: number }
  | { readonly field: 'showAs'; readonly to: 'busy' | 'free' | 'tentative' }
  | { readonly field: 'privacy'; readonly to: 'public' | 'private' }
  | { readonly field: 'reminders'; readonly to: GoogleReminders };

/** What two people do with single items: one at the desk, one with a phone. Items are counted among what lives. */
export type PersonStep =
  | { readonly do: 'new-row' | 'new-event'; readonly when: number }
  | { readonly do: 'edit-row'; readonly item: number; readonly change: RowChange }
  | { readonly do: 'edit-event'; readonly item: number; readonly change: EventChange }
  | { readonly do: 'remove-row' | 'remove-event' | 'restore-event' | 'copy-event' | 'copy-row'; readonly item: number }
  | { readonly do: 'hand-over'; readonly item: number; readonly to: 'colleague' | 'back' }
  | { readonly do: 'move-administration'; readonly item: number; readonly to: 'other' | 'back' }
  | { readonly do: 'set-status'; readonly item: number; readonly to: 'void' | 'planned' | 'done' }
  /** The same thing written down on both sides, before they are linked. */
  | { readonly do: 'on-both-sides'; readonly when: number }
  | { readonly do: 'empty-bin' };

export const rowAt = (world: World, item: number): InventiveId | undefined => cyclic([...world.inventive.rows.keys()], item);
export const eventAt = (world: World, item: number): GoogleEventId | undefined => cyclic(world.google.living().map(({ id }) => id), item);
const cyclic = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

export function act(world: World, step: PersonStep, typed: Typed): void {
  const { inventive, google } = world;
  switch (step.do) {
    case 'new-row':
      // A key is a UUID: that of a deleted row never comes again.
      return inventive.edit(rowId(100 + inventive.news.length), fullRow({ subject: typed.type(), notes: typed.type(), when: WHENS[step.when] ?? WHENS[0]!, reminder: 'default' }));
    case 'new-event':
      return google.edit(asGoogleEventId(`born${google.news.length}`), fullEvent({ subject: typed.type(), description: typed.type(), when: GOOGLE_WHENS[step.when] ?? WHENS[0]! }));
    case 'on-both-sides': {
      // Written down while nothing is read from either side; else these are two things to whoever looks.
      if (world.account().state !== 'off') return;
      const both = { subject: typed.type(), when: WHENS[step.when] ?? WHENS[0]! };
      inventive.edit(rowId(100 + inventive.news.length), fullRow({ ...both, notes: typed.type() }));
      return google.edit(asGoogleEventId(`born${google.news.length}`), fullEvent({ ...both, description: typed.type() }));
    }
    case 'edit-row': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? rowId(0));
      movedApart(world, step.change, row?.fields, typed);
      return row === undefined ? undefined : inventive.edit(row.id, rowFields(step.change, row.fields, typed));
    }
    case 'edit-event': {
      const id = eventAt(world, step.item);
      if (id !== undefined) movedApart(world, step.change, google.events.get(id)?.fields, typed);
      return id === undefined ? undefined : google.edit(id, eventFields(step.change, google.events.get(id)?.fields ?? {}, typed));
    }
    case 'remove-row': {
      const id = rowAt(world, step.item);
      if (id === undefined) return;
      typed.giveUp(inventive.rows.get(id)?.fields);
      return inventive.remove(id);
    }
    case 'remove-event': {
      const id = eventAt(world, step.item);
      if (id === undefined) return;
      typed.giveUp(google.events.get(id)?.fields);
      return google.remove(id);
    }
    case 'restore-event': {
      const event = cyclic([...google.events.values()].filter(({ status }) => status === 'cancelled'), step.item);
      if (event === undefined) return;
      // Nobody knows any more that it was deleted: what a worker that hung made of it meanwhile has an event of its own, and this is one more.
      if (world.databaseWasLost() && world.account().state === 'live' && !world.pairs.all().some(({ eventId }) => eventId === event.id)) typed.again(event.fields);
      return google.restore(event.id);
    }
    case 'copy-event': {
      const id = eventAt(world, step.item);
      if (id === undefined) return;
      typed.again(google.events.get(id)?.fields);
      return google.copy(id, asGoogleEventId(`copy${google.news.length}`));
    }
    case 'copy-row': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? rowId(0));
      if (row === undefined) return;
      typed.again(row.fields);
      return inventive.copy(row.id, rowId(100 + inventive.news.length));
    }
    case 'hand-over': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? rowId(0));
      if (row === undefined) return;
      // Edited by the other one meanwhile it lives on here too.
      typed.again(row.fields);
      return inventive.handTo(row.id, step.to === 'back' ? ACCOUNT.userId : COLLEAGUE);
    }
    case 'move-administration': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? rowId(0));
      if (row === undefined) return;
      typed.again(row.fields);
      return inventive.moveTo(row.id, step.to === 'back' ? ACCOUNT.administrationId : OTHER_ADMINISTRATION);
    }
    case 'set-status': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? rowId(0));
      if (row === undefined) return;
      // Called off at the desk before they were linked, what is still in the calendar is a thing of its own, and comes in as one.
      if (step.to === 'void' && world.account().state !== 'live') typed.again(row.fields);
      return inventive.setStatus(row.id, step.to);
    }
    case 'empty-bin':
      google.revivable = false;
      return;
    default:
      step satisfies never;
  }
}

/** What was written down on both sides and moved on one before they were linked is two things to whoever looks. */
function movedApart(world: World, change: RowChange | EventChange, before: unknown, typed: Typed): void {
  if (change.field === 'when' && world.account().state !== 'live') typed.again(before);
}

export function rowFields(change: RowChange, before: InventiveFields, typed: Typed): InventiveFields {
  switch (change.field) {
    case 'when':
      return { when: WHENS[change.to] ?? WHENS[0]! };
    case 'showAs':
      return { showAs: change.to };
    case 'privacy':
      return { privacy: change.to };
    case 'reminder':
      return { reminder: change.to };
    default:
      typed.giveUp(before[change.field]);
      return { [change.field]: change.how === 'clear' ? '' : typed.type() };
  }
}

export function eventFields(change: EventChange, before: GoogleFields, typed: Typed): GoogleFields {
  switch (change.field) {
    case 'when':
      return { when: GOOGLE_WHENS[change.to] ?? WHENS[0]! };
    case 'showAs':
      return { showAs: change.to };
    case 'privacy':
      return { privacy: change.to };
    case 'reminders':
      return { reminders: change.to };
    default:
      typed.giveUp(before[change.field]);
      return { [change.field]: change.how === 'clear' ? '' : typed.type() };
  }
}
