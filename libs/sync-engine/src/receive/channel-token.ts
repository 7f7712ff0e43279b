import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes, as text that a header carries. */
export const mintToken = (): string => randomBytes(32).toString('base64url');

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compared with where there is no channel, so that an unknown id takes as long as a wrong token. */
const NOBODYS_HASH = hashToken('nobody');

/** Constant-time over hashes of equal length. */
export function tokenMatches(token: string, tokenHash: string | undefined): boolean {
  const equal = timingSafeEqual(Buffer.from(hashToken(token), 'hex'), Buffer.from(tokenHash ?? NOBODYS_HASH, 'hex'));
  return equal && tokenHash !== undefined;
}
