import { Body, Controller, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { chooseCalendar, type LinkSubject } from '@calsync/accounts';
import { asInventiveId, asSourceName } from '@calsync/calendar-model';
import { Failure, type Account } from '@calsync/sync-engine';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import type { GoogleCalendar } from './google-calendars.js';

const calendarsSchema = z.object({
  calendars: z.array(z.object({
    id: z.string(),
    name: z.string(),
    primary: z.boolean(),
    chosen: z.boolean().describe('this one is kept in step'),
  })).describe('those that can be written to; the chosen one may be missing: then it is gone or read-only'),
});
type Calendars = z.infer<typeof calendarsSchema>;
const chosenSchema = z.object({ calendarId: z.string().min(1).max(1_000) });

/** Which of a linked user's Google calendars is kept in step. */
@ApiTags('users')
@Controller('api/users')
export class CalendarsController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get(':source/:userId/calendars')
  @ApiOperation({ summary: "A linked user's Google calendars that can be written to, as Google tells them now, and which one is kept in step" })
  @ApiResponse({ status: 200, standardSchema: calendarsSchema })
  async list(@Param('source') source: string, @Param('userId') userId: string): Promise<Calendars> {
    const account = await this.#account(this.#subject(source, userId));
    return { calendars: (await this.#read(account)).map(({ id, name, primary }) => ({ id, name, primary, chosen: id === account.calendarId })) };
  }

  @Put(':source/:userId/calendar')
  @HttpCode(204)
  @ApiOperation({ summary: 'Keep another calendar in step from now on: nothing of the old one is deleted or changed, and chosen again it goes on where it stopped' })
  async choose(@Param('source') source: string, @Param('userId') userId: string, @Body({ schema: chosenSchema }) { calendarId }: z.infer<typeof chosenSchema>): Promise<void> {
    const subject = this.#subject(source, userId);
    if ((await this.parts.environments.lockedSources()).has(subject.source)) throw new Problem('source-locked');
    const account = await this.#account(subject);
    const calendar = (await this.#read(account)).find(({ id }) => id === calendarId);
    if (calendar === undefined) throw new Problem('unknown-calendar');
    const outcome = await chooseCalendar(this.parts, subject.source, subject.userId, calendar);
    if (outcome.kind === 'not-linked' || outcome.kind === 'needs-consent' || outcome.kind === 'calendar-taken') throw new Problem(outcome.kind);
    this.parts.directory.forget();
    if (outcome.kind === 'chosen') this.parts.announce();
  }

  async #account({ source, userId }: LinkSubject): Promise<Account> {
    this.parts.directory.forget();
    const account = await this.parts.directory.byUser(source, userId);
    if (account === undefined) throw new Problem('not-linked');
    return account;
  }

  /** A token that Google refuses is fetched anew once: it may have been withdrawn, or a clock be wrong. */
  async #read({ id }: Account): Promise<readonly GoogleCalendar[]> {
    const { accessTokens, readCalendars } = this.parts;
    for (let attempt = 1; ; attempt += 1) {
      const token = await accessTokens.tokenFor(id).catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        throw new Problem(error.kind === 'authorization' ? 'needs-consent' : 'google-unreachable');
      });
      const reading = await readCalendars(token);
      if (reading.kind === 'read') return reading.calendars;
      if (reading.kind === 'unreachable') throw new Problem('google-unreachable');
      if (reading.kind === 'refused') throw new Problem('no-calendars');
      if (attempt === 2) throw new Problem('needs-consent');
      await accessTokens.discard(id, token);
    }
  }

  #subject(source: string, userId: string): LinkSubject {
    if (!this.parts.inventive.sources.some((one) => one === source)) throw new Problem('unknown-source');
    try {
      return { source: asSourceName(source), userId: asInventiveId(userId) };
    } catch {
      throw new Problem('unknown-user');
    }
  }
}
