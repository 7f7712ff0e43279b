import rateLimit from '@fastify/rate-limit';
import { Controller, HttpCode, Inject, NotFoundException, Post, Req, UnauthorizedException, type RawBodyRequest } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { logger } from '@calsync/service-chassis';
import { asSourceName } from '@calsync/calendar-model';
import { nudges } from './capture-metrics.js';
import type { CaptureParts } from './capture.parts.js';
import { verifyNudge } from './verify-nudge.js';

export const PARTS = Symbol('parts');
const log = logger('nudges');

/** Inventive's worker process says "read now". Nothing of it is believed but that. */
@Controller()
export class NudgesController {
  constructor(@Inject(PARTS) private readonly parts: CaptureParts) {}

  @Post('inventive/nudges')
  @HttpCode(202)
  async nudge(@Req() request: RawBodyRequest<FastifyRequest>): Promise<void> {
    const verdict = verifyNudge(
      { rawBody: request.rawBody, timestamp: headerOf(request, 'x-inventive-timestamp'), signature: headerOf(request, 'x-inventive-signature') },
      (source) => this.parts.sources.get(source)?.nudgeSecret,
      Date.now(),
    );
    nudges.inc({ result: verdict.kind });
    if (verdict.kind === 'unknown') throw new NotFoundException();
    if (verdict.kind === 'not-genuine') throw new UnauthorizedException();
    if (this.parts.sources.get(verdict.source)?.nudge(verdict.stamp) === true) return;
    // Another replica reads this source. Not waited for: a lost nudge costs a fallback interval, a slow answer holds up Inventive's worker.
    void this.parts.relay.relay(asSourceName(verdict.source), verdict.stamp).catch((error: unknown) => {
      log.warn({ source: verdict.source, err: error }, 'a nudge could not be relayed: the fallback poll will find the change');
    });
  }
}

/** Before a signature is computed at all. */
export async function limitNudges(app: NestFastifyApplication, perMinute: number): Promise<void> {
  await app.getHttpAdapter().getInstance().register(rateLimit, { global: true, max: perMinute, timeWindow: 60_000, allowList: (request) => !request.url.startsWith('/inventive/') });
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
