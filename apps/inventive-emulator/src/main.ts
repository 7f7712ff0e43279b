import { buildEmulator } from './emulator.js';
import { readSettings, type Settings } from './settings.js';

const settings = settingsOrExit();
const { app, newPassword } = buildEmulator(settings);
if (newPassword !== undefined) process.stderr.write(`SYNC_PASSWORD was not set; the password of user sync is ${newPassword} (printed only now)\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void app.close().then(() => process.exit(0));
  });
}

try {
  const url = await app.listen({ host: settings.host, port: settings.port });
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  fail(taken ? `port ${settings.port} is taken: stop what listens there, or set PORT` : String(error));
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(message: string): never {
  process.stderr.write(`inventive-emulator: ${message}\n`);
  process.exit(1);
}
