import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { TOPICS } from '@calsync/event-contracts';
import { OnTopic, type Delivered } from '@calsync/event-log';
import type { Receiver } from '@calsync/sync-engine';
import { RECEIVER } from './receiver.parts.js';

/** Requests from the console. What it throws is tried again by the transport; a command that was obeyed before changes nothing. */
@Controller()
export class CommandsController {
  constructor(@Inject(RECEIVER) private readonly receiver: Receiver) {}

  @OnTopic(TOPICS.commands.name)
  async command(@Payload() delivered: Delivered): Promise<void> {
    if (delivered.kind === 'message') await this.receiver.obey(delivered.message);
  }
}
