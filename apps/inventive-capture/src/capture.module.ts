import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { CaptureParts } from './capture.parts.js';
import { NudgesController, PARTS } from './nudges.controller.js';

@Module({})
export class CaptureModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(PARTS) private readonly parts: CaptureParts) {}

  static of(parts: CaptureParts): DynamicModule {
    return { module: CaptureModule, controllers: [NudgesController], providers: [{ provide: PARTS, useValue: parts }] };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.parts.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.parts.stop();
  }
}
