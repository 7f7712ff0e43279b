import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

const outcomes = 'sync.outcomes';

/** Follows `sync.outcomes` from now on, as any other service might, and says a line for every change that crosses. */
export async function followOutcomes(brokers: string, say: (line: string) => void): Promise<{ stop(): Promise<void> }> {
  const kafka = new Kafka({ clientId: 'calsync-start', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const groupId = `calsync-start-${randomBytes(4).toString('hex')}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topic: outcomes, fromBeginning: false });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const line = outcomeLine(String(message.headers?.['ce_type'] ?? ''), message.value?.toString() ?? '');
      if (line !== undefined) say(line);
    },
  });
  return {
    stop: async () => {
      await consumer.disconnect();
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    },
  };
}

interface Outcome {
  readonly at?: string;
  readonly side?: 'inventive' | 'google';
  readonly act?: string;
  readonly fields?: readonly string[];
  readonly latencyMs?: number;
  readonly field?: string;
  readonly winner?: string;
  readonly cause?: string;
  readonly attempts?: number;
  readonly reason?: string;
  readonly appointmentId?: string;
  readonly eventId?: string;
}

/** One line for one outcome: time, direction, what was done, to which appointment, in how many ms. Ids only: outcomes hold no content. */
export function outcomeLine(type: string, value: string): string | undefined {
  const kind = /^nl\.inventive\.sync\.(applied|conflict|failed|held)\.v1$/.exec(type)?.[1];
  if (kind === undefined || value === '') return undefined;
  const outcome = JSON.parse(value) as Outcome;
  const time = new Date(outcome.at ?? Date.now()).toLocaleTimeString('nl-NL', { timeZone: 'Europe/Amsterdam' });
  const which = outcome.appointmentId === undefined ? `event ${outcome.eventId ?? '?'}` : `appointment ${outcome.appointmentId.slice(0, 8)}`;
  switch (kind) {
    case 'applied':
      return `${time}  ${outcome.side === 'google' ? 'Inventive → Google' : 'Google → Inventive'}  ${(outcome.act ?? '').padEnd(6)}  ${which}  ${outcome.fields?.join(', ') ?? ''}  ${Math.round(outcome.latencyMs ?? 0)} ms`;
    case 'conflict':
      return `${time}  conflict            ${outcome.winner ?? '?'} wins  ${which}  ${outcome.field ?? ''}`;
    case 'failed':
      return `${time}  failed (try ${outcome.attempts ?? '?'})      ${which}  ${outcome.cause ?? ''}`;
    default:
      return `${time}  not synchronised    ${which}  ${outcome.reason ?? ''}`;
  }
}
