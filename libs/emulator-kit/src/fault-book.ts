import type { DocumentTable } from './document-store.js';

export interface FaultSpec<M, A> {
  /** Every field given must equal the call's; none given matches every call. */
  match?: Partial<M>;
  action: A;
  /** Counts down at each call that matches, whether the draw let the action through or not. Absent: for ever. */
  times?: number;
  /** 0…1, absent: always. */
  probability?: number;
  /** Makes the draws of `probability` the same in every run. */
  seed?: number;
}

export interface Fault<M, A> extends FaultSpec<M, A> {
  id: string;
  /** How often the action was handed out. */
  hits: number;
  /** Calls that matched, and so draws done. */
  matched: number;
}

/** What is to go wrong, and for which calls. Used-up faults stay listed (their `hits` tell what happened) until they are removed. */
export class FaultBook<M extends Record<string, string | undefined>, A> {
  readonly #faults = new Map<string, Fault<M, A>>();
  readonly #table: DocumentTable<Fault<M, A>> | undefined;
  #lastId = 0;

  /** With a table, faults and their counts survive a restart. */
  constructor(table?: DocumentTable<Fault<M, A>>) {
    this.#table = table;
    for (const [id, fault] of table?.all() ?? []) {
      this.#faults.set(id, fault);
      this.#lastId = Math.max(this.#lastId, Number(id.slice('fault-'.length)));
    }
  }

  add(spec: FaultSpec<M, A>): { id: string } {
    this.#lastId += 1;
    const id = `fault-${String(this.#lastId).padStart(6, '0')}`;
    this.#keep({ ...spec, id, hits: 0, matched: 0 });
    return { id };
  }

  list(): Array<Fault<M, A>> {
    return [...this.#faults.values()];
  }

  /** Without an id: all. False where there was none. */
  remove(id?: string): boolean {
    if (id === undefined) {
      const some = this.#faults.size > 0;
      this.clear();
      return some;
    }
    this.#table?.delete(id);
    return this.#faults.delete(id);
  }

  clear(): void {
    this.#faults.clear();
    this.#table?.clear();
  }

  /** The actions for this call, oldest fault first; counts them. `wants` leaves faults alone (and uncounted) whose action isn't asked for here. */
  take(call: M, wants: (action: A) => boolean = () => true): A[] {
    const actions: A[] = [];
    for (const fault of this.#faults.values()) {
      if (!wants(fault.action) || !matches(fault, call)) continue;
      const drawn = fault.probability === undefined || draw(fault) < fault.probability;
      if (drawn) actions.push(fault.action);
      this.#keep({ ...fault, matched: fault.matched + 1, hits: fault.hits + (drawn ? 1 : 0) });
    }
    return actions;
  }

  #keep(fault: Fault<M, A>): void {
    this.#faults.set(fault.id, fault);
    this.#table?.put(fault.id, fault);
  }
}

function matches<M extends Record<string, string | undefined>, A>(fault: Fault<M, A>, call: M): boolean {
  if (fault.times !== undefined && fault.matched >= fault.times) return false;
  return Object.entries(fault.match ?? {}).every(([field, wanted]) => wanted === undefined || call[field] === wanted);
}

/** The n-th draw depends on seed and n only, so that a restart doesn't change the row of draws. */
function draw<M, A>(fault: Fault<M, A>): number {
  if (fault.seed === undefined) return Math.random();
  let state = (fault.seed ^ Math.imul(fault.matched + 1, 0x9e3779b1)) >>> 0;
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}
