import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly atMs: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who is notified. */
export interface Receiver {
  readonly url: string;
  readonly all: readonly Received[];
  /** The next notification in order of arrival; fails after five seconds without one. */
  next(): Promise<Received>;
  /** What the coming requests are answered, one each; 204 when there is none left. `cut` ends the connection. */
  answers: Array<number | 'cut'>;
  stop(): Promise<void>;
}

export async function receive(): Promise<Receiver> {
  const all: Received[] = [];
  const answers: Array<number | 'cut'> = [];
  let read = 0;
  let arrived: (() => void) | undefined;
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      all.push({ atMs: performance.now(), headers: request.headers, body });
      arrived?.();
      const answer = answers.shift() ?? 204;
      if (answer === 'cut') request.socket.destroy();
      else response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/google/notifications`,
    all,
    answers,
    async next() {
      if (all.length <= read) {
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error('no notification came within five seconds')), 5000);
          arrived = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const found = all[read];
      read += 1;
      if (found === undefined) throw new Error('a notification was announced that is not there');
      return found;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
