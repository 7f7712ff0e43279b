import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { systemClock } from '@calsync/service-chassis';
import { Problem } from '../problems/problem.js';
import { Administrators } from './administrators.js';

const loginSchema = z.object({ username: z.string().trim().min(1).max(100), password: z.string().min(1).max(500) });
const sessionSchema = z.object({
  username: z.string(),
  csrfToken: z.string().describe('send it as header x-csrf-token with every POST, PUT and DELETE'),
  linkResult: z.object({ code: z.string(), source: z.string(), userId: z.string(), values: z.record(z.string(), z.string()) }).optional().describe('how the last journey to Google ended'),
});
type SessionAnswer = z.infer<typeof sessionSchema>;

@ApiTags('session')
@Controller('api/session')
export class SessionController {
  constructor(@Inject(Administrators) private readonly administrators: Administrators) {}

  @Post()
  @HttpCode(200)
  @RouteConfig({ rateLimit: { max: 10, timeWindow: 60_000 } })
  @ApiOperation({ summary: 'Log in' })
  @ApiResponse({ status: 200, standardSchema: sessionSchema })
  async login(@Body({ schema: loginSchema }) body: z.infer<typeof loginSchema>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    // A secure cookie isn't sent over what looks like http: better a reason than a login that doesn't last.
    if (request.session.cookie.secure === true && request.protocol !== 'https') throw new Problem('insecure-connection');
    if (!(await this.administrators.verify(body.username, body.password))) throw new Problem('wrong-password');
    // A new id: one that somebody planted in this browser before must not become a logged-in one.
    await request.session.regenerate();
    request.session.administrator = body.username;
    request.session.loggedInAt = systemClock.now();
    return answer(request, reply);
  }

  @Get()
  @ApiOperation({ summary: 'Who is logged in, and the CSRF token' })
  @ApiResponse({ status: 200, standardSchema: sessionSchema })
  read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): SessionAnswer {
    return answer(request, reply);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Log out' })
  async logout(@Req() request: FastifyRequest): Promise<void> {
    await request.session.destroy();
  }
}

function answer(request: FastifyRequest, reply: FastifyReply): SessionAnswer {
  const { administrator, linkResult } = request.session;
  if (administrator === undefined) throw new Problem('not-logged-in');
  return { username: administrator, csrfToken: reply.generateCsrf(), ...(linkResult === undefined ? {} : { linkResult }) };
}
