import type { BlockLine } from '@calsync/calendar-model';
import { normaliseText, withoutBlankEdges } from './comparison.js';
import { cutMarkAt, fitNotes, LIMIT } from './notes-limit.js';
import { htmlOf, looksLikeHtml, rawOf, textOf } from './html-text.js';

export const BLOCK_OPENS = '— Inventive —';
export const BLOCK_ENDS = '— einde Inventive —';

export interface DescriptionParts {
  /** As Inventive has them. Where they don't cross, this is not used: Google's own text stays. */
  readonly notes: string;
  readonly blockLines: readonly BlockLine[];
  readonly notesCross: boolean;
  /** What stands in Google; a person's layout in it is kept where only the block changes. */
  readonly previousRaw?: string;
  /** The block as last written, to recognise it where its marks were removed; '' where there was none, absent where nobody remembers. */
  readonly lastBlock?: string | undefined;
}

export interface ParsedDescription {
  /** What travels: the text outside the block, with what was typed inside it put below. */
  readonly notes: string;
  /** What stands between the marks, without the marks and without `stray`; '' where there is no block. */
  readonly block: string;
  /** The text that somebody typed inside the block; '' where there is none. */
  readonly stray: string;
  /** Lines of ours that somebody rewrote: they are put right, and what they said goes to history. */
  readonly rewritten: readonly string[];
  /** Exactly one block with both marks and nothing foreign in it, or no trace of one. */
  readonly intact: boolean;
}

/** The lines of the block as text, one a line, those with a value only: what `Base.block` remembers. */
export function renderBlock(blockLines: readonly BlockLine[]): string {
  return blockLines
    .map((line) => ({ label: oneLine(line.label), value: oneLine(line.value) }))
    .filter((line) => line.value !== '')
    .map((line) => `${line.label}: ${line.value}`)
    .join('\n');
}

/**
 * Google's description: the notes and under them the block between its marks. Plain text, unless Google would take it for HTML.
 * Past Google's limit the block gives way first, line by line from below, then the notes end in a mark that says so.
 */
export function renderDescription(parts: DescriptionParts): string {
  const { blockLines, notesCross, previousRaw, lastBlock } = parts;
  const lines = linesOf(renderBlock(blockLines));
  const previous = previousRaw === undefined ? undefined : parseDescription(previousRaw, lastBlock, lines.join('\n'));
  const notes = notesCross ? parts.notes : (previous?.notes ?? '');
  const { text, kept } = fitted(notes, lines);
  if (previousRaw === undefined || previous === undefined || previous.stray !== '' || normaliseText(previous.notes) !== normaliseText(notes)) {
    return rawOf(text);
  }
  if (previous.intact && previous.block === kept.join('\n')) return previousRaw;
  // Known here: what a person wrote stays as it is. So only the block is exchanged in the raw text, and their layout survives;
  // where the result would not read as it should (marks torn apart by tags) the whole is written anew.
  const spliced = spliceBlock(previousRaw, kept);
  return spliced !== undefined && spliced.length <= LIMIT && sameReading(spliced, rawOf(text), kept) ? spliced : rawOf(text);
}

/**
 * The marks tell the block from the notes; without them its last rendered lines do. `raw` may be HTML from Google's editors.
 * `presentBlock` are the lines as they should be now: ours too, where a write of ours was not yet remembered. Without marks they
 * prove nothing once it is known what was written last: notes may say the same as the block that is to be added.
 */
export function parseDescription(raw: string, lastBlock: string | undefined, presentBlock = ''): ParsedDescription {
  const lines = textOf(raw).split('\n');
  const ours = [...linesOf(lastBlock ?? ''), ...linesOf(presentBlock)];
  const span = findBlocks(lines, ours, linesOf(lastBlock ?? presentBlock));
  const outside: string[] = [];
  const block: string[] = [];
  const stray: string[] = [];
  const rewritten: string[] = [];
  lines.forEach((line, at) => {
    if (!span.inside(at)) {
      outside.push(line);
      return;
    }
    if (isMark(line)) return;
    const kind = judgeLine(line, ours);
    if (kind.kind === 'ours' || kind.kind === 'rewritten') block.push(bare(line));
    if (kind.kind === 'rewritten') rewritten.push(bare(line));
    if (kind.kind === 'typed') stray.push(kind.text);
    if (kind.kind === 'typed' && kind.ours !== undefined) block.push(kind.ours);
  });
  const typed = stray.join('\n');
  const kept = unescapeMarks(withoutBlankEdges(outside).join('\n'));
  return {
    notes: typed === '' ? kept : kept === '' ? typed : `${kept}\n${typed}`,
    block: block.join('\n'),
    stray: typed,
    rewritten,
    intact: typed === '' && span.wellFormed,
  };
}

/** The lines between both marks, whoever they were written for. */
export function standingBlock(raw: string): readonly BlockLine[] {
  const lines = textOf(raw).split('\n').map(bare);
  const [opens, ends] = [lines.lastIndexOf(BLOCK_OPENS), lines.lastIndexOf(BLOCK_ENDS)];
  return opens < 0 || ends < opens ? [] : lines.slice(opens + 1, ends).flatMap((line): BlockLine[] => {
    const [, label, value] = /^([^:]+): (.+)$/.exec(line) ?? [];
    return label === undefined || value === undefined ? [] : [{ field: '', label, value }];
  });
}

export interface ReadNotes {
  readonly notes: string;
  /** The part of them that Google doesn't show. */
  readonly unseen?: string;
}

/**
 * The notes that Google's text stands for where they were cut to fit: `full` again where the visible part is untouched, else the
 * edited part with the invisible one in its place. So a cut never travels back as a shortening. `unseen` is the invisible part
 * where that isn't what we would cut today: what stays cut after an edit of Google's is what was cut before it.
 */
export function readCut(notes: string, full: string | undefined, unseen?: string): ReadNotes {
  const tail = unseen ?? (full === undefined ? undefined : cutParts(full)?.tail);
  if (full === undefined || tail === undefined) return { notes };
  const mark = cutMarkAt(notes);
  const whole = mark === undefined ? notes + tail : notes.slice(0, mark.from) + tail + notes.slice(mark.to);
  if (normaliseText(whole) === normaliseText(full)) return { notes: full, unseen: tail };
  return mark === undefined ? { notes } : { notes: whole, unseen: tail };
}

/** What Google shows of `notes` and what it can't; undefined where all of it passes. */
export function cutParts(notes: string): { readonly head: string; readonly tail: string } | undefined {
  const clean = cleanNotes(notes);
  const { head } = fitNotes(clean, writtenLength);
  return head === undefined ? undefined : { head, tail: clean.slice(head.length) };
}

/** What the base has to remember of a cut: nothing where it is the one that we would make. */
export function unseenAgreed(notes: string | undefined, unseen: string | undefined): { readonly unseen?: string } {
  return notes === undefined || unseen === undefined || cutParts(notes)?.tail === unseen ? {} : { unseen };
}

function fitted(notes: string, lines: readonly string[]): { text: string; kept: readonly string[] } {
  const clean = cleanNotes(notes);
  for (let kept = lines.length; kept >= 0; kept -= 1) {
    const text = compose(escapeMarks(clean), lines.slice(0, kept));
    if (rawOf(text).length <= LIMIT) return { text, kept: lines.slice(0, kept) };
  }
  return { text: escapeMarks(fitNotes(clean, writtenLength).shown), kept: [] };
}

const writtenLength = (notes: string): number => rawOf(escapeMarks(notes)).length;
const cleanNotes = (notes: string): string => withoutBlankEdges(notes.replace(/\r\n?/g, '\n').split('\n')).join('\n').trimEnd();

function compose(notes: string, lines: readonly string[]): string {
  if (lines.length === 0) return notes;
  const block = [BLOCK_OPENS, ...lines, BLOCK_ENDS].join('\n');
  return notes.trim() === '' ? block : `${notes}\n\n${block}`;
}

/** A line of the block: ours, ours but rewritten, or typed by somebody (perhaps behind a line of ours). */
function judgeLine(
  line: string,
  ours: readonly string[],
): { kind: 'ours' } | { kind: 'rewritten' } | { kind: 'blank' } | { kind: 'typed'; text: string; ours?: string } {
  const text = bare(line);
  if (text === '') return { kind: 'blank' };
  if (ours.includes(text)) return { kind: 'ours' };
  const extended = ours.find((known) => text.startsWith(`${known} `));
  if (extended !== undefined) return { kind: 'typed', text: text.slice(extended.length).trim(), ours: extended };
  const relabelled = ours.some((known) => known.includes(':') && text.startsWith(known.slice(0, known.indexOf(':') + 1)));
  return relabelled ? { kind: 'rewritten' } : { kind: 'typed', text: line.trim() };
}

interface Blocks {
  inside(at: number): boolean;
  readonly wellFormed: boolean;
}

function findBlocks(lines: readonly string[], ours: readonly string[], lastWritten: readonly string[]): Blocks {
  const spans: { from: number; to: number }[] = [];
  let whole = 0;
  let opened: number | undefined;
  lines.forEach((line, at) => {
    if (bare(line) === BLOCK_OPENS) {
      if (opened !== undefined) spans.push({ from: opened, to: runDown(lines, opened + 1, ours) });
      opened = at;
    } else if (bare(line) === BLOCK_ENDS) {
      spans.push({ from: opened ?? runUp(lines, at - 1, ours), to: at });
      if (opened !== undefined) whole += 1;
      opened = undefined;
    }
  });
  if (opened !== undefined) spans.push({ from: opened, to: runDown(lines, opened + 1, ours) });
  if (spans.length === 0) {
    const unmarked = findUnmarked(lines, lastWritten);
    if (unmarked !== undefined) spans.push(unmarked);
  }
  return {
    inside: (at) => spans.some((span) => at >= span.from && at <= span.to),
    wellFormed: spans.length === 0 || (spans.length === 1 && whole === 1),
  };
}

const isOurs = (line: string | undefined, ours: readonly string[]): boolean => line !== undefined && ['ours', 'rewritten'].includes(judgeLine(line, ours).kind);

/** One mark was removed: the block reaches as far as lines of ours follow each other. */
function runDown(lines: readonly string[], from: number, ours: readonly string[]): number {
  let at = from;
  while (isOurs(lines[at], ours)) at += 1;
  return at - 1;
}

function runUp(lines: readonly string[], from: number, ours: readonly string[]): number {
  let at = from;
  while (isOurs(lines[at], ours)) at -= 1;
  return at + 1;
}

/** Both marks were removed: all lines of ours in their order, the last such place; else those that the text ends in. */
function findUnmarked(lines: readonly string[], ours: readonly string[]): { from: number; to: number } | undefined {
  if (ours.length === 0) return undefined;
  for (let from = lines.length - ours.length; from >= 0; from -= 1) {
    if (ours.every((line, at) => bare(lines[from + at] ?? '') === line)) return { from, to: from + ours.length - 1 };
  }
  let last = lines.length - 1;
  while (last >= 0 && bare(lines[last] ?? '') === '') last -= 1;
  let from = last + 1;
  while (ours.includes(bare(lines[from - 1] ?? ''))) from -= 1;
  return from <= last ? { from, to: last } : undefined;
}

function spliceBlock(raw: string, lines: readonly string[]): string | undefined {
  const html = looksLikeHtml(raw);
  const inner = lines.join('\n');
  if (!html && looksLikeHtml(inner)) return undefined;
  const [lineEnd, written] = html ? ['<br>', htmlOf(inner)] : ['\n', inner];
  const opens = raw.lastIndexOf(BLOCK_OPENS);
  const ends = raw.lastIndexOf(BLOCK_ENDS);
  if (opens < 0 && ends < 0) {
    const gap = raw.trim() === '' ? '' : lineEnd + lineEnd;
    return lines.length === 0 ? raw : `${raw.trimEnd()}${gap}${BLOCK_OPENS}${lineEnd}${written}${lineEnd}${BLOCK_ENDS}`;
  }
  if (opens < 0 || ends < opens) return undefined;
  const before = raw.slice(0, opens);
  const after = raw.slice(ends + BLOCK_ENDS.length);
  if (lines.length > 0) return `${before}${BLOCK_OPENS}${lineEnd}${written}${lineEnd}${BLOCK_ENDS}${after}`;
  return after.trim() === '' ? before.replace(/(?:\s|<br\s*\/?>)+$/i, '') : before + after.replace(/^(?:\n|<br\s*\/?>)/i, '');
}

function sameReading(raw: string, plain: string, lines: readonly string[]): boolean {
  const block = lines.join('\n');
  const [read, meant] = [parseDescription(raw, block), parseDescription(plain, block)];
  return read.intact && read.block === meant.block && normaliseText(read.notes) === normaliseText(meant.notes);
}

const MARK_LINE = new RegExp(`^\\\\*(?:${BLOCK_OPENS}|${BLOCK_ENDS})$`);
const isMark = (line: string): boolean => bare(line) === BLOCK_OPENS || bare(line) === BLOCK_ENDS;

/** A line of the notes that reads like a mark gets a backslash, and loses one on its way back. */
export const escapeMarks = (notes: string): string =>
  mapLines(notes, (line) => (MARK_LINE.test(bare(line)) ? line.replace(/\S/, '\\$&') : line));

const unescapeMarks = (notes: string): string =>
  mapLines(notes, (line) => (MARK_LINE.test(bare(line)) ? line.replace('\\', '') : line));

const mapLines = (text: string, change: (line: string) => string): string => text.split('\n').map(change).join('\n');
const bare = (line: string): string => line.replace(/\s+/gu, ' ').trim();
const oneLine = (text: string): string => bare(text);
const linesOf = (block: string): string[] => (block === '' ? [] : block.split('\n'));
