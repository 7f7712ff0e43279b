import { randomBytes } from 'node:crypto';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleParts } from '../console-parts.js';
import { languageOf, Problem } from '../problems/problem.js';
import { findUser } from '../users/find-user.js';
import { beginJourney, endJourney, type JourneyEnd } from './link-journey.js';
import { fillText, sendLinkPage, sendLinkResult } from './link-page.js';
import { PAGE_TEXTS } from './link-texts.js';

/** A person needs a few; each costs a look into the database and a question to Inventive. */
const OPEN_TO_ALL = { rateLimit: { max: 60, timeWindow: 60_000 } };

/** The pages outside the console: a personal link, and where Google sends the browser back to. */
@ApiExcludeController()
@Controller()
export class GoogleCallbackController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

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
      sendLinkPage(reply, { language, status: 200, paragraph, form: { action: `/koppelen/${encodeURIComponent(token)}`, leadsTo } });
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
        .setCookie(this.parts.journeyCookie, bound, { httpOnly: true, sameSite: 'lax', secure: this.parts.secure, path: '/', maxAge: 600 })
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
    void reply.header('cache-control', 'no-store').clearCookie(this.parts.journeyCookie, { httpOnly: true, sameSite: 'lax', secure: this.parts.secure, path: '/' });
    if (end.invited || end.subject === undefined) return sendLinkResult(reply, language, end.code, end.values);
    this.#returnToConsole(request, reply, end, end.subject);
  }

  #returnToConsole(request: FastifyRequest, reply: FastifyReply, end: JourneyEnd, { source, userId }: NonNullable<JourneyEnd['subject']>): void {
    // Addresses stay in the session; the address bar and its history get the code only.
    request.session.linkResult = { code: end.code, source, userId, values: end.values };
    void reply.redirect(`/gebruikers/${encodeURIComponent(source)}/${userId}?koppeling=${end.code}`, 303);
  }

  #sendFailure(reply: FastifyReply, language: 'nl' | 'en', error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    const code = error.code === 'inventive-unreachable' || error.code === 'google-unreachable' ? error.code : 'unknown-user';
    sendLinkResult(reply, language, code, {});
  }
}
