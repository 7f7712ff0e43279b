import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is something; says what it waited for when it never was. */
export async function waitUntil<T>(what: string, look: () => Promise<T | undefined | false>, limitMs = 30_000, everyMs = 40): Promise<T> {
  const deadline = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`, { cause: last });
    await delay(everyMs);
  }
}
