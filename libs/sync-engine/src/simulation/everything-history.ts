import { act, type PersonStep } from './history-people.js';
import { actOnGuests, type GuestStep } from './history-guests.js';
import { actOnSeries, type SeriesStep } from './history-series.js';
import { suffer, type TroubleStep } from './history-trouble.js';
import type { Typed, World } from './typed.js';

export type EverythingStep =
  | ({ readonly by: 'person' } & PersonStep)
  | ({ readonly by: 'organiser' } & SeriesStep)
  | ({ readonly by: 'guests' } & GuestStep)
  | ({ readonly by: 'product' } & TroubleStep);

/** All of it, in its order; what was typed is remembered. */
export async function liveThrough(world: World, history: readonly EverythingStep[], typed: Typed): Promise<void> {
  for (const step of history) {
    if (step.by === 'product') await suffer(world, step);
    else typed.guests.watch(world, step.do, () => byPeople(world, step, typed));
    typed.guests.hearMails(world);
  }
}

function byPeople(world: World, step: Exclude<EverythingStep, { readonly by: 'product' }>, typed: Typed): void {
  if (step.by === 'person') act(world, step, typed);
  else if (step.by === 'organiser') actOnSeries(world, step, typed);
  else actOnGuests(world, step, typed);
}
