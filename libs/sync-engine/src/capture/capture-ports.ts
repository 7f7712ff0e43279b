import type { InventiveId, SourceName } from '@calsync/calendar-model';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { Leases } from '../ports/lease.js';
import type { CaptureSource, Part, PartKey } from './capture-source.js';
import type { Mark } from './settled-stamps.js';

/** How far capture has read of one source. */
export interface Watermark {
  /** Grows when a person lets a stopped source go on: versions of a new epoch beat all older ones. */
  readonly epoch: number;
  /** Every change with a lower stamp was visible and published; re-reading begins here. */
  readonly readFrom: bigint;
  /** The counter as it was last read. It never runs backwards, unless a backup was restored. */
  readonly counter: bigint;
  readonly marks: readonly Mark[];
  /** The counter when the publishing of this epoch's whole table first began, and whether it was finished. */
  readonly snapshot?: { readonly began: bigint; readonly done: boolean };
  /** Set when the source was stopped: nothing is published until a person has decided. */
  readonly stopped?: { readonly reason: string; readonly at: string };
}

export interface Watermarks {
  /** Begins a tenure: from now on lower fencing tokens can't save. Undefined where a higher one was here. */
  takeOver(source: SourceName, fencingToken: number): Promise<Watermark | undefined>;
  /** False where a higher fencing token took over. */
  save(source: SourceName, fencingToken: number, watermark: Watermark): Promise<boolean>;
  /** Lets a stopped source begin a new epoch; the new epoch, or undefined where it isn't stopped. */
  resume(source: SourceName): Promise<number | undefined>;
}

/** A state that is about to be published. */
export interface Offer {
  readonly id: InventiveId;
  readonly epoch: number;
  readonly stamp: bigint;
  /** Names exactly this content. */
  readonly state: string;
  readonly parts: readonly PartKey[];
}

/** What was last published of an appointment. Epoch 0: nothing yet that we remember. */
export interface PublishedAppointment {
  readonly id: InventiveId;
  readonly epoch: number;
  readonly stamp: bigint;
  readonly rowStamp: bigint;
  readonly parts: readonly Part[];
  readonly deleted: boolean;
  /** Offered to the log since, perhaps seen by others, never remembered as acknowledged. */
  readonly offered?: { readonly epoch: number; readonly stamp: bigint; readonly state: string };
}

/** The memory of what was published, and the index from a row to the appointments that are made of it. */
export interface PublishedAppointments {
  byIds(source: SourceName, ids: readonly InventiveId[]): Promise<readonly PublishedAppointment[]>;
  /** The appointments made of this row, in order of key, beginning after `after`. */
  madeOf(source: SourceName, part: PartKey, page: { readonly after?: InventiveId; readonly limit: number }): Promise<readonly InventiveId[]>;
  /** Where these rows are part of, for rows that few appointments share. */
  holdersOf(source: SourceName, parts: readonly PartKey[]): Promise<readonly { readonly id: InventiveId; readonly part: PartKey }[]>;
  /** Before a publication: notes what is offered and adds its parts to the index. False where a higher fencing token was here. */
  offer(source: SourceName, fencingToken: number, offers: readonly Offer[]): Promise<boolean>;
  /** After the acknowledgement; ends the offers. False where a higher fencing token saved one of them. */
  save(source: SourceName, fencingToken: number, published: readonly PublishedAppointment[]): Promise<boolean>;
  /** The most recently saved rows among what is published. */
  newest(source: SourceName, limit: number): Promise<readonly PublishedAppointment[]>;
  /** In order of key. */
  page(source: SourceName, after: InventiveId | undefined, limit: number): Promise<readonly PublishedAppointment[]>;
}

/** Crash points, for tests that kill the process there. */
export type CaptureStep = 'capture:before-publish' | 'capture:after-publish-before-watermark';

/** What is told to logs and metrics; nothing depends on it. */
export interface CaptureObserver {
  /** `sinceNudgeMs`: from the oldest nudge that this publication answers. */
  published(source: SourceName, count: number, sinceNudgeMs: number | undefined): void;
  snapshotProgress(source: SourceName, published: number, finished: boolean): void;
  /** The inventory found what no rule had found: expected to be 0 for ever. */
  repaired(source: SourceName, count: number): void;
  /** Set aside so that it stops no other: a row that can't be understood, or a message that the log will never take. */
  unreadable(source: SourceName, id: InventiveId, cause: string): void;
  failed(source: SourceName, error: unknown): void;
  stopped(source: SourceName, reason: string): void;
}

export interface CapturePorts {
  readonly inventive: CaptureSource;
  readonly publisher: MessagePublisher;
  readonly watermarks: Watermarks;
  readonly published: PublishedAppointments;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: CaptureObserver;
  readonly reached: (step: CaptureStep) => void | Promise<void>;
}

export interface CaptureSettings {
  /** Longest time between a transaction's taking of a stamp and its commit. */
  readonly longestTransactionMs: number;
  readonly pollMs: number;
  readonly inventoryEveryMs: number;
  readonly leaseTtlMs: number;
  /** How long one publication can take at most, retries included; the lease must outlast it. */
  readonly sendLimitMs: number;
  /** Appointments that ended longer ago are left out of the first snapshot; undefined publishes all. */
  readonly snapshotDaysBack?: number;
  /** Appointments that are read again at once when something they share changed; 50 if left out. */
  readonly fanOutPage?: number;
}
