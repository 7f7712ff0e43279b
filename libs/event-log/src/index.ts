export { type EnsureTopicsOptions, ensureTopics } from './ensure-topics.js';
export { type Decoded, type IncomingRecord, type KafkaRecord, decode, encode, tombstoneOf } from './codec.js';
export { KafkaMessagePublisher, type PublisherOptions } from './publisher.js';
