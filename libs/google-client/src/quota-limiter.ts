import type { AccountId } from '@calsync/calendar-model';
import { Failure, type Clock } from '@calsync/sync-engine';
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

/** Keeps us under Google's quota, so that Google never has to say so. Throws `Failure('quota')` where the wait would be long. */
export interface QuotaLimiter {
  take(accountId: AccountId, units: number): Promise<void>;
}

export interface QuotaOptions {
  readonly clock: Clock;
  /** Google's own limits for projects made since May 2026. */
  readonly perUserPerMinute?: number;
  readonly perProjectPerMinute?: number;
  /** Where all replicas count together (collection `google_quota`, written here only); without it each process counts alone. */
  readonly mongo?: { readonly client: unknown; readonly dbName: string };
}

/** Shorter waits are sat out here; longer ones hold the account in its loop, so that they block nobody's slot. */
const WAIT_HERE_MS = 1_000;
const PROJECT = 'project';

export function createQuotaLimiter(options: QuotaOptions): QuotaLimiter {
  const perUser = limiter('user', options.perUserPerMinute ?? 600, options.mongo);
  const perProject = limiter('project', options.perProjectPerMinute ?? 10_000, options.mongo);
  return {
    async take(accountId, units) {
      // The user first: who is over his own limit must not use up everybody's.
      await takeFrom(perUser, accountId, units, options.clock);
      await takeFrom(perProject, PROJECT, units, options.clock);
    },
  };
}

async function takeFrom(bucket: RateLimiterAbstract, key: string, units: number, clock: Clock): Promise<void> {
  for (;;) {
    try {
      await bucket.consume(key, units);
      return;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw new Failure('transient', 'counting calls to Google failed (MongoDB)', { cause: refusal });
      if (refusal.msBeforeNext > WAIT_HERE_MS) {
        throw new Failure('quota', 'our own limit of calls to Google is reached; the work waits', { retryAfterMs: refusal.msBeforeNext });
      }
      await clock.sleep(refusal.msBeforeNext + 1);
    }
  }
}

function limiter(name: string, points: number, mongo: QuotaOptions['mongo']): RateLimiterAbstract {
  const window = { keyPrefix: `google_${name}`, points, duration: 60 };
  const alone = new RateLimiterMemory(window);
  if (mongo === undefined) return alone;
  // While MongoDB is away each process counts by itself: better roughly right than standing still.
  return new RateLimiterMongo({ ...window, storeClient: mongo.client, dbName: mongo.dbName, tableName: 'google_quota', insuranceLimiter: alone });
}
