import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations.js';

const libs = new URL('../../../', import.meta.url);

describe('the deliberate mistakes of npm run test:mutations', () => {
  for (const { name, file, find, replace } of MUTATIONS) {
    it(`"${name}" can be made`, () => {
      const source = readFileSync(new URL(file, libs), 'utf8');
      expect(source.split(find).length - 1).toBe(1);
      expect(source.replace(find, () => replace)).not.toBe(source);
    });
  }
});
