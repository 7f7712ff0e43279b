import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { World } from '../state/world.js';
import { selfSignedCertificate } from './certificate.js';

interface StoredKey {
  readonly pem: string;
  readonly certificate: string;
}

const yearMs = 365 * 86_400_000;

/** The RS256 key of id tokens. It outlives restarts and resets: verifiers keep the public half for a while. */
export class SigningKey {
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #certificate: string;

  constructor(world: World) {
    const table = world.store.table<StoredKey>('oauth.keys');
    const stored = table.get('current') ?? freshKey();
    table.put('current', stored);
    this.#private = createPrivateKey(stored.pem);
    this.#public = createPublicKey(stored.pem);
    this.#certificate = stored.certificate;
    this.id = createHash('sha1').update(this.#public.export({ type: 'spki', format: 'der' })).digest('hex');
  }

  jwt(claims: object): string {
    const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: this.id, typ: 'JWT' })).toString('base64url');
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${head}.${payload}.${sign('sha256', Buffer.from(`${head}.${payload}`), this.#private).toString('base64url')}`;
  }

  /** The claims of a token of ours, whatever its age; undefined if it isn't one. */
  readJwt(token: string): Record<string, unknown> | undefined {
    const [head = '', payload = '', signature = ''] = token.split('.');
    if (!verify('sha256', Buffer.from(`${head}.${payload}`), this.#public, Buffer.from(signature, 'base64url'))) return undefined;
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  }

  jwks(): object {
    return { keys: [{ ...this.#public.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: this.id }] };
  }

  pemMap(): Record<string, string> {
    return { [this.id]: this.#certificate };
  }
}

function freshKey(): StoredKey {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const nowMs = Date.now();
  return {
    pem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: selfSignedCertificate(keys, 'federated-signon.google-emulator', new Date(nowMs - yearMs), new Date(nowMs + 10 * yearMs)),
  };
}
