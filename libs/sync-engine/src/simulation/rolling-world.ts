import type { When } from '@calsync/calendar-model';
import { aWorld } from './reconcile-world.js';

export type World = ReturnType<typeof aWorld>;
export const ZONE = 'Europe/Amsterdam';
export const at = (start: string, end: string): When => ({ kind: 'timed', start: `${start}:00`, end: `${end}:00`, zone: ZONE });
export const on = (day: string): When => at(`${day}T10:00`, `${day}T11:00`);
export const inGoogle = (world: World) => world.google.living().map(({ fields }) => fields.subject ?? '').sort();
export const inAgenda = (world: World) => [...world.inventive.rows.values()].map(({ fields }) => fields.subject ?? '').sort();
export const writes = (world: World) => world.google.writes + world.inventive.writes;

/** Live since 24 November: 90 days after it is 22 February, the last day that was read. */
export async function aLiveWorld(): Promise<World> {
  const world = aWorld();
  await world.windowDays.set(world.account().id, { rolledOn: '2026-11-24', coveredUntilOn: '2027-02-22' });
  return world;
}

/** As the loop does it, in the first hour of that day. */
export async function rollOn(world: World, day: string): Promise<void> {
  world.passUntil(Temporal.PlainDate.from(day).toZonedDateTime(ZONE).add({ minutes: 40 }).toInstant().toString());
  await world.rolling.turn();
  await world.quiesce();
}
