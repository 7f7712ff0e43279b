import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderRules } from './render-rules.js';
import { readLessons, readRules } from './rules.js';
import { readTestTitles } from './test-titles.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${root}docs/rules`;
const groups = readRules(folder);
writeFileSync(`${root}docs/rules.md`, renderRules(groups, readLessons(folder), readTestTitles(root)));
console.log(`Wrote docs/rules.md: ${groups.reduce((sum, { rules }) => sum + rules.length, 0)} rules.`);
