import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRing, SealError } from './key-ring.js';

const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const old = new KeyRing(`1:${first}`);
const rotated = new KeyRing(`2:${second},1:${first}`);
const place = 'grant:demo:account-1';

describe('KeyRing', () => {
  it('opens what it sealed, in its own place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, aad) => old.open(old.seal(plain, aad), aad) === plain));
    expect(old.open(old.seal('één', place), place)).toBe('één');
  });

  it('writes v1.<keyId>.<nonce>.<ciphertext and tag>, never twice the same, without the plain text', () => {
    const sealed = old.seal('1//refresh-token', place);
    expect(sealed).toMatch(/^v1\.1\.[\w-]{16}\.[\w-]+$/);
    expect(old.seal('1//refresh-token', place)).not.toBe(sealed);
    expect(sealed).not.toContain('refresh');
  });

  it('does not open in another place', () => {
    expect(() => old.open(old.seal('secret', place), 'grant:demo:account-2')).toThrow(SealError);
  });

  it('does not open when any byte was changed', () => {
    const [version, id, nonce, body = ''] = old.seal('secret', place).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      expect(() => old.open([version, id, nonce, changed.toString('base64url')].join('.'), place), `byte ${at}`).toThrow(SealError);
    }
  });

  it('rotates: old texts open, new ones use the new key, and it says which to seal again', () => {
    const sealed = old.seal('secret', place);
    expect(rotated.open(sealed, place)).toBe('secret');
    expect(rotated.needsReseal(sealed)).toBe(true);
    const again = rotated.seal('secret', place);
    expect(rotated.needsReseal(again)).toBe(false);
    expect(() => old.open(again, place)).toThrow(/key 2.*MASTER_KEYS/);
  });

  it.each(['', 'secret', 'v1.1.short.x', 'v2.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA'])('%j is refused without being shown', (text) => {
    expect(() => old.open(text, place)).toThrow(SealError);
    expect(() => old.open(text, place)).not.toThrow(text || 'undefined');
  });

  it.each(['', '1', `1:${randomBytes(31).toString('base64')}`, `1:${first},1:${second}`])('the ring %# is refused', (keys) => {
    expect(() => new KeyRing(keys)).toThrow(SealError);
  });
});
