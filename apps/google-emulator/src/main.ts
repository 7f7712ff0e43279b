import { pino } from 'pino';
import { buildEmulator } from './app.js';
import { readSettings } from './settings.js';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  // Standard output belongs to the one line that says where the server listens.
  const log = pino({ level: settings.logLevel, name: 'google-emulator' }, pino.destination({ fd: 2, sync: false }));
  const emulator = await buildEmulator(settings, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void emulator.stop().then(() => process.exit(0));
    });
  }
  const listening = await emulator.start();
  process.stdout.write(`${JSON.stringify({ listening })}\n`);
}

main().catch((error: NodeJS.ErrnoException) => {
  const port = process.env['PORT'] ?? '4010';
  const message = error.code === 'EADDRINUSE' ? `google-emulator: port ${port} is taken; set PORT to another one` : error.message;
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
