/**
 * The second stage of `npm run test:mutations`, on Node 26: makes each deliberate mistake of libs/sync-engine/src/simulation/mutations.ts in turn and runs the
 * random histories over it. Ends with a table of what caught it, after how many histories; fails where one survives.
 * `npm run test:mutations -- <part of a name>` tries only those. SIMULATION_RUNS (2000) and SIMULATION_SEED (1) as in the tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTATIONS } from '../libs/sync-engine/src/simulation/mutations.ts';

const wanted = process.argv.slice(2).join(' ');
const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
const survived = [];
/** Of each property that caught something: the most histories that it took. */
const took = new Map();
try {
  for (const mutation of MUTATIONS.filter((one) => one.name.includes(wanted))) {
    const { name, means } = mutation;
    const caught = runWith(mutation);
    if (caught.length === 0) survived.push(name);
    console.log(`${caught.length === 0 ? 'SURVIVED' : 'caught  '}  ${name} (${means})`);
    for (const { title, after } of caught) {
      console.log(`            by "${title}"${after === undefined ? '' : ` after ${after} histories`}`);
      took.set(title, Math.max(took.get(title) ?? 1, after ?? 1));
    }
  }
  // Without a mistake the same histories hold, or nothing of this means anything.
  for (const [title, after] of took) {
    const alone = runWith({ name: 'none', file: 'sync-core', property: title.replace(/[[\]().*+?^$|\\{}]/g, '\\$&') }, String(after));
    if (alone.length > 0) throw new Error(`"${title}" fails by itself after ${alone[0]?.after} histories: what it caught counts for nothing`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`\n${survived.length === 0 ? 'every mutation was caught' : `${survived.length} survived: ${survived.join('; ')}`}`);
process.exitCode = survived.length === 0 ? 0 : 1;

/** What failed, each with the number of histories that it took. */
function runWith({ name, file, property }, runs = process.env.SIMULATION_RUNS ?? '2000') {
  const everywhere = ['everything.property', 'episodes.property', 'guests.property', 'people.property', 'colleagues.property', 'simultaneous.property', ...(file.startsWith('sync-core') ? ['plan.property'] : [])];
  const histories = property === undefined ? everywhere : [...everywhere, '-t', property];
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const run = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tools/mutations.vitest.config.mjs', '--dir', 'libs', '--bail', '1', '--reporter', 'json', '--outputFile', report, ...histories],
    { env: { SIMULATION_SEED: '1', ...process.env, SIMULATION_RUNS: runs, MUTATION: name, SIMULATION_SHRINK: 'off' }, encoding: 'utf8' },
  );
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    throw new Error(`the tests did not run with "${name}":\n${run.stdout}\n${run.stderr}`);
  }
  const broken = result.testResults.filter(({ status, assertionResults, message }) => status === 'failed' && assertionResults.length === 0 && message !== '');
  if (broken.length > 0) throw new Error(`a test file could not be read with "${name}": ${broken.map(({ message }) => message).join('\n')}`);
  return result.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ title, failureMessages }) => {
      const after = /Property failed after (\d+) tests/.exec(failureMessages.join('\n'))?.[1];
      return { title, after: after === undefined ? undefined : Number(after) };
    }));
}
