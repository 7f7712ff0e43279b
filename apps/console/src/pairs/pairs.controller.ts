import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { asAccountId, asPairId } from '@calsync/calendar-model';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { PAIR_STATES, pairViewSchema, viewPairs, type PairView } from './pair-views.js';

const querySchema = z.object({ state: z.enum(PAIR_STATES).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

@ApiTags('pairs')
@Controller('api/accounts')
export class PairsController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get(':id/pairs')
  @ApiOperation({ summary: 'Pairs of an account with their state and the reason why something is not synchronised' })
  @ApiResponse({ status: 200, standardSchema: z.object({ pairs: z.array(pairViewSchema) }) })
  async list(@Param('id') id: string, @Query({ schema: querySchema }) query: z.infer<typeof querySchema>): Promise<{ readonly pairs: readonly PairView[] }> {
    const account = await this.parts.directory.byId(asAccountId(id));
    if (account === undefined) throw new Problem('not-linked');
    return { pairs: await viewPairs(this.parts.pairs, account.id, { limit: query.limit, ...(query.state === undefined ? {} : { state: query.state }) }) };
  }

  @Post(':id/pairs/:pairId/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Open a failed or quarantined pair again: both sides are read and it is planned anew' })
  async retry(@Param('id') id: string, @Param('pairId') pairId: string): Promise<void> {
    if (!(await this.parts.pairs.reopen(asAccountId(id), asPairId(pairId)))) throw new Problem('not-found');
  }
}
