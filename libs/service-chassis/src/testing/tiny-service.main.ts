import { Controller, Get, Inject, Module, Post } from '@nestjs/common';
import { z } from 'zod';
import { chassisSettings, logger, readSettings, runLoop, runMain } from '../index.js';
import { startService } from '../nest/index.js';

/** The smallest service: what a test starts as a child, to see how any of ours starts, answers and ends. */
class Switch {
  broken = false;
}

@Controller()
class TinyController {
  constructor(@Inject(Switch) private readonly store: Switch) {}

  @Post('break')
  break(): void {
    this.store.broken = true;
  }

  @Get('slow')
  async slow(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 700));
    return 'done';
  }

  @Get('trace')
  trace(): string {
    logger('tiny').warn({ token: 'never shown' }, 'traced');
    return 'ok';
  }
}

@Module({ controllers: [TinyController], providers: [Switch] })
class TinyModule {}

await runMain(async () => {
  const settings = readSettings(z.object({ PORT: chassisSettings.PORT, HOST: chassisSettings.HOST, LOG_LEVEL: chassisSettings.LOG_LEVEL, MASTER_KEYS: chassisSettings.MASTER_KEYS }));
  runLoop({ name: 'tiny', body: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })), onError: () => undefined });
  await startService({
    name: 'tiny',
    module: TinyModule,
    settings,
    health: (app) => ({
      live: [],
      ready: [
        { name: 'store', check: async () => ({ healthy: !app.get(Switch).broken, details: { rows: 3 } }) },
        { name: 'hanging', check: () => (app.get(Switch).broken ? new Promise(() => undefined) : Promise.resolve({ healthy: true })) },
      ],
    }),
  });
});
