import { Controller, Get, HttpCode, Inject, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { asAccountId, asPairId } from '@calsync/calendar-model';
import { systemClock } from '@calsync/service-chassis';
import { isRestorable, whyRestoreWaits, type Account, type Pair } from '@calsync/sync-engine';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { historySchema, viewHistory, type HistoryView } from './history-views.js';

@ApiTags('pairs')
@Controller('api/accounts')
export class HistoryController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get(':id/pairs/:pairId/history')
  @ApiOperation({ summary: 'Values of a pair that were overwritten, oldest first, each with the one that won and whether it can be put back; of private items the names of the fields only' })
  @ApiResponse({ status: 200, standardSchema: historySchema })
  async history(@Param('id') id: string, @Param('pairId') pairId: string): Promise<HistoryView> {
    const pair = await this.#pair(id, pairId);
    return viewHistory(pair, await this.#account(pair), systemClock.now());
  }

  @Post(':id/pairs/:pairId/history/:index/restore')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put an overwritten value back: as an edit of Inventive, which crosses like any other; what it replaces goes to the history' })
  async restore(@Param('id') id: string, @Param('pairId') pairId: string, @Param('index', ParseIntPipe) index: number): Promise<void> {
    const pair = await this.#pair(id, pairId);
    const loss = pair.lostValues[index];
    if (loss === undefined) throw new Problem('not-found');
    if (!isRestorable(pair, loss)) throw new Problem('not-restorable');
    if (pair.inventive.state !== 'known' || pair.status === 'closed') throw new Problem('nothing-to-restore-in');
    const waits = whyRestoreWaits(pair, await this.#account(pair));
    if (waits !== undefined) throw new Problem(waits === 'quarantined-loop' ? 'restore-in-quarantine' : 'restore-in-other-administration');
    if (!(await this.parts.pairs.restore(pair.accountId, pair.id, index))) throw new Problem('not-found');
  }

  async #account({ accountId }: Pair): Promise<Account> {
    const account = await this.parts.directory.byId(accountId);
    if (account === undefined) throw new Problem('not-linked');
    return account;
  }

  async #pair(id: string, pairId: string): Promise<Pair> {
    const pair = await this.parts.pairs.byId(asPairId(pairId));
    if (pair?.accountId !== asAccountId(id)) throw new Problem('not-found');
    return pair;
  }
}
