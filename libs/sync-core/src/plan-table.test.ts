import { describe, expect, it } from 'vitest';
import { aBase, aGoogleEvent, inWords, planOf, someFields } from './testing/builders.js';
import type { Direction } from './plan-types.js';

type BaseState = 'no base' | 'agreed';
/** `A` and `B` are two subjects that the base doesn't have; `as agreed` is the base's. Without a base `as agreed` is just a third. */
type SideState = 'unseen' | 'gone' | 'as agreed' | 'A' | 'B';
type Expected =
  | 'nothing' | 'close'
  | 'create google' | 'create inventive' | 'delete google' | 'delete inventive'
  | 'patch google subject' | 'update inventive subject';

/** base × Inventive × Google, under `latest-wins` with no time known. The type demands every case. */
const TABLE: { readonly [B in BaseState]: { readonly [I in SideState]: { readonly [G in SideState]: Expected } } } = {
  'no base': {
    unseen: { unseen: 'nothing', gone: 'close', 'as agreed': 'create inventive', A: 'create inventive', B: 'create inventive' },
    gone: { unseen: 'close', gone: 'close', 'as agreed': 'create inventive', A: 'create inventive', B: 'create inventive' },
    'as agreed': { unseen: 'create google', gone: 'create google', 'as agreed': 'nothing', A: 'patch google subject', B: 'patch google subject' },
    A: { unseen: 'create google', gone: 'create google', 'as agreed': 'patch google subject', A: 'nothing', B: 'patch google subject' },
    B: { unseen: 'create google', gone: 'create google', 'as agreed': 'patch google subject', A: 'patch google subject', B: 'nothing' },
  },
  agreed: {
    unseen: { unseen: 'nothing', gone: 'nothing', 'as agreed': 'nothing', A: 'nothing', B: 'nothing' },
    gone: { unseen: 'nothing', gone: 'close', 'as agreed': 'delete google', A: 'create inventive', B: 'create inventive' },
    'as agreed': { unseen: 'nothing', gone: 'delete inventive', 'as agreed': 'nothing', A: 'update inventive subject', B: 'update inventive subject' },
    A: { unseen: 'nothing', gone: 'create google', 'as agreed': 'patch google subject', A: 'nothing', B: 'patch google subject' },
    B: { unseen: 'nothing', gone: 'create google', 'as agreed': 'patch google subject', A: 'patch google subject', B: 'nothing' },
  },
};

const subjectOf = (state: 'as agreed' | 'A' | 'B'): string => (state === 'as agreed' ? 'Overleg' : state);
const inventiveIn = (state: SideState) => (state === 'unseen' || state === 'gone' ? state : someFields({ subject: subjectOf(state) }));
const googleIn = (state: SideState) => (state === 'unseen' || state === 'gone' ? state : aGoogleEvent({ subject: subjectOf(state) }));

const cases = Object.entries(TABLE).flatMap(([base, rows]) =>
  Object.entries(rows).flatMap(([inventive, columns]) =>
    Object.entries(columns).map(([google, expected]) => ({ base: base as BaseState, inventive: inventive as SideState, google: google as SideState, expected })),
  ),
);

describe('[P1] [P3] [P4] [P5] [P6] [P7] [P8] the table: base × Inventive × Google', () => {
  it.each(cases)('$base, Inventive $inventive, Google $google: $expected', ({ base, inventive, google, expected }) => {
    const plan = planOf({ base: base === 'agreed' ? aBase() : undefined, inventive: inventiveIn(inventive), google: googleIn(google) });
    expect(inWords(plan)).toBe(expected);
    // Whatever differs and is overwritten stands in history; without a loser history stays empty.
    const bothChanged = inventive !== google && plan.google.kind === 'patch' && (base === 'no base' || google !== 'as agreed');
    expect(plan.conflicts).toEqual(bothChanged ? [{ field: 'subject', winner: 'inventive', kept: subjectOf(inventive as 'A'), lost: subjectOf(google as 'A') }] : []);
  });

  it('[P6] [R7.10] [lesson 6] [lesson 7] only a tombstone deletes: no case with an unseen side holds a delete', () => {
    expect(cases.filter(({ inventive, google, expected }) => (inventive === 'unseen' || google === 'unseen') && expected.startsWith('delete'))).toEqual([]);
  });
});

const EXCLUDED: { readonly [D in Exclude<Direction, 'both'>]: RegExp } = { 'to-google': / inventive/, 'to-inventive': / google/ };

describe('[P9] the table under each direction', () => {
  it.each(cases.flatMap((one) => (['to-google', 'to-inventive'] as const).map((direction) => ({ ...one, direction }))))(
    '$direction: $base, Inventive $inventive, Google $google',
    ({ base, inventive, google, expected, direction }) => {
      const before = base === 'agreed' ? aBase() : undefined;
      const plan = planOf({ base: before, inventive: inventiveIn(inventive), google: googleIn(google), context: { direction } });
      const excluded = EXCLUDED[direction].test(expected);
      expect(inWords(plan)).toBe(excluded ? 'nothing' : expected);
      expect(plan.reasons.includes('direction-excludes-side')).toBe(excluded);
      // What isn't written is not lost, and the base doesn't move for it.
      const whole = planOf({ base: before, inventive: inventiveIn(inventive), google: googleIn(google) });
      expect(plan.conflicts).toEqual(excluded ? [] : whole.conflicts);
      expect(plan.base).toEqual(whole.base);
    },
  );
});

/** The same where the event is only to be read: nothing is ever Google's to do. Named are the cases that differ from doing nothing. */
const READ_ONLY: { readonly [B in BaseState]: { readonly [I in SideState]: { readonly [G in SideState]: Expected } } } = {
  'no base': {
    unseen: { unseen: 'nothing', gone: 'close', 'as agreed': 'create inventive', A: 'create inventive', B: 'create inventive' },
    gone: { unseen: 'nothing', gone: 'close', 'as agreed': 'create inventive', A: 'create inventive', B: 'create inventive' },
    'as agreed': { unseen: 'nothing', gone: 'nothing', 'as agreed': 'nothing', A: 'update inventive subject', B: 'update inventive subject' },
    A: { unseen: 'nothing', gone: 'nothing', 'as agreed': 'update inventive subject', A: 'nothing', B: 'update inventive subject' },
    B: { unseen: 'nothing', gone: 'nothing', 'as agreed': 'update inventive subject', A: 'update inventive subject', B: 'nothing' },
  },
  agreed: {
    unseen: { unseen: 'nothing', gone: 'nothing', 'as agreed': 'nothing', A: 'nothing', B: 'nothing' },
    gone: { unseen: 'nothing', gone: 'close', 'as agreed': 'nothing', A: 'nothing', B: 'nothing' },
    'as agreed': { unseen: 'nothing', gone: 'delete inventive', 'as agreed': 'nothing', A: 'update inventive subject', B: 'update inventive subject' },
    A: { unseen: 'nothing', gone: 'delete inventive', 'as agreed': 'update inventive subject', A: 'nothing', B: 'update inventive subject' },
    B: { unseen: 'nothing', gone: 'delete inventive', 'as agreed': 'update inventive subject', A: 'update inventive subject', B: 'nothing' },
  },
};

describe('[P2] [O1] [O2] [O4] [R5.5] the table with an event of somebody else', () => {
  it.each(cases)('$base, Inventive $inventive, Google $google: nothing in Google, and Inventive follows', ({ base, inventive, google }) => {
    const plan = planOf({ base: base === 'agreed' ? aBase() : undefined, inventive: inventiveIn(inventive), google: googleIn(google), context: { googleReadOnly: true } });
    expect(inWords(plan)).toBe(READ_ONLY[base][inventive][google]);
    expect(plan.google.kind).toBe('none');
    const typed = plan.inventive.kind === 'update' && (base === 'no base' || inventive !== 'as agreed');
    expect(plan.conflicts.filter(({ field }) => field === 'subject' && plan.inventive.kind === 'update').length).toBe(typed ? 1 : 0);
    expect(plan.reasons.includes('read-only-event-restored')).toBe(typed && base === 'agreed');
    expect(plan.reasons.includes('deletion-kept')).toBe(base === 'agreed' && inventive === 'gone' && google !== 'gone' && google !== 'unseen');
  });
});
