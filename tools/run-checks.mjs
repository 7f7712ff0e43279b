/**
 * The second stage of `npm test`, on Node 26. Arguments go to Nx: `npm test -- -p @calsync/sync-core`.
 * The closing line sums every project's tests; a check that failed otherwise counts as one failure each.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const nx = 'node_modules/nx/dist/bin/nx.js';
const resultFiles = '{apps,libs,tools}/*/test-results/vitest.json';

for (const file of globSync(resultFiles)) rmSync(file);
const extra = process.argv.slice(2);
// One compiler process for the whole house first: Nx's own, one for each project, then find nearly everything up to date.
// What is wrong is told by those, with the project's name.
if (extra.length === 0) await new Promise((resolve) => spawn(process.execPath, ['node_modules/typescript/bin/tsc', '--build'], { stdio: 'ignore' }).on('close', resolve));
const wholeProduct = '@calsync/e2e';
// They hold a process to half a second: nothing runs beside them.
const timed = '@calsync/service-chassis,@calsync/local-servers';
const failedTasks = await runMany(['build', 'lint', 'typecheck'], 2);
if (extra.length > 0) failedTasks.push(...(await runMany(['test'], 1)));
else {
  failedTasks.push(...(await runMany(['test'], 1, ['-p', timed])));
  failedTasks.push(...(await runMany(['test'], 2, ['--exclude', `${wholeProduct},${timed}`])));
  // By itself: three products at once are what two cores carry without the waiting times of the tests running out.
  failedTasks.push(...(await runMany(['test'], 1, ['-p', wholeProduct])));
}
const runs = globSync(resultFiles).map((file) => {
  const project = JSON.parse(readFileSync(join(file, '../../package.json'), 'utf8')).name;
  const run = JSON.parse(readFileSync(file, 'utf8'));
  const failedTests = run.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${project}: ${fullName}`));
  const brokenFiles = run.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed')).map(({ name }) => `${project}: ${relative('.', name)}`);
  return { project, passed: run.numPassedTests, failures: [...failedTests, ...brokenFiles] };
});
// A test run with failed tests is counted by those, any other failed task by itself.
const counted = new Set(runs.filter((run) => run.failures.length > 0).map((run) => `${run.project}:test`));
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failures = [...runs.flatMap((run) => run.failures), ...failedTasks.filter((task) => !counted.has(task))];

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Resolves with the tasks that failed, as `project:target`. */
async function runMany(targets, parallel, of = []) {
  const child = spawn(process.execPath, [nx, 'run-many', '-t', ...targets, `--parallel=${parallel}`, '--output-style=static', ...of, ...extra], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on('data', (chunk) => {
      text += chunk;
      out.write(chunk);
    });
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code === 0) return [];
  const listed = stripVTControlCharacters(text).split('Failed tasks:').at(1);
  const tasks = [...(listed ?? '').matchAll(/^\s*- (\S+:\S+)\s*$/gm)].map((match) => match[1]);
  return tasks.length > 0 ? tasks : [`nx run-many -t ${targets.join(' ')} (exit code ${code})`];
}
