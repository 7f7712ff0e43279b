import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from './comparison.js';
import { parseDescription, renderBlock } from './description.js';
import { CUT_MARK } from './notes-limit.js';
import { htmlOf } from './html-text.js';
import type { Base, PlanContext } from './plan-types.js';
import { aGoogleEvent, inWords, planOf, someFields } from './testing/builders.js';

/** Texts as Google's editors, and what people paste into them, really write them; and what a reader sees. */
const SHAPES: readonly [string, string, string][] = [
  ['breaks', 'Beste Jan,<br><br>We zien elkaar <b>morgen</b>.<br>', 'Beste Jan,\n\nWe zien elkaar morgen.'],
  ['divs of a mail', '<div dir="ltr">Beste Jan,<div><br></div><div>Tot <i>morgen</i>.</div><div><br></div><div>Groet,<br>Piet</div></div>', 'Beste Jan,\n\nTot morgen.\n\nGroet,\nPiet'],
  ['paragraphs and empty ones', '<p>Een</p><p><br></p><p>Twee</p><p>&nbsp;</p><p>Drie</p>', 'Een\n\nTwee\n\nDrie'],
  ['nested lists', '<p>Agenda:</p><ol><li>Opening</li><li>Rondvraag<ul><li>Jan</li><li>Piet</li></ul></li></ol>', 'Agenda:\n\n 1. Opening\n 2. Rondvraag\n    * Jan\n    * Piet'],
  ['a link by another name', 'Zie <a href="https://example.com/a?b=1&amp;c=2" target="_blank">de stukken</a>.', 'Zie de stukken [https://example.com/a?b=1&c=2].'],
  ['a link by its own name, through Google', '<a href="https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fx&amp;sa=D&amp;source=calendar">https://example.com/x</a>', 'https://example.com/x'],
  ['a mail address', 'Mail <a href="mailto:jan@example.com">jan@example.com</a>', 'Mail jan@example.com'],
  [
    'a paste from Outlook',
    '<html><head><meta charset="utf-8"><style><!-- p.MsoNormal {margin:0} --></style></head><body lang="NL"><div class="WordSection1"><p class="MsoNormal">Beste allen,<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal"><span style="font-size:11.0pt">Tot <b>dan</b>.<o:p></o:p></span></p></div></body></html>',
    'Beste allen,\n\nTot dan.',
  ],
  ['a paste from Word', '<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--><p class=MsoNormal>Hallo</p>', 'Hallo'],
  ['a video meeting', '____________________<br><b>Deelnemen:</b> <a href="https://teams.example.com/l/1">https://teams.example.com/l/1</a><br>ID: 123 456', '____________________\nDeelnemen: https://teams.example.com/l/1\nID: 123 456'],
  ['hard spaces and indents', 'a&nbsp;&nbsp; b<br>&nbsp;&nbsp;- in<br>c\u00a0d', 'a   b\n  - in\nc d'],
  ['entities', 'R&amp;D &quot;x&quot; &#39;y&#39; &euro; 5 &lt; 6 &gt; 4 &hellip; caf&eacute;', 'R&D "x" \'y\' € 5 < 6 > 4 … café'],
  ['pictures of letters', '<b>🎉 Feest 👩‍👩‍👧</b><br>🇳🇱', '🎉 Feest 👩‍👩‍👧\n🇳🇱'],
  ['a table', '<table border="1"><tbody><tr><th>Naam</th><th>Tijd</th></tr><tr><td>Jan</td><td>10:00</td></tr></tbody></table>', 'Naam\tTijd\nJan\t10:00'],
  ['headings, a rule and a quotation', '<h2>Kop</h2><p>tekst</p><blockquote>citaat</blockquote>', 'Kop\n\ntekst\n\n> citaat'],
  ['drawings, fields and pictures', '<svg width="1"><path d="M0"/></svg>tekst <img src="x.png"><br><input type="checkbox"> taak', 'tekst\n taak'],
  ['plain text that only looks so', 'Jan <jan@example.com>, 3 < 4 && 5 > 4', 'Jan <jan@example.com>, 3 < 4 && 5 > 4'],
];

const line = (value: string) => [{ field: 'relation.name', label: 'Relatie', value }];
/** 4D ends its lines in a carriage return, and keeps no hard spaces apart. */
const asInventiveHas = (notes: string): string => notes.replace(/\n/g, '\r');
const born = (description: string): { notes: string; base: Base } => {
  const { inventive } = planOf({ inventive: 'unseen', google: aGoogleEvent({ description }) });
  if (inventive.kind !== 'create' || inventive.fields.notes === undefined) throw new Error('the event should come to Inventive with its notes');
  return { notes: inventive.fields.notes, base: inventive.settled };
};

describe('[D7] [R2.4] [lesson 13] what people’s editors write becomes readable text', () => {
  it.each(SHAPES)('%s', (_what, html, text) => expect(normaliseText(born(html).notes)).toBe(normaliseText(text)));
});

describe('[D12] [R2.4] [lesson 13] fifty times to and fro', () => {
  const next = (base: Base, notes: string, description: string, context: Partial<PlanContext> = {}) =>
    planOf({ base, inventive: someFields({ notes }), google: aGoogleEvent({ description }), context });

  it.each(SHAPES)('%s: nobody edits, nothing is written', (_what, html) => {
    let { notes, base } = born(html);
    for (let trip = 0; trip < 50; trip += 1) {
      notes = asInventiveHas(notes);
      const plan = next(base, notes, trip % 2 === 0 ? html : html.replace(/<br>/g, '<br/>'));
      expect([inWords(plan), plan.conflicts]).toEqual(['nothing', []]);
      base = plan.base ?? base;
    }
  });

  it.each(SHAPES)('%s: the relation is renamed each time; notes and layout stay', (_what, html) => {
    const { notes, base: first } = born(html);
    let [base, description] = [first, html];
    for (let trip = 0; trip < 50; trip += 1) {
      const plan = next(base, asInventiveHas(notes), description, { blockLines: line(`Bakkerij ${trip} & Zn`) });
      expect(inWords(plan)).toBe('patch google description');
      if (plan.google.kind !== 'patch') throw new Error('the block should be written');
      description = plan.google.fields.description ?? '';
      base = plan.google.settled;
      const parsed = parseDescription(description, base.block);
      expect([parsed.intact, parsed.block, normaliseText(parsed.notes)]).toEqual([true, `Relatie: Bakkerij ${trip} & Zn`, normaliseText(notes)]);
    }
    const gone = next(base, notes, description);
    // Without the block it reads as it was born, and where its layout could be kept it is the very same text.
    expect(gone.google.kind === 'patch' && normaliseText(parseDescription(gone.google.fields.description ?? '', '').notes)).toBe(normaliseText(notes));
  });

  it.each(SHAPES)('%s: both sides add a line in turn, and every line stands on both sides once', (_what, html) => {
    let { notes, base } = born(html);
    let description = html;
    for (let trip = 0; trip < 50; trip += 1) {
      if (trip % 2 === 0) {
        notes = asInventiveHas(`${notes}\nregel ${trip}`);
        const plan = next(base, notes, description, { blockLines: line('Bakkerij') });
        if (plan.google.kind !== 'patch') throw new Error('the notes should be written');
        description = plan.google.fields.description ?? description;
        base = plan.google.settled;
      } else {
        const isHtml = /<\w/.test(description);
        const typed = isHtml ? `regel ${trip}<br>${description}` : `regel ${trip}\n${description}`;
        const plan = next(base, notes, typed, { blockLines: line('Bakkerij') });
        if (plan.inventive.kind !== 'update') throw new Error('the notes should come back');
        description = typed;
        notes = plan.inventive.fields.notes ?? notes;
        base = plan.inventive.settled;
      }
    }
    const lines = normaliseText(notes).split('\n');
    for (let trip = 0; trip < 50; trip += 1) expect(lines.filter((each) => each === `regel ${trip}`)).toHaveLength(1);
    expect(inWords(next(base, asInventiveHas(notes), description, { blockLines: line('Bakkerij') }))).toBe('nothing');
    expect(lines).toHaveLength(normaliseText(born(html).notes).split('\n').length + 50);
  });

  it.each(SHAPES)('%s: an editor that makes HTML of it all each time changes nothing', (_what, html) => {
    const { notes, base: first } = born(html);
    const added = next(first, notes, html, { blockLines: line('Bakkerij') });
    if (added.google.kind !== 'patch') throw new Error('the block should be written');
    let [base, description] = [added.google.settled, added.google.fields.description ?? ''];
    for (let trip = 0; trip < 50; trip += 1) {
      description = /<\w/.test(description) ? `<html-blob>${description}</html-blob>` : `<span>${htmlOf(description)}</span>`;
      const plan = next(base, notes, description, { blockLines: line('Bakkerij') });
      expect(inWords(plan)).toBe('nothing');
      base = plan.base ?? base;
    }
  });
});

describe('[D1] [D2] [R2.1] fields of relation, contact person and project', () => {
  const blockLines = [
    { field: 'relation.name', label: 'Relatie', value: 'Bakkerij Jansen' },
    { field: 'relation.city', label: 'Plaats', value: '' },
    { field: 'contact.name', label: 'Contactpersoon', value: 'Mw. De Boer' },
    { field: 'contact.phone', label: 'Telefoon', value: '010-1234567' },
    { field: 'project.name', label: 'Project', value: '12 Verbouwing' },
  ];
  it('stand in the block in their order, those with a value, and don’t travel back', () => {
    const { google } = planOf({ inventive: someFields({ notes: 'Let op' }), google: 'unseen', context: { blockLines } });
    if (google.kind !== 'create') throw new Error('the event should be made');
    expect(google.settled.block).toBe('Relatie: Bakkerij Jansen\nContactpersoon: Mw. De Boer\nTelefoon: 010-1234567\nProject: 12 Verbouwing');
    const back = planOf({ base: google.settled, inventive: someFields({ notes: 'Let op' }), google: aGoogleEvent({ description: google.fields.description ?? '' }), context: { blockLines } });
    expect(inWords(back)).toBe('nothing');
  });
  it('[R2.2] a renamed one is put right wherever it stands, and nobody’s edit', () => {
    const before = planOf({ inventive: someFields(), google: 'unseen', context: { blockLines } }).google;
    if (before.kind !== 'create') throw new Error('the event should be made');
    const renamed = blockLines.map((each) => (each.field === 'relation.name' ? { ...each, value: 'Bakkerij De Boer' } : each));
    const google = aGoogleEvent({ description: before.fields.description ?? '' });
    const plan = planOf({ base: before.settled, inventive: someFields(), google, context: { blockLines: renamed } });
    expect([inWords(plan), plan.conflicts]).toEqual(['patch google description', []]);
    expect(plan.google).toMatchObject({ settled: { block: renderBlock(renamed) } });
    expect(inWords(planOf({ base: before.settled, inventive: 'gone', google, context: { blockLines: renamed } }))).toBe('delete google');
  });
});

describe('[D11] [R2.5] [lesson 13] notes longer than Google keeps', () => {
  const long = `${'een regel van de notulen\n'.repeat(600)}slot`;
  it('stay whole in Inventive whatever is edited in Google', () => {
    const { google } = planOf({ inventive: someFields({ notes: long }), google: 'unseen', context: { blockLines: line('Bakkerij') } });
    if (google.kind !== 'create') throw new Error('the event should be made');
    let [base, notes, description] = [google.settled, long, google.fields.description ?? ''];
    expect([base.block, description.length <= 8192, base.fields.notes === long]).toEqual(['', true, true]);
    for (let trip = 0; trip < 50; trip += 1) {
      expect(inWords(planOf({ base, inventive: someFields({ notes }), google: aGoogleEvent({ description }), context: { blockLines: line('Bakkerij') } }))).toBe('nothing');
      const typed = `bijschrift ${trip}\n${description}`;
      const plan = planOf({ base, inventive: someFields({ notes }), google: aGoogleEvent({ description: typed }), context: { blockLines: line('Bakkerij') } });
      if (plan.inventive.kind !== 'update') throw new Error('the edit should come back');
      notes = plan.inventive.fields.notes ?? '';
      expect(normaliseText(notes).endsWith(normaliseText(long))).toBe(true);
      const after = planOf({ base: plan.inventive.settled, inventive: someFields({ notes }), google: aGoogleEvent({ description: typed }), context: { blockLines: line('Bakkerij') } });
      description = after.google.kind === 'patch' ? (after.google.fields.description ?? typed) : typed;
      base = after.google.kind === 'patch' ? after.google.settled : (after.base ?? base);
    }
    expect(notes.startsWith('bijschrift 49\nbijschrift 48')).toBe(true);
  });
});

/** A pair whose sides are written as the plan says, until there is nothing to write. */
class Desk {
  readonly lost: unknown[] = [];
  private base: Base | undefined;
  constructor(public notes: string, public description: string, private readonly context: Partial<PlanContext> = {}) {
    this.settle();
  }
  settle(): void {
    for (let round = 0; round < 6; round += 1) {
      const plan = planOf({ base: this.base, inventive: someFields({ notes: this.notes }), google: aGoogleEvent({ description: this.description }), context: this.context });
      this.base = plan.base;
      this.lost.push(...plan.conflicts.map((conflict) => conflict.lost));
      if (plan.inventive.kind === 'update') {
        this.notes = plan.inventive.fields.notes ?? this.notes;
        this.base = plan.inventive.settled;
      } else if (plan.google.kind === 'patch') {
        this.description = plan.google.fields.description ?? this.description;
        this.base = plan.google.settled;
      } else return;
    }
    throw new Error('the sides don’t come to rest');
  }
}

describe('[D11] [R2.5] [lesson 13] what Google doesn’t show survives every edit of what it shows', () => {
  const long = Array.from({ length: 700 }, (_, at) => `regel ${at} van de notulen`).join('\n');
  const joined = (): Desk => new Desk(long, '', { blockLines: line('Bakkerij') });

  it('lines deleted at the end of what is shown stay deleted, and nothing else goes', () => {
    const desk = joined();
    const shown = desk.description.slice(0, desk.description.indexOf(CUT_MARK)).split('\n');
    for (let cut = 1; cut <= 5; cut += 1) {
      desk.description = [...shown.slice(0, -cut - 1), CUT_MARK].join('\n');
      desk.settle();
    }
    const kept = [...shown.slice(0, -6), long.slice(shown.join('\n').length)].join('\n');
    expect(normaliseText(desk.notes)).toBe(normaliseText(kept));
  });
  it('text below the cut stays below what isn’t shown', () => {
    const desk = joined();
    desk.description += '\nonderaan';
    desk.settle();
    desk.description += '\nnog lager';
    desk.settle();
    expect(normaliseText(desk.notes)).toBe(`${long}\nonderaan\nnog lager`);
  });
  it('shortened until they fit, they are shown whole again', () => {
    const desk = new Desk(long.split('\n').slice(0, 400).join('\n'), '', { blockLines: line('Bakkerij') });
    desk.description = `kop\n${CUT_MARK}`;
    desk.settle();
    expect(desk.description).toContain(desk.notes);
    expect([desk.description.includes(CUT_MARK), desk.notes.endsWith('regel 399 van de notulen')]).toEqual([false, true]);
    expect(desk.description).toContain('Relatie: Bakkerij');
  });
  it('edits at any place of what is shown, one after another, are those of the whole', () => {
    const edit = fc.record({ at: fc.nat(9000), remove: fc.nat(200), insert: fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é', '🎉'), maxLength: 30 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (edits, renames) => {
        const desk = joined();
        for (const { at, remove, insert } of edits) {
          const mark = desk.description.indexOf(CUT_MARK);
          if (mark < 0) return;
          const shown = Array.from(desk.description.slice(0, mark));
          const [from, to] = [at % (shown.length + 1), (at % (shown.length + 1)) + remove];
          const edited = `${shown.slice(0, from).join('')}x${insert}x${shown.slice(to).join('')}`;
          const unseen = normaliseText(desk.notes).slice(normaliseText(desk.description.slice(0, mark) + '|').length - 1);
          desk.description = edited + desk.description.slice(mark);
          desk.settle();
          expect(normaliseText(desk.notes)).toBe(normaliseText(edited + unseen));
          if (renames) desk.notes += '\nvan Inventive';
          desk.settle();
        }
      }),
      { numRuns: 25, verbose: 1 },
    );
  }, 120_000);
  it('a text put in its place without the mark leaves the old one in history', () => {
    const desk = joined();
    desk.description = 'kort';
    desk.settle();
    expect([desk.notes, desk.lost]).toEqual(['kort', [long]]);
  });
});
