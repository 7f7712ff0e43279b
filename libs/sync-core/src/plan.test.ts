import { describe, expect, it } from 'vitest';
import { applySettled } from './apply-settled.js';
import { BLOCK_ENDS, BLOCK_OPENS, renderDescription } from './description.js';
import { aBase, aGoogleEvent, at, inWords, MARKS, planOf, someFields, TEN_TO_ELEVEN, ZONE } from './testing/builders.js';

const LINES = [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij' }];
const described = (notes: string, blockLines = LINES): string => renderDescription({ notes, blockLines, notesCross: true });

describe('[M2] [M9] [S1] [S2] [R1.1] [R8.1] [lesson 1] changes of different fields', () => {
  const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'Nieuw' }), google: aGoogleEvent({ location: 'Zaal 2' }) });
  it('both survive, each write names one field', () => {
    expect(plan.inventive).toMatchObject({ kind: 'update', fields: { location: 'Zaal 2' } });
    expect(plan.google).toMatchObject({ kind: 'patch', fields: { subject: 'Nieuw' } });
    expect(inWords(plan)).toBe('update inventive location; patch google subject');
  });
  it('no base moves before a write, and each only by its own', () => {
    expect(plan.base).toEqual(aBase());
    expect(plan.inventive).toMatchObject({ settled: aBase({ location: 'Zaal 2' }) });
    expect(plan.google).toMatchObject({ settled: aBase({ subject: 'Nieuw' }) });
  });
  it('[S3] both settle in either order', () => {
    if (plan.inventive.kind !== 'update' || plan.google.kind !== 'patch') throw new Error('both sides should be written');
    const [mine, theirs] = [plan.inventive.settled, plan.google.settled];
    const both = aBase({ location: 'Zaal 2', subject: 'Nieuw' });
    expect(applySettled(applySettled(plan.base, plan.base, mine), plan.base, theirs)).toEqual(both);
    expect(applySettled(applySettled(plan.base, plan.base, theirs), plan.base, mine)).toEqual(both);
  });
  it('[S3] content that was taken out of the base stays out, and the first settling is taken whole', () => {
    const { subject: _gone, ...hidden } = someFields();
    expect(applySettled(aBase({ location: 'Zaal 2' }), aBase(), { fields: hidden, block: '', googleOwnsContent: true })).toEqual({
      fields: { ...hidden, location: 'Zaal 2' },
      block: '',
      googleOwnsContent: true,
    });
    expect(applySettled(undefined, undefined, aBase())).toEqual(aBase());
    const people = { agreed: { 'a@example.com': 'none' }, left: [] } as const;
    expect(applySettled({ ...aBase(), people }, { ...aBase(), people }, { ...aBase({ subject: 'Nieuw' }), people })).toEqual({ ...aBase({ subject: 'Nieuw' }), people });
  });
});

describe('[M1] the same change on both sides', () => {
  it('settles without a write', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'Nieuw' }), google: aGoogleEvent({ subject: ' Nieuw ' }) });
    expect([inWords(plan), plan.base, plan.conflicts]).toEqual(['nothing', aBase({ subject: 'Nieuw' }), []]);
  });
});

describe('[M3] [R8.2] [R8.4] a conflict', () => {
  it('goes to history with who won, and Google’s notes are not lost', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ notes: 'I' }), google: aGoogleEvent({ description: 'G' }) });
    expect(inWords(plan)).toBe('patch google description');
    expect(plan.conflicts).toEqual([{ field: 'notes', winner: 'inventive', kept: 'I', lost: 'G' }]);
  });
  it('follows the times that were noted', () => {
    const context = { inventiveChangedAt: { subject: 1000 }, googleChangedAt: { subject: 9000 } };
    const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'I' }), google: aGoogleEvent({ subject: 'G' }), context });
    expect([inWords(plan), plan.conflicts]).toEqual(['update inventive subject', [{ field: 'subject', winner: 'google', kept: 'G', lost: 'I' }]]);
  });
});

describe('[M6] [S2] notes put together', () => {
  it('go to both sides and are settled by neither alone', () => {
    const { notes: _notes, ...rest } = someFields();
    const plan = planOf({ base: { fields: rest, block: '' }, inventive: someFields({ notes: 'I' }), google: aGoogleEvent({ description: 'G' }) });
    expect(inWords(plan)).toBe('update inventive notes; patch google description');
    expect([plan.inventive, plan.google]).toMatchObject([{ fields: { notes: 'I\n\nG' } }, { fields: { description: 'I\n\nG' } }]);
    for (const act of [plan.inventive, plan.google]) expect('settled' in act && act.settled.fields).toEqual(rest);
    expect(plan.conflicts).toEqual([]);
  });
});

describe('[M8] [R1.11] [lesson 14] absent fields', () => {
  it('of Inventive are left alone, and the base keeps them', () => {
    const { subject: _s, location: _l, notes: _n, ...reduced } = someFields({ privacy: 'private' });
    const plan = planOf({ base: aBase({ privacy: 'private' }), inventive: reduced, google: aGoogleEvent({ subject: 'Anders', description: 'Anders', privacy: 'private' }) });
    expect([inWords(plan), plan.base]).toEqual(['nothing', aBase({ privacy: 'private' })]);
  });
  it('of Google are left alone too', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ notes: 'Anders' }), google: { when: TEN_TO_ELEVEN }, context: { blockLines: LINES } });
    expect([inWords(plan), plan.base]).toEqual(['nothing', aBase()]);
  });
  it('are not written into what is made', () => {
    expect(planOf({ inventive: { when: TEN_TO_ELEVEN }, google: 'unseen' }).google).toEqual({
      kind: 'create',
      fields: { when: TEN_TO_ELEVEN, description: '' },
      settled: { fields: { when: TEN_TO_ELEVEN }, block: '' },
    });
    expect(planOf({ inventive: 'unseen', google: { when: TEN_TO_ELEVEN } }).inventive).toMatchObject({ fields: { when: TEN_TO_ELEVEN } });
  });
});

type ShowAs = 'busy' | 'free' | 'tentative' | 'away';
type GoogleShowAs = Exclude<ShowAs, 'away'>;
/** Inventive (rows) × Google (columns), where both agreed on Inventive's value: what the plan writes. The type demands every case. */
const SHOW_AS: { readonly [I in ShowAs]: { readonly [G in GoogleShowAs]: string } } = {
  busy: { busy: 'nothing', free: 'update inventive showAs', tentative: 'update inventive showAs' },
  free: { busy: 'update inventive showAs', free: 'nothing', tentative: 'update inventive showAs' },
  tentative: { busy: 'update inventive showAs', free: 'update inventive showAs', tentative: 'nothing' },
  away: { busy: 'nothing', free: 'update inventive showAs', tentative: 'update inventive showAs' },
};

describe('[C5] [R1.4] busy, free, tentative and away', () => {
  const statesOf = (base: ShowAs, inventive: ShowAs, google: GoogleShowAs) =>
    planOf({ base: aBase({ showAs: base }), inventive: someFields({ showAs: inventive }), google: aGoogleEvent({ showAs: google }) });
  const cases = Object.entries(SHOW_AS).flatMap(([inventive, row]) => Object.entries(row).map(([google, expected]) => [inventive as ShowAs, google as GoogleShowAs, expected] as const));
  it.each(cases)('agreed on %s, Google says %s: %s', (inventive, google, expected) => {
    const plan = statesOf(inventive, inventive, google);
    expect(inWords(plan)).toBe(expected);
    expect(plan.inventive.kind === 'update' ? plan.inventive.fields.showAs : google).toBe(google);
  });
  it('a finer value stays while Google agrees, and no change between finer ones is written', () => {
    expect(inWords(statesOf('busy', 'away', 'busy'))).toBe('nothing');
    expect(statesOf('busy', 'away', 'busy').base?.fields.showAs).toBe('away');
  });
  it.each([
    ['free', 'away', 'busy'],
    ['free', 'tentative', 'tentative'],
    ['tentative', 'free', 'free'],
    ['tentative', 'away', 'busy'],
  ] as const)('from %s to %s in Inventive: Google gets %s, and the base remembers what Inventive has', (before, now, written) => {
    const plan = statesOf(before, now, before);
    expect(plan.google).toMatchObject({ fields: { showAs: written }, settled: aBase({ showAs: now }) });
  });
});

describe('[S4] times', () => {
  it('of Google are written in the zone of Inventive', () => {
    const plan = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ when: at('2026-12-01T09:00:00', '2026-12-01T10:30:00', 'UTC') }) });
    const moved = at('2026-12-01T10:00:00', '2026-12-01T11:30:00');
    expect(plan.inventive).toMatchObject({ fields: { when: moved }, settled: aBase({ when: moved }) });
    expect(inWords(planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ when: at('2026-12-01T04:00:00', '2026-12-01T05:00:00', 'America/New_York') }) }))).toBe('nothing');
    const made = planOf({ inventive: 'unseen', google: aGoogleEvent({ when: at('2026-12-01T09:00:00', '2026-12-01T10:30:00', 'UTC') }) });
    expect(made.inventive).toMatchObject({ fields: { when: moved }, settled: { fields: { when: moved } } });
  });
  it('of Inventive go as they are', () => {
    const when = { kind: 'all-day', firstOn: '2026-12-01', lastOn: '2026-12-02' } as const;
    expect(planOf({ base: aBase(), inventive: someFields({ when }), google: aGoogleEvent() }).google).toMatchObject({ fields: { when } });
  });
});

describe('[K1] [K2] marks', () => {
  const same = { base: aBase(), inventive: someFields(), google: aGoogleEvent() };
  it('alone leave the base as it was', () => {
    expect(planOf({ ...same, context: { marks: MARKS } }).google).toEqual({ kind: 'patch', fields: {}, marks: MARKS, settled: aBase() });
    expect(planOf({ ...same, context: { marks: MARKS, marksFound: { ...MARKS, inventiveEvent: 'other.0' } } }).google).toMatchObject({ marks: MARKS });
  });
  it('equal ones are never written', () => {
    expect(inWords(planOf({ ...same, context: { marks: MARKS, marksFound: { ...MARKS } } }))).toBe('nothing');
    const plan = planOf({ ...same, inventive: someFields({ subject: 'Nieuw' }), context: { marks: MARKS, marksFound: MARKS } });
    expect(plan.google).not.toHaveProperty('marks');
  });
  it('go along with the fields', () => {
    const plan = planOf({ ...same, inventive: someFields({ subject: 'Nieuw' }), context: { marks: MARKS } });
    expect(plan.google).toEqual({ kind: 'patch', fields: { subject: 'Nieuw' }, marks: MARKS, settled: aBase({ subject: 'Nieuw' }) });
  });
  it('[K3] of which Google keeps 1024 characters are not written again and again', () => {
    const marks = { ...MARKS, inventiveEvent: `${'e'.repeat(1024)}.0` };
    expect(inWords(planOf({ ...same, context: { marks, marksFound: { ...marks, inventiveEvent: 'e'.repeat(1024) } } }))).toBe('nothing');
    expect(planOf({ ...same, context: { marks, marksFound: { ...marks, inventiveEvent: 'e'.repeat(1023) } } }).google).toMatchObject({ marks });
  });
  it('are a write to Google', () => {
    const plan = planOf({ ...same, context: { marks: MARKS, direction: 'to-inventive' } });
    expect([inWords(plan), plan.reasons]).toEqual(['nothing', ['direction-excludes-side']]);
  });
});

describe('[P8] [R7.7] what counts as an edit against a delete', () => {
  it('made again in Google: everything, with its block, and the reason', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'Nieuw', showAs: 'away' }), google: 'gone', context: { blockLines: LINES } });
    expect(plan.google).toEqual({
      kind: 'create',
      fields: aGoogleEvent({ subject: 'Nieuw', description: described('Neem de tekening mee') }),
      settled: { fields: someFields({ subject: 'Nieuw', showAs: 'away' }), block: 'Relatie: Bakkerij' },
    });
    expect(plan.reasons).toEqual(['edit-beats-delete']);
  });
  it('made again in Inventive: with the finer values that Google didn’t touch', () => {
    const base = aBase({ showAs: 'away' });
    const plan = planOf({ base, inventive: 'gone', google: aGoogleEvent({ subject: 'Nieuw', when: at('2026-12-01T09:00:00', '2026-12-01T10:00:00', 'UTC') }) });
    expect(plan.inventive).toEqual({ kind: 'create', fields: someFields({ subject: 'Nieuw', showAs: 'away' }), settled: aBase({ subject: 'Nieuw', showAs: 'away' }) });
    expect(plan.reasons).toEqual(['edit-beats-delete']);
  });
  it('block, marks and finer values don’t', () => {
    const base = aBase({}, 'Relatie: Slager');
    expect(inWords(planOf({ base, inventive: someFields({ showAs: 'away' }), google: 'gone', context: { blockLines: LINES, marks: MARKS } }))).toBe('delete inventive');
    expect(inWords(planOf({ base, inventive: 'gone', google: aGoogleEvent({ description: described('Neem de tekening mee') }), context: { blockLines: LINES } }))).toBe('delete google');
  });
  it('text typed into the block does', () => {
    const google = aGoogleEvent({ description: described('Neem de tekening mee').replace('\nRelatie', '\nbel!\nRelatie') });
    expect(planOf({ base: aBase({}, 'Relatie: Bakkerij'), inventive: 'gone', google }).inventive).toMatchObject({ fields: { notes: 'Neem de tekening mee\nbel!' } });
  });
  it('a field that was never agreed on does', () => {
    const { location: _location, ...fields } = someFields();
    expect(inWords(planOf({ base: { fields, block: '' }, inventive: someFields(), google: 'gone' }))).toBe('create google');
    expect(inWords(planOf({ base: { fields, block: '' }, inventive: 'gone', google: aGoogleEvent() }))).toBe('create inventive');
  });
  it('notes that don’t cross don’t', () => {
    const context = { notesCross: false };
    expect(inWords(planOf({ base: aBase(), inventive: someFields({ notes: 'x' }), google: 'gone', context }))).toBe('delete inventive');
    expect(inWords(planOf({ base: aBase(), inventive: 'gone', google: aGoogleEvent({ description: 'x' }), context }))).toBe('delete google');
  });
});

describe('[P10] text that never crossed', () => {
  it('of Google, with a deleted row', () => {
    const { notes: _notes, ...fields } = someFields();
    const plan = planOf({ base: { fields, block: '' }, inventive: 'gone', google: aGoogleEvent({ description: 'eigen' }), context: { notesCross: false } });
    expect([inWords(plan), plan.conflicts]).toEqual(['delete google', [{ field: 'notes', winner: 'inventive', kept: undefined, lost: 'eigen' }]]);
  });
  it('of Inventive, with a deleted event', () => {
    const { notes: _notes, ...fields } = someFields();
    const plan = planOf({ base: { fields, block: '' }, inventive: someFields({ notes: 'eigen' }), google: 'gone', context: { notesCross: false } });
    expect([inWords(plan), plan.conflicts]).toEqual(['delete inventive', [{ field: 'notes', winner: 'google', kept: undefined, lost: 'eigen' }]]);
  });
  it('is only that: what both sides had goes without a word, and an excluded delete loses nothing', () => {
    expect(planOf({ base: aBase(), inventive: 'gone', google: aGoogleEvent() }).conflicts).toEqual([]);
    const { notes: _notes, ...fields } = someFields();
    const context = { notesCross: false, direction: 'to-inventive' } as const;
    expect(planOf({ base: { fields, block: '' }, inventive: 'gone', google: aGoogleEvent(), context }).conflicts).toEqual([]);
  });
});

describe('the description in a plan', () => {
  const context = { blockLines: LINES };
  const base = aBase({}, 'Relatie: Bakkerij');
  const google = (description: string) => aGoogleEvent({ description });
  it('[D1] a new or renamed line is one patch of the description', () => {
    expect(planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent(), context }).google).toEqual({
      kind: 'patch',
      fields: { description: described('Neem de tekening mee') },
      settled: base,
    });
    const quiet = planOf({ base, inventive: someFields(), google: google(described('Neem de tekening mee')), context });
    expect([inWords(quiet), quiet.base]).toEqual(['nothing', base]);
  });
  it('[D12] [S1] a block that stands there already is remembered without a write', () => {
    const plan = planOf({ base: aBase(), inventive: someFields(), google: google(described('Neem de tekening mee')), context });
    expect([inWords(plan), plan.base]).toEqual(['nothing', base]);
  });
  it('[D3] typed text goes to Inventive and out of the block', () => {
    const plan = planOf({ base, inventive: someFields(), google: google(described('Neem de tekening mee').replace('\nRelatie', '\nbel!\nRelatie')), context });
    expect(plan.inventive).toMatchObject({ fields: { notes: 'Neem de tekening mee\nbel!' } });
    expect(plan.google).toMatchObject({ fields: { description: described('Neem de tekening mee\nbel!') }, settled: base });
    expect(plan.conflicts).toEqual([]);
  });
  it('[D4] a rewritten line is put right and goes to history', () => {
    const plan = planOf({ base, inventive: someFields(), google: google(described('Neem de tekening mee').replace('Bakkerij', 'Slager')), context });
    expect(plan.google).toMatchObject({ fields: { description: described('Neem de tekening mee') } });
    expect(plan.conflicts).toEqual([{ field: 'notes', winner: 'inventive', kept: 'Relatie: Bakkerij', lost: 'Relatie: Slager', line: true }]);
  });
  it('[D4] a line that is already as it should be is nobody’s edit', () => {
    const plan = planOf({ base: aBase({}, 'Relatie: Slager'), inventive: someFields(), google: google(described('Neem de tekening mee')), context });
    expect([inWords(plan), plan.conflicts, plan.base]).toEqual(['nothing', [], base]);
  });
  it('[D11] cut notes are quiet, keep their tail, and a rewritten text leaves the old one in history', () => {
    const long = `${'regel \n'.repeat(2000)}slot`;
    const shown = described(long, []);
    expect(inWords(planOf({ base: aBase({ notes: long }), inventive: someFields({ notes: long }), google: google(shown) }))).toBe('nothing');
    expect(inWords(planOf({ inventive: someFields({ notes: long }), google: google(shown) }))).toBe('nothing');
    const edited = planOf({ base: aBase({ notes: long }), inventive: someFields({ notes: long }), google: google(`NIEUW ${shown}`) });
    expect([edited.inventive, edited.conflicts]).toMatchObject([{ fields: { notes: `NIEUW ${long}` } }, []]);
    const replaced = planOf({ base: aBase({ notes: long }), inventive: someFields({ notes: long }), google: google('kort') });
    expect(replaced.inventive).toMatchObject({ fields: { notes: 'kort' } });
    expect(replaced.conflicts).toEqual([{ field: 'notes', winner: 'google', kept: 'kort', lost: long }]);
  });
  it('[D13] without Opmerking notes stay where they are, whatever they say', () => {
    const { notes: _notes, ...fields } = someFields();
    const without = { ...context, notesCross: false };
    const plan = planOf({ base: { fields, block: '' }, inventive: someFields({ notes: 'I' }), google: google('G'), context: without });
    expect(inWords(plan)).toBe('patch google description');
    expect(plan.google).toMatchObject({ fields: { description: described('G') }, settled: { fields, block: 'Relatie: Bakkerij' } });
    const settled = planOf({ base: { fields, block: 'Relatie: Bakkerij' }, inventive: someFields({ notes: 'I2' }), google: google(described('G2')), context: without });
    expect([inWords(settled), settled.conflicts]).toEqual(['nothing', []]);
    expect(planOf({ inventive: someFields({ notes: 'I' }), google: 'unseen', context: without }).google).toMatchObject({
      fields: { description: [BLOCK_OPENS, 'Relatie: Bakkerij', BLOCK_ENDS].join('\n') },
      settled: { fields },
    });
    expect(planOf({ inventive: 'unseen', google: google('G'), context: without }).inventive).toMatchObject({ fields });
  });
  it('[D13] a made appointment names no notes', () => {
    const made = planOf({ inventive: 'unseen', google: google('G'), context: { notesCross: false } }).inventive;
    expect('fields' in made && 'notes' in made.fields).toBe(false);
  });
  it('[D1] a copied event brings its notes, and its block as text', () => {
    const made = planOf({ inventive: 'unseen', google: google(described('Hallo')), context: { zone: ZONE } }).inventive;
    expect(made).toMatchObject({ kind: 'create', fields: { notes: 'Hallo\nRelatie: Bakkerij' } });
  });
});
