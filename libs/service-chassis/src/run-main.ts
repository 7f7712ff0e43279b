import { writeSync } from 'node:fs';
import { SettingsError } from './settings.js';

export const EXIT_FAILED = 1;
export const EXIT_SETTINGS = 2;
export const EXIT_PORT_TAKEN = 3;

/** Runs a program's main function; what a person can put right ends in one line on standard error, without a stack. */
export async function runMain(main: () => Promise<unknown>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { line, code } = ending(error);
    // Synchronous: the process is about to end, and a pipe would lose what is still buffered.
    writeSync(2, `${line}\n`);
    process.exit(code);
  }
}

function ending(error: unknown): { line: string; code: number } {
  if (error instanceof SettingsError) return { line: `Settings: ${error.message}.`, code: EXIT_SETTINGS };
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? ` ${String(error.port)}` : '';
    return { line: `Port${port} is taken by another program: stop that, or set PORT to a free port.`, code: EXIT_PORT_TAKEN };
  }
  return { line: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT_FAILED };
}
