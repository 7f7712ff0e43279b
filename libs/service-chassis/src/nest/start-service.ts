import 'reflect-metadata';
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import type { AddressInfo } from 'node:net';
import { type LogLevel, logger, setLogLevel, withTrace } from '../log.js';
import { metrics } from '../metrics.js';
import { HealthChecks, HealthController, type ServiceHealth } from './health.controller.js';
import { NestLogger } from './nest-logger.js';
import { closeOnSignals } from './shutdown.js';

export interface ServiceOptions {
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly settings: { readonly PORT: number; readonly HOST: string; readonly LOG_LEVEL: LogLevel };
  /** Pipes, cookies, static files …: before routes are made. */
  configure?(app: NestFastifyApplication): void | Promise<void>;
  readonly health: ServiceHealth | ((app: NestFastifyApplication) => ServiceHealth);
  /** `app.connectMicroservice({ strategy })` for each consumer. */
  microservices?(app: NestFastifyApplication): void;
  readonly http?: {
    /** Behind a reverse proxy: take the caller's address from its headers. */
    readonly trustProxy?: boolean | string;
    readonly bodyLimit?: number;
    /** Keeps `request.rawBody`, for signatures. */
    readonly rawBody?: boolean;
    readonly helmet?: FastifyHelmetOptions;
  };
}

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts one service: NestJS on Fastify with health, metrics, logs and an orderly end. Its HTTP door opens before
 * anything outside is waited for, so that `/health/live` answers while Kafka or MongoDB are still away.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, settings, http = {} } = options;
  setLogLevel(settings.LOG_LEVEL);
  const log = logger(name, settings.LOG_LEVEL);
  metrics.collectProcess();
  const checks = new HealthChecks();

  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    ...(http.trustProxy === undefined ? {} : { trustProxy: http.trustProxy }),
    ...(http.bodyLimit === undefined ? {} : { bodyLimit: http.bodyLimit }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(options.module, checks), adapter, {
    logger: new NestLogger(log),
    abortOnError: false,
    rawBody: http.rawBody ?? false,
  });
  adapter.getInstance().addHook('onRequest', (request, _reply, done) => {
    const traceparent = request.headers['traceparent'];
    withTrace(typeof traceparent === 'string' ? traceparent : undefined, done);
  });
  await app.register(helmet, http.helmet ?? {});
  await options.configure?.(app);
  await app.init();
  checks.use(typeof options.health === 'function' ? options.health(app) : options.health);
  options.microservices?.(app);

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeInOrder(app, checks));
  try {
    // Fastify's own `listen`: Nest's would log a taken port with a stack besides the one line that `runMain` prints.
    await adapter.getInstance().listen({ port: settings.PORT, host: settings.HOST });
    await app.startAllMicroservices();
  } catch (error) {
    await close();
    throw error;
  }
  checks.setStarted(true);
  closeOnSignals(close, () => app.getHttpServer(), log);

  const url = addressOf(app.getHttpServer().address(), settings.HOST);
  process.stdout.write(`${JSON.stringify({ listening: url, name, pid: process.pid })}\n`);
  return { app, url, close };
}

function rootModule(module: Type | DynamicModule, checks: HealthChecks): DynamicModule {
  return {
    module: ServiceRoot,
    imports: [module, TerminusModule.forRoot({ logger: false })],
    controllers: [HealthController],
    providers: [{ provide: HealthChecks, useValue: checks }],
  };
}

class ServiceRoot {}

/** Consumers first: a handler in flight ends while its store is still open. Nest's own order would close the stores before. */
async function closeInOrder(app: INestApplication, checks: HealthChecks): Promise<void> {
  checks.setStarted(false);
  await Promise.all(
    app.getMicroservices().map(async (microservice) => {
      // Or closing one consumer would run the whole application's shutdown hooks.
      if ('setIsTerminated' in microservice && typeof microservice.setIsTerminated === 'function') microservice.setIsTerminated(true);
      await microservice.close();
    }),
  );
  await app.close();
}

function addressOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === 'string') throw new Error('the service has no TCP address');
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}
