import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readIcs, startText, type IcsEvent } from './read-ics.js';
import { wallMs, wallText, type Series } from './series.js';

/** What a series gives, as all agreed when it was recorded: the seconds between one start and the next. */
export interface GoldenSeries extends Series {
  readonly steps: readonly number[];
  readonly first: number;
  /** Libraries that were at fault about this one, by the names of their faults. */
  readonly faults?: readonly string[];
}

export interface GoldenFile {
  readonly seed?: number;
  readonly series: readonly GoldenSeries[];
}

const folder = new URL('../golden/', import.meta.url);
const icsFolder = fileURLToPath(new URL('../ics/', import.meta.url));

export type GoldenName = 'random' | 'ics';

export const readGolden = (name: GoldenName): GoldenFile => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as GoldenFile;

/** One series a line, so that a difference can be read. */
export function writeGolden(name: GoldenName, { seed, series }: GoldenFile): void {
  const lines = series.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
  writeFileSync(new URL(`${name}.json`, folder), `{${seed === undefined ? '' : `"seed": ${seed}, `}"series": [\n${lines}\n]}\n`);
}

export const stepsOf = (seconds: readonly number[]): { first: number; steps: number[] } => ({ first: seconds[0] ?? 0, steps: seconds.slice(1).map((at, index) => at - (seconds[index] ?? 0)) });

export const secondsIn = ({ first, steps }: Pick<GoldenSeries, 'first' | 'steps'>): number[] => steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], [first]);

/** Every VEVENT of the packages' files, with a name of its own: `package/file#number`. */
export function icsEvents(): ReadonlyArray<IcsEvent & { readonly name: string }> {
  const files = readdirSync(icsFolder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ics')).toSorted();
  return files.flatMap((path) => readIcs(readFileSync(`${icsFolder}${path}`, 'latin1')).map((event, index) => ({ ...event, name: `${path.replaceAll('\\', '/')}#${index + 1}` })));
}

/** The series among them, as they are compared: three years, and fifteen of a yearly one. */
export function icsSeries(): readonly Series[] {
  return icsEvents()
    .filter((event) => event.lines.length > 0)
    .map((event): Series => {
      const years = event.lines.some((line) => line.includes('FREQ=YEARLY')) ? 15 : 3;
      const start = startText(event);
      return { id: event.name, start, zone: event.zone, horizon: wallText(wallMs(start) + years * 366 * 86_400_000, event.zone === ''), most: 120, lines: event.lines };
    });
}
