/** The tests of the house with one deliberate mistake in its sources: `MUTATION` names which (see tools/run-mutations.mjs). */
import { mergeConfig } from 'vitest/config';
import base from '../vitest.config.ts';
import { MUTATIONS } from '../libs/sync-engine/src/simulation/mutations.ts';

const wanted = process.env.MUTATION;
const mutation = MUTATIONS.find(({ name }) => name === wanted);
if (mutation === undefined && wanted !== 'none') throw new Error('MUTATION names no mutation of libs/sync-engine/src/simulation/mutations.ts');

export default mergeConfig(base, {
  // Modules are kept by their own content, which the mistake is not part of.
  test: { fsModuleCache: false },
  plugins: [
    {
      name: 'one-deliberate-mistake',
      enforce: 'pre',
      transform(code, id) {
        if (mutation === undefined || !id.endsWith(`/libs/${mutation.file}`)) return undefined;
        if (code.split(mutation.find).length !== 2) throw new Error(`the mutation "${mutation.name}" does not fit its file any more`);
        return code.replace(mutation.find, () => mutation.replace);
      },
    },
  ],
});
