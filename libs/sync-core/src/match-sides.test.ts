import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asGoogleEventId, asInstallationId, asInventiveId, type GoogleEventId, type InventiveId, type When } from '@calsync/calendar-model';
import { marksCount, matchSides, type GoogleItem, type InventiveItem } from './match-sides.js';
import { at, MARKS, TEN_TO_ELEVEN } from './testing/builders.js';

const HERE = asInstallationId('installation');
const key = (n: number): InventiveId => asInventiveId(n.toString(16).padStart(32, '0'));
const row = (n: number, subject: string | undefined, when: When = TEN_TO_ELEVEN): InventiveItem => ({ id: key(n), when, ...(subject === undefined ? {} : { subject }) });
const event = (id: string, subject: string, when: When = TEN_TO_ELEVEN, marks?: GoogleItem['marks']): GoogleItem => ({ id: asGoogleEventId(id), when, subject, ...(marks ? { marks } : {}) });
const marksFor = (id: string, n: number, installation = 'installation') => ({ ...MARKS, inventiveInstallation: installation, inventiveAppointment: key(n), inventiveEvent: `${id}.0` });
const inShort = (items: readonly { id: InventiveId | GoogleEventId }[]): string[] => items.map(({ id }) => id.replace(/^0+/, ''));

function match(rows: InventiveItem[], events: GoogleItem[]) {
  const found = matchSides(rows, events, HERE);
  return {
    pairs: found.pairs.map(({ inventive, google, by }) => `${inShort([inventive])[0]}=${google.id} ${by}`),
    ambiguous: found.ambiguous.map(({ inventive, google }) => [inShort(inventive), inShort(google)]),
    singles: [inShort(found.inventiveSingles), inShort(found.googleSingles)],
    leftAlone: found.leftAlone.map(({ google, why }) => `${google.id} ${why}`),
  };
}
const nothing = { pairs: [], ambiguous: [], singles: [[], []], leftAlone: [] };

describe('[J1] the key under which we make the appointment of an event', () => {
  it('tells as much as marks, whatever became of either side, unless an event is marked with that row', () => {
    const made = (id: string, n: number): GoogleItem => ({ ...event(id, 'Moved'), madeAs: [key(n)] });
    expect(match([row(1, 'A'), row(2, 'B')], [made('e1', 1), made('e9', 9)])).toEqual({ ...nothing, pairs: ['1=e1 marks'], singles: [['2'], ['e9']] });
    expect(match([row(1, 'A')], [made('e1', 1), event('e2', 'B', TEN_TO_ELEVEN, marksFor('e2', 1))])).toEqual({ ...nothing, pairs: ['1=e2 marks'], singles: [[], ['e1']] });
  });

  it('tells of a row that was made anew, where the marks still name the one that was deleted', () => {
    const anew: GoogleItem = { ...event('e1', 'Edited', TEN_TO_ELEVEN, marksFor('e1', 1)), madeAs: [key(3), key(2)] };
    expect(match([row(2, 'A')], [anew])).toEqual({ ...nothing, pairs: ['2=e1 marks'] });
    expect(match([row(1, 'A'), row(2, 'B')], [anew])).toEqual({ ...nothing, pairs: ['1=e1 marks'], singles: [['2'], []] });
    expect(match([row(4, 'A')], [anew])).toEqual({ ...nothing, singles: [['4'], []], leftAlone: ['e1 appointment-not-listed'] });
  });
});

describe('[J1] marks', () => {
  it('come before equal keys', () => {
    expect(match([row(1, 'A'), row(2, 'B')], [event('e1', 'B', TEN_TO_ELEVEN, marksFor('e1', 1)), event('e2', 'B')])).toEqual({ ...nothing, pairs: ['1=e1 marks', '2=e2 equal-keys'] });
  });
  it('of a copied event don’t count', () => {
    expect(match([row(1, 'A')], [event('e1', 'A', TEN_TO_ELEVEN, marksFor('e1', 1)), event('copy', 'A', TEN_TO_ELEVEN, marksFor('e1', 1))])).toEqual({
      ...nothing,
      pairs: ['1=e1 marks'],
      singles: [[], ['copy']],
    });
    expect([marksCount(asGoogleEventId('e1'), { inventiveEvent: 'e1.12' }), marksCount(asGoogleEventId('e1'), { inventiveEvent: 'e2.0' }), marksCount(asGoogleEventId('e1'), undefined)]).toEqual([true, false, false]);
  });
  it('two events that both name the row are ambiguous', () => {
    expect(match([row(1, 'A')], [event('e1', 'A', TEN_TO_ELEVEN, marksFor('e1', 1)), event('e2', 'A', TEN_TO_ELEVEN, marksFor('e2', 1))])).toEqual({ ...nothing, ambiguous: [[['1'], ['e1', 'e2']]] });
  });
});

describe('[J2] equal keys', () => {
  it('equal moments in another zone, white space and case aside', () => {
    expect(match([row(1, 'Overleg  Zuid')], [event('e1', 'overleg zuid ', at('2026-12-01T09:00:00', '2026-12-01T10:00:00', 'UTC'))])).toEqual({ ...nothing, pairs: ['1=e1 equal-keys'] });
  });
  it.each([
    ['another subject', row(1, 'A'), event('e1', 'B')],
    ['another end', row(1, 'A'), event('e1', 'A', at('2026-12-01T10:00:00', '2026-12-01T11:30:00'))],
    ['a day and not its midnight', row(1, 'A', at('2026-12-01T00:00:00', '2026-12-02T00:00:00')), event('e1', 'A', { kind: 'all-day', firstOn: '2026-12-01', lastOn: '2026-12-01' })],
    ['a subject that can’t be seen', row(1, undefined), event('e1', 'A')],
  ])('%s: two singles', (_what, one, other) => expect(match([one], [other])).toEqual({ ...nothing, singles: [['1'], ['e1']] }));
  it('all-day by date', () => {
    const day: When = { kind: 'all-day', firstOn: '2026-12-01', lastOn: '2026-12-01' };
    expect(match([row(1, 'A', day)], [event('e1', 'A', day)]).pairs).toEqual(['1=e1 equal-keys']);
  });
  it('several are ambiguous', () => {
    expect(match([row(1, 'A'), row(2, 'A')], [event('e1', 'A')])).toEqual({ ...nothing, ambiguous: [[['1', '2'], ['e1']]] });
    expect(match([row(1, 'A')], [event('e1', 'A'), event('e2', 'A')])).toEqual({ ...nothing, ambiguous: [[['1'], ['e1', 'e2']]] });
  });
  it('several on one side only are singles', () => expect(match([row(1, 'A'), row(2, 'A')], [])).toEqual({ ...nothing, singles: [['1', '2'], []] }));
});

describe('[J3] marked events that are left alone', () => {
  it('whose row isn’t in the list', () => expect(match([], [event('e1', 'A', TEN_TO_ELEVEN, marksFor('e1', 9))])).toEqual({ ...nothing, leftAlone: ['e1 appointment-not-listed'] }));
  it('of another installation; its look-alike here is ambiguous', () => {
    const foreign = event('e1', 'A', TEN_TO_ELEVEN, marksFor('e1', 1, 'elsewhere'));
    expect(match([row(1, 'A'), row(2, 'B')], [foreign])).toEqual({ ...nothing, singles: [['2'], []], ambiguous: [[['1'], []]], leftAlone: ['e1 other-installation'] });
  });
});

describe('[J1] [J2] [J3] on random lists', () => {
  it('every item is in exactly one place, and fast', () => {
    const subject = fc.constantFrom('A', 'B', 'C');
    fc.assert(
      fc.property(fc.array(subject, { maxLength: 12 }), fc.array(fc.record({ subject, marked: fc.option(fc.nat(14)), copied: fc.boolean() }), { maxLength: 12 }), (rows, events) => {
        const mine = rows.map((each, n) => row(n + 1, each));
        const theirs = events.map(({ subject: each, marked, copied }, n) => event(`e${n}`, each, TEN_TO_ELEVEN, marked === null ? undefined : marksFor(copied ? 'other' : `e${n}`, marked)));
        const found = matchSides(mine, theirs, HERE);
        const inventive = [...found.pairs.map((pair) => pair.inventive), ...found.ambiguous.flatMap((group) => group.inventive), ...found.inventiveSingles];
        const google = [...found.pairs.map((pair) => pair.google), ...found.ambiguous.flatMap((group) => group.google), ...found.googleSingles, ...found.leftAlone.map((one) => one.google)];
        expect(inShort(inventive).sort()).toEqual(inShort(mine).sort());
        expect(inShort(google).sort()).toEqual(inShort(theirs).sort());
      }),
      { verbose: 1 },
    );
  });
});
