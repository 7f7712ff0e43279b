import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const here = new URL('.', import.meta.url);
const rulesIn = (text: string): string[] => [...text.matchAll(/\[([A-Z]\d+)\]/g)].map((found) => found[1] ?? '');

/** The rules in titles only: a number in a comment proves nothing. */
const titles = readdirSync(here)
  .filter((name) => name.endsWith('.test.ts') && name !== 'spec.test.ts')
  .flatMap((name) => readFileSync(new URL(name, here), 'utf8').split('\n'))
  .filter((line) => /^\s*(?:describe|it)(?:\.each|\()|^\s*\]\)\(|^ {2}it\(/.test(line));
const written = readFileSync(new URL('../SPEC.md', here), 'utf8').split('\n').filter((line) => line.startsWith('- ['));

describe('SPEC.md', () => {
  const numbers = written.map((line) => rulesIn(line)[0] ?? line);
  it('numbers each rule once', () => expect(new Set(numbers).size).toBe(numbers.length));
  it.each(numbers)('%s has a test that carries its number', (number) => expect(titles.some((title) => rulesIn(title).includes(number))).toBe(true));
  it('holds every rule that a test speaks of', () => expect(titles.flatMap(rulesIn).filter((number) => !numbers.includes(number))).toEqual([]));
});
