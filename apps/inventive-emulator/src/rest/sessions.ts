import { randomBytes } from 'node:crypto';
import type { DocumentTable } from '@calsync/emulator-kit';
import { errorLine, RestError } from './rest-error.js';

export interface Session {
  readonly id: string;
  /** `sync`, `beheer` or an Inlognaam. */
  readonly user: string;
  /** Sessions made under `/_emulator/` never expire and survive a restart; those of a login do neither, as in 4D. */
  readonly origin: 'login' | 'emulator';
}

interface LoginSession extends Session {
  readonly idleMs: number;
  lastUsedMs: number;
}

export const COOKIE = '4DSID_Inventive';
const MINUTE_MS = 60_000;
const SHORTEST_IDLE_MIN = 60;

export class Sessions {
  readonly #nowMs: () => number;
  readonly #licences: number | undefined;
  readonly #logins = new Map<string, LoginSession>();
  readonly #kept: DocumentTable<Session>;

  constructor(parts: { nowMs: () => number; kept: DocumentTable<Session>; licences?: number }) {
    this.#nowMs = parts.nowMs;
    this.#licences = parts.licences;
    this.#kept = parts.kept;
  }

  /** The session of a `Cookie` header; undefined is a guest. */
  find(cookieHeader: string | undefined): Session | undefined {
    const id = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;\\s]+)`).exec(cookieHeader ?? '')?.[1];
    if (id === undefined) return undefined;
    this.#expire();
    const login = this.#logins.get(id);
    if (login) login.lastUsedMs = this.#nowMs();
    return login ?? this.#kept.get(id);
  }

  /** Takes a licence; 402 where none is left. */
  logIn(user: string, idleMinutes = SHORTEST_IDLE_MIN): Session {
    this.#expire();
    if (this.#licences !== undefined && this.#logins.size >= this.#licences) throw new RestError(402, errorLine(1913, 'No more licences for REST sessions'));
    const session: LoginSession = { id: newId(), user, origin: 'login', idleMs: Math.max(SHORTEST_IDLE_MIN, idleMinutes) * MINUTE_MS, lastUsedMs: this.#nowMs() };
    this.#logins.set(session.id, session);
    return session;
  }

  /** For tests and demos: no password, no licence. */
  grant(user: string): Session {
    const session: Session = { id: newId(), user, origin: 'emulator' };
    this.#kept.put(session.id, session);
    return session;
  }

  end(session: Session): void {
    this.#logins.delete(session.id);
  }

  /** As when the server is stopped. */
  endLogins(): void {
    this.#logins.clear();
  }

  isAlive(id: string): boolean {
    this.#expire();
    return this.#logins.has(id) || this.#kept.get(id) !== undefined;
  }

  #expire(): void {
    for (const [id, session] of this.#logins) if (session.lastUsedMs + session.idleMs <= this.#nowMs()) this.#logins.delete(id);
  }
}

const newId = (): string => randomBytes(16).toString('hex').toUpperCase();
