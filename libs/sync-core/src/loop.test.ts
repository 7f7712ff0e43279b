import { describe, expect, it } from 'vitest';
import { isAlternating } from './loop.js';

const writes = (values: string, everyMs = 1000) => values.split('').map((value, n) => ({ atMs: n * everyMs, value }));

describe('[L1] a loop', () => {
  it.each([
    ['two values in turn', 'ABABAB', true],
    ['one value again and again', 'AAAAAA', true],
    ['after other writes', 'XYZABABAB', true],
    ['too few', 'ABABA', false],
    ['none', '', false],
    ['somebody typing', 'ABCDEF', false],
    ['broken by another value', 'ABABCB', false],
  ])('%s', (_what, values, expected) => expect(isAlternating(writes(values))).toBe(expected));
  it('only within ten minutes, in whatever order it is told', () => {
    expect(isAlternating(writes('ABABAB', 120_000))).toBe(true);
    expect(isAlternating(writes('ABABAB', 120_001))).toBe(false);
    expect(isAlternating(writes('ABABAB').reverse())).toBe(true);
  });
});
