import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One test as it would run: its own title behind those of the groups around it. */
export interface TestTitle {
  /** From the root of the workspace. */
  readonly file: string;
  readonly title: string;
}

/** Where a test of the whole product lives. */
const END_TO_END = 'apps/e2e/';
export const isEndToEnd = ({ file }: TestTitle): boolean => file.startsWith(END_TO_END);

/** Every test that `npm test` runs; one that is skipped proves nothing and isn't among them. */
export function readTestTitles(root: string): readonly TestTitle[] {
  const files = globSync('{apps,libs,tools}/*/src/**/*.test.{ts,tsx}', { cwd: root, exclude: ['**/node_modules', '**/dist'] });
  return files.toSorted().flatMap((file) => titlesIn(file, readFileSync(join(root, file), 'utf8')));
}

/** Read from the syntax, not by looking at lines: a number in a comment or in a text that is compared proves nothing. */
export function titlesIn(file: string, text: string): readonly TestTitle[] {
  const found: TestTitle[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? asTestCall(node) : undefined;
    if (call === undefined) return ts.forEachChild(node, (child) => visit(child, around));
    if (call.skipped) return;
    const titles = [...around, call.title];
    if (call.kind === 'test') found.push({ file, title: titles.join(' > ') });
    ts.forEachChild(node, (child) => visit(child, titles));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), []);
  return found;
}

interface TestCall {
  readonly kind: 'group' | 'test';
  readonly title: string;
  readonly skipped: boolean;
}

/** `it('…')`, `it.each(rows)('…')`, `describe('…')` and the like. */
function asTestCall(node: ts.CallExpression): TestCall | undefined {
  const words = wordsOf(node.expression);
  const first = words[0];
  if (first !== 'it' && first !== 'test' && first !== 'describe') return undefined;
  const title = node.arguments[0];
  if (title === undefined || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) return undefined;
  return { kind: first === 'describe' ? 'group' : 'test', title: ts.isStringLiteralLike(title) ? title.text : title.getText(), skipped: words.includes('skip') || words.includes('todo') };
}

function wordsOf(expression: ts.Expression): readonly string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [...wordsOf(expression.expression), expression.name.text];
  if (ts.isCallExpression(expression)) return wordsOf(expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return wordsOf(expression.tag);
  return [];
}
