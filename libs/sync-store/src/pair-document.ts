import type { PairId } from '@calsync/calendar-model';
import type { GoogleSide, InventiveSide, Pair } from '@calsync/sync-engine';

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

/** A pair as stored: what people wrote is sealed, what is searched by stands in clear. */
export type PairDocument = Omit<Pair, 'id' | 'inventive' | 'google' | 'base' | 'intent' | 'begun' | 'formerEvent' | 'lostValues'> & {
  readonly _id: PairId;
  readonly inventive: SideDocument;
  readonly google: SideDocument;
  readonly base?: string;
  readonly intent?: string;
  readonly begun?: string;
  readonly formerEvent?: string;
  readonly lostValues?: string;
  readonly due: boolean;
  readonly dueAt: Date;
  /** 0 live, 1 import: sorts the due ones. */
  readonly priority: number;
  readonly claimedBy?: string;
  readonly claimedUntil?: Date;
  readonly changedOn: Date;
};

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
    const { _id: id, inventive, google, base, intent, begun, formerEvent, lostValues, due: _due, dueAt: _dueAt, priority: _priority, claimedBy: _by, claimedUntil: _until, changedOn: _changedOn, restoring, ...clear } = document;
    const place = { id, accountId: document.accountId };
    return {
      ...clear,
      ...(restoring === undefined || restoring.length === 0 ? {} : { restoring }),
      id,
      inventive: this.decodeSide<InventiveSide>(place, inventive),
      google: this.decodeSide<GoogleSide>(place, google),
      ...(base === undefined ? {} : { base: this.open<NonNullable<Pair['base']>>(place, base) }),
      ...(intent === undefined ? {} : { intent: this.open<NonNullable<Pair['intent']>>(place, intent) }),
      ...(begun === undefined ? {} : { begun: this.open<NonNullable<Pair['begun']>>(place, begun) }),
      ...(formerEvent === undefined ? {} : { formerEvent: this.open<NonNullable<Pair['formerEvent']>>(place, formerEvent) }),
      lostValues: lostValues === undefined ? [] : this.open<Pair['lostValues']>(place, lostValues),
    };
  }

  private decodeSide<Side extends InventiveSide | GoogleSide>(pair: Pick<Pair, 'id' | 'accountId'>, side: SideDocument): Side {
    const { record, ...clear } = side;
    const opened = record === undefined ? undefined : this.open<object>(pair, record);
    // The version of a series may have moved on while the record was sealed: what is known is so under that version.
    const renewed = opened !== undefined && side.state === 'known' && 'etag' in opened && side.version !== undefined ? { ...opened, ...(side.version as object) } : opened;
    return { ...clear, ...(renewed === undefined ? {} : { record: renewed }) } as Side;
  }

  /** What we sealed ourselves is of the type that we sealed. */
  private open<T>(pair: Pick<Pair, 'id' | 'accountId'>, sealed: string): T {
    return JSON.parse(this.sealer.open(sealed, boundTo(pair))) as T;
  }
}

const boundTo = (pair: Pick<Pair, 'id' | 'accountId'>): string => `${pair.accountId}/${pair.id}`;
