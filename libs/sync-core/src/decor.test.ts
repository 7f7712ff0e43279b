import { describe, expect, it } from 'vitest';
import type { Decor, EventColour } from '@calsync/calendar-model';
import { decorToWrite } from './decor.js';
import type { Base } from './plan-types.js';
import { aBase, aContext, aGoogleEvent, inWords, MARKS, planOf, someFields } from './testing/builders.js';

const link = { title: 'Inventive', url: 'https://inventive.example/afspraak/1' };
const RED: EventColour = { kind: 'colour', id: '11' };
const GREEN: EventColour = { kind: 'colour', id: '10' };
const LABEL: EventColour = { kind: 'label', id: '10' };
const MARKED = { marks: MARKS, marksFound: MARKS };
const same = { inventive: someFields(), google: aGoogleEvent() };

/** Wanted colour × what stands there × what we gave last: whether ours is given. */
const COLOURS: readonly [string, EventColour | undefined, EventColour | undefined, EventColour | undefined, boolean][] = [
  ['none wanted, none there', undefined, undefined, undefined, false],
  ['none wanted, ours there', undefined, RED, RED, false],
  ['wanted and there', RED, RED, undefined, false],
  ['wanted, none there, never given', RED, undefined, undefined, true],
  ['wanted, none there, given before: a person took it away', RED, undefined, RED, false],
  ['another wanted now, none there', GREEN, undefined, RED, true],
  ['another wanted now, our last one there', GREEN, RED, RED, true],
  ['wanted, a person’s own there', RED, GREEN, undefined, false],
  ['wanted, a person’s own in the place of ours', RED, GREEN, RED, false],
  ['a label is no colour', LABEL, GREEN, GREEN, true],
  ['a label there is a person’s own', RED, LABEL, undefined, false],
];

describe('[E2] [R1.9] the colour', () => {
  it.each(COLOURS)('%s', (_what, wanted, found, given, due) => {
    const base: Base = { ...aBase(), ...(given === undefined ? {} : { colour: given }) };
    const context = aContext({ ...MARKED, decor: wanted === undefined ? {} : { colour: wanted }, decorFound: found === undefined ? {} : { colour: found } });
    const { along, alone } = decorToWrite(base, context);
    expect([along, alone]).toEqual(due ? [{ colour: wanted }, true] : [undefined, false]);
  });
  it('what was given is remembered once it was, and found as wanted it counts as given', () => {
    const plan = planOf({ base: aBase(), ...same, context: { ...MARKED, decor: { colour: RED } } });
    expect(plan.google).toEqual({ kind: 'patch', fields: {}, decor: { colour: RED }, settled: { ...aBase(), colour: RED } });
    expect(plan.base).toEqual(aBase());
    const found = planOf({ base: aBase(), ...same, context: { ...MARKED, decor: { colour: RED }, decorFound: { colour: RED } } });
    expect([inWords(found), found.base]).toEqual(['nothing', { ...aBase(), colour: RED }]);
  });
});

describe('[E1] [R1.10] along and alone', () => {
  const both: Decor = { link, colour: RED };
  it('both alone where they are missing', () => {
    const plan = planOf({ base: aBase(), ...same, context: { ...MARKED, decor: both } });
    expect(plan.google).toEqual({ kind: 'patch', fields: {}, decor: both, settled: { ...aBase(), colour: RED, link: link.url } });
    expect([plan.inventive.kind, plan.conflicts]).toEqual(['none', []]);
  });
  it('in the same patch as marks and fields', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ subject: 'Nieuw' }), google: aGoogleEvent(), context: { marks: MARKS, decor: both } });
    expect(plan.google).toMatchObject({ fields: { subject: 'Nieuw' }, marks: MARKS, decor: both });
  });
  it('in what is made in Google', () => {
    expect(planOf({ inventive: someFields(), google: 'unseen', context: { ...MARKED, decor: both } }).google).toMatchObject({ kind: 'create', decor: both, settled: { colour: RED, link: link.url } });
    expect(planOf({ inventive: someFields(), google: 'unseen' }).google).not.toHaveProperty('decor');
  });
  it('another address waits for a write that is made anyway', () => {
    const decorFound = { link: { title: 'Inventive', url: 'https://old.example/1' } };
    expect(inWords(planOf({ base: aBase(), ...same, context: { ...MARKED, decor: { link }, decorFound } }))).toBe('nothing');
    expect(inWords(planOf({ base: aBase(), inventive: someFields({ subject: 'x' }), google: aGoogleEvent(), context: { ...MARKED, decor: { link }, decorFound } }))).toBe('patch google subject link');
  });
  it('they are no edit: a deletion crosses whatever becomes of them', () => {
    const base: Base = { ...aBase(), colour: RED, link: link.url };
    const context = { ...MARKED, decor: { link, colour: GREEN }, decorFound: { colour: RED } };
    expect(inWords(planOf({ base, inventive: 'gone', google: aGoogleEvent(), context }))).toBe('delete google');
    expect(inWords(planOf({ base, inventive: someFields(), google: 'gone', context }))).toBe('delete inventive');
  });
  it('they are never read back, and belong to the user’s direction', () => {
    const made = planOf({ inventive: 'unseen', google: aGoogleEvent(), context: { decorFound: { link, colour: GREEN } } }).inventive;
    expect(made).toMatchObject({ kind: 'create', fields: someFields() });
    expect(inWords(planOf({ base: aBase(), ...same, context: { ...MARKED, decor: both, direction: 'to-inventive' } }))).toBe('nothing');
  });
});

describe('[E3] a link that can’t be seen', () => {
  const base: Base = { ...aBase(), link: link.url };
  it('is not given again, alone or along', () => {
    expect(inWords(planOf({ base, ...same, context: { ...MARKED, decor: { link } } }))).toBe('nothing');
    expect(inWords(planOf({ base, inventive: someFields({ subject: 'x' }), google: aGoogleEvent(), context: { ...MARKED, decor: { link } } }))).toBe('patch google subject');
  });
  it('another one is', () => {
    const moved = { title: 'Inventive', url: 'https://new.example/1' };
    expect(inWords(planOf({ base, ...same, context: { ...MARKED, decor: { link: moved } } }))).toBe('patch google link');
  });
});

describe('[E4] an event that isn’t ours to mark', () => {
  const context = { decor: { link, colour: RED } };
  it('is not written for their sake', () => expect(inWords(planOf({ base: aBase(), ...same, context }))).toBe('nothing'));
  it('takes the colour along, never the link', () => {
    expect(inWords(planOf({ base: aBase(), inventive: someFields({ subject: 'x' }), google: aGoogleEvent(), context }))).toBe('patch google subject colour');
  });
});

describe('[E5] [lesson 19] hidden content', () => {
  const context = { ...MARKED, privateContent: 'busy-only', decor: { link, colour: RED } } as const;
  it('no colour says what sort it is', () => {
    expect(planOf({ inventive: someFields({ privacy: 'private' }), google: 'unseen', context }).google).toMatchObject({ decor: { link } });
    const { subject: _s, location: _l, notes: _n, ...fields } = someFields({ privacy: 'private' });
    const hidden = planOf({ base: { fields, block: '' }, inventive: someFields({ privacy: 'private' }), google: aGoogleEvent({ subject: 'Bezet', location: '', description: '', privacy: 'private' }), context });
    expect(hidden.google).toMatchObject({ kind: 'patch', fields: {}, decor: { link } });
  });
});
