import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { asAccountId } from '@calsync/calendar-model';
import { TOPICS } from '@calsync/event-contracts';
import { OnTopic, type Delivered } from '@calsync/event-log';
import type { ComparisonStore } from '@calsync/sync-engine';

/** Commands are read by a group of their own: what is asked for never waits behind a backlog of changes. */
export const COMMANDS = Symbol('commands');
export const COMPARISONS = Symbol('comparisons');

/** The door for commands. Those of other services are theirs; one that was noted before is not done twice. */
@Controller()
export class CommandsController {
  constructor(@Inject(COMPARISONS) private readonly comparisons: ComparisonStore) {}

  @OnTopic(TOPICS.commands.name, COMMANDS)
  async command(@Payload() delivered: Delivered): Promise<void> {
    if (delivered.kind !== 'message' || delivered.message.type !== 'nl.inventive.sync.comparison.requested.v1') return;
    const { commandId, accountId, mode, at } = delivered.message.data;
    await this.comparisons.request({ commandId, accountId: asAccountId(accountId), mode, requestedAt: at });
  }
}
