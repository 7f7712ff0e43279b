import { readSettings, runMain } from '@calsync/service-chassis';
import { connectMongo, startService } from '@calsync/service-chassis/nest';
import { CaptureModule } from './capture.module.js';
import { assembleCapture } from './capture.parts.js';
import { limitNudges } from './nudges.controller.js';
import { captureSettings } from './settings.js';

await runMain(async () => {
  const settings = readSettings(captureSettings);
  const parts = assembleCapture(settings, await connectMongo(settings));
  await startService({
    name: 'inventive-capture',
    module: CaptureModule.of(parts),
    settings,
    configure: (app) => limitNudges(app, settings.NUDGES_PER_MINUTE),
    health: parts.checks,
    http: { rawBody: true, bodyLimit: 1_024 },
  });
});
