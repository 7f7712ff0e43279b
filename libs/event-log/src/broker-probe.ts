import type { Admin } from 'kafkajs';
import type { CheckResult } from '@calsync/service-chassis';
import { type BrokerOptions, kafkaClient } from './kafka-client.js';

export interface BrokerProbe {
  answers(): Promise<CheckResult>;
  close(): Promise<void>;
}

const FRESH_MS = 3_000;
const LIMIT_MS = 1_500;

/** Does the broker answer? One connection, asked at most every three seconds: probes must not leave clients or timers behind. */
export function brokerProbe(options: BrokerOptions): BrokerProbe {
  let admin: Admin | undefined;
  let last: { readonly at: number; readonly result: CheckResult } | undefined;
  let asking: Promise<CheckResult> | undefined;

  const ask = async (): Promise<CheckResult> => {
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS} ms`)), LIMIT_MS);
    });
    const used = (admin ??= kafkaClient({ ...options, clientId: `${options.clientId}-probe` }, 0).admin());
    const work = used.connect().then(() => used.describeCluster());
    try {
      const { brokers } = await Promise.race([work, late]);
      return { healthy: brokers.length > 0, details: { brokers: brokers.length, answerMs: Math.round(performance.now() - started) } };
    } catch (error) {
      work.catch(() => undefined);
      admin = undefined;
      used.disconnect().catch(() => undefined);
      return { healthy: false, details: { message: `Kafka does not answer: ${error instanceof Error ? error.message : String(error)}` } };
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    answers() {
      if (last !== undefined && performance.now() - last.at < FRESH_MS) return Promise.resolve(last.result);
      asking ??= ask().then((result) => {
        last = { at: performance.now(), result };
        asking = undefined;
        return result;
      });
      return asking;
    },
    async close() {
      const used = admin;
      admin = undefined;
      await used?.disconnect().catch(() => undefined);
    },
  };
}
