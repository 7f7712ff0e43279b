import { describe, expect, it } from 'vitest';
import { equalFields } from './comparison.js';
import { heldLine } from './held-in-inventive.js';
import { aBase, aGoogleEvent, inWords, planOf, someFields, ZONE } from './testing/builders.js';

const LONG = `Overleg ${'é😀 '.repeat(90)}slot`;
const HELD = heldLine(LONG);

describe('[C7] [R1.12] a subject or place longer than Inventive holds', () => {
  it.each([LONG, 'x'.repeat(256), `${'x'.repeat(253)}😀😀`, ` ${'a  b\n'.repeat(80)}`, 'e\u0301'.repeat(300)])('is cut so that it can be seen, and cutting it again changes nothing: %#', (text) => {
    const held = heldLine(text);
    expect([held.length <= 255, held.endsWith('…'), held.isWellFormed(), heldLine(held)]).toEqual([true, true, true, held]);
    expect(equalFields('subject', text, held, ZONE)).toBe(true);
    expect(equalFields('location', `anders ${text}`, held, ZONE)).toBe(false);
  });
  it('stays whole where it is only written with more blanks than that', () => {
    expect(heldLine(`Zaal 1${' '.repeat(300)}links`)).toBe('Zaal 1 links');
  });

  it('comes in cut, and Google keeps the whole through edits of anything else', () => {
    const born = planOf({ inventive: 'unseen', google: aGoogleEvent({ subject: LONG, location: LONG }) });
    expect(born.inventive).toMatchObject({ kind: 'create', fields: { subject: HELD, location: HELD } });
    const base = aBase({ subject: HELD, location: HELD });
    const row = someFields({ subject: HELD, location: HELD, notes: 'Anders' });
    expect(inWords(planOf({ base, inventive: row, google: aGoogleEvent({ subject: LONG, location: LONG }) }))).toBe('patch google description');
    const typed = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ location: LONG }) });
    expect([inWords(typed), typed.inventive]).toMatchObject(['update inventive location', { fields: { location: HELD } }]);
    const followed = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ subject: LONG }), context: { googleReadOnly: true } });
    expect(followed.inventive).toMatchObject({ kind: 'update', fields: { subject: HELD } });
  });

  it('goes to history whole where the cut one is edited in Inventive, or its event is deleted or hidden', () => {
    const base = aBase({ subject: HELD });
    const lost = [{ field: 'subject', winner: 'inventive', lost: LONG }];
    expect(planOf({ base, inventive: someFields({ subject: 'Kort' }), google: aGoogleEvent({ subject: LONG }) })).toMatchObject({ google: { fields: { subject: 'Kort' } }, conflicts: lost });
    expect(planOf({ base, inventive: 'gone', google: aGoogleEvent({ subject: LONG }) })).toMatchObject({ google: { kind: 'delete' }, conflicts: lost });
    const hidden = planOf({ base, inventive: someFields({ subject: HELD, privacy: 'private' }), google: aGoogleEvent({ subject: LONG }), context: { privateContent: 'busy-only' } });
    expect(hidden).toMatchObject({ google: { fields: { subject: 'Bezet' } }, conflicts: lost });
  });
});
