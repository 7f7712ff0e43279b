import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { vi } from 'vitest';
import { type Delivered, EventLogContext, type EventLogConsumerOptions, EventLogServer, OnTopic, eventLogConsumer } from '../event-log-server.js';

export const TOPIC = 'inventive.appointments';

export interface Inbox {
  readonly app: INestMicroservice;
  readonly server: EventLogServer;
  /** Ids of messages and keys of tombstones, in the order in which they were handled to the end. */
  readonly handled: string[];
  close(): Promise<void>;
}

/** A service of one consumer whose handler is the test's. Returns once it is in its group. */
export async function startInbox(options: Omit<EventLogConsumerOptions, 'topics' | 'clientId'>, handle: (decoded: Delivered, context: EventLogContext) => Promise<void> | void = () => undefined): Promise<Inbox> {
  const handled: string[] = [];

  @Controller()
  class InboxController {
    @OnTopic(TOPIC)
    async take(@Payload() decoded: Delivered, @Ctx() context: EventLogContext): Promise<void> {
      await handle(decoded, context);
      handled.push(decoded.kind === 'message' ? decoded.message.id : decoded.key);
    }
  }
  @Module({ controllers: [InboxController] })
  class InboxModule {}

  const server = eventLogConsumer({ ...options, clientId: 'inbox', topics: [TOPIC] });
  const app = await NestFactory.createMicroservice(InboxModule, { strategy: server, logger: false });
  await app.listen();
  let open = true;
  const close = async () => {
    if (open) await app.close();
    open = false;
  };
  try {
    await untilReady(server);
  } catch (error) {
    await close();
    throw error;
  }
  return { app, server, handled, close };
}

export async function untilReady(server: EventLogServer, timeoutMs = 20_000): Promise<void> {
  await vi.waitFor(
    async () => {
      const { healthy, details } = await server.check().ready.check();
      if (!healthy) throw new Error(`not ready: ${JSON.stringify(details)}`);
    },
    { timeout: timeoutMs, interval: 50 },
  );
}
