import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, type Level, pino } from 'pino';
import { nextTrace } from './trace.js';
import { redacted } from './redaction.js';

export type ServiceLogger = Logger;
export type LogLevel = Level | 'silent';
type LogContext = Readonly<Record<string, string | number | boolean | undefined>>;

const context = new AsyncLocalStorage<LogContext>();
let standardLevel: LogLevel = 'info';

const following: ServiceLogger[] = [];

/** The level of all loggers that were made without one, earlier ones too: a library makes its own when it is loaded. */
export function setLogLevel(level: LogLevel): void {
  standardLevel = level;
  for (const each of following) each.level = level;
}

/** JSON lines on standard output, with the context of `withLogContext`; secrets and content of appointments never get there. */
export function logger(name: string, level?: LogLevel): ServiceLogger {
  const made = pino({
    name,
    level: level ?? standardLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redacted },
    // `redacted` has made plain objects of errors already; pino's own serializer would name them all "Object".
    serializers: { err: (error: unknown) => error },
    mixin: () => ({ ...context.getStore() }),
  });
  if (level === undefined) following.push(made);
  return made;
}

/** Everything logged inside `work`, however deep and late, carries these values, on top of those around it. */
export function withLogContext<T>(values: LogContext, work: () => T): T {
  return context.run({ ...context.getStore(), ...values }, work);
}

/** Continues the trace that came with a message or request (or begins one): its ids stand in every log line inside. */
export function withTrace<T>(traceparent: string | undefined, work: () => T): T {
  const trace = nextTrace(traceparent);
  return withLogContext({ traceId: trace.traceId, spanId: trace.spanId, traceparent: trace.traceparent }, work);
}

/** The traceparent to send along with a call or a message: of the trace we are in, else of a new one. */
export function currentTraceparent(): string {
  const current = context.getStore()?.['traceparent'];
  return nextTrace(typeof current === 'string' ? current : undefined).traceparent;
}
