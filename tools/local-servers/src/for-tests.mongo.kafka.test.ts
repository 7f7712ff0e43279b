import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { kafkaForTests, mongoForTests } from './testing/index.js';

describe('the servers that a test run shares', () => {
  it('are there because this file\'s name asks for them', async () => {
    const { uri, database } = mongoForTests();
    await using client = new MongoClient(uri);
    await client.db(database).collection('things').insertOne({ a: 1 });
    expect(await client.db(database).collection('things').countDocuments()).toBe(1);
    await client.db(database).dropDatabase();

    const { brokers, prefix } = kafkaForTests();
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: `${prefix}things` }] });
    expect(await admin.listTopics()).toContain(`${prefix}things`);
    await admin.deleteTopics({ topics: [`${prefix}things`] });
    await admin.disconnect();
  });

  it('give every caller a name of its own', () => {
    expect(mongoForTests().database).not.toBe(mongoForTests().database);
    expect(kafkaForTests().prefix).not.toBe(kafkaForTests().prefix);
  });
});
