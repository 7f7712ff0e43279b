import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Something can't be opened: changed, moved to another place, or sealed with a key that isn't on the ring. Says nothing of its content. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const FORM = /^v1\.([\w-]+)\.([\w-]{16})\.([\w-]{22,})$/;
const TAG_BYTES = 16;

/**
 * Encrypts what must not be readable from a stolen database: AES-256-GCM, a fresh 96-bit nonce each time. The AAD (for
 * example `grant:<installation>:<account>`) binds the text to its place: moved to another row, it doesn't open.
 * Keys rotate by putting a new one in front; old ones open until everything was sealed again.
 */
export class KeyRing {
  readonly #keys = new Map<string, Buffer>();
  readonly #current: { readonly id: string; readonly key: Buffer };

  /** `"2:<base64 of 32 bytes>,1:<base64>"`, the current key first. */
  constructor(masterKeys: string) {
    for (const part of masterKeys.split(',')) {
      const [, id = '', encoded = ''] = /^\s*([\w-]+):(\S+)\s*$/.exec(part) ?? [];
      const key = Buffer.from(encoded, 'base64');
      if (id === '' || key.length !== 32) throw new SealError('MASTER_KEYS should be id:base64-of-32-bytes, separated by commas, newest first');
      if (this.#keys.has(id)) throw new SealError(`MASTER_KEYS names key ${id} twice`);
      this.#keys.set(id, key);
    }
    const [first] = this.#keys;
    if (first === undefined) throw new SealError('MASTER_KEYS holds no key');
    this.#current = { id: first[0], key: first[1] };
  }

  /** `v1.<keyId>.<nonce>.<ciphertext and tag>`, base64url. */
  seal(plain: string, aad: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(aad, 'utf8'));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.#current.id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
  }

  /** Throws `SealError`. */
  open(sealed: string, aad: string): string {
    const [, id = '', nonce = '', body = ''] = FORM.exec(sealed) ?? [];
    if (id === '') throw new SealError('this is no sealed text of version v1');
    const key = this.#keys.get(id);
    if (key === undefined) throw new SealError(`sealed with key ${id}, which isn't on the ring: add it to MASTER_KEYS`);
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad, 'utf8'));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new SealError('the sealed text was changed, or belongs to another place');
    }
  }

  /** True where an older key sealed it: seal it again when it is next written. */
  needsReseal(sealed: string): boolean {
    return FORM.exec(sealed)?.[1] !== this.#current.id;
  }
}
