import { Controller, Get, Inject, Query, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { concat, concatMap, from, interval, map, merge, takeUntil, type Observable, last, ignoreElements, endWith } from 'rxjs';
import { z } from 'zod';
import { ConsoleParts } from '../console-parts.js';
import { asAccountId } from '@calsync/calendar-model';
import { changeSchema, type Change } from './recent-changes.js';

const querySchema = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) });
/** Named where it is shown: what is stored holds ids only. */
const shownSchema = changeSchema.extend({ user: z.string().optional().describe('whose agenda it is; absent where the user is unlinked by now') });
type ShownChange = z.infer<typeof shownSchema>;
const HEARTBEAT_MS = 15_000;
const RESUMED = 500;

@ApiTags('changes')
@Controller('api/changes')
export class ChangesController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get()
  @ApiOperation({ summary: 'The last changes that crossed, newest first' })
  @ApiResponse({ status: 200, standardSchema: z.object({ changes: z.array(shownSchema) }) })
  async list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): Promise<{ readonly changes: readonly ShownChange[] }> {
    return { changes: await Promise.all((await this.parts.changes.last(query.limit)).map((change) => this.#named(change))) };
  }

  @Sse('stream')
  @ApiOperation({ summary: 'The same, live: Server-Sent Events of type `change`, resumed by Last-Event-ID' })
  async stream(@Req() request: FastifyRequest): Promise<Observable<MessageEvent>> {
    const live = this.parts.changes.stream;
    const resumeAfter = request.headers['last-event-id'];
    const missed = typeof resumeAfter === 'string' ? await this.parts.changes.since(resumeAfter, RESUMED) : [];
    const ended = live.pipe(ignoreElements(), endWith(undefined), last());
    const heartbeats = interval(HEARTBEAT_MS).pipe(map((): MessageEvent => ({ type: 'heartbeat', data: '' })), takeUntil(ended));
    return merge(concat(from(missed), live).pipe(concatMap((change) => this.#named(change)), map((change): MessageEvent => ({ type: 'change', id: change.position, data: change }))), heartbeats);
  }

  async #named(change: Change): Promise<ShownChange> {
    const account = await this.parts.directory.byId(asAccountId(change.accountId)).catch(() => undefined);
    return account === undefined ? change : { ...change, user: account.fullName || account.loginName };
  }
}
