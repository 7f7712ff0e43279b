import { Module, StandardSchemaValidationPipe, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AdministrationsController } from './administrations/administrations.controller.js';
import { Background } from './background.js';
import { CalendarsController } from './calendars/calendars.controller.js';
import { ChangesController } from './changes/changes.controller.js';
import { ComparisonsController } from './comparisons/comparisons.controller.js';
import { ConsoleParts } from './console-parts.js';
import { GoogleCallbackController } from './linking/google-callback.controller.js';
import { HistoryController } from './pairs/history.controller.js';
import { PairsController } from './pairs/pairs.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { Problem } from './problems/problem.js';
import { Administrators } from './session/administrators.js';
import { SessionController } from './session/session.controller.js';
import { SourcesController } from './sources/sources.controller.js';
import { UnpairedController } from './unpaired/unpaired.controller.js';
import { UsersController } from './users/users.controller.js';

@Module({})
export class ConsoleModule {
  static with(parts: ConsoleParts, background: Background): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [SessionController, UsersController, CalendarsController, SourcesController, AdministrationsController, PairsController, HistoryController, ComparisonsController, UnpairedController, ChangesController, GoogleCallbackController],
      providers: [
        { provide: ConsoleParts, useValue: parts },
        // By a factory: Nest calls the hooks of what it made itself.
        { provide: Background, useFactory: () => background },
        { provide: Administrators, useValue: parts.administrators },
        { provide: APP_FILTER, useClass: ProblemFilter },
        {
          provide: APP_PIPE,
          useValue: new StandardSchemaValidationPipe({
            exceptionFactory: (issues) =>
              new Problem('invalid', {}, issues.map(({ path = [], message }) => ({ path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'), message }))),
          }),
        },
      ],
    };
  }
}
