import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployed, processes, scriptOf } from '@calsync/deployment';
import { LocalServerError, assertPortFree, commandLineOf, endRecorded, workspaceRoot } from '@calsync/local-servers';
import type { StartSettings } from './settings.js';

const ourselves = 'tools/build-and-start.mjs';

/**
 * Makes this the only start on its data folder: refuses while another one runs, ends what a killed
 * one left behind, and throws the data away if asked to. Returns how to give the folder back.
 */
export async function claimDataFolder(settings: StartSettings): Promise<() => Promise<void>> {
  const run = join(settings.dataDir, 'run');
  const pidFile = join(run, 'start.pid');
  const other = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (other > 1 && other !== process.pid && (await commandLineOf(other))?.includes(ourselves)) {
    throw new LocalServerError(`npm start already runs on this data folder (process ${other}): stop it with Ctrl-C where it runs, or with "kill ${other}".`);
  }
  await Promise.all(processes.map(({ name }) => endRecorded(join(run, `${name}.pid`), join(workspaceRoot, scriptOf(name)))));
  await endRecorded(join(settings.dataDir, 'kafka', 'kafka.pid'), join(settings.dataDir, 'kafka'));
  await endRecorded(join(settings.dataDir, 'mongodb', 'mongod.pid'), join(settings.dataDir, 'mongodb'));
  if (settings.clean) await rm(settings.dataDir, { recursive: true, force: true });
  await mkdir(run, { recursive: true });
  await writeFile(pidFile, `${process.pid}\n`);
  return () => rm(pidFile, { force: true });
}

/** Before anything starts: a taken port is found in a second, not after a minute. */
export async function assertPortsFree(settings: StartSettings): Promise<void> {
  for (const { name } of processes) await assertPortFree(settings.ports[name], `the ${name}`, deployed(name).portVariable);
  if (settings.kafkaBrokers === undefined) await assertPortFree(settings.ports.kafka, 'Kafka', 'KAFKA_PORT');
  if (settings.mongodbUri === undefined) await assertPortFree(settings.ports.mongodb, 'MongoDB', 'MONGODB_PORT');
}
