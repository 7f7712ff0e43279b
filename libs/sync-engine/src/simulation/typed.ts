import { GuestMemory } from './guest-memory.js';
import type { aWorld } from './reconcile-world.js';

export type World = ReturnType<typeof aWorld>;

/**
 * What people typed. Each value is unlike any other, so it can be looked for. A person who overwrites or deletes a value
 * that stands before them gives it up; whatever else becomes of it is our doing.
 */
export class Typed {
  readonly guests = new GuestMemory();
  readonly #open = new Set<string>();
  readonly #times = new Map<string, number>();
  #count = 0;

  type(): string {
    this.#count += 1;
    const value = `typed-${this.#count}.`;
    this.#open.add(value);
    this.#times.set(value, 1);
    return value;
  }

  /** A person saw this and let it go. */
  giveUp(seen: unknown): void {
    const text = JSON.stringify(seen) ?? '';
    for (const value of this.#open) if (text.includes(value)) this.#open.delete(value);
  }

  /** A person made another item that says the same, or took it elsewhere while it lives on here. */
  again(seen: unknown): void {
    const text = JSON.stringify(seen) ?? '';
    for (const [value, times] of this.#times) if (text.includes(value)) this.#times.set(value, times + 1);
  }

  /** What nobody gave up and stands nowhere: on no side and in no pair's history. */
  lost(world: World): readonly string[] {
    const everything = JSON.stringify([
      [...world.google.living(), ...world.google.series.occurrences(), ...world.google.series.fullList()].map(({ fields }) => fields),
      [...world.inventive.rows.values()].map(({ fields }) => fields),
      world.pairs.all().map(({ lostValues }) => lostValues),
      world.forgotten,
    ]);
    return [...this.#open].filter((value) => !everything.includes(value));
  }

  /** Which values stand as the subject of more items of a side than people made. */
  doubled(subjects: readonly (string | undefined)[]): readonly string[] {
    const found = new Map<string, number>();
    for (const subject of subjects) if (subject !== undefined) found.set(subject, (found.get(subject) ?? 0) + 1);
    return [...found].filter(([subject, times]) => times > (this.#times.get(subject) ?? times)).map(([subject, times]) => `${subject} stands ${times} times`);
  }
}
