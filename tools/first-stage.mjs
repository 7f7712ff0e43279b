/**
 * What must work before anything is installed: only `node:` modules, from Node 20 on.
 * Installs what the lock file asks for and hands over to the project's own Node 26.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const wantedMajor = 26;

/** Runs `script` (from the repository's root) on Node 26 with the given arguments, and ends as it ends. */
export function handOver(script, args) {
  if (isStale()) install();
  const node = projectNode();
  // kafkajs asks Node for timers in the past, which newer Nodes announce each time; it means nothing.
  const child = spawn(node, ['--disable-warning=TimeoutNegativeWarning', script, ...args], {
    cwd: root,
    // The channel tells the child when this process is killed: then it stops what it started.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`, NX_DAEMON: 'false' },
  });
  // Ctrl-C reaches the child by the terminal; it ends first, then we end as it did.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`Node ${wantedMajor} could not be run: ${error.message}.`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** Is what the lock file names there, in those versions? Packages for other platforms are not missed. */
function isStale() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) fail('package-lock.json is missing: is the clone complete?');
  if (installed === undefined) return true;
  return Object.entries(wanted).some(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional || entry.extraneous) return false;
    const there = installed[path];
    return there === undefined || there.version !== entry.version || there.resolved !== entry.resolved;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  process.stderr.write('Installing what the project needs (npm ci, about half a minute) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.error) fail(`npm could not be run (${done.error.message}): install Node 20 or newer with npm.`);
  if (done.status !== 0) fail('npm ci failed, see above. Check the network and npm\'s registry setting, then start again.');
}

function projectNode() {
  const installed = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  return fail(`There is no Node ${wantedMajor} package for ${process.platform} ${process.arch}: install Node ${wantedMajor} and start again.`);
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
