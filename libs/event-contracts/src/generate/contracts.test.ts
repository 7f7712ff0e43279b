import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { MESSAGES } from '../messages.js';
import { ALL_EXAMPLES, EXAMPLES } from '../testing/index.js';
import { ALL_TOPICS, TOPICS, topicConfig } from '../topics.js';
import { asyncApi } from './async-api.js';
import { breaksOf } from './compatibility.js';
import { type JsonSchema, jsonSchemas, schemaFileOf } from './json-schemas.js';

const docs = join(import.meta.dirname, '../../../../docs');
const committed = (file: string): JsonSchema => JSON.parse(readFileSync(join(docs, file), 'utf8')) as JsonSchema;
const regenerate = 'run `npx nx run @calsync/event-contracts:generate-contracts` and commit docs/';

describe('docs/schemas', () => {
  const source = jsonSchemas();
  const files = readdirSync(join(docs, 'schemas')).toSorted();

  it.each(files)('%s breaks no subscriber of the committed contract', (file) => {
    expect(source[file], 'this message type was removed').toBeDefined();
    expect(breaksOf(committed(`schemas/${file}`), source[file] ?? {})).toEqual([]);
  });

  it('is what the source says', () => {
    expect(files, regenerate).toEqual(Object.keys(source).toSorted());
    for (const file of files) expect(source[file], regenerate).toEqual(committed(`schemas/${file}`));
  });

  it('is valid JSON Schema 2020-12, and takes every example and a field of the future', () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    for (const message of ALL_EXAMPLES) {
      const validate = ajv.compile(committed(`schemas/${schemaFileOf(message.type)}`));
      expect(validate(message.data), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...message.data, later: 1 })).toBe(true);
      expect(validate({})).toBe(false);
    }
  });
});

describe('docs/asyncapi.json', () => {
  it('is what the source says', () => {
    expect(asyncApi(ALL_EXAMPLES), regenerate).toEqual(committed('asyncapi.json'));
  });

  it('is valid AsyncAPI 3 that names every topic, key and message', async () => {
    const { document, diagnostics } = await new Parser().parse(readFileSync(join(docs, 'asyncapi.json'), 'utf8'));
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(document?.channels().all().map((channel) => channel.address()).toSorted()).toEqual(Object.values(TOPICS).map(({ name }) => name).toSorted());
    expect(document?.messages().all().map((message) => message.name()).toSorted()).toEqual(Object.keys(MESSAGES).toSorted());
    for (const message of document?.messages().all() ?? []) expect(message.examples().all().length, message.name()).toBe(1);
  });
});

describe('examples', () => {
  it.each(ALL_EXAMPLES.map((message) => [message.type, message] as const))('%s is what its schema says', (type, message) => {
    expect(message.type).toBe(type);
    expect(MESSAGES[type].schema.parse(message.data)).toEqual(message.data);
  });

  it('there is one of each message', () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(Object.keys(MESSAGES).toSorted());
  });
});

describe('topics', () => {
  it('each has its dead letters, which take what the source takes and the error headers', () => {
    for (const { name } of Object.values(TOPICS)) {
      const sizes = ALL_TOPICS.filter((topic) => topic.name === `${name}.dead-letters`).map((topic) => Number(topicConfig(topic)['max.message.bytes']));
      expect(sizes).toEqual([2_097_152]);
    }
  });

  it('what is erased is gone from the compacted topic within an hour', () => {
    expect(topicConfig(TOPICS.appointments)).toMatchObject({ 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '3600000', 'segment.ms': '3600000' });
  });
});
