import { describe, expect, it } from 'vitest';
import { asPairId } from '@calsync/calendar-model';
import { BRAKE_DEFAULTS, brakeKinds, judge, type BrakeKind, type LedgerEntry } from './brake.js';
import { aBase, aContext, aGoogleEvent, at, MARKS, planOf, someFields } from './testing/builders.js';
import { known, TOMBSTONE, UNKNOWN } from '@calsync/calendar-model';

const NOW = 10_000_000;
const many = (count: number, kind: BrakeKind, change: Partial<LedgerEntry> = {}): LedgerEntry[] =>
  Array.from({ length: count }, (_, n) => ({ pairId: asPairId(`${kind}${n}`), kind, atMs: NOW, ...change }));
const judged = (appointments: number, ...entries: LedgerEntry[][]): string => {
  const judgement = judge({ nowMs: NOW, appointments, entries: entries.flat() });
  return judgement.kind === 'hold' ? judgement.cause : 'free';
};

describe('[B1] deletes, blanked texts, moved times', () => {
  it('both the number and the share have to be passed', () => {
    expect(judged(10, many(10, 'delete'))).toBe('free');
    expect(judged(55, many(11, 'delete'))).toBe('free');
    expect(judged(54, many(11, 'delete'))).toBe('share');
    expect(judged(40, many(4, 'delete'), many(4, 'blank'), many(4, 'shift'))).toBe('share');
  });
  it('the maximum holds by itself', () => {
    expect(judged(100_000, many(200, 'shift'))).toBe('free');
    expect(judged(100_000, many(201, 'shift'))).toBe('max');
  });
  it('only within the window', () => {
    expect(judged(20, many(11, 'delete', { atMs: NOW - BRAKE_DEFAULTS.windowMs }))).toBe('free');
    expect(judged(20, many(11, 'delete', { atMs: NOW - BRAKE_DEFAULTS.windowMs + 1 }))).toBe('share');
  });
});

describe('[B2] creations', () => {
  it('hold past their limit, unless a person asked for them', () => {
    expect(judged(10, many(100, 'create'))).toBe('free');
    expect(judged(10, many(101, 'create'))).toBe('creations');
    expect(judged(10, many(5000, 'create', { excepted: true }))).toBe('free');
  });
});

describe('[B3] what counts', () => {
  it('a pair once, however often it was planned', () => {
    const same = Array.from({ length: 50 }, (): LedgerEntry => ({ pairId: asPairId('one'), kind: 'shift', atMs: NOW }));
    expect(judge({ nowMs: NOW, appointments: 1, entries: same })).toEqual({ kind: 'free', destructive: 1, creations: 0 });
  });

  const kindsOf = (base: ReturnType<typeof aBase> | undefined, inventive: ReturnType<typeof someFields> | 'gone', google: ReturnType<typeof aGoogleEvent> | 'gone' | 'unseen', marks = false) => {
    const context = aContext(marks ? { marks: MARKS, blockLines: [{ field: 'x', label: 'Relatie', value: 'y' }] } : {});
    const plan = planOf({ base, inventive, google, context });
    return brakeKinds(plan, {
      base,
      inventive: inventive === 'gone' ? TOMBSTONE : known(inventive),
      google: google === 'gone' ? TOMBSTONE : google === 'unseen' ? UNKNOWN : known(google),
      context,
    });
  };
  const moved = at('2026-12-05T10:00:00', '2026-12-05T11:00:00');
  it.each([
    ['a delete', kindsOf(aBase(), 'gone', aGoogleEvent()), ['delete']],
    ['a creation', kindsOf(undefined, someFields(), 'unseen'), ['create']],
    ['a move in Google', kindsOf(aBase(), someFields({ when: moved }), aGoogleEvent()), ['shift']],
    ['a move in Inventive', kindsOf(aBase(), someFields(), aGoogleEvent({ when: moved })), ['shift']],
    ['emptied notes in Google', kindsOf(aBase(), someFields({ notes: '' }), aGoogleEvent()), ['blank']],
    ['an emptied place in Inventive', kindsOf(aBase(), someFields(), aGoogleEvent({ location: ' ' })), ['blank']],
    ['another subject', kindsOf(aBase(), someFields({ subject: 'x' }), aGoogleEvent({ location: 'y' })), []],
    ['marks and block', kindsOf(aBase(), someFields(), aGoogleEvent(), true), []],
  ])('%s', (_what, kinds, expected) => expect(kinds).toEqual(expected));
});
