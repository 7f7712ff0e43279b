import type { AccountId } from '@calsync/calendar-model';
import { Failure, type Clock } from '@calsync/sync-engine';
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

/** Keeps us under Google's quota, so that Google never has to say so. Throws `Failure('quota')` where the wait would be long. */
export interface QuotaLimiter {
  take(accountId: AccountId, units: number): Promise<void>;
  /** Indexes of the shared counters; safe to repeat, to be done before the first call. */
  prepare(): Promise<void>;
}

export interface QuotaOptions {
  readonly clock: Clock;
  /** Google's own limits for projects made since May 2026. */
  readonly perUserPerMinute?: number;
  readonly perProjectPerMinute?: number;
  /** Where all replicas count together; without it each process counts alone. The connection may not be open yet. */
  readonly mongo?: { readonly db?: QuotaDatabase | undefined };
}

/** As much of MongoDB's `Db` as is used here. */
export interface QuotaDatabase {
  collection(name: string, options: object): object;
}

/** Written by this lib only. */
const COLLECTION = 'google_quota';

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
    async prepare() {
      if (options.mongo === undefined) return;
      const counters = openCounters(options.mongo);
      await counters.createIndex({ key: 1 }, { unique: true, name: 'key' });
      await counters.createIndex({ expire: 1 }, { expireAfterSeconds: 0, name: 'forget' });
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
  return new RateLimiterMongo({
    ...window,
    // The limiter wants an open database when it is made; ours may open later, or again.
    storeClient: { collection: () => ({ findOneAndUpdate: (...args: unknown[]) => openCounters(mongo).findOneAndUpdate(...args) }) },
    tableName: COLLECTION,
    disableIndexesCreation: true,
    // Who is over the limit isn't looked up again before the minute is over.
    inMemoryBlockOnConsumed: points + 1,
    // While MongoDB is away each process counts by itself: better roughly right than standing still.
    insuranceLimiter: alone,
  });
}

interface Counters {
  findOneAndUpdate(...args: unknown[]): Promise<unknown>;
  createIndex(keys: object, options: object): Promise<unknown>;
}

/** A lost count costs nothing but a count: one acknowledgement is enough, and every call to Google waits for it. */
function openCounters(mongo: NonNullable<QuotaOptions['mongo']>): Counters {
  if (mongo.db === undefined) throw new Failure('transient', "counting calls to Google: MongoDB isn't connected yet (MONGODB_URI)");
  return mongo.db.collection(COLLECTION, { writeConcern: { w: 1 }, timeoutMS: 2_000 }) as Counters;
}
