import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { ChannelSecrets } from '@calsync/sync-engine';

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compared with where there is no channel, so that an unknown id takes as long as a wrong token. */
const NOBODYS_HASH = hash('nobody');

/** Tokens of 256 random bits: a plain hash of them is beyond guessing, and the database can't be used to notify us. */
export const channelSecrets: ChannelSecrets = {
  newId: () => randomUUID(),
  mint: () => randomBytes(32).toString('base64url'),
  hash,
  matches(token, tokenHash) {
    const equal = timingSafeEqual(Buffer.from(hash(token), 'hex'), Buffer.from(tokenHash ?? NOBODYS_HASH, 'hex'));
    return equal && tokenHash !== undefined;
  },
};
