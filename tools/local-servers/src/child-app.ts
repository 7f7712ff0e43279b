import { execa } from 'execa';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServerError } from './local-server-error.js';
import { killAtExit, signal, waitUntilGone } from './processes.js';
import { recordIn, removeFolder, temporaryFolder } from './temporary-folder.js';
import { projectNode, workspaceRoot } from './workspace.js';

export interface ChildApp {
  readonly name: string;
  readonly pid: number;
  /** From its own `{"listening":"http://…"}` line, else `waitForUrl`'s origin, else empty. */
  readonly url: string;
  /** Everything it said, standard output and error, in order of arrival. */
  readonly lines: readonly string[];
  /** Resolves when the process is gone, with how it ended. */
  readonly exited: Promise<string>;
  /** SIGTERM, then SIGKILL after ten seconds. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

export interface ChildAppOptions {
  readonly name: string;
  /** Path of the program, from the repository's root: `apps/reconciler/dist/main.js`. */
  readonly script: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Started when this URL answers 2xx. */
  readonly waitForUrl?: string;
  /** Started when a line it wrote makes this true; default, without `waitForUrl`: its `{"listening":…}` line. */
  readonly waitForLine?: (line: string) => boolean;
  readonly timeoutMs?: number;
  /** Called for each line it writes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts an app's `dist/main.js` with the project's Node and resolves once it is there. It gets
 * the variables given and PATH, HOME and TMPDIR, nothing else of this process's environment: a
 * developer's settings must not leak into a test.
 */
export async function startProcess(options: ChildAppOptions): Promise<ChildApp> {
  const { name, script, timeoutMs = 30_000 } = options;
  const folder = await temporaryFolder(name);
  const lines: string[] = [];
  const child = execa(projectNode(), ['--enable-source-maps', script], {
    cwd: workspaceRoot,
    env: { ...inherited(), NODE_COMPILE_CACHE: compiledCode, ...options.env },
    extendEnv: false,
    reject: false,
    buffer: false,
    all: true,
    stdin: 'ignore',
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw new LocalServerError(`${name} could not be started: ${script} did not run.`);
  const keepNoMore = killAtExit(pid);
  await recordIn(folder, name, pid, script);
  let listening: string | undefined;
  let matched = false;
  const reading = (async () => {
    for await (const line of child.iterable({ from: 'all' })) {
      lines.push(line);
      options.onLine?.(line);
      listening ??= listeningUrl(line);
      matched ||= options.waitForLine?.(line) ?? false;
    }
  })().catch(() => undefined);
  let ended: string | undefined;
  const exited = child.then(async (result) => {
    await reading;
    keepNoMore();
    ended = result.exitCode === undefined ? String(result.signal) : `exit code ${result.exitCode}`;
    await removeFolder(folder);
    return ended;
  });

  const stop = async () => {
    if (ended === undefined) {
      signal(pid, 'SIGTERM');
      if (!(await waitUntilGone(pid, 10_000))) signal(pid, 'SIGKILL');
    }
    await exited;
  };
  const started = async (): Promise<boolean> => {
    if (options.waitForUrl !== undefined) return answers(options.waitForUrl);
    return options.waitForLine === undefined ? listening !== undefined : matched;
  };
  const deadline = performance.now() + timeoutMs;
  while (!(await started())) {
    if (ended !== undefined) throw new LocalServerError(`${name} stopped while starting (${ended}):\n${lines.slice(-15).join('\n')}`);
    if (performance.now() > deadline) {
      await stop();
      throw new LocalServerError(`${name} was not there within ${timeoutMs / 1000} s:\n${lines.slice(-15).join('\n')}`);
    }
    await delay(20);
  }
  return {
    name,
    pid,
    url: listening ?? (options.waitForUrl === undefined ? '' : new URL(options.waitForUrl).origin),
    lines,
    exited,
    stop,
    kill9: async () => {
      signal(pid, 'SIGKILL');
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function listeningUrl(line: string): string | undefined {
  if (!line.includes('"listening"')) return undefined;
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null && 'listening' in said && typeof said.listening === 'string' ? said.listening.replace(/\/$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** What Node once compiled: a service that is started again, as tests do all the time, is up with a third less work. */
const compiledCode = join(workspaceRoot, 'node_modules', '.cache', 'compiled');

function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
}
