import type { AccountId, CalendarId, GoogleEventId, InventiveId, PairId, Reason, SourceName } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { GoogleSide, InventiveSide, Pair, PairStatus } from '@calsync/sync-engine';

/** Encrypts what a person wrote; the second argument binds a ciphertext to its place. */
export interface Sealer {
  seal(plain: string, boundTo: string): string;
  open(sealed: string, boundTo: string): string;
}

/** A side as stored: order and state in clear, the record itself sealed. */
interface SideDocument {
  readonly state: 'known' | 'tombstone' | 'unknown';
  readonly version?: unknown;
  readonly seq: number;
  readonly needsRead: boolean;
  readonly receivedAt?: number;
  readonly changedAt: Record<string, number>;
  readonly record?: string;
}

export interface PairDocument {
  readonly _id: PairId;
  readonly accountId: AccountId;
  readonly source: SourceName;
  readonly status: PairStatus;
  readonly revision: number;
  readonly appointmentId: InventiveId;
  readonly inventiveGeneration: number;
  readonly calendarId: CalendarId;
  readonly eventId: GoogleEventId;
  readonly googleGeneration: number;
  readonly inventive: SideDocument;
  readonly google: SideDocument;
  readonly base?: string;
  readonly intent?: string;
  readonly lostValues?: string;
  readonly due: boolean;
  readonly dueSeq: number;
  readonly dueAt: Date;
  /** 0 live, 1 import: sorts the due ones. */
  readonly priority: number;
  readonly claimedBy?: string;
  readonly claimedUntil?: Date;
  readonly attempts: number;
  readonly failure?: Pair['failure'];
  readonly reasons: readonly Reason[];
  readonly outbox: readonly Message[];
  readonly recentWrites: Pair['recentWrites'];
  readonly imported?: true;
  readonly changedOn: Date;
}

/** Turns pairs into documents and back; contents are bound to the account and the pair, so a copied ciphertext is refused. */
export class PairCodec {
  constructor(private readonly sealer: Sealer) {}

  encodeSide(pair: Pick<Pair, 'id' | 'accountId'>, side: InventiveSide | GoogleSide): SideDocument {
    const { record, changedAt, ...clear } = side;
    return { ...clear, changedAt: { ...changedAt }, ...(record === undefined ? {} : { record: this.seal(pair, record) }) };
  }

  seal(pair: Pick<Pair, 'id' | 'accountId'>, content: unknown): string {
    return this.sealer.seal(JSON.stringify(content), boundTo(pair));
  }

  decode(document: PairDocument): Pair {
    const pair = { id: document._id, accountId: document.accountId };
    const { base, intent, lostValues, failure, imported } = document;
    return {
      ...pair,
      source: document.source,
      status: document.status,
      revision: document.revision,
      appointmentId: document.appointmentId,
      inventiveGeneration: document.inventiveGeneration,
      calendarId: document.calendarId,
      eventId: document.eventId,
      googleGeneration: document.googleGeneration,
      inventive: this.decodeSide<InventiveSide>(pair, document.inventive),
      google: this.decodeSide<GoogleSide>(pair, document.google),
      ...(base === undefined ? {} : { base: this.open<NonNullable<Pair['base']>>(pair, base) }),
      ...(intent === undefined ? {} : { intent: this.open<NonNullable<Pair['intent']>>(pair, intent) }),
      ...(failure === undefined ? {} : { failure }),
      lostValues: lostValues === undefined ? [] : this.open<Pair['lostValues']>(pair, lostValues),
      dueSeq: document.dueSeq,
      attempts: document.attempts,
      reasons: document.reasons,
      outbox: document.outbox,
      recentWrites: document.recentWrites,
      ...(imported === undefined ? {} : { imported }),
    };
  }

  private decodeSide<Side extends InventiveSide | GoogleSide>(pair: Pick<Pair, 'id' | 'accountId'>, side: SideDocument): Side {
    const { record, ...clear } = side;
    return { ...clear, ...(record === undefined ? {} : { record: this.open(pair, record) }) } as Side;
  }

  /** What we sealed ourselves is of the type that we sealed. */
  private open<T>(pair: Pick<Pair, 'id' | 'accountId'>, sealed: string): T {
    return JSON.parse(this.sealer.open(sealed, boundTo(pair))) as T;
  }
}

const boundTo = (pair: Pick<Pair, 'id' | 'accountId'>): string => `${pair.accountId}/${pair.id}`;
