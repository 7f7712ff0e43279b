import http from 'node:http';
import https from 'node:https';
import type { Delivery } from './channel-queue.js';

/** Posts notifications over kept connections; certificates are checked, as Google checks them. */
export class Transport {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });

  constructor(private readonly timeoutMs: number) {}

  post(address: string, headers: Record<string, string>): Promise<Delivery> {
    const secure = address.startsWith('https:');
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(address, { method: 'POST', headers, agent: secure ? this.#https : this.#http, signal: AbortSignal.timeout(this.timeoutMs) }, (response) => {
        response.resume();
        response.on('close', () => resolve({ status: response.statusCode ?? 0 }));
      });
      // 102 is an interim answer: Google counts it as success.
      request.on('information', (information) => {
        if (information.statusCode === 102) resolve({ status: 102 });
      });
      request.on('error', () => resolve(undefined));
      request.end();
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
