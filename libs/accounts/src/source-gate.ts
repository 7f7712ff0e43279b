import type { AccountId, InventiveId, SourceName } from '@calsync/calendar-model';
import type { Account, AccountDirectory, Clock } from '@calsync/sync-engine';
import type { Fingerprint, SourceEnvironments } from './source-environments.js';

/** `unseen`: this process has not met the server yet. */
export type GateState = 'unseen' | 'known' | 'locked';

export interface SourceGateParts {
  readonly environments: Pick<SourceEnvironments, 'recognise'>;
  readonly sources: readonly SourceName[];
  /** Asks the server itself. */
  readonly fingerprintOf: (source: SourceName) => Promise<Fingerprint>;
  readonly clock: Clock;
  readonly report: (source: SourceName, state: GateState) => void;
}

const SOON_MS = 500;
const LATER_MS = 2_000;
/** A server that is replaced while we run is noticed within this long. */
const KNOWN_MS = 30_000;

/**
 * Whether this process may write for a source: only once it has met the server and recognised it. A lock that another process
 * found is in the directory; this is about what nobody has looked at yet, at the start and after a change of the settings.
 */
export class SourceGate {
  readonly #states = new Map<SourceName, GateState>();
  readonly #lookAt = new Map<SourceName, number>();

  constructor(private readonly parts: SourceGateParts) {
    for (const source of parts.sources) this.#states.set(source, 'unseen');
  }

  stateOf(source: SourceName): GateState {
    return this.#states.get(source) ?? 'unseen';
  }

  states(): readonly (readonly [source: SourceName, state: GateState])[] {
    return [...this.#states];
  }

  /** Looks at each source whose turn it is; one that doesn't answer stays as it was and is asked again soon. */
  async turn(): Promise<void> {
    const { sources, clock } = this.parts;
    await Promise.all(sources.filter((source) => clock.now() >= (this.#lookAt.get(source) ?? 0)).map((source) => this.look(source)));
  }

  /** Never throws. */
  async look(source: SourceName): Promise<GateState> {
    const { environments, fingerprintOf, clock, report } = this.parts;
    try {
      const state = await environments.recognise(source, await fingerprintOf(source));
      if (state !== this.stateOf(source)) report(source, state);
      this.#states.set(source, state);
      this.#lookAt.set(source, clock.now() + (state === 'known' ? KNOWN_MS : LATER_MS));
    } catch {
      // Whoever answers after a silence may be another: asked before the next long wait.
      this.#lookAt.set(source, clock.now() + (this.stateOf(source) === 'unseen' ? SOON_MS : LATER_MS));
    }
    return this.stateOf(source);
  }

  /** The directory, seen by whoever writes or reads at the vendors: an account whose server wasn't recognised here is locked. */
  guard<Directory extends AccountDirectory>(directory: Directory): AccountDirectory {
    const seen = <A extends Account | undefined>(account: A): A | Account =>
      account === undefined || this.stateOf(account.source) === 'known' ? account : { ...account, state: 'locked', stateReason: 'source-write-locked' };
    return {
      byUser: async (source: SourceName, userId: InventiveId) => seen(await directory.byUser(source, userId)),
      byId: async (id: AccountId) => seen(await directory.byId(id)),
      current: async (id: AccountId) => seen(await directory.current(id)),
      isLinked: (id: AccountId) => directory.isLinked(id),
      all: async () => (await directory.all()).map((account) => seen(account)),
      joining: async () => (await directory.joining()).map((account) => seen(account)).filter(({ state }) => state === 'joining'),
      changeState: (...change) => directory.changeState(...change),
    };
  }
}
