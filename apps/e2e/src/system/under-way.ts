import { Kafka, logLevel, type Admin } from 'kafkajs';

/** What the reconciler takes in. */
const TAKEN_IN = ['inventive.appointments', 'google.calendar-events'];

export interface Watched {
  readonly kafkaBrokers: string;
  readonly vendors: { readonly google: string; readonly inventive: string };
  readonly services: { readonly capture: string; readonly receiver: string; readonly reconciler: string };
}

/** Answers anew at every look. */
export interface UnderWay {
  /** What still has to happen, for people to read; empty when nothing does. */
  readonly left: readonly string[];
  /** Another text as soon as anything happened: a write, a notification, a message, a saved stamp. */
  readonly mark: string;
}

interface CaptureHealth { readonly details: { readonly sources: Readonly<Record<string, { readonly capture?: { readonly state: string; readonly counter?: string } }>> } }
interface Places { readonly running: number; readonly waiting: number }
interface ReceiverHealth { readonly details: { readonly receiver: { readonly pulls: Places; readonly fullLists: Places } } }
interface ReconcilerHealth { readonly details: { readonly work: { readonly due: number; readonly busy: number } } }
interface Stats { readonly writes: readonly unknown[]; readonly notifications?: unknown; readonly stamp?: number }

/**
 * Follows a change along its whole way: saved in Inventive and not read by the capture, told by Google and not fetched,
 * published and not taken in, planned and not done. A service that is away has nothing in its hands: what waits for it
 * stands at its neighbours. Only the reconciler must be there.
 */
export class ChangesUnderWay {
  readonly #admin: Admin;
  #connected: Promise<void> | undefined;

  constructor(private readonly of: Watched) {
    this.#admin = new Kafka({ brokers: of.kafkaBrokers.split(','), clientId: 'under-way', logLevel: logLevel.NOTHING }).admin();
  }

  async look(): Promise<UnderWay> {
    const { services, vendors } = this.of;
    // Along the way of a change: it stands at the next station before it leaves one, so that none slips past.
    const [google, inventive] = await Promise.all([json<Stats>(`${vendors.google}/_emulator/stats`), json<Stats>(`${vendors.inventive}/_emulator/stats`)]);
    const [capture, receiver] = await Promise.all([ifThere(json<CaptureHealth>(`${services.capture}/health`)), ifThere(json<ReceiverHealth>(`${services.receiver}/health`))]);
    const { ends, lag } = await this.#topics();
    const { due, busy } = (await json<ReconcilerHealth>(`${services.reconciler}/health`)).details.work;
    const { pulls, fullLists } = receiver?.details.receiver ?? { pulls: none, fullLists: none };
    const reading = Object.values(capture?.details.sources ?? {}).map((source) => source.capture);
    const unread = reading.filter((source) => source?.state === 'live' && Number(source.counter ?? 0) < (inventive.stamp ?? 0) - 1).length;
    const counts = { 'pairs due': due, 'pairs in work': busy, 'messages not taken in': lag, 'calendars to read': pulls.running + pulls.waiting + fullLists.running + fullLists.waiting, 'sources with a stamp not read': unread };
    return {
      left: Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${what}: ${count}`])),
      mark: JSON.stringify([google.writes.length, google.notifications, inventive.writes.length, inventive.stamp, ends, counts]),
    };
  }

  async close(): Promise<void> {
    if (this.#connected !== undefined) await this.#admin.disconnect();
  }

  async #topics(): Promise<{ ends: number; lag: number }> {
    await (this.#connected ??= this.#admin.connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    }));
    const positions = await this.#admin.fetchOffsets({ groupId: 'reconciler', topics: TAKEN_IN });
    const perTopic = await Promise.all(TAKEN_IN.map(async (topic) => {
      const taken = new Map(positions.find((one) => one.topic === topic)?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return (await this.#admin.fetchTopicOffsets(topic)).map(({ partition, high, low }) => ({ end: Number(high), lag: Number(high) - Math.max(taken.get(partition) ?? -1, Number(low)) }));
    }));
    const all = perTopic.flat();
    return { ends: all.reduce((sum, { end }) => sum + end, 0), lag: all.reduce((sum, { lag }) => sum + lag, 0) };
  }
}

const none: Places = { running: 0, waiting: 0 };
/** Services answer 503 with the same body while something about them is unwell. */
const json = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const ifThere = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);
