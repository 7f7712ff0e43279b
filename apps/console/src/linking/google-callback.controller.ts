import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { asCalendarId } from '@calsync/calendar-model';
import { ConsoleParts } from '../console-parts.js';
import { languageOf, Problem, type Language } from '../problems/problem.js';
import { findUser } from '../users/find-user.js';
import { beginJourney, endChoice, endJourney, type JourneyEnd } from './link-journey.js';
import { CHOICE_PATH, fillText, sendCalendarChoice, sendLinkPage, sendLinkResult } from './link-page.js';
import { PAGE_TEXTS } from './link-texts.js';

/** A person needs a few; each costs a look into the database and a question to Inventive. */
const OPEN_TO_ALL = { rateLimit: { max: 60, timeWindow: 60_000 } };

const choiceSchema = z.object({ calendar: z.string().min(1).max(1_000) });

/** The pages outside the console: a personal link, and where Google sends the browser back to. */
@ApiExcludeController()
@Controller()
export class GoogleCallbackController {
  readonly #cookie: { readonly httpOnly: true; readonly sameSite: 'lax'; readonly secure: boolean; readonly path: '/' };

  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {
    this.#cookie = { httpOnly: true, sameSite: 'lax', secure: parts.secure, path: '/' };
  }

  @Get('koppelen/:token')
  @RouteConfig(OPEN_TO_ALL)
  async invitation(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const reading = await this.parts.requests.readInvitation(token);
    if (reading.kind !== 'open') return sendLinkResult(reply, language, 'invitation-spent', {});
    const { source, userId, confirmedEmail } = reading.invitation;
    try {
      const { user } = await findUser(this.parts.inventive, source, userId);
      const paragraph = fillText(PAGE_TEXTS.invitation[language], { name: user.fullName || user.loginName, email: confirmedEmail ?? user.email });
      const leadsTo = await this.parts.signIn.authorizationOrigin();
      sendLinkPage(reply, { language, status: 200, paragraph, form: { action: `/koppelen/${encodeURIComponent(token)}`, button: PAGE_TEXTS.button[language], leadsTo } });
    } catch (error) {
      this.#sendFailure(reply, language, error);
    }
  }

  @Post('koppelen/:token')
  @RouteConfig(OPEN_TO_ALL)
  async follow(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const reading = await this.parts.requests.readInvitation(token);
    if (reading.kind !== 'open') return sendLinkResult(reply, language, 'invitation-spent', {});
    try {
      const bound = randomBytes(32).toString('base64url');
      const url = await beginJourney(this.parts, reading.invitation, bound, language, token);
      void reply
        .setCookie(this.parts.journeyCookie, bound, { ...this.#cookie, maxAge: 600 })
        .header('cache-control', 'no-store')
        .redirect(url.href, 303);
    } catch (error) {
      this.#sendFailure(reply, language, error);
    }
  }

  @Get('google/oauth/callback')
  @RouteConfig(OPEN_TO_ALL)
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const query = new URL(request.url, 'http://callback').searchParams;
    const cookie = request.cookies[this.parts.journeyCookie];
    const administrator = request.session.administrator === undefined ? undefined : request.session.sessionId;
    const end = await endJourney(this.parts, query, [cookie, administrator].filter((one) => one !== undefined));
    void reply.header('cache-control', 'no-store').clearCookie(this.parts.journeyCookie, this.#cookie);
    if (!('choiceKey' in end)) return this.#finish(request, reply, language, end);
    // To a page of its own, so that loading it again doesn't repeat Google's answer, which counts once.
    void reply.setCookie(this.parts.choiceCookie, end.choiceKey, { ...this.#cookie, maxAge: 600 }).redirect(CHOICE_PATH, 303);
  }

  @Get('google/agenda')
  @RouteConfig(OPEN_TO_ALL)
  async offer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const choice = await this.parts.requests.readChoice(request.cookies[this.parts.choiceCookie] ?? '');
    if (choice === undefined) return sendLinkResult(reply, language, 'expired', {});
    sendCalendarChoice(reply, language, 200, choice);
  }

  @Post('google/agenda')
  @RouteConfig(OPEN_TO_ALL)
  async choose(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const key = request.cookies[this.parts.choiceCookie] ?? '';
    const calendarId = choiceSchema.safeParse(body).data?.calendar ?? '';
    const end = await endChoice(this.parts, key, asCalendarId(calendarId));
    if (end === undefined) {
      const choice = await this.parts.requests.readChoice(key);
      return choice === undefined ? sendLinkResult(reply, language, 'expired', {}) : sendCalendarChoice(reply, language, 400, choice);
    }
    void reply.header('cache-control', 'no-store').clearCookie(this.parts.choiceCookie, this.#cookie);
    this.#finish(request, reply, language, end);
  }

  /** Somebody with a personal link reads how it ended; an administrator returns to the console. */
  #finish(request: FastifyRequest, reply: FastifyReply, language: Language, end: JourneyEnd): void {
    if (end.invited || end.subject === undefined) return sendLinkResult(reply, language, end.code, end.values);
    this.#returnToConsole(request, reply, end, end.subject);
  }

  #returnToConsole(request: FastifyRequest, reply: FastifyReply, end: JourneyEnd, { source, userId }: NonNullable<JourneyEnd['subject']>): void {
    // Addresses stay in the session; the address bar and its history get the code only.
    request.session.linkResult = { code: end.code, source, userId, values: end.values };
    void reply.redirect(`/gebruikers/${encodeURIComponent(source)}/${userId}?koppeling=${end.code}`, 303);
  }

  #sendFailure(reply: FastifyReply, language: Language, error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    const code = error.code === 'inventive-unreachable' || error.code === 'google-unreachable' ? error.code : 'unknown-user';
    sendLinkResult(reply, language, code, {});
  }
}
