import { describe, expect, it } from 'vitest';
import { aBase, aGoogleEvent, at, inWords, MARKS, planOf, someFields } from './testing/builders.js';

const readOnly = { googleReadOnly: true } as const;

describe('[O1] [O6] an event of somebody else that only Google has', () => {
  it('[O1] its description is read as notes, and no block or mark is asked for', () => {
    const plan = planOf({ inventive: 'unseen', google: aGoogleEvent({ description: '<b>Agenda</b><br>Punt 1' }), context: { ...readOnly, marks: MARKS, blockLines: [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij' }] } });
    expect(plan.inventive).toMatchObject({ kind: 'create', fields: { subject: 'Overleg', notes: 'Agenda\nPunt 1' } });
    expect(plan.google).toEqual({ kind: 'none' });
  });

  it('[O6] [R11.2] out of office reads as away, now and later, and a finer word in Inventive is left', () => {
    const context = { ...readOnly, googleAway: true } as const;
    const made = planOf({ inventive: 'unseen', google: aGoogleEvent(), context });
    expect(made.inventive).toMatchObject({ kind: 'create', fields: { showAs: 'away' }, settled: { fields: { showAs: 'away' } } });
    expect(inWords(planOf({ base: aBase({ showAs: 'away' }), inventive: someFields({ showAs: 'away' }), google: aGoogleEvent(), context }))).toBe('nothing');
    expect(inWords(planOf({ base: aBase({ showAs: 'away' }), inventive: someFields({ showAs: 'busy' }), google: aGoogleEvent(), context }))).toBe('nothing');
  });
});

describe('[O2] [O3] an invitation in step', () => {
  it('[O2] every field that was typed over comes back at once, and each value goes to history', () => {
    const typed = someFields({ subject: 'Mijn titel', location: 'Thuis', notes: 'Mijn notitie', showAs: 'free', privacy: 'private', when: at('2026-12-01T12:00:00', '2026-12-01T13:00:00') });
    const plan = planOf({ base: aBase(), inventive: typed, google: aGoogleEvent(), context: readOnly });
    const { reminder: _same, ...written } = someFields();
    expect(plan.inventive).toMatchObject({ kind: 'update', fields: written });
    expect(plan.conflicts.map(({ field, winner, lost }) => [field, winner, lost])).toEqual(Object.keys(written).map((field) => [field, 'google', typed[field as 'subject']]));
    expect(plan.reasons).toEqual(['read-only-event-restored']);
    // Carried out, nothing is left to do.
    const after = plan.inventive.kind === 'update' ? plan.inventive.settled : undefined;
    expect(inWords(planOf({ base: after, inventive: someFields(), google: aGoogleEvent(), context: readOnly }))).toBe('nothing');
  });

  it("[O2] the organiser's change crosses without a word, also over content that the row doesn't show", () => {
    const plan = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ subject: 'Verzet' }), context: readOnly });
    expect([inWords(plan), plan.reasons, plan.conflicts]).toEqual(['update inventive subject', [], []]);
    const { subject: _hidden, ...shown } = someFields({ privacy: 'private' });
    const hidden = { base: aBase({ privacy: 'private' }), inventive: shown, context: readOnly };
    expect(inWords(planOf({ ...hidden, google: aGoogleEvent({ subject: 'Verzet', privacy: 'private' }) }))).toBe('update inventive subject');
    expect(inWords(planOf({ ...hidden, google: aGoogleEvent({ privacy: 'private' }) }))).toBe('nothing');
  });

  it('[O3] joined with a row that says more, that stays, also after many comparisons', () => {
    let base = planOf({ inventive: someFields({ notes: 'Parkeren bij P2' }), google: aGoogleEvent({ description: '' }), context: readOnly }).base;
    for (let time = 0; time < 3; time += 1) {
      const plan = planOf({ base, inventive: someFields({ notes: 'Parkeren bij P2' }), google: aGoogleEvent({ description: '' }), context: readOnly });
      expect(inWords(plan)).toBe('nothing');
      base = plan.base;
    }
  });
});

describe('[O4] the row of an invitation is deleted', () => {
  const deleted = { base: aBase(), inventive: 'gone', google: aGoogleEvent({ subject: 'Verzet' }) } as const;
  it.each([
    ['stays gone', {}, 'nothing', ['deletion-kept']],
    ['answers for the user by policy', { declines: true }, 'nothing', ['declined-for-user']],
    ['comes back once the user takes it up in Google', { declines: true, rowWanted: true }, 'create inventive', ['edit-beats-delete']],
  ] as const)('[O4] [R5.7] it %s', (_what, more, words, reasons) => {
    const plan = planOf({ ...deleted, context: { ...readOnly, ...more } });
    expect([inWords(plan), plan.reasons]).toEqual([words, reasons]);
  });

  it('[O4] a void row counts as deleted and is not planned again by the organiser', () => {
    const context = { ...readOnly, inventiveVoid: true } as const;
    expect(planOf({ ...deleted, inventive: someFields(), context }).reasons).toEqual(['deletion-kept']);
    expect(planOf({ ...deleted, inventive: someFields(), context: { ...context, rowWanted: true } }).inventive).toMatchObject({ kind: 'update', status: 'planned' });
  });
});

describe('[O5] whose event it is changes', () => {
  it('an invitation that becomes the user’s own gets its marks and lets an edit cross', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ location: 'Zaal 2' }), google: aGoogleEvent(), context: { marks: MARKS } });
    expect([inWords(plan), plan.google.kind === 'patch' && plan.google.marks]).toEqual(['patch google location', MARKS]);
  });

  it('an event of the user’s own that goes to somebody else keeps its block out of the notes', () => {
    const line = { field: 'relation.name', label: 'Relatie', value: 'Bakkerij' };
    const own = planOf({ inventive: someFields(), google: 'unseen', context: { blockLines: [line] } });
    if (own.google.kind !== 'create') throw new Error('it is made in Google');
    const plan = planOf({ base: own.google.settled, inventive: someFields(), google: own.google.fields, context: { ...readOnly, marks: MARKS, blockLines: [line] } });
    expect([inWords(plan), plan.reasons]).toEqual(['nothing', []]);
  });
});
