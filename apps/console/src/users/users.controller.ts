import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { changeSettings, readSettingsOf, releaseAccount, unlinkAccount, userSettingsSchema, type LinkSubject, type UserSettings } from '@calsync/accounts';
import { asInventiveId, asSourceName } from '@calsync/calendar-model';
import { systemClock } from '@calsync/service-chassis';
import { ConsoleParts } from '../console-parts.js';
import { beginJourney } from '../linking/link-journey.js';
import { languageOf, Problem } from '../problems/problem.js';
import { findUser } from './find-user.js';
import { settingsView, settingsViewSchema, type SettingsView } from './settings-view.js';
import { oneUser, oneUserSchema, overviewSchema, usersOverview, usersQuerySchema, type OneUser, type Overview, type UsersQuery } from './users-overview.js';

const linkBodySchema = z
  .object({ confirmedEmail: z.email().optional().describe('an address other than the expected one, which the administrator has seen and agrees to') })
  .optional();
type LinkBody = z.infer<typeof linkBodySchema>;
const RELEASED_MS = 3_600_000;
const urlSchema = z.object({ url: z.url() });
const invitationSchema = z.object({ url: z.url(), expiresAt: z.string() });

@ApiTags('users')
@Controller('api/users')
export class UsersController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get()
  @ApiOperation({ summary: 'Users of Inventive by name, with settings, account, state, last change, counts of pairs and of questions' })
  @ApiResponse({ status: 200, standardSchema: overviewSchema })
  list(@Query({ schema: usersQuerySchema }) query: UsersQuery): Promise<Overview> {
    return usersOverview(this.parts, query);
  }

  @Get(':source/:userId')
  @ApiOperation({ summary: 'The same of one user' })
  @ApiResponse({ status: 200, standardSchema: oneUserSchema })
  async one(@Param('source') source: string, @Param('userId') userId: string): Promise<OneUser> {
    const found = await oneUser(this.parts, source, userId);
    if (found === undefined) throw new Problem('unknown-user');
    return found;
  }

  @Get(':source/:userId/settings')
  @ApiOperation({ summary: "A user's settings, with what goes where something is inherited, and from whom" })
  @ApiResponse({ status: 200, standardSchema: settingsViewSchema })
  async readSettings(@Param('source') source: string, @Param('userId') userId: string): Promise<SettingsView> {
    const subject = this.#subject(source, userId);
    return settingsView(this.parts, subject.source, await readSettingsOf(this.parts.connection, subject.source, subject.userId));
  }

  @Put(':source/:userId/settings')
  @ApiOperation({ summary: "Replace a user's settings; off, on again and a larger window take effect at once. What is left out or null of the policy is as for the administration" })
  @ApiResponse({ status: 200, standardSchema: settingsViewSchema })
  async changeSettings(@Param('source') source: string, @Param('userId') userId: string, @Body({ schema: userSettingsSchema }) body: UserSettings): Promise<SettingsView> {
    const subject = this.#subject(source, userId);
    const { administrations } = await findUser(this.parts.inventive, subject.source, subject.userId);
    if (body.administrationId !== undefined && !administrations.some((one) => one.id === body.administrationId)) throw new Problem('unknown-administration');
    const saved = await changeSettings(this.parts, subject.source, subject.userId, body);
    this.parts.directory.forget();
    this.parts.announce();
    return settingsView(this.parts, subject.source, saved);
  }

  @Post(':source/:userId/link')
  @HttpCode(200)
  @ApiOperation({ summary: "Begin linking a Google account: the address of Google's consent page, for this browser and ten minutes" })
  @ApiResponse({ status: 200, standardSchema: urlSchema })
  async link(@Param('source') source: string, @Param('userId') userId: string, @Body({ schema: linkBodySchema }) body: LinkBody, @Req() request: FastifyRequest): Promise<z.infer<typeof urlSchema>> {
    const subject = await this.#unlocked(this.#subject(source, userId, body));
    const url = await beginJourney(this.parts, subject, request.session.sessionId, languageOf(request.headers['accept-language']));
    return { url: url.href };
  }

  @Post(':source/:userId/invitation')
  @HttpCode(200)
  @ApiOperation({ summary: 'A personal, single-use link that expires, to send to the user' })
  @ApiResponse({ status: 200, standardSchema: invitationSchema })
  async invite(@Param('source') source: string, @Param('userId') userId: string, @Body({ schema: linkBodySchema }) body: LinkBody, @Req() request: FastifyRequest): Promise<z.infer<typeof invitationSchema>> {
    const subject = await this.#unlocked(this.#subject(source, userId, body));
    await findUser(this.parts.inventive, subject.source, subject.userId);
    const { token, expiresAt } = await this.parts.requests.invite(subject, request.session.administrator ?? '', this.parts.settings.INVITATION_HOURS * 3_600_000);
    return { url: `${this.parts.settings.CONSOLE_PUBLIC_URL}/koppelen/${token}`, expiresAt: expiresAt.toISOString() };
  }

  @Delete(':source/:userId/link')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unlink: nothing is deleted on either side; linking the same Google account again resumes' })
  async unlink(@Param('source') source: string, @Param('userId') userId: string): Promise<void> {
    const subject = await this.#unlocked(this.#subject(source, userId));
    if (!(await unlinkAccount(this.parts, subject.source, subject.userId))) throw new Problem('not-linked');
    this.parts.directory.forget();
    this.parts.announce();
  }

  @Post(':source/:userId/release')
  @HttpCode(204)
  @ApiOperation({ summary: 'Agree to what the brake held: it goes ahead, and nothing more is held for an hour' })
  async release(@Param('source') source: string, @Param('userId') userId: string): Promise<void> {
    const subject = await this.#unlocked(this.#subject(source, userId));
    this.parts.directory.forget();
    const account = await this.parts.directory.byUser(subject.source, subject.userId);
    if (account === undefined) throw new Problem('not-linked');
    // What isn't held would go unguarded for that hour.
    if (account.state !== 'held') throw new Problem('not-held');
    // Agreed before the account works again: the first thing it does is what was held.
    await this.parts.brake.confirm(account.id, systemClock.now() + RELEASED_MS);
    await releaseAccount(this.parts, subject.source, subject.userId);
    this.parts.directory.forget();
    this.parts.announce();
  }

  /** Of a locked source nothing may be linked, and nothing revoked at Google: the consents may be another installation's. */
  async #unlocked(subject: LinkSubject): Promise<LinkSubject> {
    if ((await this.parts.environments.lockedSources()).has(subject.source)) throw new Problem('source-locked');
    return subject;
  }

  #subject(source: string, userId: string, body?: LinkBody): LinkSubject {
    if (!this.parts.inventive.sources.some((one) => one === source)) throw new Problem('unknown-source');
    let id;
    try {
      id = asInventiveId(userId);
    } catch {
      throw new Problem('unknown-user');
    }
    return { source: asSourceName(source), userId: id, ...(body?.confirmedEmail === undefined ? {} : { confirmedEmail: body.confirmedEmail }) };
  }
}
