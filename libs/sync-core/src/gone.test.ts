import { describe, expect, it } from 'vitest';
import { VOID_PREFIX } from './marked-void.js';
import type { Base, DeletionPolicy, Plan, PlanContext } from './plan-types.js';
import { aBase, aGoogleEvent, at, inWords, planOf, someFields } from './testing/builders.js';

type InventiveState = 'as agreed' | 'edited' | 'void' | 'void, edited' | 'gone';
type GoogleState = 'as agreed' | 'edited' | 'gone' | 'unseen';
type Table = { readonly [I in InventiveState]: { readonly [G in GoogleState]: string } };

/** What holds under every policy: an edit beats a deletion, what can't be seen decides nothing. */
const ALWAYS = {
  edited: { 'as agreed': 'patch google subject', edited: 'update inventive location; patch google subject', gone: 'create google', unseen: 'nothing' },
  'both edited': 'update inventive location as planned',
} as const;

/** Inventive × Google by policy, both agreed on a base. `edited` is another subject in Inventive and another place in Google. */
const TABLES: { readonly [P in DeletionPolicy]: Table } = {
  delete: {
    'as agreed': { 'as agreed': 'nothing', edited: 'update inventive location', gone: 'delete inventive', unseen: 'nothing' },
    edited: ALWAYS.edited,
    void: { 'as agreed': 'delete google', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    'void, edited': { 'as agreed': 'delete google', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    gone: { 'as agreed': 'delete google', edited: 'create inventive', gone: 'close', unseen: 'nothing' },
  },
  mark: {
    'as agreed': { 'as agreed': 'nothing', edited: 'update inventive location', gone: 'update inventive as void', unseen: 'nothing' },
    edited: ALWAYS.edited,
    void: { 'as agreed': 'patch google showAs,subject', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    'void, edited': { 'as agreed': 'patch google showAs,subject', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    gone: { 'as agreed': 'patch google showAs,subject', edited: 'create inventive', gone: 'close', unseen: 'nothing' },
  },
  keep: {
    'as agreed': { 'as agreed': 'nothing', edited: 'update inventive location', gone: 'nothing', unseen: 'nothing' },
    edited: ALWAYS.edited,
    void: { 'as agreed': 'nothing', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    'void, edited': { 'as agreed': 'nothing', edited: ALWAYS['both edited'], gone: 'nothing', unseen: 'nothing' },
    gone: { 'as agreed': 'nothing', edited: 'create inventive', gone: 'close', unseen: 'nothing' },
  },
};

const policies = (policy: DeletionPolicy): Pick<PlanContext, 'deletion'> => ({ deletion: { toInventive: policy, toGoogle: policy } });
const rowIn = (state: InventiveState) => (state === 'gone' ? state : someFields(state.endsWith('edited') ? { subject: 'Nieuw' } : {}));
const eventIn = (state: GoogleState) => (state === 'gone' || state === 'unseen' ? state : aGoogleEvent(state === 'edited' ? { location: 'Zaal 2' } : {}));
const cases = (Object.keys(TABLES) as DeletionPolicy[]).flatMap((policy) =>
  (Object.keys(TABLES[policy]) as InventiveState[]).flatMap((inventive) =>
    (Object.keys(TABLES[policy][inventive]) as GoogleState[]).map((google) => ({ policy, inventive, google, expected: TABLES[policy][inventive][google] })),
  ),
);
const planIn = (policy: DeletionPolicy, inventive: InventiveState, google: GoogleState, base: Base | undefined = aBase()): Plan =>
  planOf({ base, inventive: rowIn(inventive), google: eventIn(google), context: { ...policies(policy), inventiveVoid: inventive.startsWith('void') } });

describe('[G1] [G2] [G3] [G4] [G5] [G6] [G7] [G9] [R7.1] [R7.4] [R7.7] Inventive × Google × policy', () => {
  it.each(cases)('$policy: Inventive $inventive, Google $google: $expected', ({ policy, inventive, google, expected }) => {
    const plan = planIn(policy, inventive, google);
    expect(inWords(plan)).toBe(expected);
    // Nothing that is kept or gone by a policy goes without its reason.
    const leftAlone = expected === 'nothing' && google !== 'unseen' && !(inventive === 'as agreed' && google === 'as agreed');
    expect(leftAlone && !plan.reasons.some((reason) => reason === 'deletion-kept' || reason === 'appointment-void')).toBe(false);
    expect(plan.reasons.includes('edit-beats-delete')).toBe(/^create|as planned/.test(expected));
  });
});

describe('[G6] [R7.12] a row that is void from the start', () => {
  it.each(['delete', 'mark', 'keep'] as const)('%s: nothing is made for it', (policy) => {
    for (const google of ['unseen', 'gone'] as const) {
      const plan = planOf({ inventive: someFields(), google, context: { ...policies(policy), inventiveVoid: true } });
      expect([inWords(plan), plan.reasons]).toEqual(['nothing', ['appointment-void']]);
    }
  });
  it.each(['delete', 'mark', 'keep'] as const)('[G10] %s: found together with an event, both stay; planned again they are merged', (policy) => {
    const inventive = someFields({ location: 'Zaal 1' });
    const google = aGoogleEvent({ location: 'Zaal 2' });
    const context = { ...policies(policy), inventiveVoid: true };
    const plan = planOf({ inventive, google, context });
    expect([inWords(plan), plan.base, plan.reasons]).toEqual(['nothing', undefined, ['appointment-void']]);
    expect(inWords(planOf({ inventive, google, context: { ...context, inventiveVoid: false } }))).not.toBe('nothing');
  });
  it('[G5] an event that comes back after it went with its row has the row planned again', () => {
    const { base } = planIn('delete', 'void', 'gone', undefined);
    expect(inWords(planIn('delete', 'void', 'as agreed', base))).toBe('update inventive as planned');
  });
});

describe('[G4] [G5] [R7.3] [R7.5] [R7.6] planned again', () => {
  it('after Google’s deletion made it void: it comes back, and is not deleted for being as it was', () => {
    const marked = planIn('mark', 'as agreed', 'gone');
    if (marked.inventive.kind !== 'update') throw new Error('the row should become void');
    const base = planIn('mark', 'void', 'gone', marked.inventive.settled).base;
    // Also where it is planned again before anybody looked at it.
    for (const policy of ['delete', 'mark', 'keep'] as const) {
      for (const agreed of [base, marked.inventive.settled]) expect(inWords(planIn(policy, 'as agreed', 'gone', agreed))).toBe('create google');
    }
  });
  it('after it took the event with it: it is made again', () => {
    // The engine forgets the base of what it deleted.
    expect(inWords(planOf({ base: undefined, inventive: someFields(), google: 'gone' }))).toBe('create google');
  });
  it('after it was deleted on both sides apart: what both agreed on before doesn’t delete it again', () => {
    const base = planIn('delete', 'void', 'gone').base;
    expect(inWords(planIn('delete', 'as agreed', 'gone', base))).toBe('create google');
  });
  it('under keep: the two are in step as before', () => {
    const base = planIn('keep', 'void', 'as agreed').base;
    expect([base, inWords(planIn('keep', 'as agreed', 'as agreed', base))]).toEqual([aBase(), 'nothing']);
  });
  it('a row that is deleted after it was void closes the pair', () => {
    expect(inWords(planIn('mark', 'gone', 'gone', planIn('mark', 'void', 'gone').base))).toBe('close');
  });
});

describe('[G7] an event that is edited, or comes back from the bin, beside a void row', () => {
  it('nothing is settled before the row stands: whatever crashes, the edit isn’t taken for an old value', () => {
    const plan = planIn('delete', 'void, edited', 'edited');
    expect([plan.google.kind, plan.base]).toEqual(['none', aBase()]);
    expect(plan.inventive).toMatchObject({ kind: 'update', fields: { location: 'Zaal 2' }, status: 'planned', settled: aBase({ location: 'Zaal 2' }) });
    const then = planOf({ base: aBase({ location: 'Zaal 2' }), inventive: someFields({ subject: 'Nieuw', location: 'Zaal 2' }), google: aGoogleEvent({ location: 'Zaal 2' }) });
    expect(inWords(then)).toBe('patch google subject');
  });
  it('a conflict on the way is told when it is decided', () => {
    const context = { ...policies('delete'), inventiveVoid: true };
    const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'I' }), google: aGoogleEvent({ subject: 'G' }), context });
    expect([inWords(plan), plan.conflicts]).toEqual(['update inventive as planned', []]);
    const google = planOf({ base: aBase(), inventive: someFields({ subject: 'I' }), google: aGoogleEvent({ subject: 'G' }), context: { ...context, conflictPolicy: 'google-wins' } });
    expect([inWords(google), google.conflicts]).toEqual(['update inventive subject as planned', [{ field: 'subject', winner: 'google', kept: 'G', lost: 'I' }]]);
  });
});

describe('[G2] [R7.2] the mark in Google', () => {
  const markedBase: Base = { ...aBase(), markedVoid: true };
  const marked = aGoogleEvent({ subject: `${VOID_PREFIX}Overleg`, showAs: 'free' });
  const context = policies('mark');
  it('says so in the subject, takes no time, and is remembered', () => {
    expect(planIn('mark', 'gone', 'as agreed').google).toEqual({ kind: 'patch', fields: { subject: `${VOID_PREFIX}Overleg`, showAs: 'free' }, settled: markedBase });
  });
  it.each([
    ['as it was marked', marked],
    ['with the mark taken away by hand', aGoogleEvent({ showAs: 'free' })],
    ['with the time taken again by hand', aGoogleEvent({ subject: `${VOID_PREFIX}Overleg` })],
  ])('once: %s it is left as it is', (_what, google) => {
    for (const row of ['gone', someFields()] as const) {
      const plan = planOf({ base: markedBase, inventive: row, google, context: { ...context, inventiveVoid: row !== 'gone' } });
      expect([inWords(plan), plan.base, plan.reasons.at(-1)]).toEqual(['nothing', markedBase, 'deletion-kept']);
    }
  });
  it.each([VOID_PREFIX, VOID_PREFIX.trimEnd()])('of an event without a subject, kept as %j, nobody edited it', (subject) => {
    const base: Base = { ...aBase({ subject: '' }), markedVoid: true };
    const google = { ...marked, subject };
    expect(inWords(planOf({ base, inventive: someFields({ subject: '' }), google, context: { ...context, inventiveVoid: true } }))).toBe('nothing');
    const again = planOf({ base, inventive: someFields({ subject: '' }), google, context });
    expect(again.google).toMatchObject({ kind: 'patch', fields: { subject: '', showAs: 'busy' } });
  });
  it('edited beneath: the row is made again without the mark, and then Google’s goes', () => {
    const google = { ...marked, location: 'Zaal 2' };
    const plan = planOf({ base: markedBase, inventive: 'gone', google, context });
    expect(plan.inventive).toEqual({ kind: 'create', fields: someFields({ location: 'Zaal 2' }), settled: { ...aBase({ location: 'Zaal 2' }), markedVoid: true } });
    const then = planOf({ base: { ...aBase({ location: 'Zaal 2' }), markedVoid: true }, inventive: someFields({ location: 'Zaal 2' }), google, context });
    expect(then.google).toEqual({ kind: 'patch', fields: { subject: 'Overleg', showAs: 'busy' }, settled: aBase({ location: 'Zaal 2' }) });
  });
  it('a subject that was typed with these words keeps them', () => {
    const subject = `${VOID_PREFIX}feest`;
    const plan = planOf({ base: aBase({ subject }), inventive: 'gone', google: aGoogleEvent({ subject }), context });
    expect(plan.google).toMatchObject({ fields: { subject: `${VOID_PREFIX}${subject}` } });
    const base: Base = { ...aBase({ subject }), markedVoid: true };
    expect(planOf({ base, inventive: someFields({ subject }), google: { ...marked, subject: `${VOID_PREFIX}${subject}` }, context }).google).toMatchObject({ fields: { subject } });
  });
  it('what was free stays free, and a policy of deleting deletes what was marked', () => {
    const free = planOf({ base: aBase({ showAs: 'free' }), inventive: 'gone', google: aGoogleEvent({ showAs: 'free' }), context });
    expect(inWords(free)).toBe('patch google subject');
    expect(inWords(planOf({ base: markedBase, inventive: 'gone', google: marked, context: policies('delete') }))).toBe('delete google');
  });
  it('deleted in Google after that, both are gone', () => {
    expect(inWords(planOf({ base: markedBase, inventive: 'gone', google: 'gone', context }))).toBe('close');
  });
});

describe('[G8] [R7.6] alive again after it was marked', () => {
  const base: Base = { ...aBase({ showAs: 'tentative' }), markedVoid: true };
  const marked = aGoogleEvent({ subject: `${VOID_PREFIX}Overleg`, showAs: 'free' });
  it('Google’s subject and time are put back, and the mark is forgotten with that write', () => {
    const plan = planOf({ base, inventive: someFields({ showAs: 'tentative' }), google: marked });
    expect(plan.google).toEqual({ kind: 'patch', fields: { subject: 'Overleg', showAs: 'tentative' }, settled: aBase({ showAs: 'tentative' }) });
    expect([plan.inventive.kind, plan.base]).toEqual(['none', base]);
  });
  it('edited on the way: with the new subject', () => {
    const plan = planOf({ base, inventive: someFields({ showAs: 'tentative', subject: 'Nieuw' }), google: marked });
    expect(plan.google).toMatchObject({ fields: { subject: 'Nieuw', showAs: 'tentative' } });
  });
  it('edited in Google on the way: Inventive gets it, and keeps the mark in mind until Google’s write', () => {
    const plan = planOf({ base, inventive: someFields({ showAs: 'tentative' }), google: { ...marked, when: at('2026-12-02T10:00:00', '2026-12-02T11:00:00') } });
    expect(inWords(plan)).toBe('update inventive when; patch google showAs,subject');
    expect(plan.inventive).toMatchObject({ settled: { markedVoid: true } });
  });
  it('nothing left to put back: it is only forgotten', () => {
    const plan = planOf({ base, inventive: someFields({ showAs: 'tentative' }), google: aGoogleEvent({ showAs: 'tentative' }) });
    expect([inWords(plan), plan.base]).toEqual(['nothing', aBase({ showAs: 'tentative' })]);
  });
  it('of an event whose content is hidden: the rendering stands there again', () => {
    const { subject: _s, location: _l, notes: _n, ...fields } = someFields({ privacy: 'private' });
    const hidden = aGoogleEvent({ subject: `${VOID_PREFIX}Bezet`, location: '', description: '', privacy: 'private', showAs: 'free' });
    const plan = planOf({ base: { fields, block: '', markedVoid: true }, inventive: someFields({ privacy: 'private' }), google: hidden, context: { privateContent: 'busy-only' } });
    expect(plan.google).toMatchObject({ fields: { subject: 'Bezet', showAs: 'busy' } });
  });
});

describe('[V5] [lesson 19] a row that is void and turned private', () => {
  const context = { privateContent: 'busy-only', inventiveVoid: true } as const;
  const row = someFields({ privacy: 'private' });
  it.each([['keep', 'Bezet', {}], ['mark', 'Bezet', {}], ['mark', `${VOID_PREFIX}Bezet`, { markedVoid: true as const }]] as const)('%s: what stays in Google shows no content: %s', (policy, subject, marked) => {
    const base: Base = { ...aBase(), ...marked };
    const google = aGoogleEvent('markedVoid' in marked ? { subject: `${VOID_PREFIX}Overleg`, showAs: 'free' } : {});
    const plan = planOf({ base, inventive: row, google, context: { ...context, ...policies(policy) } });
    expect(plan.google).toMatchObject({ kind: 'patch', fields: { subject, location: '', description: '', privacy: 'private' } });
    if (plan.google.kind !== 'patch') throw new Error('Google should be written');
    const after = planOf({ base: plan.google.settled, inventive: row, google: { ...google, ...plan.google.fields }, context: { ...context, ...policies(policy) } });
    expect(inWords(after)).toBe(policy === 'mark' && !('markedVoid' in marked) ? 'patch google showAs,subject' : 'nothing');
  });
  it('delete: it goes as it is', () => expect(inWords(planOf({ base: aBase(), inventive: row, google: aGoogleEvent(), context: { ...context, ...policies('delete') } }))).toBe('delete google'));
});

describe('[G5] in one direction', () => {
  it('[P9] what the user’s direction excludes is not done', () => {
    const context = { ...policies('delete'), inventiveVoid: true } as const;
    expect(inWords(planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent(), context: { ...context, direction: 'to-inventive' } }))).toBe('nothing');
    expect(inWords(planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ subject: 'G' }), context: { ...context, direction: 'to-google' } }))).toBe('nothing');
  });
});
