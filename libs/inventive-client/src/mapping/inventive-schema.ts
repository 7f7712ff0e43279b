import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const name = z.string().min(1);
const linked = z.strictObject({
  dataclass: name,
  id: name,
  /** What of it can stand in the description block: our key, the attribute, and the label that users see. */
  fields: z.array(z.strictObject({ field: z.string().regex(/^[a-z]+\.[A-Za-z]+$/), attribute: name, label: name })),
});

/** The mapping file: how one installation of Inventive calls what we know. The only place with its words. */
export const inventiveSchema = z.strictObject({
  administration: z.strictObject({ dataclass: name, attributes: z.strictObject({ id: name, code: name, name }) }),
  user: z.strictObject({ dataclass: name, attributes: z.strictObject({ id: name, loginName: name, fullName: name, email: name, active: name }) }),
  appointment: z.strictObject({
    dataclass: name,
    attributes: z.strictObject({
      id: name, administrationId: name, ownerId: name, subject: name, location: name, notes: name,
      startOn: name, endOn: name, startTime: name, endTime: name, allDay: name, private: name,
      showAs: name, status: name, category: name, relationId: name, contactId: name, projectId: name,
      seriesId: name, modifiedAt: name, modifiedBy: name,
      /** An Inventive without reminders leaves it out: then they stay Google's own. */
      reminderMinutes: name.optional(),
    }),
    values: z.strictObject({
      showAs: z.strictObject({ busy: name, free: name, tentative: name, away: name }),
      status: z.strictObject({ planned: name, done: name, void: name }),
    }),
  }),
  participant: z.strictObject({
    dataclass: name,
    /** Without `userId` a colleague is known by his address only. */
    attributes: z.strictObject({ id: name, appointmentId: name, name, email: name, reply: name, userId: name.optional() }),
    values: z.strictObject({ reply: z.strictObject({ none: name, accepted: name, declined: name, maybe: name }) }),
  }),
  relation: linked,
  contact: linked,
  project: linked,
});
export type InventiveSchema = z.infer<typeof inventiveSchema>;

/** What an appointment is made of, itself included: the tables with change tracking. */
export const TRACKED = ['appointment', 'participant', 'relation', 'contact', 'project'] as const;

const DEFAULT_FILE = fileURLToPath(new URL('../../inventive.schema.json', import.meta.url));

/** Reads and checks a mapping file; without a path the one that comes with the product. */
export function loadInventiveSchema(file: string = DEFAULT_FILE): InventiveSchema {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`The mapping file ${file} can't be read as JSON (${error instanceof Error ? error.message : String(error)}): start from the inventive.schema.json that comes with the product.`, { cause: error });
  }
  const result = inventiveSchema.safeParse(parsed);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Error(`The mapping file ${file} isn't complete. ${problems.join('; ')}`);
}

/** The fields that an administration can choose for the description block, in the order of the mapping file. */
export function blockFields(schema: InventiveSchema): readonly { readonly field: string; readonly label: string }[] {
  return [schema.relation, schema.contact, schema.project].flatMap((linkedTo) => linkedTo.fields.map(({ field, label }) => ({ field, label })));
}
