import { type ChildApp, type ChildAppOptions, startProcess } from './child-app.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The 4D emulator as a process of its own on a free port, its state in memory unless `env` says otherwise. */
export function startInventiveEmulator(env: Environment = {}, options: Partial<ChildAppOptions> = {}): Promise<ChildApp> {
  return startProcess({ name: 'inventive-emulator', script: 'apps/inventive-emulator/dist/main.js', ...options, env: { ...alone, ...env } });
}

/** Likewise Google's. */
export function startGoogleEmulator(env: Environment = {}, options: Partial<ChildAppOptions> = {}): Promise<ChildApp> {
  return startProcess({ name: 'google-emulator', script: 'apps/google-emulator/dist/main.js', ...options, env: { ...alone, ...env } });
}

const alone: Environment = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: ':memory:' };
