import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import type { AccountId, InstallationId, SourceName } from '@calsync/calendar-model';
import { storing } from './storage-failure.js';
import { STORED } from './stored-documents.js';

/** The key ring of the installation, as far as it is used here. */
export interface Seals {
  seal(plain: string, aad: string): string;
  open(sealed: string, aad: string): string;
}

/** What a person granted at Google, opened. */
export interface Grant {
  readonly accountId: AccountId;
  readonly source: SourceName;
  readonly refreshToken: string;
  /** Grows whenever the refresh token is another. */
  readonly version: number;
  readonly accessToken?: { readonly token: string; readonly useUntil: number };
  /** Google refused this version with `invalid_grant`: asking again is useless until the person consents again. */
  readonly refused: boolean;
}

export interface FreshTokens {
  readonly accessToken: string;
  /** Epoch ms; the caller keeps a margin before the true end. */
  readonly useUntil: number;
  readonly refreshToken?: string;
}

interface GrantDocument {
  _id: string;
  source: string;
  refreshToken: string;
  version: number;
  refused: boolean;
  accessToken?: { sealed: string; useUntil: Date };
  lease?: { holder: string; until: Date };
  /** After unlinking: when the grant is revoked at Google and erased. Until then the channels can still be stopped with it. */
  retireAt?: Date;
}

const documentSchema = new Schema<GrantDocument>(
  {
    _id: { type: String, required: true },
    source: { type: String, required: true },
    refreshToken: { type: String, required: true },
    version: { type: Number, required: true },
    refused: { type: Boolean, required: true },
    accessToken: { type: new Schema({ sealed: String, useUntil: Date }, { _id: false }), required: false },
    lease: { type: new Schema({ holder: String, until: Date }, { _id: false }), required: false },
    retireAt: Date,
  },
  { ...STORED, collection: 'grants' },
);
documentSchema.index({ retireAt: 1 }, { name: 'to-retire', sparse: true });

const grantsModel = (connection: Connection): Model<GrantDocument> =>
  (connection.models['Grant'] as Model<GrantDocument> | undefined) ?? connection.model<GrantDocument>('Grant', documentSchema);

/**
 * Refresh and access tokens, sealed: bound to installation, source and account, so that a ciphertext moved to another row opens nothing.
 * Every time that other replicas compare is MongoDB's own (`$$NOW`): clocks of two machines need not agree.
 */
export class GrantStore {
  readonly #grants: Model<GrantDocument>;

  constructor(private readonly parts: { readonly connection: Connection; readonly installation: InstallationId; readonly keys: Seals }) {
    this.#grants = grantsModel(parts.connection);
  }

  async prepare(): Promise<void> {
    await this.#grants.createCollection();
    await this.#grants.createIndexes();
  }

  /** A new consent replaces whatever stood there, also a grant that waits to be retired. */
  async replace(accountId: AccountId, source: SourceName, fresh: FreshTokens & { readonly refreshToken: string }, session?: ClientSession): Promise<void> {
    const aad = this.#aad(accountId, source);
    await this.#grants.updateOne(
      { _id: accountId },
      {
        $set: {
          source,
          refreshToken: this.parts.keys.seal(fresh.refreshToken, aad),
          refused: false,
          accessToken: { sealed: this.parts.keys.seal(fresh.accessToken, aad), useUntil: new Date(fresh.useUntil) },
        },
        $unset: { lease: 1, retireAt: 1 },
        $inc: { version: 1 },
      },
      { upsert: true, ...(session === undefined ? {} : { session }) },
    );
  }

  /** The same consent for another account of that person, sealed for it. False where there is none, or Google takes it no more. */
  async copy(from: AccountId, to: AccountId, session: ClientSession): Promise<boolean> {
    const document = await this.#grants.findById(from).session(session).lean<GrantDocument | null>();
    if (document === null || document.refused) return false;
    const { source, refreshToken, accessToken = { token: '', useUntil: 0 } } = this.#open(document);
    await this.replace(to, source, { refreshToken, accessToken: accessToken.token, useUntil: accessToken.useUntil }, session);
    return true;
  }

  async read(accountId: AccountId): Promise<Grant | undefined> {
    const document = await storing('reading a grant', () => this.#grants.findById(accountId).lean<GrantDocument | null>());
    return document === null ? undefined : this.#open(document);
  }

  /** The grant as it stands once this holder alone may refresh it; undefined where another replica is at it. */
  async takeRefreshLease(accountId: AccountId, holder: string, ttlMs: number): Promise<Grant | undefined> {
    const document = await storing('taking the lease of a grant', () =>
      this.#grants
        .findOneAndUpdate(
          { _id: accountId, $or: [{ lease: { $exists: false } }, { $expr: { $lte: ['$lease.until', '$$NOW'] } }] },
          [{ $set: { lease: { holder, until: { $add: ['$$NOW', ttlMs] } } } }],
          { returnDocument: 'after', updatePipeline: true },
        )
        .lean<GrantDocument | null>(),
    );
    return document === null ? undefined : this.#open(document);
  }

  async releaseRefreshLease(accountId: AccountId, holder: string): Promise<void> {
    await this.#grants.updateOne({ _id: accountId, 'lease.holder': holder }, { $unset: { lease: 1 } });
  }

  /**
   * Keeps what a refresh brought and ends the lease. False where the grant is another by now (the person consented again): then
   * nothing is written. A refresh token sealed with an old key is sealed anew on the way.
   */
  async saveRefreshed(grant: Grant, fresh: FreshTokens): Promise<boolean> {
    const aad = this.#aad(grant.accountId, grant.source);
    const rotated = fresh.refreshToken !== undefined && fresh.refreshToken !== grant.refreshToken;
    const result = await this.#grants.updateOne(
      { _id: grant.accountId, version: grant.version },
      {
        $set: {
          refreshToken: this.parts.keys.seal(fresh.refreshToken ?? grant.refreshToken, aad),
          accessToken: { sealed: this.parts.keys.seal(fresh.accessToken, aad), useUntil: new Date(fresh.useUntil) },
        },
        $unset: { lease: 1 },
        $inc: { version: rotated ? 1 : 0 },
      },
    );
    return result.matchedCount === 1;
  }

  /** False where the grant is another by now: what Google refused was an older one. */
  async markRefused(grant: Grant): Promise<boolean> {
    const result = await storing('marking a grant as refused', () =>
      this.#grants.updateOne({ _id: grant.accountId, version: grant.version }, { $set: { refused: true }, $unset: { lease: 1, accessToken: 1 } }),
    );
    return result.matchedCount === 1;
  }

  /** Google refused this access token; a newer one that another replica fetched meanwhile stays. */
  async forgetAccessToken(accountId: AccountId, token: string): Promise<void> {
    const document = await storing('reading a grant', () => this.#grants.findById(accountId).lean<GrantDocument | null>());
    if (document?.accessToken === undefined) return;
    if (this.#open(document).accessToken?.token !== token) return;
    const { sealed } = document.accessToken;
    await storing('dropping an access token', () => this.#grants.updateOne({ _id: accountId, 'accessToken.sealed': sealed }, { $unset: { accessToken: 1 } }));
  }

  async retireAfter(accountId: AccountId, graceMs: number, session?: ClientSession): Promise<void> {
    await this.#grants.updateOne({ _id: accountId }, [{ $set: { retireAt: { $add: ['$$NOW', graceMs] } } }], {
      updatePipeline: true,
      ...(session === undefined ? {} : { session }),
    });
  }

  /** Forgotten here and not revoked: at Google it is somebody else's consent too. */
  async erase(accountIds: readonly AccountId[], session: ClientSession): Promise<void> {
    await this.#grants.deleteMany({ _id: { $in: [...accountIds] } }, { session });
  }

  async dueForRetirement(): Promise<readonly Grant[]> {
    const documents = await this.#grants.find({ retireAt: { $exists: true }, $expr: { $lte: ['$retireAt', '$$NOW'] } }).limit(50).lean<GrantDocument[]>();
    return documents.map((one) => this.#open(one));
  }

  /** Of these accounts whose grants stand here, retired or not. */
  async ofAny(accountIds: readonly AccountId[]): Promise<readonly AccountId[]> {
    return (await this.#grants.find({ _id: { $in: [...accountIds] } }, { _id: 1 }).lean<{ _id: string }[]>()).map(({ _id }) => _id as AccountId);
  }

  /** Only if it is still the one that was to go: linking again in the meantime saves it. */
  async eraseRetired(grant: Grant): Promise<void> {
    await this.#grants.deleteOne({ _id: grant.accountId, version: grant.version, retireAt: { $exists: true } });
  }

  #open(document: GrantDocument): Grant {
    const accountId = document._id as AccountId;
    const source = document.source as SourceName;
    const aad = this.#aad(accountId, source);
    return {
      accountId,
      source,
      refreshToken: this.parts.keys.open(document.refreshToken, aad),
      version: document.version,
      refused: document.refused,
      ...(document.accessToken === undefined || document.accessToken === null
        ? {}
        : { accessToken: { token: this.parts.keys.open(document.accessToken.sealed, aad), useUntil: document.accessToken.useUntil.getTime() } }),
    };
  }

  #aad(accountId: AccountId, source: SourceName): string {
    return JSON.stringify(['grant', this.parts.installation, source, accountId]);
  }
}
