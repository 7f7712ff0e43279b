import { describe, expect, it } from 'vitest';
import { outcomeLine } from './live-lines.js';

const at = '2026-03-02T09:30:00Z';
const appointmentId = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';

describe('outcomeLine', () => {
  it('tells direction, act, appointment, fields and time taken', () => {
    const line = outcomeLine('nl.inventive.sync.applied.v1', JSON.stringify({ at, side: 'google', act: 'update', fields: ['location'], latencyMs: 212.6, appointmentId }));
    expect(line).toBe('10:30:00  Inventive → Google  update  appointment A1B2C3D4  location  213 ms');
  });

  it('tells why something is not synchronised', () => {
    expect(outcomeLine('nl.inventive.sync.held.v1', JSON.stringify({ at, reason: 'recurring', eventId: 'abc' }))).toBe('10:30:00  not synchronised    event abc  recurring');
  });

  it('passes over tombstones and messages of other types', () => {
    expect(outcomeLine('nl.inventive.sync.applied.v1', '')).toBeUndefined();
    expect(outcomeLine('nl.inventive.sync.unheard-of.v1', '{}')).toBeUndefined();
  });
});
