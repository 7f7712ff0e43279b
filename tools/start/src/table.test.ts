import { describe, expect, it } from 'vitest';
import { table } from './table.js';

describe('table', () => {
  it('keeps its columns straight with emoji and diacritics', () => {
    expect(table(['what', 'after'], [['café ☕', '12 ms'], ['a', '7 ms']])).toBe(['  what     after', '  ───────  ─────', '  café ☕  12 ms', '  a        7 ms'].join('\n'));
  });
});
