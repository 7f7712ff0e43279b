import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES, type CanonicalFields, type Decor, type EventColour, type GoogleFields, type GoogleReminders, type InventiveFields, type When } from '@calsync/calendar-model';
import { equalFields, projectShowAs } from './comparison.js';
import { BLOCK_ENDS, renderBlock } from './description.js';
import { viewGoogle } from './google-view.js';
import { htmlOf, looksLikeHtml } from './html-text.js';
import { VOID_PREFIX } from './marked-void.js';
import type { DeletionPolicy, PlanContext } from './plan-types.js';
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
  | { readonly do: 'status'; readonly value: 'planned' | 'void' }
  | { readonly do: 'reminder in Inventive'; readonly minutes: number | 'default' }
  | { readonly do: 'reminder in Google'; readonly how: 'popup' | 'second popup' | 'e-mail' | 'default'; readonly minutes: number }
  | { readonly do: 'colour'; readonly by: 'person' | 'Soort'; readonly id: string }
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('status' as const), value: fc.constantFrom('planned' as const, 'void' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reminder in Inventive' as const), minutes: fc.constantFrom<number | 'default'>(0, 15, 60, 100_000, 'default') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reminder in Google' as const), how: fc.constantFrom('popup' as const, 'second popup' as const, 'e-mail' as const, 'default' as const), minutes: fc.constantFrom(0, 10, 15, 1440) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('colour' as const), by: fc.constantFrom('person' as const, 'Soort' as const), id: fc.constantFrom('1', '2', 'none') }) },
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
  readonly settings: Pick<PlanContext, 'conflictPolicy' | 'privateContent' | 'notesCross' | 'deletion' | 'direction'>;
  readonly steps: readonly Step[];
}
const policy = fc.constantFrom<DeletionPolicy>('delete', 'delete', 'mark', 'keep');
/** A person's colours and those of a Soort have nothing in common: so it can be told whose one is. */
const colourOf = (by: 'person' | 'Soort', id: string): EventColour => ({ kind: 'colour', id: `${by} ${id}` });
const LINK = { title: 'Inventive', url: 'https://inventive.example/1' };
const history: fc.Arbitrary<History> = fc.record({
  born: fc.constantFrom('inventive' as const, 'google' as const, 'both' as const),
  settings: fc.record({
    conflictPolicy: fc.constantFrom('latest-wins' as const, 'inventive-wins' as const, 'google-wins' as const),
    privateContent: fc.constantFrom('full' as const, 'busy-only' as const),
    notesCross: fc.boolean(),
    direction: fc.constantFrom('both' as const, 'both' as const, 'both' as const, 'to-google' as const, 'to-inventive' as const),
    deletion: fc.record({ toInventive: policy, toGoogle: policy }),
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
  /** What only Google knows, set by a person on the event that stands there: e-mails before the start, a colour. */
  private set: { readonly id: string; readonly emails: readonly number[]; readonly colour?: EventColour } = { id: '', emails: [] };
  private count = 0;
  private relation = 0;

  constructor({ born, settings }: History) {
    if (born !== 'google') this.inventive.save('inventive.0', { ...someFields({ subject: this.token(), location: '', notes: this.token() }) });
    if (born !== 'inventive') this.google.save('google.born', aGoogleEvent({ subject: this.token(), location: this.token(), description: this.token() }));
    this.engine = new PairEngine(this, settings, this.lines(), { link: LINK, colour: colourOf('Soort', '1') }, (plan, inventive) => {
      // No write to Google names content while the row is private and may show its times only.
      if (settings.privateContent === 'full' || inventive.kind !== 'known' || inventive.fields.privacy !== 'private') return;
      if (plan.google.kind !== 'create' && plan.google.kind !== 'patch') return;
      const { subject = 'Bezet', location = '', description = '' } = plan.google.fields;
      // What was typed over the rendering in Google is marked with its own words.
      const ownWords = this.engine.base?.fields.subject === undefined && this.google.alive.some(({ fields }) => fields.subject !== undefined && subject.includes(fields.subject.replace(VOID_PREFIX, '')));
      if ((subject.replace(VOID_PREFIX, '') !== 'Bezet' && !ownWords) || location !== '' || (settings.notesCross && description !== '')) throw new Error('private content crosses');
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
      case 'status':
        return this.editRow((row) => ({ ...row, status: step.value }));
      case 'reminder in Inventive':
        return this.edit('inventive', { reminder: step.minutes });
      case 'reminder in Google':
        return this.remind(step.how, step.minutes);
      case 'colour': {
        if (step.by === 'Soort') {
          this.engine.decor = { link: LINK, ...(step.id === 'none' ? {} : { colour: colourOf('Soort', step.id) }) };
          return;
        }
        const colour = colourOf('person', step.id);
        this.keepInMind({ colour });
        return this.editGoogle((event) => ({ ...event, decor: { ...(event as { decor?: Decor }).decor, colour } }));
      }
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

  private editRow(change: (row: object) => object): void {
    const item = this.inventive.alive[0];
    if (item !== undefined) this.inventive.save(item.id, change(item.fields));
  }

  private keepInMind(change: { emails?: readonly number[]; colour?: EventColour }): void {
    const id = this.google.alive[0]?.id ?? '';
    this.set = { ...(this.set.id === id ? this.set : { id, emails: [] }), ...change };
  }

  private remind(how: 'popup' | 'second popup' | 'e-mail' | 'default', minutes: number): void {
    const before: GoogleReminders = this.google.alive[0]?.fields.reminders ?? { useDefault: true, overrides: [] };
    const with_ = (...overrides: GoogleReminders['overrides']): GoogleReminders => ({ useDefault: false, overrides: overrides.slice(0, 5) });
    const emails = before.overrides.filter(({ method }) => method === 'email');
    const popups = before.overrides.filter(({ method }) => method === 'popup');
    const next =
      how === 'default' ? { useDefault: true, overrides: [] }
      : how === 'e-mail' ? with_(...before.overrides.filter((each) => each.method !== 'email' || each.minutes !== minutes), { method: 'email', minutes })
      : how === 'popup' ? with_(...emails, { method: 'popup', minutes })
      : with_(...emails, ...popups.filter((each) => each.minutes !== minutes), { method: 'popup', minutes });
    this.keepInMind({ emails: next.overrides.filter(({ method }) => method === 'email').map((each) => each.minutes) });
    this.editGoogle((event) => ({ ...event, reminders: next }));
  }

  /** What a person set on the event that stands there, and isn't there any more. */
  get wiped(): unknown[] {
    const item = this.google.alive[0];
    if (item === undefined || item.id !== this.set.id) return [];
    const { reminders, decor } = item.fields as GoogleFields & { decor?: Decor };
    const emails = this.set.emails.filter((minutes) => reminders?.overrides.some((each) => each.method === 'email' && each.minutes === minutes) !== true);
    return [...emails, ...(this.set.colour !== undefined && decor?.colour?.id !== this.set.colour.id ? [decor?.colour] : [])];
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
  // Whoever chose one direction wants differences; what is promised then is silence, and that nothing is lost.
  if (settings.direction !== 'both') return [];
  const [mine, theirs] = [world.inventive.alive[0], world.google.alive[0]];
  const isVoid = (mine?.fields as { status?: string } | undefined)?.status === 'void';
  const { toGoogle, toInventive } = settings.deletion;
  // Gone in Inventive, for Google at least: it is gone there too, marked, or kept.
  if (mine === undefined || isVoid) {
    // [G10] Never in step: whether the event was edited since the row became void nobody can tell.
    if (theirs === undefined || toGoogle === 'keep' || (isVoid && world.engine.base === undefined)) return [];
    return toGoogle === 'mark' && theirs.fields.subject?.startsWith(VOID_PREFIX) === true ? [] : ['gone in Inventive only'];
  }
  if (theirs === undefined) return toInventive === 'keep' ? [] : ['gone in Google only'];
  if (theirs.fields.subject?.startsWith(VOID_PREFIX) === true) return ['still marked as gone'];
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
        expect(differences(world, one)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('[I4] [N2] [E2] what a person set in Google for themselves is never wiped', () => {
    fc.assert(
      fc.property(history, (one) => {
        const world = new World(one);
        for (const each of one.steps) {
          world.do(each);
          expect(world.wiped).toEqual([]);
        }
        world.settle();
        expect(world.wiped).toEqual([]);
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

  it('[I5] [lesson 3] at rest it stays at rest', () => {
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
