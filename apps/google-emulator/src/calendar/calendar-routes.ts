import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { calendarDocument, documentAt, oauth2Document } from '../discovery/document.js';
import { answerBatch } from './batch.js';
import type { CalendarDoor, DoorAnswer } from './door.js';

export const servicePath = '/calendar/v3/';

/** The HTTP side of the Calendar API: its methods, the batch door and the discovery documents. */
export function registerCalendarRoutes(app: FastifyInstance, door: CalendarDoor, publicUrl: () => string): void {
  app.all(`${servicePath}*`, async (request, reply) => {
    const url = new URL(request.raw.url ?? '/', 'http://emulator');
    const overridden = request.headers['x-http-method-override'];
    const body = typeof request.body === 'string' ? request.body : '';
    // Long queries come as a form in a POST that says GET (the Python client does so beyond 2 kB).
    const asForm = overridden === 'GET' && request.method === 'POST';
    const query = asForm ? new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]) : url.searchParams;
    const answer = await door.handle({
      httpMethod: typeof overridden === 'string' && request.method === 'POST' ? overridden.toUpperCase() : request.method,
      path: url.pathname.slice(servicePath.length),
      query,
      headers: singleHeaders(request),
      body: asForm ? '' : body,
    });
    return write(request, reply, answer);
  });

  app.post('/batch/calendar/v3', async (request, reply) => {
    const answer = await answerBatch(door, singleHeaders(request), typeof request.body === 'string' ? request.body : '');
    return reply.status(answer.status).headers(answer.headers).send(answer.body);
  });

  app.get('/discovery/v1/apis/calendar/v3/rest', async () => documentAt(calendarDocument, publicUrl()));
  app.get('/discovery/v1/apis/oauth2/v2/rest', async () => documentAt(oauth2Document, publicUrl()));
}

function write(request: FastifyRequest, reply: FastifyReply, answer: DoorAnswer): FastifyReply {
  if (answer.kind === 'cut') {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  reply.status(answer.status).headers(answer.headers);
  if (answer.body === undefined) return reply.send();
  return reply.header('content-type', 'application/json; charset=UTF-8').send(JSON.stringify(answer.body, undefined, answer.pretty ? 1 : undefined));
}

function singleHeaders(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}
