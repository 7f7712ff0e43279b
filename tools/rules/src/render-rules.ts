import type { Lesson, RuleGroup } from './rules.js';
import { isEndToEnd, type TestTitle } from './test-titles.js';

/** The page for customers. Proofs stand behind the rules, so that the tables stay readable. */
export function renderRules(groups: readonly RuleGroup[], lessons: readonly Lesson[], titles: readonly TestTitle[]): string {
  const filled = groups.filter(({ rules }) => rules.length > 0);
  return [
    '# Regels van de synchronisatie · Rules of synchronisation',
    '',
    'Wat er gebeurt met wat mensen in agenda’s doen. Elke regel wordt bij elke versie beproefd: op de kern en op het hele product.',
    'What becomes of what people do in calendars. Each rule is tested with every version: on the core and on the whole product.',
    '',
    '<!-- Generated from docs/rules/*.json by `npm run rules`; a test compares. -->',
    ...filled.flatMap(({ number, nl, en, rules }) => [
      '', `## ${number}. ${nl} · ${en}`, '| | Nederlands | English |', '|---|---|---|',
      ...rules.map((rule) => `| ${rule.id} | ${cell(rule.nl)} | ${cell(rule.en)} |`),
    ]),
    '', '## Wat hier niet kan gebeuren · What can’t happen here',
    'Klachten van gebruikers van andere systemen, en waarom ze hier niet voorkomen. · Complaints of other systems’ users, and why they don’t occur here.',
    '', '| | Nederlands | English |', '|---|---|---|',
    ...lessons.map((one) => `| ${one.lesson} | ${cell(one.nl)} | ${cell(one.en)} |`),
    '', '## Bewijs · Proof', '| | on the parts | on the whole product |', '|---|---|---|',
    ...filled.flatMap(({ rules }) => rules.map(({ id }) => `| ${id} | ${files(titles, `[${id}]`, false)} | ${files(titles, `[${id}]`, true)} |`)),
    ...lessons.map(({ lesson }) => `| lesson ${lesson} | ${files(titles, `[lesson ${lesson}]`, false)} | ${files(titles, `[lesson ${lesson}]`, true)} |`),
    '',
  ].join('\n');
}

function files(titles: readonly TestTitle[], mark: string, endToEnd: boolean): string {
  const found = new Set(titles.filter((test) => test.title.includes(mark) && isEndToEnd(test) === endToEnd).map(({ file }) => file));
  return [...found].map((file) => `[${file.split('/').at(-1)?.replace(/\.test\.tsx?$/, '') ?? file}](../${file})`).join(', ');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
