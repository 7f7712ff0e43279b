import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * One configuration for every project: `nx test` passes the project's folder as `--dir`.
 * Projects of ours are read from their sources, by the export condition of their package.json.
 */
const root = import.meta.dirname;
const { folder, filters } = chosenTests(process.argv.slice(2));

/**
 * Files that wait longest, whatever their size: for leases, restarts, brakes. In a fresh clone Vitest knows no durations and
 * begins with the largest file; a small one that takes minutes would begin last and end alone.
 */
const WAIT_LONGEST = ['comparison', 'crashes', 'series', 'conflicts', 'deletion', 'fields'].map((name) => resolve(root, `apps/e2e/src/${name}.test.ts`));

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => WAIT_LONGEST.indexOf(moduleId) >>> 0;
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  // Never `import` here: Vitest hands these to Node itself, and a CommonJS package that requires another would get its ES module.
  resolve: { conditions: ['@calsync/source', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['@calsync/source', 'node', 'development|production'] } },
  test: {
    include: ['**/src/**/*.test.ts', '**/src/**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: neededServers(),
    setupFiles: [resolve(root, 'tools/fixed-seed.setup.mjs')],
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

/** A test's name says what it needs; nothing is started for a run that needs nothing. */
function neededServers(): string[] {
  const tests = globSync('**/*.test.{ts,tsx}', { cwd: folder, exclude: ['**/node_modules', '**/dist'] });
  const chosen = filters.length === 0 ? tests : tests.filter((test) => filters.some((filter) => resolve(folder, test).includes(filter.replace(/^\.\//, ''))));
  const needs = (kind: string) => chosen.some((test) => basename(test).split('.').some((part) => part === kind || part === 'e2e'));
  return ['mongo', 'kafka', 'emulator'].filter(needs).map((kind) => resolve(root, `tools/local-servers/src/testing/${kind}.global-setup.ts`));
}

function chosenTests(args: readonly string[]): { folder: string; filters: string[] } {
  let folder = root;
  const filters: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--dir') folder = resolve(args[(index += 1)] ?? '');
    else if (word.startsWith('--dir=')) folder = resolve(word.slice('--dir='.length));
    else if (['-t', '--testNamePattern', '--config', '-c', '--reporter', '--outputFile', '--pool', '--maxWorkers'].includes(word)) index += 1;
    else if (!word.startsWith('-') && word !== 'run') filters.push(word);
  }
  return { folder, filters };
}
