import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Faults } from '../emulator/faults.js';
import type { Settings } from '../settings.js';
import type { World } from '../state/world.js';
import type { Grants } from './grants.js';

export interface OAuthParts {
  readonly world: World;
  readonly grants: Grants;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly log: Logger;
  publicUrl(): string;
}

export function registerOAuthRoutes(_app: FastifyInstance, _parts: OAuthParts): void {}
