import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

export const DOCS_PATH = 'api/docs';

/** OpenAPI at `/api/docs` and `/api/docs-json`, behind the session like the rest of the API. */
export function describeApi(app: NestFastifyApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Inventive Calendar Sync: console')
    .setDescription('Log in with POST /api/session; send the CSRF token it answers with as header x-csrf-token. Refusals are problem JSON (RFC 9457), in Dutch or English by Accept-Language.')
    .setVersion('1')
    .addCookieAuth('console')
    .addSecurityRequirements('cookie')
    .build();
  SwaggerModule.setup(DOCS_PATH, app, () => {
    const document = SwaggerModule.createDocument(app, description);
    // Health and metrics are for probes; they are described with the operation of every service.
    document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/')));
    return document;
  });
  // Swagger's page carries its own styles inline; its scripts are files like ours.
  app.getHttpAdapter().getInstance().addHook('onSend', (request, reply, payload, done) => {
    if (request.routeOptions.url === `/${DOCS_PATH}`) void reply.header('content-security-policy', String(reply.getHeader('content-security-policy')).replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
    done(null, payload);
  });
}
