import { z } from 'zod';
import { Schema, type Connection, type Model } from 'mongoose';
import type { InventiveId, SourceName } from '@calsync/calendar-model';
import { DEFAULT_RULES } from '@calsync/sync-engine';
import { STORED } from './stored-documents.js';

const deletion = z.enum(['delete', 'mark', 'keep']);
const importOrSkip = z.enum(['import', 'skip']);

/** See `AccountRules` of the engine; what is left out is as by default. */
const rulesSchema = z.object({
  deletion: z.object({ toInventive: deletion, toGoogle: deletion }).default(DEFAULT_RULES.deletion),
  colours: z
    .record(z.string().min(1).max(80), z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('colour'), id: z.string().regex(/^([1-9]|1[01])$/) }),
      z.object({ kind: z.literal('label'), id: z.string().min(1).max(100) }),
    ]))
    .default({}),
  guests: z.enum(['off', 'silent', 'mail']).default(DEFAULT_RULES.guests),
  invitations: importOrSkip.default(DEFAULT_RULES.invitations),
  deletedInvitation: z.enum(['decline', 'nothing']).default(DEFAULT_RULES.deletedInvitation),
  eventTypes: z
    .object({ birthday: importOrSkip, focusTime: importOrSkip, outOfOffice: importOrSkip, workingLocation: importOrSkip, fromGmail: importOrSkip })
    .default(DEFAULT_RULES.eventTypes),
});

/** How one user's agenda is kept, as an administrator sets it; it stands whether or not the user is linked. */
export const userSettingsSchema = z.object({
  on: z.boolean(),
  daysBefore: z.int().min(0).max(3650),
  daysAfter: z.int().min(0).max(3650),
  /** Where appointments born in Google go; 32 upper-case hex digits. Absent until somebody chooses or links. */
  administrationId: z.string().regex(/^[0-9A-F]{32}$/).optional(),
  /**
   * True: only rows of that administration are in this agenda. Choosing an administration makes it so; until then, and where
   * it is set to false with the administration left as it is, all rows of the user are.
   */
  onlyAdministration: z.boolean().optional(),
  direction: z.enum(['both', 'to-google', 'to-inventive']),
  conflictPolicy: z.enum(['latest-wins', 'inventive-wins', 'google-wins']),
  privateContent: z.enum(['full', 'busy-only']),
  /** Keys of the description block in order; `notes` stands for *Opmerking*. */
  descriptionFields: z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9.]{0,60}$/)).max(40),
  /** Upper bound of the sweep for this user. */
  sweepSeconds: z.int().min(10).max(86_400).optional(),
  /** Left out of a change, they stay as they are. */
  rules: rulesSchema.optional(),
});
export type UserSettings = z.infer<typeof userSettingsSchema>;

export const DEFAULT_SETTINGS: UserSettings = {
  on: true,
  daysBefore: 30,
  daysAfter: 90,
  direction: 'both',
  conflictPolicy: 'latest-wins',
  // A private appointment shows as busy in Google until an administrator decides otherwise.
  privateContent: 'busy-only',
  descriptionFields: ['notes', 'relation.name', 'contact.name', 'project.name'],
};

export interface UserSettingsDocument extends UserSettings {
  readonly _id: string;
  readonly source: string;
  readonly userId: string;
}

/** The key of everything that belongs to one Inventive user. */
export const userKey = (source: SourceName, userId: InventiveId): string => `${source}/${userId}`;

const documentSchema = new Schema<UserSettingsDocument>(
  {
    _id: { type: String, required: true },
    source: { type: String, required: true },
    userId: { type: String, required: true },
    on: { type: Boolean, required: true },
    daysBefore: { type: Number, required: true },
    daysAfter: { type: Number, required: true },
    administrationId: String,
    onlyAdministration: Boolean,
    direction: { type: String, required: true },
    conflictPolicy: { type: String, required: true },
    privateContent: { type: String, required: true },
    descriptionFields: { type: [String], required: true },
    sweepSeconds: Number,
    rules: Schema.Types.Mixed,
  },
  { ...STORED, collection: 'users-settings' },
);

export function usersSettingsModel(connection: Connection): Model<UserSettingsDocument> {
  return (connection.models['UserSettings'] as Model<UserSettingsDocument> | undefined) ?? connection.model<UserSettingsDocument>('UserSettings', documentSchema);
}

/** The settings inside a stored document, with what a document of an older version lacks. */
export function settingsOf(document: UserSettingsDocument | null | undefined): UserSettings {
  return userSettingsSchema.parse({ ...DEFAULT_SETTINGS, ...document });
}
