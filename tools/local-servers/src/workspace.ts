import { existsSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: the same distance from `src` and from `dist`. */
export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where downloaded servers are kept. Per user, not per clone: a fresh clone and every test run
 * share one download. `CALSYNC_CACHE_DIR` moves it.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['CALSYNC_CACHE_DIR'];
  if (chosen) return chosen;
  const base = platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'inventive-calendar-sync');
}

/** The project's own Node 26 where npm installed it, else the Node that runs now. */
export function projectNode(): string {
  const installed = join(workspaceRoot, 'node_modules', '.bin', 'node');
  return existsSync(installed) ? installed : process.execPath;
}
