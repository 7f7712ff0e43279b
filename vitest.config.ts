import { defineConfig } from 'vitest/config';

/**
 * One configuration for every project: `nx test` passes the project's folder as `--dir`.
 * Projects of ours are read from their sources, by the export condition of their package.json.
 */
export default defineConfig({
  resolve: { conditions: ['@calsync/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@calsync/source', 'node', 'import', 'default'] } },
  test: {
    include: ['**/src/**/*.test.ts', '**/src/**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
