import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '@calsync/sync-engine';
import { logger } from '@calsync/service-chassis';
import { languageOf, Problem, renderProblem } from './problem.js';

const log = logger('console');

/** Turns everything that a request can end in into problem JSON. What we didn't foresee goes to the log, not to the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Health answers have a form of their own (terminus), which probes and dashboards read.
    if (error instanceof HttpException && request.url.startsWith('/health')) {
      void reply.status(error.getStatus()).send(error.getResponse());
      return;
    }
    sendProblem(request, reply, toProblem(error));
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  const language = languageOf(request.headers['accept-language']);
  const { status, body } = renderProblem(problem, language);
  void reply.status(status).header('content-type', 'application/problem+json; charset=utf-8').header('content-language', language).header('cache-control', 'no-store').send(body);
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Failure) {
    log.warn({ err: error }, 'a request could not be served');
    return new Problem('unavailable');
  }
  if (isStorageError(error)) {
    log.error({ err: error }, 'MongoDB did not serve a request');
    return new Problem('unavailable');
  }
  const status = statusOf(error);
  // Nest passes on only the status of a Fastify error; nothing but the CSRF check gives 403 by one.
  if (status === 403) return new Problem('csrf-token');
  if (status === 404) return new Problem('not-found');
  if (status !== undefined && status >= 400 && status < 500) return new Problem('malformed-request');
  log.error({ err: error }, 'a request failed unexpectedly');
  return new Problem('unexpected');
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own: body too large, content type not supported, malformed JSON.
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

const isStorageError = (error: unknown): boolean => error instanceof Error && error.name.startsWith('Mongo');
