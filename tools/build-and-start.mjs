/**
 * The second stage of `npm start`, on Node 26: brings the build up to date, then runs it. One compiler for
 * all projects is several times as quick as Nx's one for each; Nx adds the console's pages, from its cache if it can.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const apps = ['console', 'google-receiver', 'inventive-capture', 'reconciler', 'google-emulator', 'inventive-emulator'];
const began = performance.now();
const children = new Set();
// Told only when it takes a while: an up-to-date build is a matter of a second.
const slow = setTimeout(() => process.stderr.write('Building …\n'), 2_500);
const stop = () => children.forEach((child) => child.kill('SIGTERM'));
process.once('SIGINT', stop).once('SIGTERM', stop);
const results = await Promise.all([
  run('node_modules/typescript/bin/tsc', '--build', ...apps.map((app) => `apps/${app}`), 'tools/start'),
  run('node_modules/nx/dist/bin/nx.js', 'run', '@calsync/console-web:build', '--output-style=static'),
]);
clearTimeout(slow);
process.off('SIGINT', stop).off('SIGTERM', stop);
const failed = results.filter(({ code }) => code !== 0);
if (failed.length > 0) {
  process.stderr.write(`${failed.map(({ output }) => output).join('\n')}\nThe build failed, see above: mend it and start again.\n`);
  process.exit(1);
}
process.stderr.write(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
await import(new URL('start/dist/main.js', import.meta.url).href);

async function run(...args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  children.delete(child);
  return { code, output };
}
