import { randomUUID } from 'node:crypto';
import type { AccountId } from '@calsync/calendar-model';
import { Failure, type AccessTokens, type AccountDirectory, type Clock } from '@calsync/sync-engine';
import { refreshAccessToken, type GoogleClient } from './google-token-endpoint.js';
import type { FreshTokens, Grant, GrantStore } from './grants.js';

/** Longer than one request to Google may take, so a slow answer isn't overtaken by another replica. */
const LEASE_MS = 10_000;
const GIVE_UP_AFTER_MS = 20_000;
const LOOK_AGAIN_MS = 80;
const REQUESTS_PER_REFRESH = 2;

interface Held {
  readonly token: string;
  readonly useUntil: number;
}

/**
 * Access tokens from the stored grants. Within a process one look-up at a time per account; over processes one refresh at a time,
 * by a short lease in the grant; what it brought is shared there, sealed. A rotated refresh token is saved before its access token is used.
 */
export class GoogleAccessTokens implements AccessTokens {
  readonly #held = new Map<AccountId, Held>();
  readonly #running = new Map<AccountId, Promise<string>>();
  readonly #holder = randomUUID();

  constructor(
    private readonly parts: {
      readonly grants: GrantStore;
      readonly directory: Pick<AccountDirectory, 'changeState'>;
      readonly client: GoogleClient;
      readonly clock: Clock;
    },
  ) {}

  tokenFor(accountId: AccountId): Promise<string> {
    const held = this.#held.get(accountId);
    if (held !== undefined && held.useUntil > this.parts.clock.now()) return Promise.resolve(held.token);
    const running = this.#running.get(accountId);
    if (running !== undefined) return running;
    const run = this.#find(accountId).finally(() => this.#running.delete(accountId));
    this.#running.set(accountId, run);
    return run;
  }

  async discard(accountId: AccountId, token: string): Promise<void> {
    if (this.#held.get(accountId)?.token === token) this.#held.delete(accountId);
    await this.parts.grants.forgetAccessToken(accountId, token);
  }

  async #find(accountId: AccountId): Promise<string> {
    const { grants, clock } = this.parts;
    const giveUpAt = clock.now() + GIVE_UP_AFTER_MS;
    while (clock.now() < giveUpAt) {
      const seen = await grants.read(accountId);
      const usable = await this.#usable(accountId, seen);
      if (usable !== undefined) return usable;
      const leased = await grants.takeRefreshLease(accountId, this.#holder, LEASE_MS);
      if (leased === undefined) {
        // Another replica asks Google right now: its answer will stand in the grant.
        await clock.sleep(LOOK_AGAIN_MS * (0.5 + Math.random()));
        continue;
      }
      const token = await this.#refresh(leased);
      if (token !== undefined) return token;
    }
    throw new Failure('transient', `no access token for account ${accountId} within ${GIVE_UP_AFTER_MS / 1_000} s; tried again later`);
  }

  /** Undefined where a refresh is needed; throws where none can help. */
  async #usable(accountId: AccountId, grant: Grant | undefined): Promise<string | undefined> {
    if (grant === undefined) throw new Failure('authorization', `account ${accountId} has no Google grant: link it in the console`);
    // Repeated here because a crash may have come between marking the grant and changing the state.
    if (grant.refused) return this.#needConsent(accountId);
    if (grant.accessToken === undefined || grant.accessToken.useUntil <= this.parts.clock.now()) return undefined;
    this.#held.set(accountId, grant.accessToken);
    return grant.accessToken.token;
  }

  /** Undefined where the grant became another meanwhile: look again. The lease has ended in every case. */
  async #refresh(grant: Grant): Promise<string | undefined> {
    const { grants } = this.parts;
    try {
      const usable = await this.#usable(grant.accountId, grant);
      if (usable !== undefined) return usable;
      const askedAt = this.parts.clock.now();
      const outcome = await this.#ask(grant);
      if (outcome.kind === 'invalid-grant') return await this.#onInvalidGrant(grant);
      const fresh: FreshTokens = {
        accessToken: outcome.accessToken,
        useUntil: askedAt + outcome.expiresInMs - Math.min(60_000, outcome.expiresInMs / 4),
        ...(outcome.refreshToken === undefined ? {} : { refreshToken: outcome.refreshToken }),
      };
      if (!(await this.#save(grant, fresh))) return undefined;
      this.#held.set(grant.accountId, { token: fresh.accessToken, useUntil: fresh.useUntil });
      return fresh.accessToken;
    } finally {
      await grants.releaseRefreshLease(grant.accountId, this.#holder).catch(() => undefined);
    }
  }

  async #ask(grant: Grant): ReturnType<typeof refreshAccessToken> {
    for (let request = 1; ; request += 1) {
      try {
        return await refreshAccessToken(this.parts.client, grant.refreshToken);
      } catch (error) {
        const worthAnother = error instanceof Failure && error.kind === 'transient' && error.retryAfterMs === undefined;
        // A request that timed out used up the lease: only quick refusals are asked once more under it.
        const timedOut = error instanceof Failure && error.cause instanceof Error && error.cause.name === 'TimeoutError';
        if (!worthAnother || timedOut || request >= REQUESTS_PER_REFRESH) throw error;
        await this.parts.clock.sleep(100 + 300 * Math.random());
      }
    }
  }

  /** What we sent may have been rotated by another replica or replaced by a new consent: only an unchanged grant is dead. */
  async #onInvalidGrant(grant: Grant): Promise<undefined> {
    if (!(await this.parts.grants.markRefused(grant))) return undefined;
    return this.#needConsent(grant.accountId);
  }

  async #needConsent(accountId: AccountId): Promise<never> {
    this.#held.delete(accountId);
    await this.parts.directory.changeState(accountId, ['joining', 'live', 'needs-calendar', 'held'], 'needs-consent', 'needs-consent');
    throw new Failure('authorization', `Google no longer accepts the consent of account ${accountId}: link it again in the console`);
  }

  /** The old refresh token may be dead already: losing the new one would cost the person another consent, so the save is tried for long. */
  async #save(grant: Grant, fresh: FreshTokens): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.parts.grants.saveRefreshed(grant, fresh);
      } catch (cause) {
        if (attempt === 5) throw new Failure('transient', `the renewed grant of account ${grant.accountId} could not be saved; check MongoDB`, { cause });
        await this.parts.clock.sleep(100 * 2 ** attempt * (0.5 + Math.random() / 2));
      }
    }
  }
}
