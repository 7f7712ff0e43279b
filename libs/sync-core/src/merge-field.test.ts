import { describe, expect, it } from 'vitest';
import { decideField, SAME_TIME_MS, type FieldDecision } from './merge-field.js';
import type { ConflictPolicy } from './plan-types.js';
import { ZONE } from './testing/builders.js';

type BaseText = 'never agreed' | 'X';
type Text = '' | 'X' | 'I' | 'G';
/** `=` alike, `>` to Google, `<` to Inventive, `<>` to both; `!` the loser goes to history; `?` the policy decides, loser to history. */
type Expected = '=' | '>' | '<' | '<>' | '>!' | '<!' | '?';
type Table = { readonly [B in BaseText]: { readonly [I in Exclude<Text, 'G'>]: { readonly [G in Exclude<Text, 'I'>]: Expected } } };

const SUBJECT: Table = {
  'never agreed': { '': { '': '=', X: '<', G: '<' }, X: { '': '>', X: '=', G: '?' }, I: { '': '>', X: '?', G: '?' } },
  X: { '': { '': '=', X: '>', G: '?' }, X: { '': '<', X: '=', G: '<' }, I: { '': '?', X: '>', G: '?' } },
};
const NOTES: Table = {
  'never agreed': { '': { '': '=', X: '<', G: '<' }, X: { '': '>', X: '=', G: '<>' }, I: { '': '>', X: '<>', G: '<>' } },
  X: SUBJECT.X,
};
const BY_POLICY: { readonly [P in ConflictPolicy]: '>!' | '<!' } = { 'latest-wins': '>!', 'inventive-wins': '>!', 'google-wins': '<!' };

function sign(decision: FieldDecision<string>): Expected {
  switch (decision.kind) {
    case 'alike':
      return '=';
    case 'to-both':
      return '<>';
    case 'to-google':
      return decision.lost === undefined ? '>' : '>!';
    case 'to-inventive':
      return decision.lost === undefined ? '<' : '<!';
  }
}

/** Which value goes on and which goes to history, by the sign. */
const VALUES: { readonly [E in Exclude<Expected, '?'>]: (inventive: string, google: string) => { value: string; lost: string | undefined } } = {
  '=': (inventive) => ({ value: inventive, lost: undefined }),
  '>': (inventive) => ({ value: inventive, lost: undefined }),
  '<': (_inventive, google) => ({ value: google, lost: undefined }),
  '<>': (inventive, google) => ({ value: `${inventive}\n\n${google}`, lost: undefined }),
  '>!': (inventive, google) => ({ value: inventive, lost: google }),
  '<!': (inventive, google) => ({ value: google, lost: inventive }),
};

const arbitration = (conflictPolicy: ConflictPolicy, inventiveAt?: number, googleAt?: number) => ({
  zone: ZONE,
  conflictPolicy,
  inventiveChangedAt: inventiveAt === undefined ? {} : { subject: inventiveAt },
  googleChangedAt: googleAt === undefined ? {} : { subject: googleAt },
});

const cases = (['subject', 'notes'] as const).flatMap((field) =>
  (Object.keys(BY_POLICY) as ConflictPolicy[]).flatMap((policy) =>
    Object.entries(field === 'subject' ? SUBJECT : NOTES).flatMap(([base, rows]) =>
      Object.entries(rows).flatMap(([inventive, columns]) =>
        Object.entries(columns).map(([google, expected]) => ({ field, policy, base, inventive, google, expected: expected === '?' ? BY_POLICY[policy] : expected })),
      ),
    ),
  ),
);

describe('[R8.1] [R8.3] [M1] [M2] [M3] [M5] [M6] [M7] one field: base × Inventive × Google × policy', () => {
  it.each(cases)('$field, $policy: base "$base", Inventive "$inventive", Google "$google" gives $expected', ({ field, policy, base, inventive, google, expected }) => {
    const decision = decideField(field, { base: base === 'never agreed' ? undefined : base, agreedBefore: base === 'X', inventive, google }, arbitration(policy));
    expect(sign(decision)).toBe(expected);
    const lost = 'lost' in decision ? decision.lost?.value : undefined;
    expect({ value: decision.value, lost }).toEqual(VALUES[expected](inventive, google));
  });
});

describe('[M4] [R8.2] latest-wins', () => {
  const both = { base: 'X', agreedBefore: true, inventive: 'I', google: 'G' };
  it.each([
    { inventiveAt: undefined, googleAt: undefined, wins: 'I' },
    { inventiveAt: 1000, googleAt: undefined, wins: 'I' },
    { inventiveAt: undefined, googleAt: 9_999_999, wins: 'I' },
    { inventiveAt: 1000, googleAt: 1000 + SAME_TIME_MS, wins: 'I' },
    { inventiveAt: 1000, googleAt: 1001 + SAME_TIME_MS, wins: 'G' },
    { inventiveAt: 9000, googleAt: 1000, wins: 'I' },
  ])('Inventive at $inventiveAt, Google at $googleAt: $wins', ({ inventiveAt, googleAt, wins }) => {
    expect(decideField('subject', both, arbitration('latest-wins', inventiveAt, googleAt)).value).toBe(wins);
  });
});

describe('[M6] notes put together', () => {
  const join = (inventive: string, google: string) => decideField('notes', { base: undefined, agreedBefore: false, inventive, google }, arbitration('latest-wins'));
  it('are not added again when the join was interrupted half-way', () => {
    const first = join('van ons', 'van Google');
    expect(join(first.value, 'van Google')).toEqual({ kind: 'to-google', value: first.value });
    expect(join('van ons', first.value)).toEqual({ kind: 'to-inventive', value: first.value });
  });
  it('a text that is only a piece of a line is not held by that line', () => {
    expect(join('vanavond', 'van').value).toBe('vanavond\n\nvan');
  });
});
