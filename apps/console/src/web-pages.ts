import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logger } from '@calsync/service-chassis';

/** As far from `src` as from `dist`. */
const WEB_ROOT = fileURLToPath(new URL('../../console-web/dist', import.meta.url));
/** Addresses of pages: each is the same document, which finds its page by the address. */
const PAGES = ['/', '/gebruikers/:source/:userId', '/gebruikers/:source/:userId/:tab', '/gebruikers/:source/:userId/:tab/:item', '/administraties', '/administraties/:source/:administrationId', '/wijzigingen', '/vragen'];

/** Serves the built pages. Their files have names that change with their content, so browsers may keep them for ever. */
export async function serveWebPages(app: NestFastifyApplication): Promise<void> {
  if (!existsSync(join(WEB_ROOT, 'index.html'))) {
    logger('console').warn(`the web pages are not built (${WEB_ROOT}): run npx nx build @calsync/console-web; the API works without`);
    return;
  }
  await app.register(fastifyStatic, { root: join(WEB_ROOT, 'assets'), prefix: '/assets/', cacheControl: false, index: false, setHeaders: (reply, path) => void reply.header('cache-control', /-[\w-]{8,}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache') });
  const server = app.getHttpAdapter().getInstance();
  for (const page of PAGES) {
    server.get(page, (_request, reply) => reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').sendFile('index.html', WEB_ROOT));
  }
}
