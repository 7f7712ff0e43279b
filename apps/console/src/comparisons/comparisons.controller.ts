import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { requestComparison } from '@calsync/accounts';
import { asAccountId, type AccountId } from '@calsync/calendar-model';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { comparisonViewSchema, viewComparison, type ComparisonView } from './comparison-views.js';

const bodySchema = z.object({ mode: z.enum(['repair', 'preview']).describe('repair mends what drifted; preview only counts') });
const acceptedSchema = z.object({ commandId: z.string() });
const SHOWN = 20;

@ApiTags('comparisons')
@Controller('api/accounts')
export class ComparisonsController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Post(':id/comparisons')
  @HttpCode(202)
  @ApiOperation({ summary: 'Compare both sides of the window with what is known: a batch reconciliation, or its dry run. It runs in the background' })
  @ApiResponse({ status: 202, standardSchema: acceptedSchema })
  async request(@Param('id') id: string, @Body({ schema: bodySchema }) { mode }: z.infer<typeof bodySchema>): Promise<z.infer<typeof acceptedSchema>> {
    const command = await requestComparison(this.parts, asAccountId(id), mode);
    if (command === undefined) throw new Problem('not-linked');
    // Shown as waiting from now on; the reconciler does it once, whoever of the two it hears it from first.
    await this.parts.comparisons.request(command);
    this.parts.announce();
    return { commandId: command.commandId };
  }

  @Get(':id/comparisons')
  @ApiOperation({ summary: 'The last comparisons of an account, newest first' })
  @ApiResponse({ status: 200, standardSchema: z.object({ comparisons: z.array(comparisonViewSchema) }) })
  async list(@Param('id') id: string): Promise<{ readonly comparisons: readonly ComparisonView[] }> {
    const found = await this.parts.comparisons.last(await this.#linked(id), SHOWN);
    return { comparisons: found.map(viewComparison) };
  }

  @Get(':id/comparisons/:commandId')
  @ApiOperation({ summary: 'One comparison: how far it is, or what it found' })
  @ApiResponse({ status: 200, standardSchema: comparisonViewSchema })
  async one(@Param('id') id: string, @Param('commandId') commandId: string): Promise<ComparisonView> {
    const found = await this.parts.comparisons.find(commandId);
    if (found?.accountId !== asAccountId(id)) throw new Problem('not-found');
    return viewComparison(found);
  }

  async #linked(id: string): Promise<AccountId> {
    const account = await this.parts.directory.byId(asAccountId(id));
    if (account === undefined) throw new Problem('not-linked');
    return account.id;
  }
}
