import { LocalServerError, onProgress } from '@calsync/local-servers';
import { Listr } from 'listr2';
import { linkedUsers, linkUsers, showRoundTrips } from './demo.js';
import { addressesOf } from './environments.js';
import { followOutcomes } from './live-lines.js';
import { assertPortsFree, claimDataFolder } from './one-start.js';
import { Product } from './product.js';
import type { Crossing } from './round-trips.js';
import { readSecret } from './secrets.js';
import { readStartSettings, type StartSettings } from './settings.js';
import { table } from './table.js';

const began = performance.now();
const cleanUps: (() => Promise<void>)[] = [];
let ending = false;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const settings = readStartSettings(process.argv.slice(2), process.env);
    cleanUps.push(await claimDataFolder(settings));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal === 'SIGINT' ? 130 : 143));
    // The stage before us was killed: nobody could stop us by Ctrl-C any more.
    process.once('disconnect', () => void end(1));
    return await run(settings);
  } catch (error) {
    if (ending) return 130;
    console.error(`\n${plainly(error)}`);
    return await end(1);
  }
}

async function run(settings: StartSettings): Promise<number> {
  const product = new Product(settings, say);
  cleanUps.push(() => product.stop());
  let crossings: readonly Crossing[] = [];
  await new Listr([
    { title: 'Ports', task: () => assertPortsFree(settings) },
    {
      title: 'Kafka, MongoDB and the topics',
      task: async (_, task) => {
        onProgress((line) => (task.output = line));
        await product.startServers();
      },
    },
    { title: 'Emulators of Google and Inventive', task: () => product.startApps('emulator') },
    { title: 'Services', task: () => product.startApps('service') },
    {
      title: `Linking ${linkedUsers.join(', ')} by OAuth`,
      task: async (_, task) => {
        const linked = await linkUsers(settings, await readSecret(product.secrets?.adminPassword ?? ''), (line) => (task.output = line));
        if (linked.length === 0) task.title = `${linkedUsers.join(', ')} are linked already`;
      },
    },
    {
      title: 'Round trips',
      task: async (_, task) => {
        crossings = await showRoundTrips(settings, ({ direction, act, ms }) => (task.output = `${direction} ${act}: ${ms} ms`));
      },
    },
  ], { rendererOptions: { collapseSubtasks: false }, fallbackRenderer: 'simple' }).run();

  const failed = crossings.filter(({ arrived }) => arrived === undefined).length;
  printCrossings(crossings);
  if (settings.once) {
    console.log(`\n${crossings.length - failed} of 6 changes crossed, ${seconds(began)} after the start`);
    return end(failed === 0 && crossings.length === 6 ? 0 : 1);
  }
  await printAddresses(settings, product);
  const live = await followOutcomes(product.kafkaBrokers, say);
  cleanUps.push(() => live.stop());
  console.log(`\nready after ${seconds(began)}; every change that crosses is told below, Ctrl-C stops everything\n`);
  return new Promise<number>(() => undefined);
}

/** Stops in the opposite order of starting and ends the process. A second Ctrl-C doesn't wait. */
async function end(status: number): Promise<never> {
  if (ending) process.exit(status);
  ending = true;
  const from = performance.now();
  if (cleanUps.length > 1) console.error('\nStopping …');
  for (const cleanUp of cleanUps.toReversed()) {
    await cleanUp().catch((error: unknown) => console.error(plainly(error)));
  }
  if (cleanUps.length > 1) console.error(`Stopped in ${seconds(from)}`);
  process.exit(status);
}

function printCrossings(crossings: readonly Crossing[]): void {
  console.log(`\n${table(
    ['direction', 'done', 'what', 'arrived as', 'after'],
    crossings.map(({ direction, act, what, arrived, ms }) => [direction, act, what, arrived ?? 'DID NOT ARRIVE', `${ms} ms`]),
  )}`);
}

async function printAddresses(settings: StartSettings, product: Product): Promise<void> {
  const at = addressesOf(settings);
  const password = product.secrets?.isNew === true ? `, password ${await readSecret(product.secrets.adminPassword)} (shown only now; kept in ${product.secrets.adminPassword})` : '';
  console.log(`
  console             ${at.console}   user beheer${password}
  Google emulator     ${at.google}   Inventive emulator  ${at.inventive}
  inventive-capture   ${at.capture}   google-receiver     ${at.receiver}   reconciler ${at.reconciler}
  Kafka               ${product.kafkaBrokers}   MongoDB  ${product.mongodbUri}
  visser is not linked yet: do it in the console, with the account visser@example.com`);
}

function say(line: string): void {
  if (!ending) console.log(line);
}

/** What a person can mend is one line; anything else shows where it came from. */
function plainly(error: unknown): string {
  if (error instanceof LocalServerError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
