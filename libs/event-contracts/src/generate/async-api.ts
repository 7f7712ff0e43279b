import { MESSAGES, type Message, type MessageType } from '../messages.js';
import { TOPICS, type TopicDeclaration, deadLettersOf, topicConfig } from '../topics.js';
import { type JsonSchema, schemaFileOf, schemaOf } from './json-schemas.js';

const TYPES = Object.keys(MESSAGES) as MessageType[];
const KEYS: Readonly<Record<string, string>> = {
  [TOPICS.appointments.name]: '`<source>/<appointmentId>`',
  [TOPICS.calendarEvents.name]: '`<accountId>/<calendarId>`',
  [TOPICS.outcomes.name]: 'the pair id',
  [TOPICS.commands.name]: 'the account id',
};

/** AsyncAPI 3.0 with Kafka bindings 0.5.0: what a subscriber can rely on. */
export function asyncApi(examples: readonly Message[]): JsonSchema {
  const topics: readonly TopicDeclaration[] = Object.values(TOPICS);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Inventive Calendar Sync: messages',
      version: '1.0.0',
      description: [
        'Every message is a CloudEvents 1.0 event in the Kafka protocol binding, binary mode: attributes in `ce_*` headers, JSON in the value.',
        'Order is promised per key. Delivery is at least once: `ce_id` is the same at every repetition, and the data carries a version that grows per key; drop what is not newer than what you have.',
        'Within `.v1` only optional fields are added; pass over fields, values of `reason` and types that you do not know. A break gets a new type, written beside the old one for 90 days.',
        'A message without a value is a tombstone: the key is gone. Keys are placed by the Java client’s default partitioner (murmur2).',
        'Saves between two reads of Inventive collapse into one message: a message says how something is now, not every step to it.',
      ].join('\n\n'),
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [channelOf(topic.name), channel(topic)])),
    operations: Object.fromEntries(
      topics.map((topic) => [
        `send-${channelOf(topic.name)}`,
        { action: 'send', channel: { $ref: `#/channels/${channelOf(topic.name)}` }, summary: topic.purpose, messages: typesOf(topic.name).map((type) => ({ $ref: `#/channels/${channelOf(topic.name)}/messages/${idOf(type)}` })) },
      ]),
    ),
    components: {
      messages: Object.fromEntries(TYPES.map((type) => [idOf(type), message(type, examples.filter((example) => example.type === type))])),
      schemas: Object.fromEntries(TYPES.map((type) => [idOf(type), schemaOf(type, 'draft-7')])),
    },
  };
}

/** Ids in AsyncAPI are plain words; the real names stand in `address` and in the header `ce_type`. */
const channelOf = (topic: string): string => topic.replaceAll('.', '-');
const idOf = (type: MessageType): string => type.replaceAll('.', '-');
const typesOf = (topic: string): MessageType[] => TYPES.filter((type) => MESSAGES[type].topic === topic);

function channel(topic: TopicDeclaration): JsonSchema {
  const config = topicConfig(topic);
  return {
    address: topic.name,
    description: `${topic.purpose}. Key: ${KEYS[topic.name] ?? 'as the source'}. What nobody could read goes to \`${deadLettersOf(topic.name)}\`, original bytes, with \`dead_letter_*\` headers.`,
    messages: Object.fromEntries(typesOf(topic.name).map((type) => [idOf(type), { $ref: `#/components/messages/${idOf(type)}` }])),
    bindings: {
      kafka: {
        bindingVersion: '0.5.0',
        topic: topic.name,
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          ...(config['retention.ms'] === undefined ? {} : { 'retention.ms': Number(config['retention.ms']) }),
          ...(config['delete.retention.ms'] === undefined ? {} : { 'delete.retention.ms': Number(config['delete.retention.ms']) }),
        },
      },
    },
  };
}

function message(type: MessageType, examples: readonly Message[]): JsonSchema {
  return {
    name: type,
    title: type,
    contentType: 'application/json',
    summary: `The data as JSON Schema 2020-12: \`schemas/${schemaFileOf(type)}\`.`,
    headers: {
      type: 'object',
      required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'content-type'],
      properties: {
        ce_specversion: { type: 'string', const: '1.0' },
        ce_id: { type: 'string', description: 'the same at every repetition of the message' },
        ce_source: { type: 'string', description: 'the service that wrote it' },
        ce_type: { type: 'string', const: type },
        ce_time: { type: 'string', format: 'date-time' },
        ce_subject: { type: 'string' },
        ce_partitionkey: { type: 'string', description: 'the Kafka key' },
        'content-type': { type: 'string', const: 'application/json' },
        traceparent: { type: 'string', description: 'W3C Trace Context' },
      },
    },
    payload: { $ref: `#/components/schemas/${idOf(type)}` },
    bindings: { kafka: { bindingVersion: '0.5.0', key: { type: 'string', description: KEYS[MESSAGES[type].topic] } } },
    examples: examples.map((example) => ({
      name: type,
      headers: {
        ce_specversion: '1.0',
        ce_id: example.id,
        ce_source: example.source,
        ce_type: example.type,
        ce_time: example.time,
        ...(example.subject === undefined ? {} : { ce_subject: example.subject }),
        ce_partitionkey: example.key,
        'content-type': 'application/json',
      },
      payload: example.data,
    })),
  };
}
