import { z } from 'zod';
import { administrationsModel, effectivePolicy, effectivePolicySchema, policySettingsSchema, spreadingAhead, type AdministrationDocument, type PolicySettings } from '@calsync/accounts';
import type { SourceName } from '@calsync/calendar-model';
import type { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import type { Administration } from '../users/inventive-users.js';
import { descriptionFieldsSchema } from '../users/settings-view.js';

export const administrationViewSchema = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  settings: policySettingsSchema.describe('what is set for this administration; what is absent is as by default'),
  effective: effectivePolicySchema.describe('what goes for users who have no settings of their own'),
  accountsAhead: z.number().describe('linked accounts that are still to be looked at for the last change'),
});
export const administrationsSchema = z.object({
  administrations: z.array(administrationViewSchema),
  defaults: effectivePolicySchema.describe('what goes where nothing is set'),
  fieldsOffered: descriptionFieldsSchema,
});
export const changedAdministrationSchema = z.object({
  settings: policySettingsSchema,
  effective: effectivePolicySchema,
  affectedUsers: z.number().describe('linked users for whom something goes differently now; what stands in their agendas is planned anew, some agendas at a time'),
});
export type AdministrationViews = z.infer<typeof administrationsSchema>;
export type ChangedAdministrationView = z.infer<typeof changedAdministrationSchema>;

/** The administrations of one Inventive server in the order of their codes, with what is set for each. */
export async function administrationViews(parts: Pick<ConsoleParts, 'connection' | 'installation' | 'inventive'>, source: SourceName): Promise<AdministrationViews> {
  const [known, documents] = await Promise.all([
    administrationsIn(parts, source),
    administrationsModel(parts.connection).find({ source }).lean<AdministrationDocument[]>(),
  ]);
  const byId = new Map(documents.map((one) => [one.administrationId, one]));
  const views = known.map(async ({ id, code, name }) => {
    const document = byId.get(id);
    const settings: PolicySettings = document?.settings ?? {};
    return { id, code, name, settings, effective: effectivePolicy({ administration: settings }), accountsAhead: document === undefined ? 0 : await spreadingAhead(parts, document) };
  });
  return { administrations: (await Promise.all(views)).toSorted((one, other) => one.code.localeCompare(other.code, 'nl', { numeric: true })), defaults: effectivePolicy({}), fieldsOffered: [...parts.inventive.descriptionFields(source)] };
}

/** Throws the `Problem` that a person can act on. */
export async function administrationsIn({ inventive }: Pick<ConsoleParts, 'inventive'>, source: SourceName): Promise<readonly Administration[]> {
  if (!inventive.sources.includes(source)) throw new Problem('unknown-source');
  try {
    return await inventive.administrations(source);
  } catch {
    throw new Problem('inventive-unreachable', { source });
  }
}
