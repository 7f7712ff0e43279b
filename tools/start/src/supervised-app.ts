import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServerError, endRecorded, projectNode, signal, waitUntilGone, workspaceRoot } from '@calsync/local-servers';

export interface SupervisedOptions {
  readonly name: string;
  /** Absolute path of its `dist/main.js`; the recorded process id counts only for a process that runs this. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 2xx once the app can take work. */
  readonly readyUrl: string;
  readonly dataDir: string;
  readonly say: (line: string) => void;
  readonly restartAfterMs?: number;
}

/**
 * One app as a process of its own. When it dies it is started again after a second, and said so;
 * its process id always stands in `<data>/run/<name>.pid`, what it writes in `<data>/logs/<name>.log`.
 */
export class SupervisedApp {
  readonly name: string;
  private pid: number | undefined;
  private stopping = false;
  private lastLines: string[] = [];
  private endedBeforeReady: string | undefined;
  private ready = false;
  private readonly log: WriteStream;

  private constructor(private readonly options: SupervisedOptions) {
    this.name = options.name;
    mkdirSync(join(options.dataDir, 'logs'), { recursive: true });
    mkdirSync(join(options.dataDir, 'run'), { recursive: true });
    this.log = createWriteStream(join(options.dataDir, 'logs', `${options.name}.log`), { flags: 'a' });
  }

  /** Ends what a killed start left running under this name, then starts the app. It is not ready yet. */
  static async start(options: SupervisedOptions): Promise<SupervisedApp> {
    const app = new SupervisedApp(options);
    await endRecorded(app.pidFile, options.script);
    await app.spawn();
    return app;
  }

  /** Resolves when `/health/ready` is green; rejects with the app's last words when it died before that. */
  async waitUntilReady(timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    let last = 'no answer';
    while (performance.now() < deadline) {
      if (this.endedBeforeReady !== undefined) {
        throw new LocalServerError(`${this.name} stopped while starting (${this.endedBeforeReady}): ${this.lastWords()}`);
      }
      last = await notReadyBecause(this.options.readyUrl);
      if (last === '') {
        this.ready = true;
        return;
      }
      await delay(50);
    }
    throw new LocalServerError(`${this.name} was not ready within ${timeoutMs / 1000} s (${this.options.readyUrl}: ${last}). Its log: ${join(this.options.dataDir, 'logs', `${this.name}.log`)}`);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const pid = this.pid;
    if (pid !== undefined) {
      signal(pid, 'SIGTERM');
      if (!(await waitUntilGone(pid, 8_000))) {
        this.options.say(`${this.name} did not stop within 8 s and was killed`);
        signal(pid, 'SIGKILL');
      }
    }
    await rm(this.pidFile, { force: true });
    this.log.end();
  }

  /** For when this process ends without time to wait. */
  killNow(): void {
    this.stopping = true;
    if (this.pid !== undefined) signal(this.pid, 'SIGKILL');
  }

  private get pidFile(): string {
    return join(this.options.dataDir, 'run', `${this.name}.pid`);
  }

  private async spawn(): Promise<void> {
    const child = spawn(projectNode(), ['--enable-source-maps', this.options.script], {
      cwd: workspaceRoot,
      env: this.options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group: Ctrl-C must not reach it before we tell it to stop.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        if (!this.log.writableEnded) this.log.write(chunk);
        this.lastLines = [...this.lastLines, ...chunk.toString().split('\n')].filter((line) => line.trim() !== '').slice(-20);
      });
    }
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, by) => resolve(by ?? `exit code ${code}`));
    });
    this.pid = child.pid;
    if (child.pid !== undefined) await writeFile(this.pidFile, `${child.pid}\n`);
    void exited.then((how) => this.ended(how));
  }

  private async ended(how: string): Promise<void> {
    this.pid = undefined;
    if (this.stopping) return;
    if (!this.ready) {
      this.endedBeforeReady = how;
      return;
    }
    this.options.say(`${this.name} died (${how}); starting it again`);
    await delay(this.options.restartAfterMs ?? 1_000);
    if (this.stopping) return;
    await this.spawn();
    this.options.say(`${this.name} runs again (process ${this.pid})`);
  }

  /** The line a person can act on: the app's own one-line error if it wrote one, not a log record. */
  private lastWords(): string {
    const plain = this.lastLines.filter((line) => !/^\{|^ +at |^Node\.js v/.test(line));
    return (plain.findLast((line) => /error/i.test(line)) ?? plain.at(-1) ?? this.lastLines.at(-1) ?? 'it said nothing').trim();
  }
}

async function notReadyBecause(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    const body = await response.text();
    return response.ok ? '' : `${response.status} ${body.slice(0, 300)}`;
  } catch (error) {
    return error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  }
}
