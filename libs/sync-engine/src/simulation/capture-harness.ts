import type { InventiveId } from '@calsync/calendar-model';
import type { Message, MessageOf } from '@calsync/event-contracts';
import { createCapture, type Capture } from '../capture/capture-loop.js';
import type { CaptureObserver, CapturePorts, CaptureSettings, CaptureStep } from '../capture/capture-ports.js';
import { changedMessage } from '../capture/appointment-messages.js';
import { Failure } from '../failures/failure.js';
import { createMemoryPublished, createMemoryWatermarks } from './memory-capture.js';
import { createMemoryLeases } from './memory-receive.js';
import { modelId, ModelDatastore, type ModelChange } from './model-datastore.js';
import { VirtualClock } from './virtual-clock.js';

export const LONGEST_TRANSACTION_MS = 5_000;

export type AppointmentMessage = MessageOf<'nl.inventive.appointment.changed.v1'> | MessageOf<'nl.inventive.appointment.deleted.v1'>;

export interface Replica {
  readonly capture: Capture;
  readonly stopping: AbortController;
  /** As kill -9: not one more call of its ports comes back. */
  kill(): void;
  readonly alive: () => boolean;
  /** Dies when it gets there. */
  crashAt: CaptureStep | undefined;
}

/** Inventive, the log, the stores and any number of capture processes, on one clock that a test turns. */
export class CaptureHarness {
  readonly clock = new VirtualClock();
  readonly inventive = new ModelDatastore(this.clock);
  readonly watermarks = createMemoryWatermarks();
  readonly published = createMemoryPublished();
  readonly leases = createMemoryLeases(() => this.clock.now());
  readonly log: AppointmentMessage[] = [];
  readonly replicas: Replica[] = [];
  readonly failures: unknown[] = [];
  readonly stops: string[] = [];
  readonly nudgeToPublishedMs: number[] = [];
  repaired = 0;
  /** What the log will never take. */
  refuses: (messages: readonly AppointmentMessage[]) => boolean = () => false;
  readonly unreadable: InventiveId[] = [];
  /** The next publications fail, some after they arrived. */
  publishFates: ('works' | 'fails' | 'arrives-then-fails')[] = [];
  readonly settings: CaptureSettings;

  constructor(settings: Partial<CaptureSettings> = {}) {
    this.settings = { longestTransactionMs: LONGEST_TRANSACTION_MS, pollMs: 5_000, inventoryEveryMs: 3_600_000, leaseTtlMs: 9_500, sendLimitMs: 8_000, ...settings };
  }

  start(): Replica {
    const stopping = new AbortController();
    let alive = true;
    const replica: Replica = {
      capture: createCapture(this.#ports(() => alive, async (step) => {
        if (replica.crashAt !== step) return;
        replica.kill();
        await forever();
      }), this.settings),
      stopping,
      kill: () => {
        alive = false;
      },
      alive: () => alive,
      crashAt: undefined,
    };
    this.replicas.push(replica);
    void replica.capture.run(stopping.signal);
    return replica;
  }

  /** Saves or deletes, and nudges every replica unless the nudge is lost. */
  change(change: ModelChange, how: { readonly commitAfterMs?: number; readonly nudgeAfterMs?: number | undefined } = { nudgeAfterMs: 0 }): bigint | undefined {
    const stamp = this.inventive.change(change, how.commitAfterMs ?? 0);
    if (stamp !== undefined && how.nudgeAfterMs !== undefined) void this.clock.sleep(how.nudgeAfterMs).then(() => this.nudge(stamp));
    return stamp;
  }

  nudge(stamp: bigint): void {
    for (const replica of this.replicas) if (replica.alive()) replica.capture.nudge(stamp);
  }

  of(n: number): AppointmentMessage[] {
    return this.log.filter(({ data }) => data.id === modelId(n));
  }

  /** What a subscriber holds that drops whatever isn't newer. */
  subscriberView(): Map<InventiveId, AppointmentMessage> {
    const view = new Map<InventiveId, AppointmentMessage>();
    for (const message of this.log) {
      const id = message.data.id as InventiveId;
      const held = view.get(id);
      if (held === undefined || isNewer(message, held)) view.set(id, message);
    }
    return view;
  }

  /** The message that the appointment's present state would make, without id, time and version. */
  contentNow(id: InventiveId): unknown {
    const now = this.inventive.appointmentNow(id);
    return now === undefined ? undefined : contentOf(changedMessage(now, { epoch: 0, stamp: '0' }, '') as AppointmentMessage);
  }

  #ports(alive: () => boolean, reached: CapturePorts['reached']): CapturePorts {
    const observer: CaptureObserver = {
      published: (_source, _count, sinceNudgeMs) => sinceNudgeMs !== undefined && this.nudgeToPublishedMs.push(sinceNudgeMs),
      snapshotProgress: () => undefined,
      repaired: (_source, count) => (this.repaired += count),
      unreadable: (_source, id) => this.unreadable.push(id),
      failed: (_source, error) => this.failures.push(error),
      stopped: (_source, reason) => this.stops.push(reason),
    };
    return {
      inventive: mortal(this.inventive, alive),
      watermarks: mortal(this.watermarks, alive),
      published: mortal(this.published, alive),
      leases: mortal(this.leases, alive),
      publisher: mortal({ publish: (messages: readonly Message[]) => this.#publish(messages) }, alive),
      clock: { now: () => this.clock.now(), sleep: (ms, signal) => (alive() ? this.clock.sleep(ms, signal) : forever()) },
      random: () => 0.5,
      observer,
      reached,
    };
  }

  async #publish(messages: readonly Message[]): Promise<void> {
    const fate = this.publishFates.shift() ?? 'works';
    if (this.refuses(messages as readonly AppointmentMessage[])) throw new Failure('permanent', 'too large');
    if (fate === 'fails') throw new Failure('transient', 'no broker');
    await this.clock.sleep(2);
    for (const message of messages) {
      if (message.type !== 'nl.inventive.appointment.changed.v1' && message.type !== 'nl.inventive.appointment.deleted.v1') throw new Error(`unexpected ${message.type}`);
      this.log.push(message);
    }
    if (fate === 'arrives-then-fails') throw new Failure('transient', 'no acknowledgement');
  }
}

export function isNewer(a: AppointmentMessage, b: AppointmentMessage): boolean {
  const [x, y] = [a.data.version, b.data.version];
  return x.epoch > y.epoch || (x.epoch === y.epoch && BigInt(x.stamp) > BigInt(y.stamp));
}

export function contentOf(message: AppointmentMessage): unknown {
  if (message.type === 'nl.inventive.appointment.deleted.v1') return 'deleted';
  const { version: _version, ...data } = message.data;
  return data;
}

const forever = (): Promise<never> => new Promise(() => undefined);

/** Once dead, nothing it asked for comes back, and nothing it asks for is done. */
function mortal<Port extends object>(port: Port, alive: () => boolean): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (!alive()) return forever();
        const result: unknown = value.apply(target, args);
        if (!(result instanceof Promise)) return result;
        return result.then((answer: unknown) => (alive() ? answer : forever()));
      };
    },
  });
}
