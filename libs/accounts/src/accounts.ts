import { Schema, type Connection, type Model } from 'mongoose';
import {
  asAccountId, asCalendarId, asInstallationId, asInventiveId, asSourceName, type Reason,
} from '@calsync/calendar-model';
import type { Account, AccountState, ComparisonMode } from '@calsync/sync-engine';
import { policiesOf, type AdministrationsOfSource } from './administration-settings.js';
import type { UserSettings } from './users-settings.js';
import { STORED } from './stored-documents.js';

/** A message to the services that goes out after the change it tells of was saved, and is removed after the broker's ack. */
export interface Announcement {
  readonly commandId: string;
  readonly type: 'nl.inventive.sync.account-linked.v1' | 'nl.inventive.sync.account-unlinked.v1' | 'nl.inventive.sync.resync.requested.v1' | 'nl.inventive.sync.comparison.requested.v1';
  readonly at: Date;
  /** Of a comparison. */
  readonly mode?: ComparisonMode;
}

export interface AccountDocument {
  readonly _id: string;
  readonly installation: string;
  /** What its marks say, where the source has an identity of its own (see `SourceEnvironments`). */
  readonly identity?: string;
  readonly source: string;
  readonly userId: string;
  readonly loginName: string;
  readonly fullName: string;
  readonly email: string;
  readonly sub: string;
  readonly calendarId: string;
  /** Of the Inventive server: wall times of what is born in Google are written in it. */
  readonly zone: string;
  /** False after unlinking: the document stays, so that linking the same Google account again resumes its pairs. */
  readonly linked: boolean;
  readonly state: AccountState;
  readonly stateReason?: Reason;
  /** See `Account`; a document of an older version has none. */
  readonly revision?: number;
  /** By administration: the generation of its settings under which this account was last taken up; see `spreadSettings`. */
  readonly taken?: Readonly<Record<string, number>>;
  readonly linkedAt: Date;
  /** When it was linked again in the place of another calendar of that person. */
  readonly keptElsewhereUntil?: Date;
  readonly announcements: readonly Announcement[];
}

const documentSchema = new Schema<AccountDocument>(
  {
    _id: { type: String, required: true },
    installation: { type: String, required: true },
    identity: String,
    source: { type: String, required: true },
    userId: { type: String, required: true },
    loginName: { type: String, default: '' },
    fullName: { type: String, default: '' },
    email: { type: String, required: true },
    sub: { type: String, required: true },
    calendarId: { type: String, required: true },
    zone: { type: String, required: true },
    linked: { type: Boolean, required: true },
    state: { type: String, required: true },
    stateReason: String,
    revision: Number,
    taken: Schema.Types.Mixed,
    linkedAt: { type: Date, required: true },
    keptElsewhereUntil: Date,
    announcements: { type: [new Schema({ commandId: String, type: { type: String }, at: Date, mode: String }, { _id: false })], required: true },
  },
  { ...STORED, collection: 'accounts' },
);
// These rules hold against two administrators who press the button at the same moment.
documentSchema.index({ installation: 1, sub: 1 }, { name: 'one-user-per-google-account', unique: true, partialFilterExpression: { linked: true } });
documentSchema.index({ installation: 1, source: 1, userId: 1 }, { name: 'one-google-account-per-user', unique: true, partialFilterExpression: { linked: true } });
// A calendar that is shared with the right to write stands in the lists of several people: kept for two of them, each one's
// appointments would be taken for the other's, and the two would rewrite each other's marks for ever.
documentSchema.index({ installation: 1, calendarId: 1 }, { name: 'one-user-per-calendar', unique: true, partialFilterExpression: { linked: true } });
documentSchema.index({ installation: 1, state: 1 }, { name: 'by-state', partialFilterExpression: { linked: true } });
documentSchema.index({ 'announcements.commandId': 1 }, { name: 'announcements', sparse: true });

export function accountsModel(connection: Connection): Model<AccountDocument> {
  return (connection.models['Account'] as Model<AccountDocument> | undefined) ?? connection.model<AccountDocument>('Account', documentSchema);
}

/** An account as the engine knows it: who is linked, with the settings of that user and of the administrations of the source. */
export function toAccount(document: AccountDocument, settings: UserSettings, administrations: AdministrationsOfSource): Account {
  return {
    id: asAccountId(document._id),
    installation: asInstallationId(document.identity ?? document.installation),
    source: asSourceName(document.source),
    userId: asInventiveId(document.userId),
    loginName: document.loginName,
    fullName: document.fullName,
    administrationId: asInventiveId(requireAdministration(document, settings)),
    ...(settings.onlyAdministration === true ? { onlyAdministration: true as const } : {}),
    zone: document.zone,
    email: document.email,
    sub: document.sub,
    calendarId: asCalendarId(document.calendarId),
    state: document.state,
    ...(document.stateReason === undefined ? {} : { stateReason: document.stateReason }),
    revision: document.revision ?? 0,
    ...(document.keptElsewhereUntil ? { keptElsewhereUntil: document.keptElsewhereUntil.getTime() } : {}),
    daysBefore: settings.daysBefore,
    daysAfter: settings.daysAfter,
    direction: settings.direction,
    ...policiesOf(settings, administrations),
    ...(settings.sweepSeconds === undefined ? {} : { sweepSeconds: settings.sweepSeconds }),
  };
}

/** Linking writes both documents in one transaction and the settings refuse to drop it: its absence is a broken invariant. */
function requireAdministration(document: AccountDocument, settings: UserSettings): string {
  if (settings.administrationId === undefined) throw new Error(`account ${document._id} is linked without an administration; set one in its settings`);
  return settings.administrationId;
}
