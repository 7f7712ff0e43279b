import type { DynamicModule } from '@nestjs/common';
import { TakeIn, WorkerPool } from '@calsync/sync-engine';
import type { Connection } from 'mongoose';
import type { Reconciler } from './build-reconciler.js';
import { CommandsController, COMPARISONS } from './commands.controller.js';
import { IntakeController } from './intake.controller.js';
import type { ReconcilerSettings } from './settings.js';
import { CONNECTION, RECONCILER, SETTINGS, WorkerRunner } from './worker.runner.js';

/** The process as NestJS sees it: one door for messages, one runner for the loops. */
export function reconcilerModule(reconciler: Reconciler, settings: ReconcilerSettings, connection: Connection): DynamicModule {
  return {
    module: ReconcilerModule,
    controllers: [IntakeController, CommandsController],
    providers: [
      WorkerRunner,
      { provide: RECONCILER, useValue: reconciler },
      { provide: SETTINGS, useValue: settings },
      { provide: CONNECTION, useValue: connection },
      { provide: COMPARISONS, useValue: reconciler.comparisons },
      { provide: TakeIn, useValue: reconciler.takeIn },
      { provide: WorkerPool, useValue: reconciler.workers },
    ],
  };
}

class ReconcilerModule {}
