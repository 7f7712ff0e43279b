import { describe, expect, it } from 'vitest';
import type { PolicySettings } from '../api/policy';
import { administrationAddress, routeOf } from '../route';
import { countSet, draftOf, overStanding, settingsFrom, type RulesDraft } from './rules-draft';

const SET: PolicySettings = {
  privateContent: 'full',
  descriptionFields: ['notes', 'relation.name'],
  rules: { deletion: { toGoogle: 'mark' }, colours: { Bezoek: { kind: 'colour', id: '11' }, Cursus: { kind: 'label', id: 'L1' } }, eventTypes: { birthday: 'import' } },
};
const settings = (draft: RulesDraft) => {
  const filled = settingsFrom(draft);
  return 'settings' in filled ? filled.settings : filled;
};

describe('the form of the rules', () => {
  it('sends back what was set as it was, and says that the rest is inherited', () => {
    const saved = settings(draftOf(SET));
    expect(saved).toMatchObject(SET);
    expect(saved).toMatchObject({ conflictPolicy: null, rules: { deletion: { toInventive: null }, guests: null, eventTypes: { focusTime: null } } });
  });
  it('where nothing is set says so for every key', () => {
    expect(settings(draftOf({}))).toEqual({
      conflictPolicy: null, privateContent: null, descriptionFields: null,
      rules: {
        deletion: { toGoogle: null, toInventive: null }, colours: null, guests: null, invitations: null, deletedInvitation: null,
        eventTypes: { outOfOffice: null, fromGmail: null, birthday: null, focusTime: null, workingLocation: null },
      },
    });
  });
  it('takes an empty list for a choice', () => {
    expect(settings({ ...draftOf({}), colours: [], descriptionFields: [] })).toMatchObject({ descriptionFields: [], rules: { colours: {} } });
  });
  const refused: readonly [string, Partial<RulesDraft>, object][] = [
    ['a colour without a Soort', { colours: [{ category: ' ', colour: { kind: 'colour', id: '1' } }] }, { 'rules.colours': 'rules.colour-without-category' }],
    ['a Soort twice, whatever its case', { colours: ['Bezoek', 'bezoek '].map((category) => ({ category, colour: { kind: 'colour', id: '1' } })) }, { 'rules.colours': 'rules.colour-twice' }],
  ];
  it.each(refused)('refuses %s', (_what, part, wrong) => {
    expect(settingsFrom({ ...draftOf({}), ...part })).toEqual({ wrong });
  });
  it('changes what was changed in it alone: the rest is as somebody else saved it since', () => {
    const opened = draftOf(SET);
    const filled = { ...opened, guests: 'silent', privateContent: undefined, eventTypes: { ...opened.eventTypes, focusTime: 'import' } };
    const standing = draftOf({ ...SET, conflictPolicy: 'google-wins', descriptionFields: ['notes'], rules: { ...SET.rules, guests: 'off', eventTypes: { birthday: 'skip' } } });
    expect(settings(overStanding(standing, { opened, filled }))).toMatchObject({
      conflictPolicy: 'google-wins', descriptionFields: ['notes'], privateContent: null,
      rules: { guests: 'silent', deletion: { toGoogle: 'mark' }, eventTypes: { birthday: 'skip', focusTime: 'import' } },
    });
  });
  it('counts what is set', () => {
    expect([countSet({}), countSet(SET), countSet({ conflictPolicy: null, rules: { colours: {} } })]).toEqual([0, 5, 1]);
  });
});

describe('addresses of administrations', () => {
  it('lead to the list and to the one', () => {
    expect(routeOf('/administraties')).toEqual({ page: 'administrations' });
    expect(routeOf(administrationAddress('de mo', 'AB'))).toEqual({ page: 'administrations', chosen: { source: 'de mo', administrationId: 'AB' } });
  });
});
