import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { asAccountId, asGoogleEventId, asInventiveId } from '@calsync/calendar-model';
import { systemClock } from '@calsync/service-chassis';
import { resolveAmbiguous, type Account } from '@calsync/sync-engine';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { nextSchema, pageOf } from '../lists/place-in-list.js';
import { unpairedQuerySchema, unpairedViewSchema, viewUnpaired } from './unpaired-views.js';

const resolutionSchema = z
  .object({ inventiveId: z.string().regex(/^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/).optional(), eventId: z.string().regex(/^[a-zA-Z0-9_]{5,1024}$/).optional() })
  .refine(({ inventiveId, eventId }) => inventiveId !== undefined || eventId !== undefined, { message: 'inventiveId, eventId or both' });
const resolvedSchema = z.object({ pairId: z.string() });
const listSchema = z.object({ items: z.array(unpairedViewSchema), next: nextSchema, counts: z.record(z.string(), z.int()).describe('of all items, by reason') });

@ApiTags('unpaired')
@Controller('api/accounts')
export class UnpairedController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get(':id/unpaired')
  @ApiOperation({ summary: 'Items of either side that have no other half, with the reason; what a person has to decide on with subject and times, of private items without subject' })
  @ApiResponse({ status: 200, standardSchema: listSchema })
  async list(@Param('id') id: string, @Query({ schema: unpairedQuerySchema }) { reason, after, limit }: z.infer<typeof unpairedQuerySchema>): Promise<z.infer<typeof listSchema>> {
    const account = await this.#linked(id);
    const query = { limit: limit + 1, ...(reason === undefined ? {} : { reason }), ...(after === undefined ? {} : { after: { seenOn: after.at, id: after.id } }) };
    const [found, counts] = await Promise.all([this.parts.unpaired.list(account.id, query), this.parts.unpaired.countByReason(account.id)]);
    const { shown, ...further } = pageOf(found, limit, ({ seenOn, id: key }) => ({ at: seenOn, id: key }));
    return { items: [...viewUnpaired(shown)], counts, ...further };
  }

  @Post(':id/unpaired/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Answer an ambiguous match: both ids say that these two are one; a single id says that it stands alone and gets its own on the other side' })
  @ApiResponse({ status: 200, standardSchema: resolvedSchema })
  async resolve(@Param('id') id: string, @Body({ schema: resolutionSchema }) { inventiveId, eventId }: z.infer<typeof resolutionSchema>): Promise<z.infer<typeof resolvedSchema>> {
    const account = await this.#linked(id);
    if (account.state !== 'live') throw new Problem('account-not-live');
    const resolved = await resolveAmbiguous({ pairs: this.parts.pairs, unpaired: this.parts.unpaired, clock: systemClock }, account, {
      ...(inventiveId === undefined ? {} : { inventiveId: asInventiveId(inventiveId) }),
      ...(eventId === undefined ? {} : { eventId: asGoogleEventId(eventId) }),
    });
    switch (resolved.kind) {
      case 'resolved':
        return { pairId: resolved.pair.id };
      case 'unknown':
        throw new Problem('no-open-question');
      case 'paired':
        throw new Problem('already-paired');
    }
  }

  async #linked(id: string): Promise<Account> {
    const account = await this.parts.directory.current(asAccountId(id));
    if (account === undefined) throw new Problem('not-linked');
    return account;
  }
}
