import { beforeEach } from 'vitest';
import type { Product } from './product.js';

export interface Writes {
  readonly google: number;
  readonly inventive: number;
}

export interface WriteCount {
  /** Waits for silence, then says how many writes the product made since the count began. */
  readonly writesSince: () => Promise<Writes>;
  /** Waits for silence and begins anew, where a test has made its things and now looks. */
  readonly countAnew: () => Promise<void>;
}

/** Counts the product's writes on both sides, from the silence before each test. */
export function countWrites(product: () => Product): WriteCount {
  const madeOnceQuiet = async (): Promise<Writes> => {
    await product().quiet();
    return { google: (await product().googleWrites()).length, inventive: (await product().inventiveWrites()).length };
  };
  let before: Writes = { google: 0, inventive: 0 };
  const countAnew = async () => {
    before = await madeOnceQuiet();
  };
  beforeEach(countAnew, 60_000);
  return {
    countAnew,
    async writesSince() {
      const now = await madeOnceQuiet();
      return { google: now.google - before.google, inventive: now.inventive - before.inventive };
    },
  };
}
