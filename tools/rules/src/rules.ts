import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const sentence = z.string().min(10);
const ruleSchema = z.strictObject({ id: z.string().regex(/^R\d+\.\d+$/), nl: sentence, en: sentence });
const lessonSchema = z.strictObject({ lesson: z.int().min(1).max(20), nl: sentence, en: sentence });
export type Rule = z.infer<typeof ruleSchema>;
export type Lesson = z.infer<typeof lessonSchema>;

export interface RuleGroup {
  readonly number: number;
  readonly nl: string;
  readonly en: string;
  readonly rules: readonly Rule[];
}

/** The groups in the order in which a reader meets them. */
const GROUPS = [
  { number: 1, nl: 'Velden', en: 'Fields' },
  { number: 2, nl: 'Opmerking en omschrijving', en: 'Notes and description' },
  { number: 3, nl: 'Tijd', en: 'Time' },
  { number: 4, nl: 'Herhaalreeksen', en: 'Series' },
  { number: 5, nl: 'Deelnemers en uitnodigingen', en: 'Participants and invitations' },
  { number: 6, nl: 'Van wie en waar', en: 'Ownership and place' },
  { number: 7, nl: 'Verwijderen', en: 'Deletion' },
  { number: 8, nl: 'Aan beide kanten gewijzigd', en: 'Changed on both sides' },
  { number: 9, nl: 'Aantal dagen', en: 'Window of days' },
  { number: 10, nl: 'Eerste koppeling', en: 'First link' },
  { number: 11, nl: 'Soorten Google-items', en: 'Kinds of Google events' },
  { number: 12, nl: 'Batchjob: volledige vergelijking', en: 'Batch job: full comparison' },
  { number: 13, nl: 'Omgeving', en: 'Environment' },
] as const;

/** Reads `docs/rules/*.json`; throws where one isn't complete, or a rule stands in the wrong file or twice. */
export function readRules(folder: string): readonly RuleGroup[] {
  const files = readdirSync(folder).filter((name) => /^\d+-.*\.json$/.test(name));
  const seen = new Set<string>();
  return GROUPS.map((group) => {
    const rules = files.filter((name) => Number.parseInt(name, 10) === group.number).flatMap((name) => z.array(ruleSchema).parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
    for (const { id } of rules) {
      if (!id.startsWith(`R${group.number}.`)) throw new Error(`docs/rules: ${id} stands in the file of group ${group.number}`);
      if (seen.has(id)) throw new Error(`docs/rules: ${id} stands there twice`);
      seen.add(id);
    }
    return { ...group, rules: rules.toSorted((a, b) => numberOf(a) - numberOf(b)) };
  });
}

export const readLessons = (folder: string): readonly Lesson[] => z.array(lessonSchema).parse(JSON.parse(readFileSync(join(folder, 'lessons.json'), 'utf8')));

const numberOf = ({ id }: Rule): number => Number(id.slice(id.indexOf('.') + 1));
