import { describe, expect, it } from 'vitest';
import { changedFields, noteChangeTimes } from './google-view.js';
import { aBase, aGoogleEvent, at, someFields, TEN_TO_ELEVEN, ZONE } from './testing/builders.js';

describe('[T1] when a side first differed', () => {
  it('the first moment is kept while the value goes on changing', () => {
    const first = noteChangeTimes(aBase(), someFields({ subject: 'A' }), {}, 1000, ZONE);
    expect(first).toEqual({ subject: 1000 });
    expect(noteChangeTimes(aBase(), someFields({ subject: 'B', location: 'x' }), first, 2000, ZONE)).toEqual({ subject: 1000, location: 2000 });
  });
  it('equal again, it is dropped', () => expect(noteChangeTimes(aBase(), someFields(), { subject: 1000 }, 2000, ZONE)).toEqual({}));
  it('a write of ours sets nothing once it is settled', () => {
    expect(noteChangeTimes(aBase({ subject: 'A' }), someFields({ subject: 'A' }), {}, 2000, ZONE)).toEqual({});
  });
  it('a field that isn’t seen keeps what was known', () => {
    expect(noteChangeTimes(aBase(), { when: TEN_TO_ELEVEN }, { subject: 1000, when: 1000 }, 2000, ZONE)).toEqual({ subject: 1000 });
  });
  it('Google’s description counts as notes; the block doesn’t', () => {
    const base = aBase({}, 'Relatie: A');
    const description = 'Neem de tekening mee\n\n— Inventive —\nRelatie: A\n— einde Inventive —';
    expect(noteChangeTimes(base, aGoogleEvent({ description }), {}, 1000, ZONE)).toEqual({});
    expect(noteChangeTimes(base, aGoogleEvent({ description: `x ${description}` }), {}, 1000, ZONE)).toEqual({ notes: 1000 });
  });
  it('nothing without a base', () => expect(noteChangeTimes(undefined, someFields(), { subject: 1 }, 1000, ZONE)).toEqual({}));
  it('the changed fields are those that both show and that differ', () => {
    expect(changedFields(aBase(), { subject: 'A', when: at('2026-12-01T09:00:00', '2026-12-01T10:00:00', 'UTC') }, ZONE)).toEqual(['subject']);
    expect(changedFields({ fields: {}, block: '' }, someFields(), ZONE)).toEqual([]);
  });
});
