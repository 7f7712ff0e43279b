import { describe, expect, it } from 'vitest';
import { asGoogleEventId } from '@calsync/calendar-model';
import { aLiveWorld, at, inAgenda, type World } from './rolling-world.js';
import { fullEvent } from './reconcile-world.js';

const ID = asGoogleEventId('weekly');
const starts = (world: World) => [...world.inventive.rows.values()].map(({ fields: { when } }) => (when?.kind === 'timed' ? when.start : when?.firstOn) ?? '').toSorted();

async function aSeries(rule: Parameters<World['google']['series']['create']>[2] = { every: 'week', interval: 1, count: 4 }) {
  const world = await aLiveWorld();
  world.google.series.create(ID, fullEvent({ subject: 'Werkoverleg', when: at('2026-11-25T10:00', '2026-11-25T11:00') }), rule);
  await world.quiesce();
  return world;
}

describe('a series of Google', () => {
  it('[R4.1] stands in Inventive as its occurrences in the window, and nothing is written to Google', async () => {
    const world = await aSeries();
    expect(starts(world)).toEqual(['2026-11-25T10:00:00', '2026-12-02T10:00:00', '2026-12-09T10:00:00', '2026-12-16T10:00:00']);
    expect([inAgenda(world).length, world.google.writes]).toEqual([4, 0]);
  });
});
