// Follows the agenda of Inventive: everything from the beginning, then every change. See README.md.
import { Kafka, logLevel } from 'kafkajs';

const { KAFKA_BROKERS = '127.0.0.1:9092', GROUP = `example-${Date.now()}`, TOPIC = 'inventive.appointments' } = process.env;
const consumer = new Kafka({ clientId: 'example', brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR }).consumer({ groupId: GROUP, maxWaitTimeInMs: 250 });
const seen = new Map(); // key → newest version: a message can come twice
const newer = (a, b) => !b || a.epoch > b.epoch || (a.epoch === b.epoch && BigInt(a.stamp) > BigInt(b.stamp));

await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { key, value, headers } }) => {
    // A tombstone ends a deleted appointment; whoever starts after compaction sees the tombstone alone.
    if (value === null) return console.log(JSON.stringify({ key: `${key}`, gone: true }));
    const [, what] = /^nl\.inventive\.appointment\.(changed|deleted)\.v1$/.exec(`${headers.ce_type}`) ?? [];
    const { version, fields } = JSON.parse(`${value}`);
    if (!what || !newer(version, seen.get(`${key}`))) return;
    seen.set(`${key}`, version);
    console.log(JSON.stringify({ key: `${key}`, what, version, ...fields }));
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect().then(() => process.exit(0)));
