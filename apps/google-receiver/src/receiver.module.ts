import { Module, type DynamicModule, type OnApplicationShutdown, type OnApplicationBootstrap, Inject } from '@nestjs/common';
import { CommandsController } from './commands.controller.js';
import { NotificationsController } from './notifications.controller.js';
import { RECEIVER, type ReceiverParts } from './receiver.parts.js';

const PARTS = Symbol('parts');

@Module({})
export class ReceiverModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(PARTS) private readonly parts: ReceiverParts) {}

  static of(parts: ReceiverParts): DynamicModule {
    return {
      module: ReceiverModule,
      controllers: [NotificationsController, CommandsController],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: RECEIVER, useValue: parts.receiver },
      ],
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.parts.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.parts.stop();
  }
}
