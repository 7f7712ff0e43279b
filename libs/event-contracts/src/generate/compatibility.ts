import type { JsonSchema } from './json-schemas.js';

/**
 * What of `after` would break somebody who reads by `before`, or our own reading of old messages that a compacted
 * topic still holds: a field removed (or renamed), of another type, no longer always there, newly demanded. New
 * optional fields and new words of a list are fine.
 */
export function breaksOf(before: JsonSchema, after: JsonSchema, path = ''): readonly string[] {
  const at = path === '' ? '(whole value)' : path;
  const breaks: string[] = [];
  if (kindOf(before) !== kindOf(after)) return [`${at}: was ${kindOf(before)}, is ${kindOf(after)}`];
  const [oldFields, newFields] = [fieldsOf(before), fieldsOf(after)];
  const [oldMust, newMust] = [mustOf(before), mustOf(after)];
  for (const [name, old] of Object.entries(oldFields)) {
    const here = path === '' ? name : `${path}.${name}`;
    const now = newFields[name];
    if (now === undefined) breaks.push(`${here}: removed`);
    else breaks.push(...breaksOf(old, now, here));
    if (now !== undefined && oldMust.has(name) && !newMust.has(name)) breaks.push(`${here}: was always there, is optional`);
  }
  for (const name of newMust) {
    if (!oldMust.has(name)) breaks.push(`${path === '' ? name : `${path}.${name}`}: newly demanded, old messages don't have it`);
  }
  const words = wordsOf(after);
  for (const word of wordsOf(before)) if (!words.includes(word)) breaks.push(`${at}: the value ${JSON.stringify(word)} removed`);
  for (const member of ['pattern', 'format', 'const'] as const) {
    if (after[member] !== undefined && before[member] !== after[member]) breaks.push(`${at}: ${member} changed`);
  }
  if (isSchema(before['items']) && isSchema(after['items'])) breaks.push(...breaksOf(before['items'], after['items'], `${path}[]`));
  const [oldChoices, newChoices] = [choicesOf(before), choicesOf(after)];
  for (const [name, old] of Object.entries(oldChoices)) {
    const now = newChoices[name];
    if (now === undefined) breaks.push(`${at}: the form ${name} removed`);
    else breaks.push(...breaksOf(old, now, `${path}<${name}>`));
  }
  return breaks;
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const kindOf = (schema: JsonSchema): string => (typeof schema['type'] === 'string' ? schema['type'] : Array.isArray(schema['anyOf'] ?? schema['oneOf']) ? 'a choice' : 'anything');
const fieldsOf = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> => (isSchema(schema['properties']) ? (schema['properties'] as Record<string, JsonSchema>) : {});
const mustOf = (schema: JsonSchema): ReadonlySet<string> => new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
const wordsOf = (schema: JsonSchema): readonly unknown[] => (Array.isArray(schema['enum']) ? schema['enum'] : []);

/** Forms of a union by the constant that tells them apart, else by their place. */
function choicesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(choices)) return {};
  return Object.fromEntries(
    choices.filter(isSchema).map((choice, index) => {
      const constant = Object.values(fieldsOf(choice)).find((field) => field['const'] !== undefined)?.['const'];
      return [constant === undefined ? String(index) : String(constant), choice];
    }),
  );
}
