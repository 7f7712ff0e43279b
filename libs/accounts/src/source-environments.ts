import { randomUUID } from 'node:crypto';
import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import { asInstallationId, type AccountId, type InstallationId, type SourceName } from '@calsync/calendar-model';
import { accountsModel, type AccountDocument } from './accounts.js';
import type { GrantStore } from './grants.js';
import { announcement } from './link-account.js';
import { storing } from './storage-failure.js';
import { STORED } from './stored-documents.js';

/** By what an Inventive server is recognised. */
export interface Fingerprint {
  /** Origin and path of the address in the settings. */
  readonly address: string;
  /** What the server calls its database (4D's `__UNIQID`); absent where it doesn't say, or the settings say not to look at it. */
  readonly database?: string;
}

/** `moved`: the same agendas, on another server. `copy`: a test copy of them, from which nothing may reach anybody's calendar. */
export const ENVIRONMENT_ANSWERS = ['moved', 'copy'] as const;
export type EnvironmentAnswer = (typeof ENVIRONMENT_ANSWERS)[number];

export interface SourceEnvironment {
  readonly source: SourceName;
  readonly known: Fingerprint;
  readonly knownSince: Date;
  /** Another server was found where that one was: writes are locked until a person answers. */
  readonly locked?: { readonly found: Fingerprint; readonly since: Date };
}

interface EnvironmentDocument {
  readonly _id: string;
  readonly known: Fingerprint;
  readonly knownSince: Date;
  readonly locked?: { readonly found: Fingerprint; readonly since: Date } | null;
  /** After "copy": what this source's marks and account ids are made of, in place of INSTALLATION_ID. */
  readonly identity?: string;
  readonly answers?: readonly { readonly answer: EnvironmentAnswer; readonly at: Date; readonly by: string }[];
}

const fingerprintSchema = new Schema<Fingerprint>({ address: { type: String, required: true }, database: String }, { _id: false });
const documentSchema = new Schema<EnvironmentDocument>(
  {
    _id: { type: String, required: true },
    known: { type: fingerprintSchema, required: true },
    knownSince: { type: Date, required: true },
    locked: { type: new Schema({ found: fingerprintSchema, since: Date }, { _id: false }), required: false },
    identity: String,
    answers: { type: [new Schema({ answer: String, at: Date, by: String }, { _id: false })], required: false, default: undefined },
  },
  { ...STORED, collection: 'source-environments' },
);

export const environmentsModel = (connection: Connection): Model<EnvironmentDocument> =>
  (connection.models['SourceEnvironment'] as Model<EnvironmentDocument> | undefined) ?? connection.model<EnvironmentDocument>('SourceEnvironment', documentSchema);

/**
 * The collection `source-environments`: which Inventive server each source is, as it was first seen. A copy of our database
 * beside a copy of Inventive's is otherwise like the original in everything, and would write into the calendars of real people.
 */
export class SourceEnvironments {
  readonly #environments: Model<EnvironmentDocument>;

  constructor(private readonly parts: { readonly connection: Connection; readonly installation: InstallationId }) {
    this.#environments = environmentsModel(parts.connection);
  }

  /** Compares what was found with what is known, and locks the source where it differs. The first to be seen is the known one. */
  async recognise(source: SourceName, found: Fingerprint): Promise<'known' | 'locked'> {
    return storing('recognising an Inventive server', async () => {
      const at = new Date();
      const document = await this.#environments
        .findOneAndUpdate({ _id: source }, { $setOnInsert: { known: found, knownSince: at } }, { upsert: true, returnDocument: 'after' })
        .lean<EnvironmentDocument | null>();
      if (document === null) throw new Error(`source ${source} was neither found nor noted`);
      const { known, locked } = document;
      const asRead = { _id: source, 'known.address': known.address, 'known.database': known.database ?? { $exists: false } };
      if (isSame(known, found)) {
        if (locked !== undefined && locked !== null) await this.#unlock(source, asRead);
        // It learnt to say what its database is called since.
        else if (known.database === undefined && found.database !== undefined) await this.#environments.updateOne(asRead, { $set: { known: found } });
        return 'known';
      }
      if (locked === undefined || locked === null || !isSame(locked.found, found)) await this.#environments.updateOne(asRead, { $set: { locked: { found, since: locked?.since ?? at } } });
      return 'locked';
    });
  }

  /** Names of the sources in which nobody may write. */
  async lockedSources(): Promise<ReadonlySet<string>> {
    return storing('reading which sources are locked', async () => new Set(await this.#environments.distinct('_id', LOCKED)));
  }

  async all(): Promise<readonly SourceEnvironment[]> {
    const documents = await storing('listing the sources', () => this.#environments.find().sort({ _id: 1 }).lean<EnvironmentDocument[]>());
    return documents.map(({ _id, known, knownSince, locked }) => ({ source: _id as SourceName, known, knownSince, ...(locked ? { locked } : {}) }));
  }

  /** What marks and account ids of this source are made of: INSTALLATION_ID, unless it was said to be a copy. */
  async identityOf(source: SourceName, session?: ClientSession): Promise<InstallationId> {
    const found = await this.#environments.findById(source).session(session ?? null).lean<EnvironmentDocument | null>();
    return found?.identity === undefined ? this.parts.installation : asInstallationId(found.identity);
  }

  /** Accounts that would be dropped by "copy"; their channels at Google are the original's and must be forgotten, not stopped. */
  async linkedAccounts(source: SourceName): Promise<readonly AccountId[]> {
    const found = await accountsModel(this.parts.connection).find({ installation: this.parts.installation, source, linked: true }, { _id: 1 }).lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id as AccountId);
  }

  /**
   * A person says what happened. `moved`: the found server is the known one from now on, and both sides of all accounts are compared
   * again. `copy`: likewise, under a new identity, so that all marks in Google are another installation's; all accounts are unlinked
   * and their grants erased here, while at Google the original's consents stay. All or nothing; false where the source isn't locked.
   */
  async answer(source: SourceName, answer: EnvironmentAnswer, by: string, grants: Pick<GrantStore, 'erase'>): Promise<boolean> {
    return this.parts.connection.transaction(async (session) => {
      const at = new Date();
      const before = await this.#environments.findOne({ _id: source, ...LOCKED }).session(session).lean<EnvironmentDocument | null>();
      if (before?.locked === undefined || before.locked === null) return false;
      await this.#environments.updateOne(
        { _id: source },
        {
          $set: { known: before.locked.found, knownSince: at, ...(answer === 'copy' ? { identity: randomUUID() } : {}) },
          $unset: { locked: 1 },
          $push: { answers: { answer, at, by } },
        },
        { session },
      );
      if (answer === 'moved') await this.#compareAll(source, session);
      else await this.#dropAll(source, grants, session);
      return true;
    });
  }

  /** The known server is back where it was: an address was wrong for a while. What came meanwhile was not taken in. */
  async #unlock(source: SourceName, asRead: object): Promise<void> {
    await this.parts.connection.transaction(async (session) => {
      const { modifiedCount } = await this.#environments.updateOne({ ...asRead, ...LOCKED }, { $unset: { locked: 1 } }, { session });
      if (modifiedCount === 1) await this.#compareAll(source, session);
    });
  }

  async #compareAll(source: SourceName, session: ClientSession): Promise<void> {
    await accountsModel(this.parts.connection).updateMany(
      { installation: this.parts.installation, source, linked: true, state: { $in: ['live', 'joining'] } },
      { $set: { state: 'joining' }, $unset: { stateReason: 1 }, $inc: { revision: 1 }, $push: { announcements: announcement('nl.inventive.sync.resync.requested.v1') } },
      { session },
    );
  }

  async #dropAll(source: SourceName, grants: Pick<GrantStore, 'erase'>, session: ClientSession): Promise<void> {
    const accounts = accountsModel(this.parts.connection);
    const own = { installation: this.parts.installation, source };
    const dropped = await accounts.find({ ...own }, { _id: 1 }).session(session).lean<Pick<AccountDocument, '_id'>[]>();
    await grants.erase(dropped.map(({ _id }) => _id as AccountId), session);
    // What waited to be told is the original's to tell.
    await accounts.updateMany(own, { $set: { linked: false, state: 'off', announcements: [] }, $unset: { stateReason: 1 } }, { session });
  }
}

const LOCKED = { 'locked.since': { $exists: true } };

/** A server that doesn't say what its database is called is known by its address alone. */
const isSame = (known: Fingerprint, found: Fingerprint): boolean =>
  known.address === found.address && (known.database === undefined || found.database === undefined || known.database === found.database);
