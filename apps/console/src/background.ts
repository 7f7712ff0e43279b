import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { publishAnnouncements, retireGrants, spreadSettings } from '@calsync/accounts';
import { TOPICS } from '@calsync/event-contracts';
import { subscribe, type KafkaMessagePublisher, type Subscription } from '@calsync/event-log';
import { logger, runLoop, systemClock, type Check, type RunningLoop } from '@calsync/service-chassis';
import { storeOutcomes } from './changes/store-outcomes.js';
import type { ConsoleParts } from './console-parts.js';

const log = logger('console');
const TURN_MS = 5_000;

/** What the console does without being asked: prepares its collections, tells the services, revokes grants, follows the outcomes. */
export class Background implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  #loops: readonly RunningLoop[] = [];
  #outcomes: Subscription | undefined;

  constructor(
    private readonly parts: ConsoleParts,
    private readonly publisher: KafkaMessagePublisher,
    private readonly printPassword: (username: string, password: string) => void,
    private readonly topicPrefix: string,
  ) {}

  onApplicationBootstrap(): void {
    const { parts } = this;
    void this.publisher.connect();
    this.#outcomes = subscribe({
      brokers: parts.settings.KAFKA_BROKERS,
      topic: TOPICS.outcomes.name,
      topicPrefix: this.topicPrefix,
      clientId: 'console',
      groupId: `${this.topicPrefix}console-recent-changes`,
      onMessage: storeOutcomes(parts.changes),
    });
    this.#loops = [
      this.#loop('prepare', 'the collections could not be prepared', async (signal) => {
        if (!parts.prepared) await parts.prepare(this.printPassword);
        await pause(30_000, signal);
      }),
      this.#loop('announce', 'the services could not be told of linked and unlinked accounts', async (signal) => {
        // Taken before the work: who announces during it gets another turn.
        const announced = parts.announced();
        await publishAnnouncements({ connection: parts.connection, installation: parts.installation, publisher: this.publisher });
        await Promise.race([announced, pause(TURN_MS, signal)]);
      }),
      this.#loop('spread-settings', 'changed settings of an administration could not be taken to its users yet', async (signal) => {
        const asked = parts.toSpread();
        if ((await spreadSettings(parts)) > 0) parts.announce();
        await Promise.race([asked, pause(TURN_MS, signal)]);
      }),
      this.#loop('retire-grants', 'the grant of an unlinked account could not be revoked yet', async (signal) => {
        await retireGrants({ connection: parts.connection, installation: parts.installation, grants: parts.grants, client: parts.client });
        await pause(TURN_MS, signal);
      }),
      this.#loop('follow-changes', 'live changes could not be followed', (signal, beat) => parts.changes.follow(signal, beat)),
    ];
  }

  /** A consumer that ended for good is our own death, not Kafka's absence. */
  consumerCheck(): Check {
    return {
      name: 'outcomes-consumer',
      check: async () => ({ healthy: this.#outcomes?.state !== 'crashed', details: { consumer: this.#outcomes?.state ?? 'not started' } }),
    };
  }

  async onModuleDestroy(): Promise<void> {
    this.parts.changes.endStreams();
    await Promise.all([...this.#loops.map((loop) => loop.stop()), this.#outcomes?.close()]);
    await this.publisher.close();
  }

  /** Last of all: requests that were being answered needed it. */
  async onApplicationShutdown(): Promise<void> {
    await this.parts.connection.close();
  }

  #loop(name: string, trouble: string, body: (signal: AbortSignal, beat: () => void) => Promise<void>): RunningLoop {
    return runLoop({ name, body, onError: (error, times) => log.warn({ err: error, times }, `${trouble}; tried again`) });
  }
}

/** Ends early when the loop is stopped; that is no error. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await systemClock.sleep(ms, signal).catch(() => undefined);
}
