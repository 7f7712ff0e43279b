import { describe, expect, it } from 'vitest';
import type { CanonicalFields } from '@calsync/calendar-model';
import { renderDescription } from './description.js';
import type { Base } from './plan-types.js';
import { withoutContent } from './private-content.js';
import { aBase, aGoogleEvent, at, inWords, planOf, someFields, TEN_TO_ELEVEN } from './testing/builders.js';

const LINES = [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij' }];
const busyOnly = { privateContent: 'busy-only', blockLines: LINES } as const;
const aPrivate = (change: Partial<CanonicalFields> = {}) => someFields({ privacy: 'private', ...change });
const aRendering = (change = {}) => aGoogleEvent({ subject: 'Bezet', location: '', description: '', privacy: 'private', ...change });
const hiddenBase: Base = { fields: withoutContent(aPrivate()), block: '' };
const owned: Base = { ...aBase({ privacy: 'private' }), googleOwnsContent: true };

describe('[V1] [R1.5] [lesson 19] what Google shows of a private appointment', () => {
  it('is "Bezet" without place, notes and block', () => {
    const plan = planOf({ inventive: aPrivate(), google: 'unseen', context: busyOnly });
    expect(plan.google).toEqual({ kind: 'create', fields: aRendering(), settled: hiddenBase });
    expect(plan.reasons).toEqual(['private-content-stays']);
  });
  it('is the same where the content was not even seen', () => {
    expect(planOf({ inventive: withoutContent(aPrivate()), google: 'unseen', context: busyOnly }).google).toMatchObject({ fields: aRendering() });
  });
  it('is everything where the rule lets it cross', () => {
    expect(planOf({ inventive: aPrivate(), google: 'unseen' }).google).toMatchObject({ fields: aGoogleEvent({ privacy: 'private' }), settled: aBase({ privacy: 'private' }) });
  });
});

describe('[V2] while it is hidden', () => {
  it.each([
    ['nothing changed', aPrivate(), aRendering()],
    ['Inventive changed its content', aPrivate({ subject: 'Geheim', notes: 'nieuw' }), aRendering()],
    ['Inventive’s content is not seen', withoutContent(aPrivate()), aRendering()],
    ['somebody typed over it in Google', aPrivate(), aRendering({ subject: 'Tandarts', location: 'Dorp', description: 'eigen' })],
  ])('%s: nothing is written', (_what, inventive, google) => {
    const plan = planOf({ base: hiddenBase, inventive, google, context: busyOnly });
    expect([inWords(plan), plan.base, plan.conflicts, plan.reasons]).toEqual(['nothing', hiddenBase, [], ['private-content-stays']]);
  });
  it('its times still cross', () => {
    const when = at('2026-12-02T10:00:00', '2026-12-02T11:00:00');
    expect(inWords(planOf({ base: hiddenBase, inventive: aPrivate({ when }), google: aRendering(), context: busyOnly }))).toBe('patch google when');
    expect(inWords(planOf({ base: hiddenBase, inventive: withoutContent(aPrivate()), google: aRendering({ when }), context: busyOnly }))).toBe('update inventive when');
  });
  it('a deletion crosses too; words typed in Google go to history', () => {
    const plan = planOf({ base: hiddenBase, inventive: 'gone', google: aRendering({ subject: 'Tandarts' }), context: busyOnly });
    expect([inWords(plan), plan.conflicts]).toEqual(['delete google', [{ field: 'subject', winner: 'inventive', kept: undefined, lost: 'Tandarts' }]]);
    const back = planOf({ base: hiddenBase, inventive: withoutContent(aPrivate()), google: 'gone', context: busyOnly });
    expect([inWords(back), back.conflicts]).toEqual(['delete inventive', []]);
  });
});

describe('[V3] the rendering', () => {
  it('is not content when a row is made again', () => {
    const when = at('2026-12-02T10:00:00', '2026-12-02T11:00:00');
    const plan = planOf({ base: hiddenBase, inventive: 'gone', google: aRendering({ when }), context: busyOnly });
    expect(plan.inventive).toMatchObject({ kind: 'create', fields: { when, showAs: 'busy', privacy: 'private' } });
    expect('fields' in plan.inventive && Object.keys(plan.inventive.fields).sort()).toEqual(['privacy', 'reminder', 'showAs', 'when']);
  });
  it('makes no edit against a delete', () => {
    expect(inWords(planOf({ base: hiddenBase, inventive: 'gone', google: aRendering(), context: { privateContent: 'full' } }))).toBe('delete google');
  });
  it('is shown again when an event is made again', () => {
    const when = at('2026-12-02T10:00:00', '2026-12-02T11:00:00');
    expect(planOf({ base: hiddenBase, inventive: aPrivate({ when }), google: 'gone', context: busyOnly }).google).toMatchObject({ kind: 'create', fields: aRendering({ when }) });
  });
});

describe('[V4] turning public', () => {
  it('all content crosses in one patch', () => {
    const plan = planOf({ base: hiddenBase, inventive: someFields(), google: aRendering(), context: busyOnly });
    expect(inWords(plan)).toBe('patch google description,location,privacy,subject');
    expect(plan.google).toMatchObject({ settled: aBase({}, 'Relatie: Bakkerij') });
    expect([plan.conflicts, plan.reasons]).toEqual([[], []]);
  });
  it('what was typed over it in Google is not lost', () => {
    const plan = planOf({ base: hiddenBase, inventive: someFields(), google: aRendering({ subject: 'Tandarts', description: 'eigen' }), context: busyOnly });
    expect(plan.google).toMatchObject({ fields: { subject: 'Overleg', privacy: 'public' } });
    expect(plan.inventive).toMatchObject({ fields: { notes: 'Neem de tekening mee\n\neigen' } });
    expect(plan.conflicts).toEqual([{ field: 'subject', winner: 'inventive', kept: 'Overleg', lost: 'Tandarts' }]);
  });
  it('"Bezet" never wins', () => {
    const plan = planOf({ base: hiddenBase, inventive: someFields(), google: aRendering(), context: { ...busyOnly, conflictPolicy: 'google-wins' } });
    expect([plan.inventive.kind, plan.google]).toMatchObject(['none', { fields: { subject: 'Overleg' } }]);
  });
  it('the same when the rule is loosened', () => {
    expect(inWords(planOf({ base: hiddenBase, inventive: aPrivate(), google: aRendering() }))).toBe('patch google description,location,subject');
  });
});

describe('[V5] turning private', () => {
  const description = renderDescription({ notes: 'Neem de tekening mee', blockLines: LINES, notesCross: true });
  const base = aBase({}, 'Relatie: Bakkerij');
  it('the content in Google gives way', () => {
    const plan = planOf({ base, inventive: withoutContent(aPrivate()), google: aGoogleEvent({ description }), context: busyOnly });
    expect(plan.google).toEqual({ kind: 'patch', fields: { subject: 'Bezet', location: '', description: '', privacy: 'private' }, settled: hiddenBase });
    expect([plan.base, plan.conflicts, plan.inventive.kind]).toEqual([base, [], 'none']);
  });
  it('an edit in Google that had not crossed goes to history', () => {
    const plan = planOf({ base, inventive: withoutContent(aPrivate()), google: aGoogleEvent({ subject: 'Tandarts', description: 'nieuw' }), context: busyOnly });
    expect(plan.conflicts).toEqual([
      { field: 'subject', winner: 'inventive', kept: 'Bezet', lost: 'Tandarts' },
      { field: 'notes', winner: 'inventive', kept: '', lost: 'nieuw' },
    ]);
  });
  it('an edit that Inventive made as well is no loss', () => {
    expect(planOf({ base, inventive: aPrivate({ subject: 'Nieuw' }), google: aGoogleEvent({ subject: 'Nieuw', description }), context: busyOnly }).conflicts).toEqual([]);
  });
  it('a stricter rule does the same to what had crossed', () => {
    const plan = planOf({ base: aBase({ privacy: 'private' }), inventive: aPrivate(), google: aGoogleEvent({ privacy: 'private' }), context: busyOnly });
    expect(plan.google).toMatchObject({ fields: { subject: 'Bezet', location: '', description: '' }, settled: hiddenBase });
  });
  it('what shows the rendering already is only remembered', () => {
    const plan = planOf({ base: aBase({ privacy: 'private' }), inventive: aPrivate(), google: aRendering(), context: busyOnly });
    expect([inWords(plan), plan.base]).toEqual(['nothing', hiddenBase]);
  });
  it('what Google doesn’t show is left alone', () => {
    const plan = planOf({ base, inventive: aPrivate(), google: { when: TEN_TO_ELEVEN, privacy: 'public' }, context: busyOnly });
    expect(inWords(plan)).toBe('patch google privacy');
  });
  it('where the direction excludes Google, its content stays in the base', () => {
    const plan = planOf({ base, inventive: aPrivate(), google: aGoogleEvent({ description }), context: { ...busyOnly, direction: 'to-inventive' } });
    expect([inWords(plan), plan.base]).toEqual(['nothing', base]);
  });
  it('without Opmerking Google’s own text stays, the block goes', () => {
    const { notes: _notes, ...fields } = someFields();
    const own = renderDescription({ notes: 'eigen', blockLines: LINES, notesCross: true });
    const plan = planOf({ base: { fields, block: 'Relatie: Bakkerij' }, inventive: aPrivate(), google: aGoogleEvent({ description: own }), context: { ...busyOnly, notesCross: false } });
    expect([plan.google, plan.conflicts]).toMatchObject([{ fields: { subject: 'Bezet', description: 'eigen' } }, []]);
  });
});

describe('[V6] private by Google', () => {
  it('born so: Inventive gets everything, and the base remembers whose it is', () => {
    const plan = planOf({ inventive: 'unseen', google: aGoogleEvent({ privacy: 'private' }), context: { privateContent: 'busy-only' } });
    expect(plan.inventive).toEqual({ kind: 'create', fields: aPrivate(), settled: owned });
  });
  it.each(['busy-only', 'full'] as const)('made so in Google: the row becomes private and remembers it (%s)', (privateContent) => {
    const plan = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ privacy: 'private' }), context: { privateContent } });
    expect([plan.google.kind, plan.inventive]).toEqual(['none', { kind: 'update', fields: { privacy: 'private' }, settled: owned }]);
    expect(plan.base).toEqual(aBase());
  });
  it.each([
    ['as it is', aPrivate(), aGoogleEvent({ privacy: 'private' })],
    ['with other content in Inventive', aPrivate({ subject: 'I' }), aGoogleEvent({ privacy: 'private' })],
    ['with other content in Google', withoutContent(aPrivate()), aGoogleEvent({ privacy: 'private', subject: 'G' })],
  ])('its content stays in Google %s', (_what, inventive, google) => {
    const plan = planOf({ base: owned, inventive, google, context: busyOnly });
    expect([inWords(plan), plan.base]).toEqual(['nothing', owned]);
  });
  it('under the looser rule it merges, and still remembers', () => {
    const plan = planOf({ base: owned, inventive: aPrivate({ subject: 'I' }), google: aGoogleEvent({ privacy: 'private' }) });
    expect(plan.google).toEqual({ kind: 'patch', fields: { subject: 'I' }, settled: { ...aBase({ privacy: 'private', subject: 'I' }), googleOwnsContent: true } });
  });
  it('made public, it is merged against what both agreed on last, and forgotten', () => {
    const plan = planOf({ base: owned, inventive: someFields({ subject: 'I' }), google: aGoogleEvent({ privacy: 'private', location: 'G' }), context: { privateContent: 'busy-only' } });
    expect(inWords(plan)).toBe('update inventive location; patch google privacy,subject');
    for (const act of [plan.inventive, plan.google]) expect('settled' in act && act.settled).not.toHaveProperty('googleOwnsContent');
  });
  it('made again in Google by an edit it is hidden; under the looser rule it is remembered', () => {
    const when = at('2026-12-02T10:00:00', '2026-12-02T11:00:00');
    expect(planOf({ base: owned, inventive: aPrivate({ when }), google: 'gone', context: busyOnly }).google).toMatchObject({ fields: { subject: 'Bezet' } });
    expect(planOf({ base: owned, inventive: aPrivate({ when }), google: 'gone' }).google).toMatchObject({ fields: { subject: 'Overleg' }, settled: { googleOwnsContent: true } });
  });
});

describe('[V7] made public by Google', () => {
  it('first the row, and only then its content', () => {
    const google = aRendering({ privacy: 'public' });
    const first = planOf({ base: hiddenBase, inventive: aPrivate(), google, context: busyOnly });
    expect(inWords(first)).toBe('update inventive privacy');
    const base = 'settled' in first.inventive ? first.inventive.settled : undefined;
    expect(inWords(planOf({ base, inventive: someFields(), google, context: busyOnly }))).toBe('patch google description,location,subject');
  });
  it('of its owner’s content', () => {
    const plan = planOf({ base: owned, inventive: aPrivate(), google: aGoogleEvent(), context: { privateContent: 'busy-only' } });
    expect(plan.inventive).toEqual({ kind: 'update', fields: { privacy: 'public' }, settled: aBase() });
  });
});

describe('[V8] found without a base', () => {
  it('a rendering is ours', () => {
    const plan = planOf({ inventive: withoutContent(aPrivate()), google: aRendering(), context: busyOnly });
    expect([inWords(plan), plan.base]).toEqual(['nothing', hiddenBase]);
  });
  it('anything else stays as Google’s own', () => {
    const plan = planOf({ inventive: aPrivate(), google: aGoogleEvent({ privacy: 'private' }), context: busyOnly });
    expect([inWords(plan), plan.base]).toEqual(['nothing', { ...hiddenBase, googleOwnsContent: true }]);
  });
  it('where it wasn’t private in Google it becomes so, with its content', () => {
    expect(inWords(planOf({ inventive: aPrivate(), google: aGoogleEvent(), context: busyOnly }))).toBe('patch google privacy');
  });
  it('the privacy of the base counts where the row shows none', () => {
    expect(inWords(planOf({ base: hiddenBase, inventive: { when: TEN_TO_ELEVEN }, google: aRendering(), context: busyOnly }))).toBe('nothing');
  });
});
