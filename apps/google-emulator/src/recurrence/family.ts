import type { EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { baseOf } from './occurrence-id.js';
import { isMaster, setOf } from './series.js';

/** The family that an event belongs to once it is part of a series; it never leaves it. */
export function familyOf(event: Omit<EventRecord, 'seq' | 'updatedMicros'>): string | undefined {
  if (event.family !== undefined) return event.family;
  return event.seriesId !== undefined || event.fields.rest['recurrence'] !== undefined ? baseOf(event.id) : undefined;
}

/**
 * A series is one version: whoever of it changes, its master, later halves and exceptions get the same etag and all come in the delta.
 * Exceptions whose start the series no longer has become orphans here, and are told once; of a deleted series only the master is told, and what came to it by a split.
 */
export function renewFamily(world: World, changed: EventRecord): void {
  if (changed.family === undefined) return;
  const events = world.events(changed.calendarId);
  const others = [...events.values()].filter((event) => event.family === changed.family && event.id !== changed.id && event.remains === undefined);
  const renew = (event: EventRecord): void => events.put(event.id, { ...event, seq: world.nextSeq(), updatedMicros: changed.updatedMicros });
  // What was touched comes first, be it an exception: a reader may get it before its master.
  for (const event of others) if (event.seriesId === undefined && event.status !== 'cancelled') renew(event);
  for (const event of others) {
    if (event.seriesId === undefined || event.originalStart === undefined) continue;
    if (event.alone === true) {
      renew(event);
      continue;
    }
    const master = events.get(event.seriesId);
    if (master?.status === 'cancelled') {
      if (event.handedOver === true && master.id === changed.id) renew(event);
      continue;
    }
    const produced = master !== undefined && isMaster(master) && setOf(master).includes(event.originalStart);
    const { orphaned, ...kept } = event;
    if (produced) renew(kept);
    else if (orphaned !== true) renew({ ...kept, orphaned: true });
  }
}
