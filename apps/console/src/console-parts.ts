import type { Connection } from 'mongoose';
import { asInstallationId, type InstallationId } from '@calsync/calendar-model';
import {
  GoogleAccessTokens, GrantStore, LinkRequests, MongoAccountDirectory, prepareAccounts, SourceEnvironments, type GoogleClient, type HoldersOf,
} from '@calsync/accounts';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { systemClock } from '@calsync/service-chassis';
import { createBrakeLedger, createChannels, createComparisons, createPairLists, createPairs, createUnpaired, createWatermarks, holdersOf, type BrakeRelease, type ChannelStore, type ComparisonCollection, type PairLists, type UnpairedCollection, type WatermarkStore } from '@calsync/sync-store';
import { RecentChanges } from './changes/recent-changes.js';
import { readCalendars, type CalendarsReading } from './calendars/google-calendars.js';
import { GoogleSignIn } from './linking/google-sign-in.js';
import type { PairDesk } from './pairs/pair-views.js';
import { Administrators, LOCAL_ADMINISTRATOR } from './session/administrators.js';
import { SESSION_LIFETIME_MS } from './session/doors.js';
import { MongoSessionStore } from './session/mongo-session-store.js';
import type { ConsoleSettings } from './settings.js';
import type { InventiveUsers } from './users/inventive-users.js';

/** Everything behind the console's doors, built once. Controllers ask for this and use the few parts they need. */
export class ConsoleParts {
  readonly installation: InstallationId;
  readonly grants: GrantStore;
  readonly requests: LinkRequests;
  readonly directory: MongoAccountDirectory;
  readonly changes: RecentChanges;
  readonly sessions: MongoSessionStore;
  readonly administrators: Administrators;
  readonly pairs: PairDesk;
  readonly pairLists: PairLists;
  readonly unpaired: Pick<UnpairedCollection, 'list' | 'countByReason' | 'countQuestions' | 'find' | 'remove'>;
  readonly comparisons: Pick<ComparisonCollection, 'request' | 'find' | 'last'>;
  readonly brake: BrakeRelease;
  readonly holders: HoldersOf;
  readonly environments: SourceEnvironments;
  readonly watermarks: Pick<WatermarkStore, 'beginAnew'>;
  readonly channels: Pick<ChannelStore, 'ofAccount' | 'remove'>;
  readonly signIn: GoogleSignIn;
  readonly secure: boolean;
  readonly journeyCookie: string;
  readonly choiceCookie: string;
  readonly accessTokens: GoogleAccessTokens;
  readonly client: GoogleClient;
  #wake: () => void = () => undefined;
  #spread: () => void = () => undefined;
  #prepared = false;

  constructor(
    readonly settings: ConsoleSettings,
    readonly connection: Connection,
    readonly inventive: InventiveUsers,
  ) {
    const keys = new KeyRing(settings.MASTER_KEYS);
    const now = systemClock.now;
    this.installation = asInstallationId(settings.INSTALLATION_ID);
    this.grants = new GrantStore({ connection, installation: this.installation, keys });
    this.requests = new LinkRequests({ connection, installation: this.installation, keys, now });
    this.directory = new MongoAccountDirectory({ connection, installation: this.installation, clock: systemClock });
    this.changes = new RecentChanges(connection);
    this.sessions = new MongoSessionStore(connection, SESSION_LIFETIME_MS);
    this.administrators = new Administrators(connection);
    this.environments = new SourceEnvironments({ connection, installation: this.installation });
    this.watermarks = createWatermarks(connection);
    this.channels = createChannels(connection);
    const pairs = createPairs(connection, keys);
    this.pairs = pairs;
    this.pairLists = createPairLists(connection, keys);
    this.unpaired = createUnpaired(connection, keys);
    this.comparisons = createComparisons(connection);
    this.holders = holdersOf(connection);
    this.brake = createBrakeLedger(connection, pairs.size);
    this.client = { clientId: settings.GOOGLE_CLIENT_ID, clientSecret: settings.GOOGLE_CLIENT_SECRET, ...(settings.GOOGLE_OAUTH_ROOT === undefined ? {} : { root: settings.GOOGLE_OAUTH_ROOT }) };
    this.accessTokens = new GoogleAccessTokens({ grants: this.grants, directory: this.directory, client: this.client, clock: systemClock });
    this.signIn = new GoogleSignIn({ client: this.client, redirectUri: `${settings.CONSOLE_PUBLIC_URL}/google/oauth/callback`, now });
    this.secure = settings.CONSOLE_PUBLIC_URL.startsWith('https:');
    this.journeyCookie = this.secure ? '__Host-koppelen' : 'koppelen';
    this.choiceCookie = `${this.journeyCookie}-agenda`;
  }

  readonly readCalendars = (accessToken: string): Promise<CalendarsReading> => readCalendars(this.settings.GOOGLE_API_ROOT, accessToken);

  /** Something waits to be told to the services: now rather than at the loop's next turn. */
  readonly announce = (): void => this.#wake();

  /** Resolves at the next `announce`. */
  announced(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Settings of an administration wait to reach those who are linked already. */
  readonly spread = (): void => this.#spread();

  /** Resolves at the next `spread`. */
  toSpread(): Promise<void> {
    return new Promise((resolve) => (this.#spread = resolve));
  }

  get prepared(): boolean {
    return this.#prepared;
  }

  /** Collections, indexes and the local administrator; safe to repeat. */
  async prepare(printPassword: (username: string, password: string) => void): Promise<void> {
    // Not awaited: a loop that waits for MongoDB without turning would count as stuck, and the process as dead.
    if (this.connection.db === undefined) throw new Error('MongoDB is not connected yet');
    await Promise.all([prepareAccounts(this.connection, this.grants), this.requests.prepare(), this.changes.prepare(), this.sessions.prepare()]);
    const changed = await this.administrators.ensureLocal(this.settings.ADMIN_PASSWORD, (password) => printPassword(LOCAL_ADMINISTRATOR, password));
    if (changed) await this.sessions.endAll();
    this.#prepared = true;
  }
}
