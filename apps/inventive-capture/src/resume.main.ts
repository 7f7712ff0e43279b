import { createConnection } from 'mongoose';
import { z } from 'zod';
import { asSourceName } from '@calsync/calendar-model';
import { chassisSettings, readSettings, runMain } from '@calsync/service-chassis';
import { createWatermarks } from '@calsync/sync-store';

const resumeSettings = z.object({ MONGODB_URI: chassisSettings.MONGODB_URI, MONGODB_DATABASE: chassisSettings.MONGODB_DATABASE });

/** `node dist/resume.main.js <source>`: a person decided that a stopped source may go on, in a new epoch. */
await runMain(async () => {
  const name = process.argv[2];
  if (name === undefined) throw new Error('Say which source: node apps/inventive-capture/dist/resume.main.js <source>');
  const settings = readSettings(resumeSettings);
  const connection = await createConnection(settings.MONGODB_URI, { dbName: settings.MONGODB_DATABASE, serverSelectionTimeoutMS: 5_000 }).asPromise();
  try {
    const epoch = await createWatermarks(connection).resume(asSourceName(name));
    process.stdout.write(epoch === undefined ? `The source "${name}" isn't stopped: nothing was done.\n` : `The source "${name}" goes on in epoch ${epoch}: capture compares and publishes everything again.\n`);
    if (epoch === undefined) process.exitCode = 1;
  } finally {
    await connection.close();
  }
});
