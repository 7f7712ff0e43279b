import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ENVIRONMENT_ANSWERS } from '@calsync/accounts';
import { asSourceName } from '@calsync/calendar-model';
import { logger } from '@calsync/service-chassis';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';

const log = logger('sources');

const fingerprintSchema = z.object({ address: z.string(), database: z.string().optional().describe('what the server calls its database, where it says so') });
const sourceViewSchema = z.object({
  name: z.string(),
  state: z.enum(['unseen', 'known', 'locked']).describe('locked: another Inventive server or database than before; nothing is written until somebody answers'),
  known: fingerprintSchema.optional(),
  found: fingerprintSchema.optional().describe('what stands there now, where that is another'),
  since: z.string().optional().describe('when it was first seen; when it was locked'),
});
const answerSchema = z.object({
  answer: z.enum(ENVIRONMENT_ANSWERS).describe('moved: the same agendas on another server, all are compared again. copy: a test copy, all links end here and nothing is revoked at Google'),
});
type SourceView = z.infer<typeof sourceViewSchema>;

@ApiTags('sources')
@Controller('api/sources')
export class SourcesController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get()
  @ApiOperation({ summary: 'The Inventive servers, and whether each is the one that it was' })
  @ApiResponse({ status: 200, standardSchema: z.object({ sources: z.array(sourceViewSchema) }) })
  async list(): Promise<{ readonly sources: readonly SourceView[] }> {
    const seen = new Map((await this.parts.environments.all()).map((one) => [one.source, one]));
    return {
      sources: this.parts.inventive.sources.map((name): SourceView => {
        const found = seen.get(name);
        if (found === undefined) return { name, state: 'unseen' };
        const { known, knownSince, locked } = found;
        return locked === undefined
          ? { name, state: 'known', known, since: knownSince.toISOString() }
          : { name, state: 'locked', known, found: locked.found, since: locked.since.toISOString() };
      }),
    };
  }

  @Post(':name/environment')
  @HttpCode(204)
  @ApiOperation({ summary: 'Say what happened to a locked source: it has moved, or it is a test copy' })
  async answer(@Param('name') name: string, @Body({ schema: answerSchema }) { answer }: z.infer<typeof answerSchema>, @Req() request: FastifyRequest): Promise<void> {
    const source = this.parts.inventive.sources.find((one) => one === name);
    if (source === undefined) throw new Problem('unknown-source');
    const { environments, watermarks, channels, grants, directory } = this.parts;
    if (!(await environments.lockedSources()).has(source)) throw new Problem('not-locked');
    // All before the answer, while everybody still waits; after a crash in between it is asked for again.
    if (answer === 'copy') {
      // Subscriptions at Google that a copied database names are the original's: forgotten, for stopping them would deafen it.
      for (const accountId of await environments.linkedAccounts(source)) for (const { id } of await channels.ofAccount(accountId)) await channels.remove(id);
    }
    // Stamps of one server say nothing about those of another.
    await watermarks.beginAnew(asSourceName(source));
    if (!(await environments.answer(source, answer, request.session.administrator ?? '', grants))) throw new Problem('not-locked');
    log.warn({ source, answer }, 'a person said what became of a locked Inventive server');
    directory.forget();
    this.parts.announce();
  }
}
