import { describe, expect, it } from 'vitest';
import { hashPassword, randomPassword, verifyPassword } from './password.js';

describe('passwords', () => {
  it('are kept as argon2id in PHC form and known again', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsf', hash)).toBe(false);
    expect(await hashPassword('correct horse')).not.toBe(hash);
  });

  it('made by another library are known too', async () => {
    // Reference implementation's own test vector: argon2id, m=65536, t=2, p=1, "password", salt "somesalt".
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
  });

  it('in a form that nobody knows never match', async () => {
    expect(await verifyPassword('', '')).toBe(false);
    expect(await verifyPassword('x', '$argon2i$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA')).toBe(false);
  });

  it('that we make up are long, readable and never twice the same', () => {
    const made = Array.from({ length: 50 }, randomPassword);
    for (const password of made) expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{24}$/);
    expect(new Set(made).size).toBe(50);
  });
});
