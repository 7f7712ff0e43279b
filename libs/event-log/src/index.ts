export { type EnsureTopicsOptions, ensureTopics } from './ensure-topics.js';
export { type Decoded, type IncomingRecord, type KafkaRecord, decode, encode, tombstoneOf } from './codec.js';
export { KafkaMessagePublisher, type PublisherOptions } from './publisher.js';
export { type Delivered, EVENT_LOG, type EventLogConsumerOptions, EventLogContext, EventLogServer, OnTopic, eventLogConsumer } from './event-log-server.js';
export { ErrorsReachTheLog, PoisonMessage } from './handler-errors.js';
export type { MissedRecords } from './missed-records.js';
export { type SubscribeOptions, type Subscription, subscribe } from './subscribe.js';
