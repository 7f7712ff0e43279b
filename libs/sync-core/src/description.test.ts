import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalFields, normaliseText } from './comparison.js';
import { BLOCK_ENDS, BLOCK_OPENS, cutParts, parseDescription, renderBlock, readCut, renderDescription, type DescriptionParts } from './description.js';
import { htmlOf, looksLikeHtml } from './html-text.js';
import { CUT_MARK, LIMIT } from './notes-limit.js';
import { aBase, aGoogleEvent, planOf, someFields, ZONE } from './testing/builders.js';

const LINES = [
  { field: 'relation.name', label: 'Relatie', value: 'Bakkerij Jansen' },
  { field: 'project.name', label: 'Project', value: '12 Verbouwing' },
];
const BLOCK = 'Relatie: Bakkerij Jansen\nProject: 12 Verbouwing';
const render = (notes: string, change: Partial<DescriptionParts> = {}): string => renderDescription({ notes, blockLines: LINES, notesCross: true, ...change });
const marked = (...lines: string[]): string => [BLOCK_OPENS, ...lines, BLOCK_ENDS].join('\n');
const FULL = `Hallo\n\n${marked(...BLOCK.split('\n'))}`;

describe('[D1] what is written', () => {
  it('notes, a blank line, the block between its marks', () => expect(render('Hallo')).toBe(FULL));
  it('the block alone where there are no notes', () => expect(render(' ')).toBe(marked(...BLOCK.split('\n'))));
  it('no block without a line that has a value', () => {
    expect(render('Hallo', { blockLines: [{ field: 'x', label: 'Relatie', value: ' ' }] })).toBe('Hallo');
    expect(render('', { blockLines: [] })).toBe('');
  });
  it('a value of several lines becomes one', () => expect(renderBlock([{ field: 'x', label: 'Adres', value: 'Dorp 1\n1234 AB' }])).toBe('Adres: Dorp 1 1234 AB'));
});

describe('[D2] what is read', () => {
  it('the notes above and below the block', () => {
    expect(parseDescription(`${FULL}\nPS: tot dan`, BLOCK)).toEqual({ notes: 'Hallo\n\nPS: tot dan', block: BLOCK, stray: '', rewritten: [], intact: true });
  });
  it('a text without a block is all notes', () => {
    expect(parseDescription('  ingesprongen\n\n\nslot', '')).toEqual({ notes: '  ingesprongen\n\n\nslot', block: '', stray: '', rewritten: [], intact: true });
  });
});

describe('[D3] [R2.3] text typed inside the block', () => {
  it('moves to the notes', () => {
    const parsed = parseDescription(FULL.replace('Project', 'bel eerst!\nProject'), BLOCK);
    expect(parsed).toMatchObject({ notes: 'Hallo\nbel eerst!', stray: 'bel eerst!', block: BLOCK, intact: false });
  });
  it('moves also from behind a line of ours', () => {
    expect(parseDescription(FULL.replace('Verbouwing', 'Verbouwing om 10 uur'), BLOCK)).toMatchObject({ notes: 'Hallo\nom 10 uur', block: BLOCK, rewritten: [] });
  });
  it('reads the same once it was moved', () => {
    const typed = FULL.replace('Project', 'bel eerst!\nProject');
    const notes = parseDescription(typed, BLOCK).notes;
    const again = render(notes, { previousRaw: typed, lastBlock: BLOCK });
    expect(parseDescription(again, BLOCK)).toMatchObject({ notes, block: BLOCK, intact: true });
  });
  it('is found in a pasted second block too', () => {
    expect(parseDescription(`${FULL}\n${marked(BLOCK, 'nieuw')}`, BLOCK)).toMatchObject({ notes: 'Hallo\nnieuw', intact: false });
  });
  it('is everything inside where no line of ours is known', () => {
    expect(parseDescription(FULL, '').stray).toBe(BLOCK);
    expect(parseDescription(FULL, '', BLOCK)).toMatchObject({ stray: '', notes: 'Hallo' });
  });
});

describe('[D4] [R2.3] edits of our lines', () => {
  it('are reported and don’t become notes', () => {
    expect(parseDescription(FULL.replace('Bakkerij Jansen', 'Slagerij'), BLOCK)).toMatchObject({
      notes: 'Hallo',
      stray: '',
      rewritten: ['Relatie: Slagerij'],
      block: 'Relatie: Slagerij\nProject: 12 Verbouwing',
    });
  });
  it('are undone, and so is the removal of one', () => {
    for (const edited of [FULL.replace('Bakkerij Jansen', 'Slagerij'), FULL.replace('Project: 12 Verbouwing\n', '')]) {
      expect(render('Hallo', { previousRaw: edited, lastBlock: BLOCK })).toBe(FULL);
    }
  });
});

describe('[D5] marks that were removed', () => {
  const without = (...marks: string[]): string => marks.reduce((text, mark) => text.replace(`${mark}\n`, '').replace(`\n${mark}`, ''), `${FULL}\nslot`);
  it.each([
    ['the first', without(BLOCK_OPENS)],
    ['the last', without(BLOCK_ENDS)],
    ['both', without(BLOCK_OPENS, BLOCK_ENDS)],
  ])('%s: our lines are still no notes', (_which, raw) => {
    const parsed = parseDescription(raw, BLOCK);
    expect([parsed.notes.replace(/\n+/g, '|'), parsed.block, parsed.stray, parsed.intact]).toEqual(['Hallo|slot', BLOCK, '', false]);
  });
  it('both, and a line of ours: what is left at the end is known', () => {
    expect(parseDescription('Hallo\n\nProject: 12 Verbouwing\n', BLOCK)).toMatchObject({ notes: 'Hallo', block: 'Project: 12 Verbouwing' });
  });
  it('the last, with two blocks opened', () => {
    expect(parseDescription(`${BLOCK_OPENS}\n${BLOCK}\nnotitie\n${BLOCK_OPENS}\n${BLOCK}`, BLOCK)).toMatchObject({ notes: 'notitie', stray: '', intact: false });
  });
  it('without any trace of ours everything is notes', () => {
    expect(parseDescription('Relatie: iets anders', BLOCK)).toMatchObject({ notes: 'Relatie: iets anders', block: '' });
  });
  it('notes that say what the block is to say are notes, where none was written before', () => {
    expect(parseDescription(BLOCK, '', BLOCK)).toMatchObject({ notes: BLOCK, block: '' });
    // Nobody remembers (a rebuilt database): then they are ours.
    expect(parseDescription(BLOCK, undefined, BLOCK)).toMatchObject({ notes: '', block: BLOCK });
    const blockLines = [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij' }];
    const linked = planOf({ base: aBase({ notes: 'Relatie: Bakkerij' }), inventive: someFields({ notes: 'Relatie: Bakkerij' }), google: aGoogleEvent({ description: 'Relatie: Bakkerij' }), context: { blockLines } });
    expect([linked.inventive, linked.google]).toMatchObject([{ kind: 'none' }, { fields: { description: `Relatie: Bakkerij\n\n${BLOCK_OPENS}\nRelatie: Bakkerij\n${BLOCK_ENDS}` } }]);
  });
});

describe('[D6] notes that read like a mark', () => {
  it.each([BLOCK_OPENS, ` ${BLOCK_ENDS}`, `\\${BLOCK_OPENS}`, `\\\\${BLOCK_ENDS} `, `a\n${BLOCK_OPENS}\nb\n${BLOCK_ENDS}\nc`])('%j comes back as it was', (notes) => {
    const parsed = parseDescription(render(notes), BLOCK);
    expect(normaliseText(parsed.notes)).toBe(normaliseText(notes.trimEnd()));
    expect(parsed).toMatchObject({ block: BLOCK, stray: '', intact: true });
  });
});

describe('[D7] HTML of Google’s editors', () => {
  it.each([
    ['a<br>b', 'a\nb'],
    ['<p>a</p><p>b</p>', 'a\n\nb'],
    ['<html-blob>a<br/>b</html-blob>', 'a\nb'],
    ['<ul><li>een</li><li>twee</li></ul>', ' * een\n * twee'],
    ['R&amp;D&nbsp;&nbsp;x', 'R&D  x'],
    ['<b>vet</b> <i>schuin</i>', 'vet schuin'],
    ['bel Jan <jan@example.com><br>3 < 4', 'bel Jan <jan@example.com>\n3 < 4'],
    ['<a href="https://www.google.com/url?q=https://a.nl/x&amp;sa=D">https://a.nl/x</a>', 'https://a.nl/x'],
    ['<a href="https://www.google.com/url?sa=D">t</a>', 't [https://www.google.com/url?sa=D]'],
    ['<a href="https://b.nl">hier</a>', 'hier [https://b.nl]'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a\tb'],
    ['Jan <jan@example.com>', 'Jan <jan@example.com>'],
    ['1 < 2 && 3 > 2', '1 < 2 && 3 > 2'],
  ])('%s', (html, text) => expect(normaliseText(parseDescription(html, '').notes).trimEnd()).toBe(normaliseText(text)));

  it('a block that went through an editor is known', () => {
    const html = `<p>${htmlOf(FULL).replaceAll(' ', '&nbsp;')}</p><br>`;
    expect(parseDescription(html, BLOCK)).toMatchObject({ notes: 'Hallo', block: BLOCK, intact: true });
  });
  it('deep nesting and great length end', () => {
    expect(parseDescription('<b>'.repeat(40_000) + 'x', '').notes.length).toBeLessThan(5);
    expect(parseDescription('<b>'.repeat(9000) + 'x', '').notes).toBe('x');
    expect(parseDescription('<div>'.repeat(9000) + 'x', '').intact).toBe(true);
  });
});

describe('[D8] plain stays plain', () => {
  it.each(['gewoon', '1 < 2 & 3 > 2', 'Jan <jan@example.com>', 'é 🎉', 'R&D'])('%j is written as it is', (notes) => expect(render(notes, { blockLines: [] })).toBe(notes));
  it.each(['een <b>tag</b>', 'R&amp;D', 'x <br> y\nz'])('%j is written so that Google shows those characters', (notes) => {
    const raw = render(notes, { blockLines: [] });
    expect(raw).toBe(htmlOf(notes));
    expect(parseDescription(raw, '').notes).toBe(notes);
  });
});

describe('[D9] a person’s layout', () => {
  const html = `<b>Let op</b><br><br>${htmlOf(marked(...BLOCK.split('\n')))}<br>slot`;
  const renamed = [{ field: 'relation.name', label: 'Relatie', value: 'Slagerij & Zn' }];
  const notes = parseDescription(html, BLOCK).notes;
  it('stays where only the block changes', () => {
    expect(render(notes, { previousRaw: html, lastBlock: BLOCK, blockLines: renamed })).toBe(
      `<b>Let op</b><br><br>${BLOCK_OPENS}<br>Relatie: Slagerij &amp; Zn<br>${BLOCK_ENDS}<br>slot`,
    );
  });
  it('stays where the block goes', () => expect(render(notes, { previousRaw: html, lastBlock: BLOCK, blockLines: [] })).toBe('<b>Let op</b><br><br>slot'));
  it('stays where a block comes', () => {
    expect(render('vet', { previousRaw: '<b>vet</b>' })).toBe(`<b>vet</b><br><br>${htmlOf(marked(...BLOCK.split('\n')))}`);
    expect(render('', { previousRaw: ' ' })).toBe(marked(...BLOCK.split('\n')));
    expect(render('gewoon', { previousRaw: 'gewoon', blockLines: [] })).toBe('gewoon');
  });
  it('goes where the notes change too', () => expect(render('anders', { previousRaw: html, lastBlock: BLOCK, blockLines: [] })).toBe('anders'));
  it('goes where the marks were torn apart or plain text can’t hold the block', () => {
    const torn = `${BLOCK_ENDS}<br>a<br>${BLOCK_OPENS}`;
    const read = parseDescription(torn, BLOCK).notes;
    expect(parseDescription(render(read, { previousRaw: torn, lastBlock: BLOCK }), BLOCK)).toMatchObject({ notes: read, block: BLOCK, intact: true });
    const odd = [{ field: 'x', label: 'Relatie', value: 'A <b> B' }];
    expect(parseDescription(render('a', { previousRaw: 'a', blockLines: odd }), renderBlock(odd))).toMatchObject({ notes: 'a', block: 'Relatie: A <b> B', intact: true });
  });
});

describe('[D10] Google’s limit', () => {
  it('takes the block first, from below', () => {
    const notes = 'n'.repeat(LIMIT - 70);
    const raw = render(notes);
    expect(raw.length).toBeLessThanOrEqual(LIMIT);
    expect(parseDescription(raw, BLOCK)).toMatchObject({ notes, block: 'Relatie: Bakkerij Jansen' });
    expect(render('n'.repeat(LIMIT))).toBe('n'.repeat(LIMIT));
  });
  it('then the notes, with a mark and without half a character', () => {
    for (const notes of ['n'.repeat(LIMIT + 1), '🎉'.repeat(LIMIT), `x${'🎉'.repeat(LIMIT)}`, `<b>${'&'.repeat(LIMIT)}`]) {
      const raw = render(notes);
      expect(raw.length).toBeLessThanOrEqual(LIMIT);
      expect(raw.length).toBeGreaterThan(LIMIT - 12);
      expect(raw.endsWith(CUT_MARK)).toBe(true);
      expect(raw.isWellFormed()).toBe(true);
    }
  });
});

const restoreCut = (notes: string, full: string | undefined): string => readCut(notes, full).notes;

describe('[D11] a cut on its way back', () => {
  const full = `${'regel \n'.repeat(2000)}slot`;
  const shown = parseDescription(render(full), BLOCK).notes;
  const head = cutParts(full)?.head ?? '';
  it('untouched stands for the whole', () => expect(restoreCut(shown, full)).toBe(full));
  it('edited keeps the tail that nobody saw', () => {
    expect(restoreCut(`NIEUW ${shown}`, full)).toBe(`NIEUW ${full}`);
    expect(restoreCut(`${shown}\nnog iets`, full)).toBe(`${full}\nnog iets`);
  });
  it('without its mark the untouched beginning still stands for the whole', () => expect(restoreCut(head, full)).toBe(full));
  it('without its mark and rewritten it is a new text', () => expect(restoreCut('kort', full)).toBe('kort'));
  it('notes that fit are never taken for a cut', () => {
    expect(restoreCut(`a${CUT_MARK}`, 'a')).toBe(`a${CUT_MARK}`);
    expect(restoreCut(`a${CUT_MARK}`, undefined)).toBe(`a${CUT_MARK}`);
  });
});

describe('[D13] [R2.6] without Opmerking', () => {
  const own = 'van Google zelf';
  it('writes the block only, and keeps Google’s text', () => {
    expect(render('van Inventive', { notesCross: false })).toBe(marked(...BLOCK.split('\n')));
    const raw = render('van Inventive', { notesCross: false, previousRaw: own });
    expect(raw).toBe(`${own}\n\n${marked(...BLOCK.split('\n'))}`);
    expect(render('van Inventive', { notesCross: false, previousRaw: raw, lastBlock: BLOCK, blockLines: [] })).toBe(own);
  });
});

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('\n', '\n\n', '\r\n', '\r', '  ', '\u00A0', '\t', '<b>', '</p>', '<br>', '&amp;', '&nbsp;', '&', '<', '<!-- x -->', '<jan@example.com>', BLOCK_OPENS, BLOCK_ENDS, '\\', CUT_MARK, 'Relatie: Bakkerij Jansen', 'Relatie: ', '\u2028', '🎉', '\uD800'),
);
const someText = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));
const someLines = fc.array(fc.record({ field: fc.constant('f'), label: fc.constantFrom('Relatie', 'Project', 'Contactpersoon'), value: fc.string({ unit: 'grapheme', maxLength: 20 }) }), { maxLength: 3 });

describe('[D12] [lesson 13] round trips on random texts', () => {
  it('fifty trips change nothing', () => {
    fc.assert(
      fc.property(someText, someLines, (notes, blockLines) => {
        let raw = renderDescription({ notes, blockLines, notesCross: true });
        const block = renderBlock(blockLines);
        const first = raw;
        for (let trip = 0; trip < 50; trip += 1) {
          const parsed = parseDescription(raw, block);
          expect(parsed).toMatchObject({ stray: '', rewritten: [], intact: true, block });
          expect(equalFields('notes', parsed.notes, notes, ZONE)).toBe(true);
          raw = renderDescription({ notes: parsed.notes, blockLines, notesCross: true, previousRaw: raw, lastBlock: block });
        }
        expect(raw).toBe(first);
      }),
      { numRuns: 150, verbose: 1 },
    );
  }, 120_000);
  it('a trip through an editor that writes HTML reads the same', () => {
    fc.assert(
      fc.property(someText, someLines, (notes, blockLines) => {
        const raw = renderDescription({ notes, blockLines, notesCross: true });
        const edited = looksLikeHtml(raw) ? raw : `<span>${htmlOf(raw)}</span>`;
        const parsed = parseDescription(edited, renderBlock(blockLines));
        expect(parsed).toMatchObject({ stray: '', intact: true, block: renderBlock(blockLines) });
        expect(equalFields('notes', parsed.notes, notes, ZONE)).toBe(true);
      }),
      { numRuns: 1000, verbose: 1 },
    );
  });
  it('[D3] a line typed anywhere is always in the notes', () => {
    fc.assert(
      fc.property(someText, someLines, fc.nat(), (notes, blockLines, where) => {
        const lines = renderDescription({ notes, blockLines, notesCross: true }).split('\n');
        const spot = where % (lines.length + 1);
        const raw = [...lines.slice(0, spot), 'GETYPT DOOR IEMAND', ...lines.slice(spot)].join('\n');
        expect(parseDescription(raw, renderBlock(blockLines)).notes).toContain('GETYPT DOOR IEMAND');
      }),
      { numRuns: 1000, verbose: 1 },
    );
  });
});

describe('[D14] an occurrence shows the text of its series', () => {
  const theirs = `Agenda\n\n${BLOCK_OPENS}\nRelatie: Bakkerij\n${BLOCK_ENDS}`;
  const context = { ofSeries: true as const };
  const born = planOf({ base: undefined, inventive: 'unseen', google: aGoogleEvent({ description: theirs }), context });
  const base = born.inventive.kind === 'create' ? born.inventive.settled : undefined;

  it('a block that was written for another appointment is no notes, and no reason for an exception', () => {
    expect([born.inventive, base]).toMatchObject([{ kind: 'create', fields: { notes: 'Agenda' } }, { block: 'Relatie: Bakkerij', blockOfSeries: true }]);
    const next = planOf({ base, inventive: someFields({ notes: 'Agenda' }), google: aGoogleEvent({ description: theirs }), context });
    expect([next.inventive, next.google, next.base]).toMatchObject([{ kind: 'none' }, { kind: 'none' }, { block: 'Relatie: Bakkerij', blockOfSeries: true }]);
    // Joined with a row, likewise.
    const joined = planOf({ base: undefined, inventive: someFields({ notes: 'Agenda' }), google: aGoogleEvent({ description: theirs }), context });
    expect([joined.inventive, joined.google, joined.base?.blockOfSeries]).toMatchObject([{ kind: 'none' }, { kind: 'none' }, true]);
    // Deleted unedited, it goes.
    expect(planOf({ base, inventive: 'gone', google: aGoogleEvent({ description: theirs }), context }).google).toEqual({ kind: 'delete' });
  });

  it('goes once this one is written: with notes, or with lines of its own, which then are kept like any', () => {
    const noted = planOf({ base, inventive: someFields({ notes: 'Eigen' }), google: aGoogleEvent({ description: theirs }), context });
    expect(noted.google).toMatchObject({ kind: 'patch', fields: { description: 'Eigen' } });
    const blockLines = [{ field: 'relation.name', label: 'Relatie', value: 'Slagerij' }];
    const own = planOf({ base, inventive: someFields({ notes: 'Agenda' }), google: aGoogleEvent({ description: theirs }), context: { ...context, blockLines } });
    const written = `Agenda\n\n${BLOCK_OPENS}\nRelatie: Slagerij\n${BLOCK_ENDS}`;
    expect(own.google).toMatchObject({ kind: 'patch', fields: { description: written } });
    const settled = own.google.kind === 'patch' ? own.google.settled : undefined;
    expect(settled?.blockOfSeries).toBeUndefined();
    expect(planOf({ base: settled, inventive: someFields({ notes: 'Agenda' }), google: aGoogleEvent({ description: written }), context }).google).toMatchObject({ fields: { description: 'Agenda' } });
  });

  it('and goes where it recurs no more; what somebody types in it comes into the notes', () => {
    const google = aGoogleEvent({ description: theirs });
    expect(planOf({ base, inventive: someFields({ notes: 'Agenda' }), google }).google).toMatchObject({ fields: { description: 'Agenda' } });
    const typed = aGoogleEvent({ description: theirs.replace(BLOCK_ENDS, `sleutel mee\n${BLOCK_ENDS}`) });
    expect(planOf({ base, inventive: someFields({ notes: 'Agenda' }), google: typed, context }).inventive).toMatchObject({ fields: { notes: 'Agenda\nsleutel mee' } });
  });
});
