import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderRules } from './render-rules.js';
import { readLessons, readRules } from './rules.js';
import { isEndToEnd, readTestTitles, titlesIn } from './test-titles.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${root}docs/rules`;
const groups = readRules(folder);
const lessons = readLessons(folder);
const titles = readTestTitles(root);
const ids = groups.flatMap(({ rules }) => rules.map(({ id }) => id));
const carry = (mark: string) => titles.filter(({ title }) => title.includes(mark));

describe('docs/rules', () => {
  it('has rules in every group', () => expect(groups.filter(({ rules }) => rules.length === 0).map(({ en }) => en)).toEqual([]));
  it.each(ids)('%s is tested on the parts and on the whole product', (id) => {
    const tests = carry(`[${id}]`);
    expect({ onTheParts: tests.some((test) => !isEndToEnd(test)), onTheWholeProduct: tests.some(isEndToEnd) }).toEqual({ onTheParts: true, onTheWholeProduct: true });
  });
  it('knows every rule that a test speaks of', () => {
    const spoken = new Set(titles.filter(({ file }) => !file.startsWith('tools/rules/')).flatMap(({ title }) => [...title.matchAll(/\[(R\d+\.\d+)\]/g)].map((found) => found[1] ?? '')));
    expect([...spoken].filter((id) => !ids.includes(id))).toEqual([]);
  });
  it('lists the twenty complaints of other systems’ users, each with a test', () => {
    expect(lessons.map(({ lesson }) => lesson)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(lessons.filter(({ lesson }) => carry(`[lesson ${lesson}]`).length === 0)).toEqual([]);
  });
  it('is what docs/rules.md says (write it anew: npm run rules)', () => {
    expect(readFileSync(`${root}docs/rules.md`, 'utf8')).toBe(renderRules(groups, lessons, titles));
  });
});

describe('titles of tests', () => {
  const read = (text: string) => titlesIn('x.test.ts', text).map(({ title }) => title);
  it('carry those of their groups, also of rows and templates', () => {
    expect(read("describe('a', () => { it('b', () => {}); it.each(rows)('c %s', () => {}); describe.each`x`('d', () => { it(`e ${1}`, () => {}); }); });")).toEqual(['a > b', 'a > c %s', 'a > d > `e ${1}`']);
  });
  it('of what is skipped, and texts that are no titles, don’t count', () => {
    expect(read("it.skip('a', () => {}); it.todo('b'); describe.skip('c', () => { it('d', () => {}); }); expect('[R1.1]').toBe(1); // it('e')")).toEqual([]);
  });
});
