import type { LoggerService } from '@nestjs/common';
import type { ServiceLogger } from '../log.js';

/** Nest's own lines through our logger: same JSON, same redaction, same context. Its start-up chatter goes to debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly to: ServiceLogger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.to.debug({ from: contextOf(rest) }, textOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.to.debug({ from: contextOf(rest) }, textOf(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.to.trace({ from: contextOf(rest) }, textOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.to.warn({ from: contextOf(rest) }, textOf(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.to.error({ from: contextOf(rest), ...(message instanceof Error ? { err: message } : {}) }, textOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.to.fatal({ from: contextOf(rest), ...(message instanceof Error ? { err: message } : {}) }, textOf(message));
  }
}

/** Nest puts the name of the class last, behind a stack where there is one. */
function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}

/** An object handed over as a message may hold anything: its content stays out of the log. */
function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : `(${typeof message})`;
}
