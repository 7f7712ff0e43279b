import { join } from 'node:path';
import { deployed, type ProcessName, processes, scriptOf } from '@calsync/deployment';
import { type KafkaServer, type MongoServer, startKafka, startMongo, workspaceRoot } from '@calsync/local-servers';
import { environmentOf, type EnvironmentParts, writeSourcesFile } from './environments.js';
import { KeptServer } from './kept-server.js';
import { keepSecrets, type SecretFiles } from './secrets.js';
import type { StartSettings } from './settings.js';
import { SupervisedApp } from './supervised-app.js';
import { makeTopics } from './topics.js';

/** Everything that `npm start` runs, in the order in which it starts; it stops in the opposite order. */
export class Product {
  kafkaBrokers = '';
  mongodbUri = '';
  secrets: SecretFiles | undefined;
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly apps = new Map<ProcessName, SupervisedApp>();
  private parts: EnvironmentParts | undefined;
  private ending = false;

  constructor(
    private readonly settings: StartSettings,
    private readonly say: (line: string) => void,
  ) {
    process.once('exit', () => this.apps.forEach((app) => app.killNow()));
  }

  async startServers(): Promise<void> {
    const { dataDir, ports } = this.settings;
    const kafka = async () => {
      if (this.settings.kafkaBrokers !== undefined) return this.settings.kafkaBrokers;
      const server = await this.keep(KeptServer.start<KafkaServer>('Kafka', () => startKafka({ dataDir: join(dataDir, 'kafka'), port: ports.kafka }), this.say));
      return server.current.brokers;
    };
    const mongodb = async () => {
      if (this.settings.mongodbUri !== undefined) return this.settings.mongodbUri;
      const server = await this.keep(KeptServer.start<MongoServer>('MongoDB', () => startMongo({ dataDir: join(dataDir, 'mongodb'), port: ports.mongodb }), this.say));
      return server.current.uri;
    };
    [this.kafkaBrokers, this.mongodbUri] = await allOrFirstFailure([kafka(), mongodb()]);
    await makeTopics(this.kafkaBrokers);
  }

  async startApps(kind: 'emulator' | 'service'): Promise<void> {
    this.secrets ??= await keepSecrets(this.settings.dataDir);
    this.parts ??= { settings: this.settings, secrets: this.secrets, sourcesFile: await writeSourcesFile(this.settings, this.secrets), kafkaBrokers: this.kafkaBrokers, mongodbUri: this.mongodbUri };
    const started = await allOrFirstFailure(processes.filter((process) => process.kind === kind).map(({ name }) => this.startApp(name)));
    await allOrFirstFailure(started.map((app) => app.waitUntilReady()));
  }

  /** The newest first: consumers end before the servers that they talk to. The apps of one kind stop together. */
  async stop(): Promise<void> {
    this.ending = true;
    const services = [...this.apps.values()];
    await Promise.all(services.filter((app) => deployed(app.name as ProcessName).kind === 'service').map((app) => app.stop()));
    await Promise.all(services.filter((app) => deployed(app.name as ProcessName).kind === 'emulator').map((app) => app.stop()));
    await Promise.all(this.stops.map((stop) => stop()));
  }

  private async startApp(name: ProcessName): Promise<SupervisedApp> {
    if (this.parts === undefined) throw new Error('the servers come first');
    const app = await SupervisedApp.start({
      name,
      script: join(workspaceRoot, scriptOf(name)),
      env: await environmentOf(name, this.parts),
      readyUrl: `http://127.0.0.1:${this.settings.ports[name]}${deployed(name).health.ready}`,
      dataDir: this.settings.dataDir,
      say: this.say,
    });
    this.apps.set(name, app);
    if (this.ending) await app.stop();
    return app;
  }

  private async keep<S extends KafkaServer | MongoServer>(starting: Promise<KeptServer<S>>): Promise<KeptServer<S>> {
    const server = await starting;
    this.stops.push(() => server.stop());
    if (this.ending) await server.stop();
    return server;
  }
}

/** Waits for all, so that nothing is still starting while the rest is being stopped; then fails as the first failed. */
async function allOrFirstFailure<const T extends readonly Promise<unknown>[]>(promises: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
