import { act, type PersonStep } from './history-people.js';
import { actOnSeries, type SeriesStep } from './history-series.js';
import { suffer, type TroubleStep } from './history-trouble.js';
import type { Typed, World } from './typed.js';

export type EverythingStep =
  | ({ readonly by: 'person' } & PersonStep)
  | ({ readonly by: 'organiser' } & SeriesStep)
  | ({ readonly by: 'product' } & TroubleStep);

/** All of it, in its order; what was typed is remembered. */
export async function liveThrough(world: World, history: readonly EverythingStep[], typed: Typed): Promise<void> {
  for (const step of history) {
    if (step.by === 'person') act(world, step, typed);
    else if (step.by === 'organiser') actOnSeries(world, step, typed);
    else await suffer(world, step);
  }
}
