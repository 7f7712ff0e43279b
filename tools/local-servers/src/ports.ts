import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServerError } from './local-server-error.js';

/** Refuses a taken port in words that name the variable which moves it. */
export async function assertPortFree(port: number, what: string, variable: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => {
      reject(new LocalServerError(`Port ${port} for ${what} is taken by another program. Stop that program, or set ${variable} to a free port.`));
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve()));
  });
}

export function portAccepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** Resolves once the port accepts connections; rejects when `exited` says the server is gone, or after `timeoutMs`. */
export async function waitForPort(port: number, what: string, timeoutMs: number, exited: () => string | undefined): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await portAccepts(port))) {
    const why = exited();
    if (why !== undefined) throw new LocalServerError(`${what} stopped while starting: ${why}`);
    if (performance.now() > deadline) throw new LocalServerError(`${what} did not open port ${port} within ${timeoutMs / 1000} s.`);
    await delay(50);
  }
}
