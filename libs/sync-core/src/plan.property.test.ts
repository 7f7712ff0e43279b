import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES, type CanonicalFields, type GoogleFields, type InventiveFields, type When } from '@calsync/calendar-model';
import { equalFields, projectShowAs } from './comparison.js';
import { BLOCK_ENDS, renderBlock } from './description.js';
import { viewGoogle } from './google-view.js';
import { htmlOf, looksLikeHtml } from './html-text.js';
import type { PlanContext } from './plan-types.js';
import { isContent } from './private-content.js';
import { aGoogleEvent, at, someFields, TEN_TO_ELEVEN, ZONE } from './testing/builders.js';
import { PairEngine, Vendor, type Crash, type SideName } from './testing/two-sides.js';

type TextField = 'subject' | 'location' | 'notes';
type Step =
  | { readonly do: 'type'; readonly side: SideName; readonly field: TextField; readonly how: 'replace' | 'append' | 'clear' }
  | { readonly do: 'type in the block' | 'write html' | 'rename relation' }
  | { readonly do: 'move'; readonly side: SideName; readonly to: number }
  | { readonly do: 'showAs'; readonly side: SideName; readonly value: CanonicalFields['showAs'] }
  | { readonly do: 'privacy'; readonly side: SideName; readonly value: CanonicalFields['privacy'] }
  | { readonly do: 'delete'; readonly side: SideName }
  | { readonly do: 'deliver'; readonly side: SideName; readonly which: number; readonly reduced: boolean }
  | { readonly do: 'work'; readonly crash: Crash; readonly order: readonly SideName[] };

const side = fc.constantFrom<SideName>('inventive', 'google');
const WHENS: readonly When[] = [
  TEN_TO_ELEVEN,
  at('2027-03-28T02:30:00', '2027-03-28T04:00:00'),
  at('2026-10-25T02:30:00', '2026-10-25T03:30:00'),
  at('2026-10-25T01:30:00', '2026-10-25T02:30:00', 'UTC'),
  { kind: 'all-day', firstOn: '2026-12-01', lastOn: '2026-12-01' },
];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('type' as const), side, field: fc.constantFrom<TextField>('subject', 'location', 'notes'), how: fc.constantFrom('replace' as const, 'append' as const, 'clear' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('type in the block' as const, 'write html' as const, 'rename relation' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), side, to: fc.nat(WHENS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('showAs' as const), side, value: fc.constantFrom('busy' as const, 'free' as const, 'tentative' as const, 'away' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('privacy' as const), side, value: fc.constantFrom('public' as const, 'private' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), side }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), side, which: fc.nat(99), reduced: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      crash: fc.constantFrom<Crash>('no', 'no', 'before the call', 'after the call', 'after the save'),
      order: fc.constantFrom<readonly SideName[]>(['inventive', 'google'], ['google', 'inventive']),
    }),
  },
);

interface History {
  readonly born: 'inventive' | 'google' | 'both';
  readonly settings: Pick<PlanContext, 'conflictPolicy' | 'privateContent' | 'notesCross'>;
  readonly steps: readonly Step[];
}
const history: fc.Arbitrary<History> = fc.record({
  born: fc.constantFrom('inventive' as const, 'google' as const, 'both' as const),
  settings: fc.record({
    conflictPolicy: fc.constantFrom('latest-wins' as const, 'inventive-wins' as const, 'google-wins' as const),
    privateContent: fc.constantFrom('full' as const, 'busy-only' as const),
    notesCross: fc.boolean(),
  }),
  steps: fc.array(step, { maxLength: 60 }),
});

/** People, two vendors and one engine. Every text that somebody types is unlike any other, so it can be looked for. */
class World {
  readonly inventive = new Vendor<InventiveFields>();
  readonly google = new Vendor<GoogleFields>();
  readonly engine: PairEngine;
  /** Typed, and not replaced or deleted since by a person who saw it. */
  readonly typed = new Set<string>();
  private count = 0;
  private relation = 0;

  constructor({ born, settings }: History) {
    if (born !== 'google') this.inventive.save('inventive.0', { ...someFields({ subject: this.token(), location: '', notes: this.token() }) });
    if (born !== 'inventive') this.google.save('google.born', aGoogleEvent({ subject: this.token(), location: this.token(), description: this.token() }));
    this.engine = new PairEngine(this, settings, this.lines(), (plan, inventive) => {
      // No write to Google names content while the row is private and may show its times only.
      if (settings.privateContent === 'full' || inventive.kind !== 'known' || inventive.fields.privacy !== 'private') return;
      if (plan.google.kind !== 'create' && plan.google.kind !== 'patch') return;
      const { subject = 'Bezet', location = '', description = '' } = plan.google.fields;
      if (subject !== 'Bezet' || location !== '' || (settings.notesCross && description !== '')) throw new Error('private content crosses');
    });
  }

  private token(): string {
    this.count += 1;
    const text = `getypt${String(this.count).padStart(3, '0')}`;
    this.typed.add(text);
    return text;
  }
  private lines = () => [{ field: 'relation.name', label: 'Relatie', value: `Bakkerij ${this.relation}` }];

  /** Whoever replaces or deletes what they see has lost nothing. */
  private seenAndReplaced(text: string): void {
    for (const token of [...this.typed]) if (text.includes(token)) this.typed.delete(token);
  }

  do(step: Step): void {
    switch (step.do) {
      case 'type':
        return this.type(step.side, step.field, step.how);
      case 'type in the block':
        return this.editGoogle((event) => ({ ...event, description: (event.description ?? '').replace(BLOCK_ENDS, `${this.token()}${looksLikeHtml(event.description ?? '') ? '<br>' : '\n'}${BLOCK_ENDS}`) }), BLOCK_ENDS);
      case 'write html':
        return this.editGoogle((event) => ({ ...event, description: looksLikeHtml(event.description ?? '') ? (event.description ?? '') : `<b>${htmlOf(event.description ?? '')}</b>` }));
      case 'rename relation':
        this.relation += 1;
        this.engine.blockLines = this.lines();
        return;
      case 'move':
        return this.edit(step.side, { when: WHENS[step.to] ?? TEN_TO_ELEVEN });
      case 'showAs':
        return this.edit(step.side, { showAs: step.side === 'google' ? projectShowAs(step.value) : step.value });
      case 'privacy':
        return this.edit(step.side, { privacy: step.value });
      case 'delete': {
        const item = this[step.side].alive[0];
        if (item === undefined) return;
        this.seenAndReplaced(JSON.stringify(item.fields));
        return this[step.side].save(item.id, 'deleted');
      }
      case 'deliver': {
        const { messages } = this[step.side];
        return this.engine.take(step.side, messages[step.which % Math.max(1, messages.length)], step.reduced);
      }
      case 'work':
        return this.engine.work(step.crash, step.order);
    }
  }

  private edit(who: SideName, change: Partial<CanonicalFields>): void {
    const vendor = this[who] as Vendor<object>;
    const item = vendor.alive[0];
    const inZone = who === 'inventive' && change.when?.kind === 'timed' && change.when.zone !== ZONE ? { when: TEN_TO_ELEVEN } : change;
    if (item !== undefined) vendor.save(item.id, { ...item.fields, ...inZone });
  }

  private editGoogle(change: (event: GoogleFields) => GoogleFields, needs = ''): void {
    const item = this.google.alive[0];
    if (item !== undefined && (item.fields.description ?? '').includes(needs)) this.google.save(item.id, change(item.fields));
  }

  private type(who: SideName, field: TextField, how: 'replace' | 'append' | 'clear'): void {
    const item = (this[who] as Vendor<Record<string, unknown>>).alive[0];
    if (item === undefined) return;
    const key = who === 'google' && field === 'notes' ? 'description' : field;
    const before = String(item.fields[key] ?? '');
    if (how !== 'append') this.seenAndReplaced(before);
    const lineEnd = field !== 'notes' ? ' ' : key === 'description' && looksLikeHtml(before) ? '<br>' : '\n';
    const after = how === 'clear' ? '' : how === 'replace' ? this.token() : `${before}${lineEnd}${this.token()}`;
    (this[who] as Vendor<object>).save(item.id, { ...item.fields, [key]: after });
  }

  /** Changes have stopped: the newest states arrive and the engine works until it has nothing to do. */
  settle(): void {
    for (let round = 0; round < 12; round += 1) {
      this.engine.work();
      for (const each of ['inventive', 'google'] as const) this.engine.read(each);
      this.engine.work();
      const { inventive, google } = this.engine.plan();
      if (inventive.kind === 'none' && google.kind === 'none') return;
    }
    throw new Error('the sides don’t come to rest');
  }
  get writes(): number {
    return this.inventive.writes + this.google.writes;
  }
}

/** The fields in which the sides still differ; content that is held back does not count. */
function differences(world: World, { settings }: History): string[] {
  const [mine, theirs] = [world.inventive.alive[0], world.google.alive[0]];
  if (mine === undefined && theirs === undefined) return [];
  if (mine === undefined || theirs === undefined) return ['one side has nothing'];
  const view = viewGoogle(theirs.fields, world.engine.base, { blockLines: world.engine.blockLines, notes: mine.fields.notes });
  const hidden = settings.privateContent === 'busy-only' && mine.fields.privacy === 'private';
  const unequal = FIELD_NAMES.filter((field) => {
    if ((hidden && isContent(field)) || (field === 'notes' && !settings.notesCross)) return false;
    const [a, b] = [mine.fields[field], view.fields[field]];
    return a !== undefined && b !== undefined && !equalFields(field, a as never, b as never, ZONE);
  });
  if (!hidden && view.description?.block !== renderBlock(world.engine.blockLines)) return [...unequal, 'block'];
  return unequal;
}

function play(one: History): World {
  const world = new World(one);
  for (const each of one.steps) world.do(each);
  world.settle();
  return world;
}

const RUNS = { numRuns: 500, verbose: 1 } as const;

describe('random histories of two people, two vendors and an engine that crashes', () => {
  it('[I1] both sides agree once changes stop', () => {
    fc.assert(
      fc.property(history, (one) => {
        expect(differences(play(one), one)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('[I2] every message again, in any order, writes nothing', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(side, fc.nat(99), fc.boolean()), { maxLength: 30 }), (one, again) => {
        const world = play(one);
        const before = world.writes;
        for (const [who, which, reduced] of again) {
          world.do({ do: 'deliver', side: who, which, reduced });
          world.do({ do: 'work', crash: 'no', order: ['inventive', 'google'] });
        }
        expect(world.writes).toBe(before);
      }),
      RUNS,
    );
  });

  it('[I3] never two items on a side', () => {
    fc.assert(
      fc.property(history, (one) => {
        const world = new World(one);
        const counts = (): number[] => [world.inventive.alive.length, world.google.alive.length];
        for (const each of one.steps) {
          world.do(each);
          expect(Math.max(...counts())).toBeLessThanOrEqual(1);
        }
        world.settle();
        expect(new Set(counts()).size).toBe(1);
      }),
      RUNS,
    );
  });

  it('[I4] what somebody typed is on a side or in history', () => {
    fc.assert(
      fc.property(history, (one) => {
        const world = play(one);
        const kept = JSON.stringify([world.inventive.alive, world.google.alive, world.engine.history]);
        expect([...world.typed].filter((token) => !kept.includes(token))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('[I5] at rest it stays at rest', () => {
    fc.assert(
      fc.property(history, (one) => {
        const world = play(one);
        const before = world.writes;
        world.settle();
        world.settle();
        expect(world.writes).toBe(before);
      }),
      RUNS,
    );
  });

  it('[I6] in whatever order and however often the states of each side arrive, the sides come together', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(side, fc.nat(99), fc.boolean()), { maxLength: 40 }), (one, deliveries) => {
        const world = new World(one);
        // First all edits, and only then their messages: shuffled, doubled, some lost, with work in between.
        for (const each of one.steps) if (each.do !== 'deliver' && each.do !== 'work') world.do(each);
        for (const [who, which, works] of deliveries) {
          world.do({ do: 'deliver', side: who, which, reduced: false });
          if (works) world.do({ do: 'work', crash: 'no', order: ['google', 'inventive'] });
        }
        world.settle();
        expect(differences(world, one)).toEqual([]);
      }),
      RUNS,
    );
  });
});
