import type { Connection, Model } from 'mongoose';
import { asAccountId, asInventiveId, asSourceName, type AccountId, type InstallationId, type InventiveId, type Reason, type SourceName } from '@calsync/calendar-model';
import type { Account, AccountDirectory, AccountState, Clock } from '@calsync/sync-engine';
import { administrationsOf } from './administration-settings.js';
import { accountsModel, toAccount, type AccountDocument } from './accounts.js';
import { SourceEnvironments } from './source-environments.js';
import { storing } from './storage-failure.js';
import { settingsOf, userKey, usersSettingsModel, type UserSettingsDocument } from './users-settings.js';

const CACHE_MS = 5_000;
/** Far above any installation; a flood of messages about strangers must not fill the memory. */
const CACHE_ENTRIES = 20_000;

interface Cached {
  readonly until: number;
  readonly account: Promise<Account | undefined>;
}

/** What a list shows of a linked account: all but how it is set. */
export type Link = Pick<Account, 'id' | 'source' | 'userId' | 'loginName' | 'fullName' | 'email' | 'state' | 'stateReason'>;
type LinkDocument = Pick<AccountDocument, '_id' | 'source' | 'userId' | 'loginName' | 'fullName' | 'email' | 'state' | 'stateReason'>;
const LINK = { source: 1, userId: 1, loginName: 1, fullName: 1, email: 1, state: 1, stateReason: 1 } as const;

/** Who is linked, from MongoDB. Answers of `byUser` and `byId` are at most 5 s old, those about unlinked users too. */
export class MongoAccountDirectory implements AccountDirectory {
  readonly #accounts: Model<AccountDocument>;
  readonly #settings: Model<UserSettingsDocument>;
  readonly #environments: SourceEnvironments;
  readonly #cache = new Map<string, Cached>();

  constructor(private readonly parts: { readonly connection: Connection; readonly installation: InstallationId; readonly clock: Pick<Clock, 'now'> }) {
    this.#accounts = accountsModel(parts.connection);
    this.#settings = usersSettingsModel(parts.connection);
    this.#environments = new SourceEnvironments(parts);
  }

  byUser(source: SourceName, userId: InventiveId): Promise<Account | undefined> {
    return this.#cached(`user ${userKey(source, userId)}`, () => this.#find({ source, userId }));
  }

  byId(id: AccountId): Promise<Account | undefined> {
    return this.#cached(`id ${id}`, () => this.#find({ _id: id }));
  }

  current(id: AccountId): Promise<Account | undefined> {
    this.#cache.delete(`id ${id}`);
    return this.byId(id);
  }

  isLinked(id: AccountId): Promise<boolean> {
    return storing('asking whether an account is linked', async () => (await this.#accounts.exists({ _id: id, linked: true })) !== null);
  }

  all(): Promise<readonly Account[]> {
    return storing('listing the accounts', () => this.#all());
  }

  /** Of all users, or of one. Ten thousand accounts with all that goes for each would take a second. */
  async links(of: { readonly source: string; readonly userId: string } | Record<string, never> = {}): Promise<readonly Link[]> {
    return storing('listing who is linked', async () => {
      const [documents, locked] = await Promise.all([
        // Straight from the driver: nothing in it needs a cast.
        this.#accounts.collection.find<LinkDocument>({ ...of, installation: this.parts.installation, linked: true }, { projection: LINK }).toArray(),
        this.#environments.lockedSources(),
      ]);
      return documents.map((one) => lockedIn(locked, toLink(one)));
    });
  }

  /** One that is locked here waits, whatever it is about to do. */
  joining(): Promise<readonly Account[]> {
    return storing('listing the joining accounts', async () => (await this.#all({ state: 'joining' })).filter(({ state }) => state === 'joining'));
  }

  async changeState(id: AccountId, from: readonly AccountState[], to: AccountState, reason?: Reason, revision?: number): Promise<boolean> {
    const unchanged = revision === undefined ? {} : { $expr: { $eq: [{ $ifNull: ['$revision', 0] }, revision] } };
    const result = await storing('changing the state of an account', () =>
      this.#accounts.updateOne(
        { _id: id, linked: true, state: { $in: [...from] }, ...unchanged },
        reason === undefined ? { $set: { state: to }, $unset: { stateReason: 1 } } : { $set: { state: to, stateReason: reason } },
      ),
    );
    this.forget();
    return result.matchedCount === 1;
  }

  /** Drops this process's cached answers, after a change made here. */
  forget(): void {
    this.#cache.clear();
  }

  async #all(only: { readonly state?: AccountState } = {}): Promise<readonly Account[]> {
    const documents = await this.#accounts.find({ installation: this.parts.installation, linked: true, ...only }).sort({ _id: 1 }).lean<AccountDocument[]>();
    if (documents.length === 0) return [];
    const { connection } = this.parts;
    const [settings, locked, administrations] = await Promise.all([
      this.#settings.find({ _id: { $in: documents.map((one) => `${one.source}/${one.userId}`) } }).lean<UserSettingsDocument[]>(),
      this.#environments.lockedSources(),
      Promise.all([...new Set(documents.map((one) => one.source))].map(async (source) => [source, await administrationsOf(connection, source)] as const)),
    ]);
    const byKey = new Map(settings.map((one) => [one._id, one]));
    const bySource = new Map(administrations);
    return documents.map((one) => lockedIn(locked, toAccount(one, settingsOf(byKey.get(`${one.source}/${one.userId}`)), bySource.get(one.source) ?? new Map())));
  }

  async #find(filter: { source: string; userId: string } | { _id: string }): Promise<Account | undefined> {
    const document = await this.#accounts.findOne({ ...filter, installation: this.parts.installation, linked: true }).lean<AccountDocument | null>();
    if (document === null) return undefined;
    const [settings, locked, administrations] = await Promise.all([
      this.#settings.findById(`${document.source}/${document.userId}`).lean<UserSettingsDocument | null>(),
      this.#environments.lockedSources(),
      administrationsOf(this.parts.connection, document.source),
    ]);
    return lockedIn(locked, toAccount(document, settingsOf(settings), administrations));
  }

  #cached(key: string, find: () => Promise<Account | undefined>): Promise<Account | undefined> {
    const now = this.parts.clock.now();
    const known = this.#cache.get(key);
    if (known !== undefined && known.until > now) return known.account;
    if (this.#cache.size >= CACHE_ENTRIES) this.#cache.clear();
    const entry: Cached = { until: now + CACHE_MS, account: storing('finding an account', find) };
    this.#cache.set(key, entry);
    // A failed look-up is no answer: the next caller asks again.
    entry.account.catch(() => {
      if (this.#cache.get(key) === entry) this.#cache.delete(key);
    });
    return entry.account;
  }
}

/** Whatever state it is in: in a copy of our database all of them are somebody else's. */
const lockedIn = <One extends Link>(locked: ReadonlySet<string>, account: One): One =>
  locked.has(account.source) ? { ...account, state: 'locked', stateReason: 'source-write-locked' } : account;

const toLink = ({ _id, source, userId, loginName, fullName, email, state, stateReason }: LinkDocument): Link => ({
  id: asAccountId(_id), source: asSourceName(source), userId: asInventiveId(userId), loginName, fullName, email, state, ...(stateReason === undefined ? {} : { stateReason }),
});
