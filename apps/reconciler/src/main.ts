import { TOPICS } from '@calsync/event-contracts';
import { eventLogConsumer } from '@calsync/event-log';
import { readSettings, runMain } from '@calsync/service-chassis';
import { connectMongo, mongoCheck, startService } from '@calsync/service-chassis/nest';
import { askAnew } from './ask-anew.js';
import { buildReconciler } from './build-reconciler.js';
import { COMMANDS } from './commands.controller.js';
import { serversCheck } from './recognise-servers.js';
import { reconcilerModule } from './reconciler.module.js';
import { reconcilerSettings } from './settings.js';
import { WorkerRunner } from './worker.runner.js';

await runMain(async () => {
  const settings = readSettings(reconcilerSettings);
  const connection = await connectMongo(settings);
  const reconciler = buildReconciler(settings, connection);
  const intake = eventLogConsumer({
    brokers: settings.KAFKA_BROKERS,
    groupId: 'reconciler',
    clientId: 'reconciler',
    topics: [TOPICS.appointments.name, TOPICS.calendarEvents.name],
    onMissed: askAnew(reconciler.accounts, reconciler.publisher),
  });
  const commands = eventLogConsumer({
    brokers: settings.KAFKA_BROKERS,
    groupId: 'reconciler-commands',
    clientId: 'reconciler',
    topics: [TOPICS.commands.name],
    transportId: COMMANDS,
  });
  await startService({
    name: 'reconciler',
    settings,
    module: reconcilerModule(reconciler, settings, connection),
    health: (app) => ({
      live: [intake.check().live, commands.check().live],
      ready: [
        mongoCheck(connection),
        intake.check().ready,
        commands.check().ready,
        reconciler.publisher.check(),
        app.get(WorkerRunner).ready(),
        serversCheck(reconciler.gate),
        { name: 'work', check: async () => ({ healthy: true, details: { busy: reconciler.workers.busy + reconciler.seriesWorkers.busy, due: (await reconciler.pairs.dueCount()) + (await reconciler.series.dueCount()) } }) },
      ],
    }),
    microservices: (app) => {
      app.connectMicroservice({ strategy: intake });
      app.connectMicroservice({ strategy: commands });
    },
  });
});
