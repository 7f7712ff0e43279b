import { CloudEvent, Kafka as CloudEventsKafka } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { ALL_EXAMPLES, EXAMPLES } from '@calsync/event-contracts/testing';
import { withTrace } from '@calsync/service-chassis';
import { type IncomingRecord, decode, encode, tombstoneOf } from './codec.js';

const changed = EXAMPLES['nl.inventive.appointment.changed.v1'];
const record = (change: Partial<IncomingRecord> = {}): IncomingRecord => ({ ...encode(changed), ...change });
const headersWithout = (name: string) => Object.fromEntries(Object.entries(encode(changed).headers).filter(([key]) => key !== name));

describe('encode and decode', () => {
  it.each(ALL_EXAMPLES.map((message) => [message.type, message] as const))('%s comes back as it was', (_type, message) => {
    const wire = encode(message);
    const headers = Object.fromEntries(Object.entries(wire.headers).map(([name, value]) => [name, Buffer.from(value)]));
    expect(decode({ topic: wire.topic, key: Buffer.from(wire.key), value: wire.value, headers })).toEqual({ kind: 'message', message, traceparent: wire.headers['traceparent'] });
  });

  it('refuses to write what breaks the schema, without showing the value', () => {
    const bad = { ...changed, data: { ...changed.data, id: 'secret words' } };
    expect(() => encode(bad)).toThrow(/breaks its schema: id/);
    expect(() => encode(bad)).not.toThrow(/secret words/);
  });

  it('continues the trace that it was called in', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const wire = withTrace(`00-${traceId}-b7ad6b7169203331-01`, () => encode(changed));
    expect(wire.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(encode(changed).headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('reads a tombstone of the compacted topic, and only there', () => {
    expect(decode({ ...tombstoneOf(encode(changed)) })).toEqual({ kind: 'tombstone', key: changed.key });
    expect(decode({ topic: 'google.calendar-events', key: 'a', value: null })).toMatchObject({ kind: 'undecodable', cause: expect.stringMatching(/no tombstones/) });
  });

  it('passes over fields and types of a later version', () => {
    const later = JSON.parse(String(encode(changed).value)) as object;
    expect(decode(record({ value: Buffer.from(JSON.stringify({ ...later, colour: 'blue' })) }))).toMatchObject({ kind: 'message', message: changed });
    expect(decode(record({ headers: { ...encode(changed).headers, ce_type: 'nl.inventive.appointment.changed.v2' } }))).toEqual({ kind: 'unknown-type', type: 'nl.inventive.appointment.changed.v2' });
  });

  it.each<[string, IncomingRecord, RegExp]>([
    ['bad JSON', record({ value: Buffer.from('{"id": "geheim') }), /not JSON/],
    ['a bare word', record({ value: Buffer.from('geheim') }), /not JSON/],
    ['JSON null', record({ value: Buffer.from('null') }), /breaks the schema/],
    ['a number', record({ value: Buffer.from('42') }), /breaks the schema/],
    ['a wrong schema', record({ value: Buffer.from('{"id":"geheim"}') }), /breaks the schema.*source/],
    ['an empty value', record({ value: Buffer.alloc(0) }), /not JSON/],
    ['a first byte of zero', record({ value: Buffer.from([0, 0, 0, 0, 1, 2]) }), /zero byte/],
    ['no UTF-8', record({ value: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }), /UTF-8/],
    ['a megabyte of letters', record({ value: Buffer.alloc(1_000_000, 'x') }), /not JSON/],
    ['no headers', record({ headers: {} }), /ce_specversion, ce_id, ce_source, ce_type missing/],
    ['no type', record({ headers: headersWithout('ce_type') }), /ce_type missing/],
    ['another specversion', record({ headers: { ...encode(changed).headers, ce_specversion: '0.3' } }), /specversion/],
    ['another content type', record({ headers: { ...encode(changed).headers, 'content-type': 'text/plain' } }), /content-type/],
    ['no key', record({ key: null }), /no key/],
    ['neither key nor value', record({ key: null, value: null }), /no value and no key/],
  ])('%s is undecodable, and the cause shows no content', (_what, poison, cause) => {
    const decoded = decode(poison);
    expect(decoded).toMatchObject({ kind: 'undecodable' });
    if (decoded.kind !== 'undecodable') throw new Error('expected undecodable');
    expect(decoded.cause).toMatch(cause);
    expect(decoded.cause).not.toContain('geheim');
    expect(decoded.raw).toBe(poison);
  });

  it('survives prototype names as types', () => {
    expect(decode(record({ headers: { ...encode(changed).headers, ce_type: 'constructor' } }))).toEqual({ kind: 'unknown-type', type: 'constructor' });
  });
});

describe('the cloudevents SDK', () => {
  it('reads what we write', () => {
    const wire = encode(changed);
    // The SDK wants text headers and takes the value as it is: its consumer parses.
    const event = CloudEventsKafka.toEvent({ headers: { ...wire.headers }, key: wire.key, value: String(wire.value), body: String(wire.value) } as never);
    if (Array.isArray(event)) throw new Error('one event expected');
    expect(new CloudEvent({ ...event }).validate()).toBe(true);
    expect({ id: event.id, type: event.type, source: event.source, time: event.time, key: event['partitionkey'] }).toEqual({ id: changed.id, type: changed.type, source: changed.source, time: changed.time, key: changed.key });
    expect(typeof event.data === 'string' ? JSON.parse(event.data) : event.data).toEqual(changed.data);
  });

  it('writes what we read', () => {
    const { type, id, source, time, data, key } = changed;
    const wire = CloudEventsKafka.binary(new CloudEvent({ type, id, source, time, data, datacontenttype: 'application/json', partitionkey: key }) as never) as unknown as { headers: Record<string, string>; key: string; value: unknown };
    // Its trap: the value stays an object, the producer has to write it.
    const decoded = decode({ topic: 'inventive.appointments', key: wire.key, value: Buffer.from(JSON.stringify(wire.value)), headers: wire.headers });
    expect(decoded).toMatchObject({ kind: 'message', message: { type, id, key, source, data } });
  });
});
