import { AskedEmulator } from './ask-emulator.js';
import { hasWitness, judge, type Verdict } from './compare.js';
import { icsSeries, stepsOf, writeGolden, type GoldenName } from './golden.js';
import { faultsOfRule, knownFaults } from './known-faults.js';
import { expandWith, libraryNames, type LibraryName } from './libraries.js';
import { candidates, settle } from './random-series.js';
import { wallTextOf, type Expansions, type Series } from './series.js';

const wanted = 1000;
/** So many occurrences of each are recorded; more are compared. */
const recorded = 40;

const given = process.argv.find((argument) => argument.startsWith('--seed='))?.slice('--seed='.length);
const seed = given === undefined ? 20261124 : Number(given);
const emulator = await AskedEmulator.start();
try {
  console.log(`seed ${seed}`);
  const random = await compare('random rules', await randomSeries());
  const ics = await compare('series in .ics files', icsSeries());
  if (process.argv.includes('--write')) for (const [name, verdicts] of [['random', random], ['ics', ics]] as const) record(name, verdicts);
  process.exitCode = [...random, ...ics].some(({ wrong }) => wrong !== undefined) ? 1 : 0;
} finally {
  await emulator.stop();
}

/** A start that the rule has is found by a library that knows the rule: by the quicker one unless that has it wrong. */
async function randomSeries(): Promise<readonly Series[]> {
  const offered = candidates(seed, wanted * 3).filter(({ series }) => hasWitness(series));
  const quick = await expandWith('lib-recur', offered.map(({ series }) => series));
  const happens = (series: Series): boolean => {
    const times = quick.get(series.id);
    return times?.kind === 'found' && times.seconds.length >= 2;
  };
  const doubtful = offered.map(({ series }) => series).filter((series) => faultsOfRule(series, 'lib-recur').length > 0);
  const doubted = new Set(doubtful.map(({ id }) => id));
  const other = await expandWith('dateutil', doubtful.filter(happens));
  const found: Expansions = new Map([...[...quick].filter(([id]) => !doubted.has(id)), ...other]);
  const { series, without } = settle(offered, found, wanted);
  console.log(`${series.length} random rules; ${without} candidates before them have fewer than two occurrences within their horizon, or begin in a spring gap`);
  return series;
}

async function compare(what: string, series: readonly Series[]): Promise<readonly Verdict[]> {
  const libraries = new Map<LibraryName, Expansions>();
  for (const library of libraryNames) libraries.set(library, await expandWith(library, series));
  const ours = await emulator.expand(series);
  const verdicts = series.map((one) => judge(one, ours, libraries));
  const agreed = verdicts.filter(({ wrong, excused }) => wrong === undefined && excused.length === 0).length;
  const failed = verdicts.filter(({ wrong }) => wrong !== undefined);
  const occurrences = verdicts.reduce((sum, { seconds }) => sum + seconds.length, 0);
  console.log(`${what}: ${series.length}, ${occurrences} occurrences; ${agreed} the same three times, ${series.length - agreed - failed.length} with one library at fault, ${failed.length} not explained`);
  for (const fault of knownFaults) {
    const count = verdicts.filter(({ excused }) => excused.some((one) => one.fault === fault)).length;
    if (count > 0) console.log(`  ${count} × ${fault.library}, ${fault.name}: ${fault.reason} RFC 5545 ${fault.rfc}`);
  }
  for (const { series: one, wrong } of failed.slice(0, 20)) console.log(`  NOT EXPLAINED ${one.id} ${one.start} ${one.zone || 'days'} ${one.lines.join(' ')}\n    ${wrong}`);
  return verdicts;
}

function record(name: GoldenName, verdicts: readonly Verdict[]): void {
  const series = verdicts.map(({ series: one, seconds, excused }) => {
    const kept = seconds.slice(0, recorded);
    // Of a dense series nothing beyond what is recorded need be looked for again.
    const horizon = kept.length < recorded ? one.horizon : wallTextOf(kept.at(-1) ?? 0, one.zone);
    return { ...one, horizon, most: recorded, ...stepsOf(kept), ...(excused.length === 0 ? {} : { faults: excused.map(({ fault }) => `${fault.library}: ${fault.name}`) }) };
  });
  writeGolden(name, { ...(name === 'random' ? { seed } : {}), series });
  console.log(`recorded ${series.length} in golden/${name}.json`);
}
