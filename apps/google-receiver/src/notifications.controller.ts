import { Controller, Headers, HttpException, Inject, NotFoundException, Post, ServiceUnavailableException, HttpCode } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logger } from '@calsync/service-chassis';
import type { Receiver } from '@calsync/sync-engine';
import { RECEIVER } from './receiver.parts.js';

const PATH = 'google/notifications';
const log = logger('notifications');

/** The one door that is open to the internet. It keeps a hint and answers; the work comes after. */
@Controller()
export class NotificationsController {
  constructor(@Inject(RECEIVER) private readonly receiver: Receiver) {}

  @Post(PATH)
  @HttpCode(204)
  async notification(@Headers() headers: Readonly<Record<string, string | undefined>>): Promise<void> {
    try {
      const outcome = await this.receiver.notify({
        channelId: headers['x-goog-channel-id'],
        token: headers['x-goog-channel-token'],
        resourceId: headers['x-goog-resource-id'],
        resourceState: headers['x-goog-resource-state'],
        expiration: headers['x-goog-channel-expiration'],
      });
      if (outcome.kind === 'unknown') throw new NotFoundException();
    } catch (error) {
      if (error instanceof HttpException) throw error;
      // Google repeats what is answered 503: better late than a 2xx for a hint that nobody keeps.
      log.error({ err: error }, 'a notification could not be kept: Google is asked to send it again');
      throw new ServiceUnavailableException();
    }
  }
}

/**
 * Google's notification has no body. What somebody else sends along is not read, whatever type and length it claims:
 * a parser's complaint would be another answer than 404. By the route that was found, not the text of the address: that can be
 * written in many ways.
 */
export function readNoBodies(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.url === `/${PATH}`) for (const header of ['content-type', 'content-length', 'transfer-encoding']) delete request.headers[header];
    done();
  });
}

export const notificationAddress = (publicUrl: string): string => `${publicUrl.replace(/\/+$/, '')}/${PATH}`;
