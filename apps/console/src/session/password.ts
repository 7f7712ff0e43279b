import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';

const derive = (algorithm: 'argon2id', parameters: Argon2Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) => argon2(algorithm, parameters, (error, hash) => (error === null ? resolve(hash) : reject(error))));

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** A password as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive('argon2id', { ...COST, message: password, nonce: salt });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', hash = ''] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(phc) ?? [];
  const expected = Buffer.from(hash, 'base64');
  if (expected.length === 0) return false;
  const actual = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected);
}

/** 24 letters and digits that can be read aloud: no 0/O, 1/l/I. About 140 bits. */
export function randomPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  let password = '';
  while (password.length < 24) {
    for (const byte of randomBytes(32)) {
      // A byte above the last whole multiple would favour the first letters.
      if (byte < 256 - (256 % alphabet.length) && password.length < 24) password += alphabet[byte % alphabet.length];
    }
  }
  return password;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
