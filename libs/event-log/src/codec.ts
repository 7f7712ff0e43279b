import { MESSAGES, type Message, type MessageType, TOPICS } from '@calsync/event-contracts';
import { currentTraceparent } from '@calsync/service-chassis';

/** A message as it is written: CloudEvents 1.0, Kafka protocol binding, binary mode. */
export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  /** Null is a tombstone: a compacted topic forgets the key. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a consumer gets, in kafkajs' form. The topic is ours, without a prefix. */
export interface IncomingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>> | undefined;
  /** Milliseconds since 1970 as decimal text. */
  readonly timestamp?: string;
}

export type Decoded =
  | { readonly kind: 'message'; readonly message: Message; readonly traceparent?: string }
  | { readonly kind: 'tombstone'; readonly key: string }
  /** Of a later version of the contract, or somebody else's: not for us, and no error. */
  | { readonly kind: 'unknown-type'; readonly type: string }
  /** Names what is wrong, never a value. */
  | { readonly kind: 'undecodable'; readonly cause: string; readonly raw: IncomingRecord };

const COMPACTED: ReadonlySet<string> = new Set(Object.values(TOPICS).flatMap((topic) => (topic.cleanup === 'compact' ? [topic.name] : [])));

/** Throws a plain `Error` where our own message breaks its schema: others would find poison. */
export function encode(message: Message): KafkaRecord {
  const { topic, schema } = MESSAGES[message.type];
  const checked = schema.safeParse(message.data);
  if (!checked.success) throw new Error(`${message.type} ${message.id} breaks its schema: ${whatBreaks(checked.error)}`);
  return {
    topic,
    key: message.key,
    value: Buffer.from(JSON.stringify(message.data), 'utf8'),
    headers: {
      ce_specversion: '1.0',
      ce_id: message.id,
      ce_source: message.source,
      ce_type: message.type,
      ce_time: message.time,
      ...(message.subject === undefined ? {} : { ce_subject: message.subject }),
      ce_partitionkey: message.key,
      'content-type': 'application/json',
      traceparent: currentTraceparent(),
    },
  };
}

/** The end of a deleted appointment: after it, compaction forgets the key. */
export function tombstoneOf(record: Pick<KafkaRecord, 'topic' | 'key'>): KafkaRecord {
  return { topic: record.topic, key: record.key, value: null, headers: { traceparent: currentTraceparent() } };
}

/** Never throws, whatever stands in the record. */
export function decode(record: IncomingRecord): Decoded {
  const undecodable = (cause: string): Decoded => ({ kind: 'undecodable', cause, raw: record });
  try {
    const key = text(record.key ?? undefined);
    if (record.value === null) {
      if (key === undefined || key === '') return undecodable('no value and no key');
      return COMPACTED.has(record.topic) ? { kind: 'tombstone', key } : undecodable('no value, on a topic that has no tombstones');
    }
    if (key === undefined) return undecodable('no key');
    const header = (name: string) => text(record.headers?.[name]);
    const missing = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'].filter((name) => !header(name));
    if (missing.length > 0) return undecodable(`header ${missing.join(', ')} missing`);
    if (header('ce_specversion') !== '1.0') return undecodable('ce_specversion is not 1.0');
    const type = header('ce_type') ?? '';
    if (!isKnown(type)) return { kind: 'unknown-type', type };
    if (!isJson(header('content-type'))) return undecodable('content-type is not application/json');

    const parsed = parseJson(record.value);
    if (parsed.kind === 'bad') return undecodable(parsed.cause);
    const checked = MESSAGES[type].schema.safeParse(parsed.value);
    if (!checked.success) return undecodable(`data breaks the schema of ${type}: ${whatBreaks(checked.error)}`);
    const time = header('ce_time') ?? new Date(Number(record.timestamp ?? 0)).toISOString();
    const subject = header('ce_subject');
    const traceparent = header('traceparent');
    // One schema belongs to one type: the table above says so, but TypeScript can't follow a union of generics.
    const message = { type, id: header('ce_id'), key, source: header('ce_source'), time, ...(subject === undefined ? {} : { subject }), data: checked.data } as Message;
    return { kind: 'message', message, ...(traceparent === undefined ? {} : { traceparent }) };
  } catch (error) {
    return undecodable(`unreadable: ${error instanceof Error ? error.name : 'unknown error'}`);
  }
}

function parseJson(value: Buffer): { kind: 'read'; value: unknown } | { kind: 'bad'; cause: string } {
  if (value[0] === 0) return { kind: 'bad', cause: 'the value begins with a zero byte (a schema registry frame?)' };
  try {
    return { kind: 'read', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)) };
  } catch (error) {
    // The parser's own message quotes the text.
    return { kind: 'bad', cause: error instanceof SyntaxError ? 'the value is not JSON' : 'the value is not UTF-8' };
  }
}

function whatBreaks(error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string | undefined }[] }): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.map(String).join('.') || '(whole value)'} ${code ?? 'invalid'}`)
    .join(', ');
}

const isKnown = (type: string): type is MessageType => Object.hasOwn(MESSAGES, type);

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType);
}

function text(value: Buffer | string | readonly (Buffer | string)[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}
