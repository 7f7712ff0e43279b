import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneIn, RUNS, SEED } from '../testing/history-end.js';
import type { CallFate } from './call-fate.js';
import { liveThrough, type EverythingStep } from './everything-history.js';
import { differences } from './history-oracle.js';
import { comeToRest } from './history-trouble.js';
import { aWorld } from './reconcile-world.js';
import { Typed } from './typed.js';

const MINUTES = 30;
const PAIRS = 3;
/** Decision 0005. */
const MOST_A_SECOND = 2;

type Side = 'inventive' | 'google';
/** Both sides may be edited in one moment; what the product hears and does in it differs each time. */
interface Moment {
  readonly afterMs: number;
  readonly edits: readonly { readonly side: Side; readonly item: number; readonly field: 'subject' | 'location' | 'text' | 'when'; readonly to: number }[];
  readonly hears: readonly Side[];
  readonly works: number;
  readonly trouble?: { readonly do: 'stall'; readonly when: 'before' | 'after' } | { readonly do: 'go-on' } | { readonly do: 'fate'; readonly fate: CallFate };
}

const side = fc.constantFrom('inventive' as const, 'google' as const);
const edit = fc.record({ side, item: fc.nat(PAIRS - 1), field: fc.constantFrom('subject' as const, 'subject' as const, 'location' as const, 'text' as const, 'when' as const), to: fc.nat(3) });
const moment: fc.Arbitrary<Moment> = fc.record({
  afterMs: fc.constantFrom(100, 400, 3_000, 6_000, 10_000),
  edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
  hears: fc.constantFrom<readonly Side[]>([], ['inventive'], ['google'], ['inventive', 'google'], ['google', 'inventive']),
  works: fc.nat(4),
  trouble: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), when: fc.constantFrom('before' as const, 'after' as const) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'go-on' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom<CallFate>('fails', 'over-quota', 'applies-then-fails') }) },
  ),
}).map(({ trouble, ...rest }) => (trouble === undefined ? rest : { ...rest, trouble }));

/** They are lived again and again until the minutes are over: drawn whole they would be too many to shrink. */
const moments = fc.array(moment, { minLength: 10, maxLength: 25, size: 'max' });

function typing({ side: where, item, field, to }: Moment['edits'][number]): EverythingStep {
  if (where === 'inventive') return { by: 'person', do: 'edit-row', item, change: field === 'when' ? { field, to } : { field: field === 'text' ? 'notes' : field, how: 'type' } };
  return { by: 'person', do: 'edit-event', item, change: field === 'when' ? { field, to } : { field: field === 'text' ? 'description' : field, how: 'type' } };
}

/** More than two writes of one item within a second. */
function tooFast(written: readonly { readonly id: string; readonly at: number }[]): readonly string[] {
  const times = Map.groupBy(written, ({ id }) => id);
  return [...times].flatMap(([id, writes]) => writes.filter(({ at }, n) => (writes[n + MOST_A_SECOND]?.at ?? Number.POSITIVE_INFINITY) - at < 1_000).map(({ at }) => `${id} at ${at}`));
}

describe(`both sides at the same time, for ${MINUTES} minutes (${Math.ceil(RUNS / 150)} of each policy, with hundreds of edits, SIMULATION_SEED=${SEED})`, () => {
  it.each(['latest-wins', 'inventive-wins', 'google-wins'] as const)('[R8.5] %s: they say the same afterwards, nothing more is written, what lost stands in the history, and no item was written more than twice a second', async (conflictPolicy) => {
    await fc.assert(
      fc.asyncProperty(moments, async (drawn) => {
        const world = aWorld({ account: { conflictPolicy } });
        const typed = new Typed();
        for (let n = 0; n < PAIRS; n += 1) await liveThrough(world, [{ by: 'person', do: n === 0 ? 'new-event' : 'new-row', when: n }], typed);
        await world.quiesce();
        const until = world.clock.now() + MINUTES * 60_000;
        for (let n = 0; world.clock.now() < until; n += 1) {
          const { afterMs, edits, hears, works, trouble } = drawn[n % drawn.length]!;
          world.pass(afterMs);
          await liveThrough(world, edits.map(typing), typed);
          if (trouble?.do === 'fate') world.fates.push(trouble.fate);
          for (const one of hears) await world.deliverNext(one);
          if (n % 10 === 9) await world.deliverAll();
          if (trouble?.do === 'stall') await world.workAndStall(trouble.when);
          else if (trouble?.do === 'go-on') await world.goOn();
          for (let turn = 0; turn < works; turn += 1) await world.workOnce();
        }
        await comeToRest(world);
        expect(differences(world, 'as told')).toEqual([]);
        expect(typed.lost(world)).toEqual([]);
        expect([world.google.living().length, world.inventive.rows.size, world.pairs.all().map(({ status }) => status)]).toEqual([PAIRS, PAIRS, Array(PAIRS).fill('active')]);
        expect([...tooFast(world.inventive.written), ...tooFast(world.google.written)]).toEqual([]);
        const written = [world.inventive.writes, world.google.writes];
        world.rewind('inventive', 0);
        world.rewind('google', 0);
        await world.quiesce();
        expect([world.inventive.writes, world.google.writes]).toEqual(written);
      }),
      oneIn(150),
    );
  }, 3_600_000);
});
