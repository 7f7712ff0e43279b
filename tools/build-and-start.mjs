/** The second stage of `npm start`, on Node 26: brings the build up to date, then runs it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const began = performance.now();
const nx = fileURLToPath(new URL('../node_modules/nx/dist/bin/nx.js', import.meta.url));
const build = spawn(process.execPath, [nx, 'run-many', '-t', 'build', '--exclude=@calsync/e2e,@calsync/house-lint', '--parallel=2', '--output-style=static'], { stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
for (const stream of [build.stdout, build.stderr]) stream.on('data', (chunk) => (output += chunk));
// Told only when it takes a while: an up-to-date build is a matter of seconds.
const slow = setTimeout(() => process.stderr.write('Building …\n'), 2_500);
const stop = () => build.kill('SIGTERM');
process.once('SIGINT', stop).once('SIGTERM', stop);
const code = await new Promise((resolve) => build.once('close', resolve));
clearTimeout(slow);
process.off('SIGINT', stop).off('SIGTERM', stop);
if (code !== 0) {
  process.stderr.write(`${output}\nThe build failed, see above: mend it and start again.\n`);
  process.exit(1);
}
process.stderr.write(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
await import(new URL('start/dist/main.js', import.meta.url).href);
