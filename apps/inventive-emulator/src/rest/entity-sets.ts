import { newUuid } from '../catalog/value-form.js';
import { errorLine, RestError } from './rest-error.js';

interface EntitySet {
  readonly dataclass: string;
  readonly keys: readonly string[];
  readonly timeoutMs: number;
  expiresAtMs: number;
}

const TWO_HOURS_S = 7200;

/** Frozen selections in the server's memory: members stay, their values are live. Gone after a restart, as 4D's cache is. */
export class EntitySets {
  readonly #sets = new Map<string, EntitySet>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  create(dataclass: string, keys: readonly string[], timeoutS: number = TWO_HOURS_S): string {
    this.#expire();
    const id = newUuid();
    this.#sets.set(id, { dataclass, keys, timeoutMs: timeoutS * 1000, expiresAtMs: this.#nowMs() + timeoutS * 1000 });
    return id;
  }

  /** Each use prolongs it. */
  keys(dataclass: string, id: string): readonly string[] {
    this.#expire();
    const set = this.#sets.get(id);
    if (set?.dataclass !== dataclass) throw new RestError(404, errorLine(1802, `Cannot find entity set "${id}" of dataclass "${dataclass}"`));
    set.expiresAtMs = this.#nowMs() + set.timeoutMs;
    return set.keys;
  }

  release(dataclass: string, id: string): void {
    this.keys(dataclass, id);
    this.#sets.delete(id);
  }

  clear(): void {
    this.#sets.clear();
  }

  #expire(): void {
    for (const [id, set] of this.#sets) if (set.expiresAtMs <= this.#nowMs()) this.#sets.delete(id);
  }
}
