import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_EXAMPLES } from '../testing/index.js';
import { asyncApi } from './async-api.js';
import { breaksOf } from './compatibility.js';
import { type JsonSchema, jsonSchemas } from './json-schemas.js';

/** Writes docs/schemas and docs/asyncapi.json from the source; refuses what would break a subscriber. */
const docs = join(import.meta.dirname, '../../../../docs');
const folder = join(docs, 'schemas');
mkdirSync(folder, { recursive: true });
const schemas = jsonSchemas();

const breaks = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const after = schemas[file];
    if (after === undefined) return [`${file}: this message type was removed`];
    return breaksOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonSchema, after).map((what) => `${file}: ${what}`);
  });
if (breaks.length > 0) {
  process.stderr.write(`Nothing written: this would break subscribers. Add a new version of the type instead.\n${breaks.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}
for (const [file, schema] of Object.entries(schemas)) writeFileSync(join(folder, file), textOf(schema));
writeFileSync(join(docs, 'asyncapi.json'), textOf(asyncApi(ALL_EXAMPLES)));
process.stdout.write(`Wrote ${Object.keys(schemas).length} schemas and docs/asyncapi.json.\n`);

function textOf(value: JsonSchema): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
