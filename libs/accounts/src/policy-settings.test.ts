import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '@calsync/sync-engine';
import { policiesOf } from './administration-settings.js';
import { nextState } from './change-settings.js';
import { DEFAULT_POLICY, effectivePolicy, policyFrom, policySettingsSchema, setInOlderVersion, whatIsSet, type PolicySettings } from './policy-settings.js';
import { DEFAULT_SETTINGS, documentOf, settingsOf, type UserSettings, type UserSettingsDocument } from './users-settings.js';
import { asInventiveId, asSourceName } from '@calsync/calendar-model';

const A = 'A'.repeat(32);
const B = 'B'.repeat(32);
const RED = { Bezoek: { kind: 'colour', id: '11' } } as const;

describe('[R7.13] what goes', () => {
  it('is by default what the product says', () => {
    expect(policyFrom(effectivePolicy({}))).toEqual(DEFAULT_POLICY);
    expect(policyFrom(effectivePolicy({ user: {}, administration: {} }))).toEqual(DEFAULT_POLICY);
  });

  const layers: readonly [string, PolicySettings | undefined, PolicySettings | undefined, readonly [string, string]][] = [
    ['nothing set', undefined, undefined, ['delete', 'default']],
    ['set for the administration', undefined, { rules: { deletion: { toGoogle: 'mark' } } }, ['mark', 'administration']],
    ['set for the user', { rules: { deletion: { toGoogle: 'keep' } } }, undefined, ['keep', 'user']],
    ['set for both', { rules: { deletion: { toGoogle: 'keep' } } }, { rules: { deletion: { toGoogle: 'mark' } } }, ['keep', 'user']],
    ['null for the user', { rules: { deletion: { toGoogle: null } } }, { rules: { deletion: { toGoogle: 'mark' } } }, ['mark', 'administration']],
    ['the other direction set for the user', { rules: { deletion: { toInventive: 'keep' } } }, { rules: { deletion: { toGoogle: 'mark' } } }, ['mark', 'administration']],
    ['the default, chosen for the user', { rules: { deletion: { toGoogle: 'delete' } } }, { rules: { deletion: { toGoogle: 'mark' } } }, ['delete', 'user']],
  ];
  it.each(layers)('for a deletion to Google, each direction by itself: %s', (_what, user, administration, [value, from]) => {
    expect(effectivePolicy({ user, administration }).rules.deletion.toGoogle).toEqual({ value, from });
  });

  it('[R1.13] for private content, descriptions, colours and kinds of events likewise', () => {
    const { privateContent, descriptionFields, rules } = effectivePolicy({
      user: { descriptionFields: [], rules: { colours: {}, eventTypes: { birthday: 'import' } } },
      administration: { privateContent: 'full', descriptionFields: ['notes'], rules: { colours: RED, guests: 'silent', eventTypes: { birthday: 'skip', focusTime: 'import' } } },
    });
    expect([privateContent, descriptionFields, rules.colours, rules.guests]).toEqual([
      { value: 'full', from: 'administration' }, { value: [], from: 'user' }, { value: {}, from: 'user' }, { value: 'silent', from: 'administration' },
    ]);
    expect([rules.eventTypes.birthday, rules.eventTypes.focusTime, rules.eventTypes.fromGmail]).toEqual([
      { value: 'import', from: 'user' }, { value: 'import', from: 'administration' }, { value: 'import', from: 'default' },
    ]);
  });
});

describe('an agenda with appointments of several administrations', () => {
  const administrations = new Map<string, PolicySettings>([[A, { privateContent: 'full' }], [B, { rules: { deletion: { toGoogle: 'mark' } } }]]);
  const user = (own: Partial<UserSettings>): UserSettings => ({ ...DEFAULT_SETTINGS, administrationId: A, ...own });

  it('goes by the policy of each; what no one set is as by default, and not as in the own administration', () => {
    const { elsewhere, ...own } = policiesOf(user({ conflictPolicy: 'google-wins' }), administrations);
    expect([own.privateContent, own.rules.deletion.toGoogle, own.conflictPolicy]).toEqual(['full', 'delete', 'google-wins']);
    expect(Object.keys(elsewhere?.of ?? {})).toEqual([A, B]);
    expect(elsewhere?.of[B]).toEqual({ ...DEFAULT_POLICY, conflictPolicy: 'google-wins', rules: { ...DEFAULT_RULES, deletion: { toInventive: 'delete', toGoogle: 'mark' } } });
    expect(elsewhere?.otherwise).toEqual({ ...DEFAULT_POLICY, conflictPolicy: 'google-wins' });
  });
  it('shares what goes elsewhere with all who have nothing set for themselves', () => {
    expect(policiesOf(user({}), administrations).elsewhere).toBe(policiesOf(user({ administrationId: B }), administrations).elsewhere);
    expect(policiesOf(user({ privateContent: 'busy-only' }), administrations).elsewhere).not.toEqual(policiesOf(user({}), administrations).elsewhere);
  });
  it('has one policy where it is bound to one administration, or nothing is set for any', () => {
    expect(policiesOf(user({ onlyAdministration: true }), administrations).elsewhere).toBeUndefined();
    expect(policiesOf(user({}), new Map()).elsewhere).toBeUndefined();
  });
  it('[R7.14] is compared again where a user’s own rule differs from what went in another administration only', () => {
    const shown = user({ privateContent: 'full' });
    expect(nextState('live', user({}), shown, administrations)).toBe('joining');
    expect(nextState('live', { ...user({}), onlyAdministration: true }, { ...shown, onlyAdministration: true }, administrations)).toBeUndefined();
  });
});

describe('what is stored', () => {
  const source = asSourceName('demo');
  const userId = asInventiveId('1'.repeat(32));

  it('is what was set: nulls and empty groups say nothing, an empty list of colours or fields does', () => {
    expect(whatIsSet({ conflictPolicy: null, rules: { deletion: { toGoogle: null }, eventTypes: {} } })).toEqual({});
    expect(whatIsSet({ descriptionFields: [], rules: { colours: {}, guests: null } })).toEqual({ descriptionFields: [], rules: { colours: {} } });
  });
  it('reads back as it was saved', () => {
    const settings: UserSettings = { ...DEFAULT_SETTINGS, privateContent: 'busy-only', rules: { deletion: { toGoogle: 'delete' }, colours: RED } };
    expect(settingsOf(documentOf(source, userId, settings))).toEqual(settings);
  });
  it('by an older version holds everything: what equals the default is inherited, the rest is the user’s own', () => {
    const old = {
      _id: `${source}/${userId}`, source, userId, on: true, daysBefore: 30, daysAfter: 90, direction: 'both',
      conflictPolicy: 'latest-wins', privateContent: 'full', descriptionFields: [...DEFAULT_POLICY.descriptionFields],
      rules: { ...DEFAULT_RULES, deletion: { toInventive: 'keep', toGoogle: 'delete' }, eventTypes: { ...DEFAULT_RULES.eventTypes, birthday: 'import' } },
    } as UserSettingsDocument;
    expect(settingsOf(old)).toEqual({ ...DEFAULT_SETTINGS, privateContent: 'full', rules: { deletion: { toInventive: 'keep' }, eventTypes: { birthday: 'import' } } });
    expect(policyFrom(effectivePolicy({ user: settingsOf(old) }))).toEqual({ ...DEFAULT_POLICY, privateContent: 'full', rules: old.rules });
    expect(setInOlderVersion({})).toEqual({});
  });
});

describe('what is refused', () => {
  it.each([
    ['a policy that there isn’t', { rules: { deletion: { toGoogle: 'destroy' } } }, 'rules.deletion.toGoogle'],
    ['a misspelt key', { rules: { deletions: {} } }, 'rules'],
    ['a colour that Google doesn’t have', { rules: { colours: { Bezoek: { kind: 'colour', id: '12' } } } }, 'rules.colours.Bezoek.id'],
    ['a field that can be none', { descriptionFields: ['relation name'] }, 'descriptionFields.0'],
  ])('%s, by its name', (_what, settings, path) => {
    const { error } = policySettingsSchema.safeParse(settings);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
