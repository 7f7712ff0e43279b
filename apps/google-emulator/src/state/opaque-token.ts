import { createHmac } from 'node:crypto';
import type { World } from './world.js';

/** A value that clients carry without reading it; a changed or foreign one is known by its signature. */
export function sealToken(world: World, value: unknown): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `C${signature(world, text)}${text}`;
}

export function openToken<T>(world: World, token: string): T | undefined {
  const text = token.slice(17);
  if (!token.startsWith('C') || signature(world, text) !== token.slice(1, 17)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as T;
}

function signature(world: World, text: string): string {
  return createHmac('sha256', world.secret).update(text).digest('base64url').slice(0, 16);
}
