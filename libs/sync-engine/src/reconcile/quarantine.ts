import { v5 as uuidV5 } from 'uuid';
import { isAlternating } from '@calsync/sync-core';
import type { Intent, Pair, PeopleIntent } from './pair.js';

const MOST_REMEMBERED = 12;

/** True where this write would put back what we ourselves replaced a moment ago, not for the first time. */
export function loopsBetweenSides(pair: Pair, intent: Intent | PeopleIntent, now: number): boolean {
  return isAlternating(rememberWrite(pair, intent, now).map(({ at, digest }) => ({ atMs: at, value: digest })));
}

export function rememberWrite(pair: Pair, intent: Intent | PeopleIntent, now: number): Pair['recentWrites'] {
  return [...pair.recentWrites, { side: intent.side, digest: digestOf(intent), at: now }].slice(-MOST_REMEMBERED);
}

/** Values are not kept for this, only whether they are the same. */
function digestOf(intent: Intent | PeopleIntent): string {
  const content = intent.act === 'delete' ? {} : intent.act === 'people' ? (intent.side === 'google' ? intent.change : intent.writes) : [intent.fields, 'status' in intent ? intent.status : undefined, 'decor' in intent ? intent.decor : undefined];
  return uuidV5(JSON.stringify([intent.side, intent.act, content]), uuidV5.URL);
}
