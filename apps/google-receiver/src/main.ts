import { TOPICS } from '@calsync/event-contracts';
import { eventLogConsumer } from '@calsync/event-log';
import { readSettings, runMain } from '@calsync/service-chassis';
import { connectMongo, startService } from '@calsync/service-chassis/nest';
import { readNoBodies } from './notifications.controller.js';
import { ReceiverModule } from './receiver.module.js';
import { assembleReceiver } from './receiver.parts.js';
import { receiverSettings } from './settings.js';

await runMain(async () => {
  const settings = readSettings(receiverSettings);
  const parts = assembleReceiver(settings, await connectMongo(settings));
  const commands = eventLogConsumer({
    brokers: settings.KAFKA_BROKERS,
    groupId: 'google-receiver-commands',
    clientId: 'google-receiver',
    topics: [TOPICS.commands.name],
  });
  await startService({
    name: 'google-receiver',
    module: ReceiverModule.of(parts),
    settings,
    configure: readNoBodies,
    health: { live: [...parts.checks.live, commands.check().live], ready: parts.checks.ready },
    microservices: (app) => void app.connectMicroservice({ strategy: commands }),
    http: { bodyLimit: 1_024 },
  });
});
