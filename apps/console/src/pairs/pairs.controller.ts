import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { asAccountId, asPairId } from '@calsync/calendar-model';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { nextSchema, pageOf, placeSchema } from '../lists/place-in-list.js';
import { PAIR_STATES, pairViewSchema, viewPair } from './pair-views.js';

const querySchema = z.object({
  state: z.enum(PAIR_STATES).optional(),
  overwritten: z.literal('true').optional().describe('only those of which a value was overwritten'),
  after: placeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const countsSchema = z.object({ active: z.int(), failed: z.int(), quarantined: z.int(), closed: z.int(), overwritten: z.int() });
const listSchema = z.object({ pairs: z.array(pairViewSchema), next: nextSchema, counts: countsSchema.describe('of all pairs of the account') });

@ApiTags('pairs')
@Controller('api/accounts')
export class PairsController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get(':id/pairs')
  @ApiOperation({ summary: 'Pairs of an account, newest change first, with their state and the reason why something is not synchronised; with subject where somebody has to act, never of private ones' })
  @ApiResponse({ status: 200, standardSchema: listSchema })
  async list(@Param('id') id: string, @Query({ schema: querySchema }) { state, overwritten, after, limit }: z.infer<typeof querySchema>): Promise<z.infer<typeof listSchema>> {
    const account = await this.parts.directory.byId(asAccountId(id));
    if (account === undefined) throw new Problem('not-linked');
    const query = { limit: limit + 1, overwritten: overwritten === 'true', ...(state === undefined ? {} : { status: state }), ...(after === undefined ? {} : { after: { changedOn: after.at, id: after.id } }) };
    const [found, counted, withHistory] = await Promise.all([
      this.parts.pairLists.page(account.id, query), this.parts.pairLists.countByStatus([account.id]), this.parts.pairLists.countOverwritten(account.id),
    ]);
    const { shown, ...further } = pageOf(found, limit, ({ changedOn, pair }) => ({ at: changedOn, id: pair.id }));
    return { pairs: shown.map(viewPair), counts: { active: 0, failed: 0, quarantined: 0, closed: 0, ...counted.get(account.id), overwritten: withHistory }, ...further };
  }

  @Post(':id/pairs/:pairId/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Open a failed or quarantined pair again: both sides are read and it is planned anew' })
  async retry(@Param('id') id: string, @Param('pairId') pairId: string): Promise<void> {
    if (!(await this.parts.pairs.reopen(asAccountId(id), asPairId(pairId)))) throw new Problem('not-found');
  }
}
