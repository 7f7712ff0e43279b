import { describe, expect, it } from 'vitest';
import type { Decor, DecorChange, EventColour } from '@calsync/calendar-model';
import { decorToWrite } from './decor.js';
import type { Base } from './plan-types.js';
import { aBase, aContext, aGoogleEvent, inWords, MARKS, planOf, someFields } from './testing/builders.js';

const link = { title: 'Inventive', url: 'https://inventive.example/afspraak/1' };
const RED: EventColour = { kind: 'colour', id: '11' };
const GREEN: EventColour = { kind: 'colour', id: '10' };
const LABEL: EventColour = { kind: 'label', id: '10' };
const MARKED = { marks: MARKS, marksFound: MARKS };
const same = { inventive: someFields(), google: aGoogleEvent() };

const NONE = { kind: 'none' } as const;

/** Wanted colour × what stands there × what we gave last: what is written. */
const COLOURS: readonly [string, EventColour | undefined, EventColour | undefined, EventColour | undefined, DecorChange['colour']][] = [
  ['none wanted, none there', undefined, undefined, undefined, undefined],
  ['none wanted, ours there', undefined, RED, RED, NONE],
  ['none wanted, our label there', undefined, LABEL, LABEL, NONE],
  ['none wanted, a person’s own there', undefined, GREEN, undefined, undefined],
  ['none wanted, a person’s own in the place of ours', undefined, GREEN, RED, undefined],
  ['none wanted, ours taken away by a person', undefined, undefined, RED, undefined],
  ['wanted and there', RED, RED, undefined, undefined],
  ['wanted, none there, never given', RED, undefined, undefined, RED],
  ['wanted, none there, given before: a person took it away', RED, undefined, RED, undefined],
  ['another wanted now, none there', GREEN, undefined, RED, GREEN],
  ['another wanted now, our last one there', GREEN, RED, RED, GREEN],
  ['wanted, a person’s own there', RED, GREEN, undefined, undefined],
  ['wanted, a person’s own in the place of ours', RED, GREEN, RED, undefined],
  ['a label is no colour', LABEL, GREEN, GREEN, LABEL],
  ['a label there is a person’s own', RED, LABEL, undefined, undefined],
];

describe('[E2] [R1.9] the colour', () => {
  it.each(COLOURS)('%s', (_what, wanted, found, given, due) => {
    const base: Base = { ...aBase(), ...(given === undefined ? {} : { colour: given }) };
    const context = aContext({ ...MARKED, decor: wanted === undefined ? {} : { colour: wanted }, decorFound: found === undefined ? {} : { colour: found } });
    const { along, alone } = decorToWrite(base, context);
    expect([along, alone]).toEqual(due === undefined ? [undefined, false] : [{ colour: due }, true]);
  });
  it('what was given is remembered once it was, and found as wanted it counts as given', () => {
    const plan = planOf({ base: aBase(), ...same, context: { ...MARKED, decor: { colour: RED } } });
    expect(plan.google).toEqual({ kind: 'patch', fields: {}, decor: { colour: RED }, settled: { ...aBase(), colour: RED } });
    expect(plan.base).toEqual(aBase());
    const found = planOf({ base: aBase(), ...same, context: { ...MARKED, decor: { colour: RED }, decorFound: { colour: RED } } });
    expect([inWords(found), found.base]).toEqual(['nothing', { ...aBase(), colour: RED }]);
  });
});

describe('[E2] [R1.9] ours, where none is wanted any more', () => {
  const context = { ...MARKED, decor: {}, decorFound: { colour: RED } };
  it('is taken back, and forgotten once it was', () => {
    const plan = planOf({ base: { ...aBase(), colour: RED }, ...same, context });
    expect(plan.google).toEqual({ kind: 'patch', fields: {}, decor: { colour: { kind: 'none' } }, settled: aBase() });
    expect(plan.base).toEqual({ ...aBase(), colour: RED });
    // Whatever comes there then is a person's.
    expect(inWords(planOf({ base: aBase(), ...same, context }))).toBe('nothing');
  });
  it('of an occurrence goes with another write', () => {
    const ofOccurrence = { decor: {}, decorFound: { colour: RED } };
    const base: Base = { ...aBase(), colour: RED };
    expect(inWords(planOf({ base, ...same, context: ofOccurrence }))).toBe('nothing');
    expect(inWords(planOf({ base, inventive: someFields({ subject: 'x' }), google: aGoogleEvent(), context: ofOccurrence }))).toBe('patch google subject colour');
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
  it('ours goes with the content, and a person’s own stays', () => {
    const hide = (found: EventColour) => planOf({ base: { ...aBase(), colour: RED }, inventive: someFields({ privacy: 'private' }), google: aGoogleEvent(), context: { ...context, decorFound: { colour: found } } }).google;
    expect(hide(RED)).toMatchObject({ decor: { colour: { kind: 'none' } } });
    expect(hide(GREEN)).not.toHaveProperty('decor.colour');
  });
});
