import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { Pair } from '@calsync/sync-engine';
import { storedCollection } from './database.js';
import { PairCodec, type PairDocument, type Sealer } from './pair-document.js';

/** A pair for people to look at, with when it last changed and whether something is still to be done. */
export interface ListedPair {
  readonly pair: Pair;
  readonly changedOn: Date;
  readonly due: boolean;
}

/** The last one of a page: where the next page goes on. */
export type PlaceInList = Pick<ListedPair, 'changedOn'> & { readonly id: string };

export interface PairListQuery {
  readonly status?: Pair['status'];
  /** Only those of which a value was overwritten. */
  readonly overwritten?: boolean;
  readonly after?: PlaceInList;
  readonly limit: number;
}

export interface PairLists {
  /** Newest change first; one that changes meanwhile may show twice, none is left out. */
  page(accountId: AccountId, query: PairListQuery): Promise<readonly ListedPair[]>;
  /** How many of each status; an account without pairs is absent. */
  countByStatus(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Readonly<Partial<Record<Pair['status'], number>>>>>;
  countOverwritten(accountId: AccountId): Promise<number>;
}

const STATES = ['active', 'closed', 'failed', 'quarantined'] as const satisfies readonly Pair['status'][];

/** What people look at of the collection `pairs`; nothing is written here. */
export function createPairLists(connection: Connection, sealer: Sealer): PairLists {
  const rows = storedCollection<PairDocument>(connection, 'pairs');
  const codec = new PairCodec(sealer);
  const overwritten = { lostValues: { $exists: true } };
  // Named one by one, so that an index hands them over in order: sorting thousands of sealed documents takes a second.
  const listed = { status: { $in: [...STATES] } };
  return {
    page: (accountId, query) =>
      rows.run('listing pairs', async (collection) => {
        const { status, after } = query;
        const further = after === undefined ? {} : { changedOn: { $lte: after.changedOn }, $or: [{ changedOn: { $lt: after.changedOn } }, { _id: { $gt: after.id as Pair['id'] } }] };
        const found = await collection
          .find({ accountId, ...(query.overwritten === true ? overwritten : listed), ...(status === undefined ? {} : { status }), ...further })
          .sort({ changedOn: -1, _id: 1 })
          .limit(query.limit)
          .toArray();
        return found.map((document) => ({ pair: codec.decode(document), changedOn: document.changedOn, due: document.due }));
      }),

    countByStatus: (accounts) =>
      rows.run('counting pairs', async (collection) => {
        const counts = await collection
          .aggregate<{ _id: { accountId: AccountId; status: Pair['status'] }; n: number }>([
            { $match: { accountId: { $in: [...accounts] } } },
            { $group: { _id: { accountId: '$accountId', status: '$status' }, n: { $sum: 1 } } },
          ])
          .toArray();
        const byAccount = new Map<AccountId, Partial<Record<Pair['status'], number>>>();
        for (const { _id: { accountId, status }, n } of counts) byAccount.set(accountId, { ...byAccount.get(accountId), [status]: n });
        return byAccount;
      }),

    countOverwritten: (accountId) => rows.run('counting pairs with a history', (collection) => collection.countDocuments({ accountId, ...overwritten })),
  };
}
