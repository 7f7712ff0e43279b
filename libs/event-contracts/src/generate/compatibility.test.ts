import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breaksOf } from './compatibility.js';
import type { JsonSchema } from './json-schemas.js';

const json = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
const before = z.object({ id: z.string(), note: z.string().optional(), state: z.enum(['a', 'b']), inner: z.object({ stamp: z.string() }), list: z.array(z.object({ name: z.string() })), when: z.discriminatedUnion('kind', [z.object({ kind: z.literal('timed'), start: z.string() }), z.object({ kind: z.literal('day'), on: z.string() })]) });
const breaks = (after: z.ZodType) => breaksOf(json(before), json(after));

describe('a change within .v1', () => {
  it('may add an optional field and a word of a list', () => {
    expect(breaks(before.extend({ more: z.number().optional(), state: z.enum(['a', 'b', 'c']) }))).toEqual([]);
  });

  it.each<[string, z.ZodType, RegExp]>([
    ['remove a field', before.omit({ id: true }), /^id: removed/],
    ['rename a field', before.omit({ note: true }).extend({ notes: z.string().optional() }), /^note: removed/],
    ['remove a field inside', before.extend({ inner: z.object({}) }), /^inner\.stamp: removed/],
    ['remove a field of a list', before.extend({ list: z.array(z.object({})) }), /^list\[\]\.name: removed/],
    ['change a type', before.extend({ id: z.number() }), /^id: was string, is number/],
    ['make a field optional', before.extend({ id: z.string().optional() }), /^id: was always there/],
    ['demand a new field', before.extend({ more: z.string() }), /^more: newly demanded/],
    ['demand an optional field', before.extend({ note: z.string() }), /^note: newly demanded/],
    ['take away a word', before.extend({ state: z.enum(['a']) }), /^state: the value "b" removed/],
    ['take away a form', before.extend({ when: z.discriminatedUnion('kind', [z.object({ kind: z.literal('timed'), start: z.string() })]) }), /^when/],
    ['change a form', before.extend({ when: z.discriminatedUnion('kind', [z.object({ kind: z.literal('timed') }), z.object({ kind: z.literal('day'), on: z.string() })]) }), /^when<timed>\.start: removed/],
  ])('may not %s', (_what, after, said) => {
    expect(breaks(after).join('\n')).toMatch(said);
  });
});
