import { z } from 'zod';
import { Schema, type Connection, type Model } from 'mongoose';
import type { InventiveId, SourceName } from '@calsync/calendar-model';
import { policySettingsSchema, setInOlderVersion, whatIsSet, type PolicySettings } from './policy-settings.js';
import { STORED } from './stored-documents.js';

/**
 * How one user's agenda is kept, as an administrator sets it; it stands whether or not the user is linked. What is absent or null of
 * the policy is inherited: from the administration, else from the product.
 */
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
  /** Upper bound of the sweep for this user. */
  sweepSeconds: z.int().min(10).max(86_400).optional(),
  /** What goes for this user whatever the administration says. */
  ...policySettingsSchema.shape,
});
export type UserSettings = z.infer<typeof userSettingsSchema>;

export const DEFAULT_SETTINGS: UserSettings = {
  on: true,
  daysBefore: 30,
  daysAfter: 90,
  direction: 'both',
};

export interface UserSettingsDocument extends UserSettings {
  readonly _id: string;
  readonly source: string;
  readonly userId: string;
  /** Absent where everything was saved with every change, and nothing could be inherited. */
  readonly version?: typeof INHERITING;
}

const INHERITING = 2;

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
    conflictPolicy: String,
    privateContent: String,
    // An empty list is a choice; none is none.
    descriptionFields: { type: [String], default: undefined },
    sweepSeconds: Number,
    rules: Schema.Types.Mixed,
    version: Number,
  },
  // An empty list of colours is a choice.
  { ...STORED, collection: 'users-settings', minimize: false },
);

export function usersSettingsModel(connection: Connection): Model<UserSettingsDocument> {
  return (connection.models['UserSettings'] as Model<UserSettingsDocument> | undefined) ?? connection.model<UserSettingsDocument>('UserSettings', documentSchema);
}

/** The settings inside a stored document, with what a document of an older version lacks. */
export function settingsOf(document: UserSettingsDocument | null | undefined): UserSettings {
  const { conflictPolicy, privateContent, descriptionFields, rules, ...own } = userSettingsSchema.parse({ ...DEFAULT_SETTINGS, ...document });
  const said: PolicySettings = { conflictPolicy, privateContent, descriptionFields, rules };
  return { ...own, ...(document?.version === undefined ? setInOlderVersion(said) : whatIsSet(said)) };
}

/** The whole document: what isn't set any more isn't in it. */
export function documentOf(source: SourceName, userId: InventiveId, settings: UserSettings): UserSettingsDocument {
  const { conflictPolicy, privateContent, descriptionFields, rules, ...own } = settings;
  return { _id: userKey(source, userId), source, userId, version: INHERITING, ...own, ...whatIsSet({ conflictPolicy, privateContent, descriptionFields, rules }) };
}
