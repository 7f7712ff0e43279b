import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProcessName } from './processes.js';

export const workspaceFile = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/**
 * The variables that a process reads, as its settings.ts (and for services the chassis') names
 * them. Read from the text: no project may import an app.
 */
export function variablesReadBy(name: ProcessName, kind: 'service' | 'emulator'): ReadonlySet<string> {
  const files = [`apps/${name}/src/settings.ts`, ...(kind === 'service' ? ['libs/service-chassis/src/settings.ts'] : [])];
  const text = files.map((file) => readFileSync(workspaceFile(file), 'utf8')).join('\n');
  const names = [...text.matchAll(/(?:^\s{2,4}|\['|\(env, ')([A-Z][A-Z0-9_]+)(?=:|'\]|')/gm)].map((match) => match[1] ?? '');
  // Any setting may come from a file instead. HEALTH_PATH is read by the image's own health check.
  return new Set([...names.flatMap((variable) => [variable, `${variable}_FILE`]), 'HEALTH_PATH']);
}
