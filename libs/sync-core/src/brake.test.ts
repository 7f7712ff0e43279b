import { describe, expect, it } from 'vitest';
import { BRAKE_DEFAULTS, brakeKinds, judge, type BrakeKind, type LedgerEntry } from './brake.js';
import { BLOCK_ENDS, BLOCK_OPENS } from './description.js';
import type { PlanContext } from './plan-types.js';
import { aBase, aContext, aGoogleEvent, at, MARKS, planOf, someFields } from './testing/builders.js';
import { known, TOMBSTONE, UNKNOWN } from '@calsync/calendar-model';

const NOW = 10_000_000;
const many = (count: number, kind: BrakeKind, change: Partial<LedgerEntry> = {}): LedgerEntry[] =>
  Array.from({ length: count }, (_, n) => ({ unit: `${kind}${n}`, kind, atMs: NOW, ...change }));
const judged = (appointments: number, ...entries: LedgerEntry[][]): string => {
  const judgement = judge({ nowMs: NOW, appointments, entries: entries.flat() });
  return judgement.kind === 'hold' ? judgement.cause : 'free';
};

describe('[B1] [R7.8] deletes, blanked texts, moved times', () => {
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
  it('[R7.9] all occurrences of a series are one unit, whatever becomes of them', () => {
    const series = (['delete', 'shift', 'blank'] as const).flatMap((kind) => many(500, kind, { unit: 'series' }));
    expect(judge({ nowMs: NOW, appointments: 3, entries: series })).toEqual({ kind: 'free', destructive: 1, creations: 0 });
    expect(judge({ nowMs: NOW, appointments: 3, entries: many(500, 'create', { unit: 'series' }) })).toEqual({ kind: 'free', destructive: 0, creations: 1 });
  });
  it('a unit once, however often it was planned', () => {
    const same = Array.from({ length: 50 }, (): LedgerEntry => ({ unit: 'one', kind: 'shift', atMs: NOW }));
    expect(judge({ nowMs: NOW, appointments: 1, entries: same })).toEqual({ kind: 'free', destructive: 1, creations: 0 });
  });

  const kindsOf = (base: ReturnType<typeof aBase> | undefined, inventive: ReturnType<typeof someFields> | 'gone', google: ReturnType<typeof aGoogleEvent> | 'gone' | 'unseen', marks = false, change: Partial<PlanContext> = {}) => {
    const context = aContext({ ...(marks ? { marks: MARKS, blockLines: [{ field: 'x', label: 'Relatie', value: 'y' }] } : {}), ...change });
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
    ['a row that became Vervallen', kindsOf(aBase(), someFields(), aGoogleEvent(), false, { inventiveVoid: true }), ['delete']],
    ['an event marked as gone', kindsOf(aBase(), 'gone', aGoogleEvent(), false, { deletion: { toInventive: 'mark', toGoogle: 'mark' } }), ['delete']],
    ['a row marked as gone', kindsOf(aBase(), someFields(), 'gone', false, { deletion: { toInventive: 'mark', toGoogle: 'mark' } }), ['delete']],
    ['content that is hidden in Google', kindsOf(aBase(), someFields({ privacy: 'private' }), aGoogleEvent(), false, { privateContent: 'busy-only' }), []],
    ['a private row whose content crosses and was emptied', kindsOf(aBase(), someFields({ privacy: 'private', notes: '' }), aGoogleEvent(), false, { privateContent: 'full' }), ['blank']],
    ['notes emptied above a block that stays', kindsOf(aBase(), someFields({ notes: '' }), aGoogleEvent(), true), ['blank']],
    ['a block in which all was left out', kindsOf(aBase({ notes: '' }, 'Relatie: y'), someFields({ notes: '' }), aGoogleEvent({ description: `${BLOCK_OPENS}\nRelatie: y\n${BLOCK_ENDS}` })), []],
    ['link and colour', kindsOf(aBase(), someFields(), aGoogleEvent(), true, { decor: { link: { title: 'Inventive', url: 'https://x' }, colour: { kind: 'colour', id: '5' } } }), []],
    ['marks and block', kindsOf(aBase(), someFields(), aGoogleEvent(), true), []],
  ])('%s', (_what, kinds, expected) => expect(kinds).toEqual(expected));
});
