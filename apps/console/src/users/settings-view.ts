import { z } from 'zod';
import { administrationsOf, effectivePolicy, effectivePolicySchema, userSettingsSchema, type UserSettings } from '@calsync/accounts';
import type { SourceName } from '@calsync/calendar-model';
import type { ConsoleParts } from '../console-parts.js';

export const descriptionFieldsSchema = z.array(z.object({ field: z.string(), label: z.string() })).describe('what `descriptionFields` can name in this Inventive server, each with its name in Inventive');

export const settingsViewSchema = userSettingsSchema.extend({
  effective: effectivePolicySchema.describe("what goes for appointments of the user's own administration, and who says so"),
  inherited: effectivePolicySchema.describe('what would go where nothing was set for the user'),
  fieldsOffered: descriptionFieldsSchema,
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** A user's settings with what they come to; sent back as they are they change nothing. */
export async function settingsView({ connection, inventive }: Pick<ConsoleParts, 'connection' | 'inventive'>, source: SourceName, settings: UserSettings): Promise<SettingsView> {
  const { administrationId } = settings;
  const administration = administrationId === undefined ? undefined : (await administrationsOf(connection, source)).get(administrationId);
  return { ...settings, effective: effectivePolicy({ user: settings, administration }), inherited: effectivePolicy({ administration }), fieldsOffered: [...inventive.descriptionFields(source)] };
}
