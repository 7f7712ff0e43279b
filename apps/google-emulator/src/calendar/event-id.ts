import { randomBytes } from 'node:crypto';
import { invalid } from './google-error.js';

const alphabet = '0123456789abcdefghijklmnopqrstuv';

/** Base32hex in lower case without padding, as Google makes ids of foreign UIDs. */
export function base32hex(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

export const newEventId = (): string => base32hex(randomBytes(16));

export function checkClientId(id: string): void {
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw invalid('Invalid resource id value.');
}

/** The id of an event that came with a foreign UID: `_` and the UID in base32hex; Google's own UIDs hold the id in clear. */
export function idOfICalUID(iCalUID: string): string {
  const own = /^([a-v0-9]{5,1024})@google\.com$/.exec(iCalUID);
  return own?.[1] ?? `_${base32hex(Buffer.from(iCalUID))}`;
}
