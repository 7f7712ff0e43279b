import { explanation, faultsOfRule, type KnownFault } from './known-faults.js';
import { libraryNames, type LibraryName } from './libraries.js';
import type { Expansions, Occurrences, Series } from './series.js';

export interface Verdict {
  readonly series: Series;
  readonly seconds: readonly number[];
  /** Libraries that differ, and why that is their fault. */
  readonly excused: ReadonlyArray<{ readonly library: LibraryName; readonly fault: KnownFault }>;
  /** Why it doesn't pass; undefined if it does. */
  readonly wrong?: string;
}

/** A series passes if every library says what the emulator says, but for known faults, and one library at least has none and agrees. */
export function judge(series: Series, emulator: Expansions, libraries: ReadonlyMap<LibraryName, Expansions>): Verdict {
  const ours = emulator.get(series.id);
  if (ours?.kind !== 'found') return { series, seconds: [], excused: [], wrong: `the emulator: ${ours?.message ?? 'no answer'}` };
  const excused: Array<{ library: LibraryName; fault: KnownFault }> = [];
  for (const library of libraryNames) {
    const theirs = libraries.get(library)?.get(series.id);
    if (theirs?.kind === 'found' && same(ours, theirs)) continue;
    const fault = explanation(series, library, ours.seconds, theirs?.kind === 'found' ? theirs.seconds : []);
    if (fault === undefined) return { series, seconds: ours.seconds, excused, wrong: `${library}: ${theirs === undefined ? 'no answer' : theirs.kind === 'failed' ? theirs.message : difference(ours.seconds, theirs.seconds)}` };
    excused.push({ library, fault });
  }
  if (excused.length === libraryNames.length) return { series, seconds: ours.seconds, excused, wrong: 'both libraries are at fault, so nobody agrees' };
  return { series, seconds: ours.seconds, excused };
}

/** A rule that no library gets right has no witness: it is not offered. */
export const hasWitness = (series: Series): boolean => libraryNames.some((library) => faultsOfRule(series, library).length === 0);

function same(a: Extract<Occurrences, { kind: 'found' }>, b: Extract<Occurrences, { kind: 'found' }>): boolean {
  return a.seconds.length === b.seconds.length && a.seconds.every((at, index) => at === b.seconds[index]);
}

function difference(ours: readonly number[], theirs: readonly number[]): string {
  const iso = (seconds: readonly number[]): string => seconds.slice(0, 3).map((at) => new Date(at * 1000).toISOString()).join(' ');
  return `the emulator alone has [${iso(ours.filter((at) => !theirs.includes(at)))}], it alone has [${iso(theirs.filter((at) => !ours.includes(at)))}]`;
}
