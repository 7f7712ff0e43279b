import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { appointmentSchema } from '@calsync/event-contracts';
import { anAppointment, WHEN } from '../testing/records.js';
import { changedMessage } from './appointment-messages.js';

const secret = 'Bedrijfsarts';
const participant = { id: asInventiveId('1'.repeat(32)), name: secret, email: 'arts@example.nl', userId: asInventiveId('2'.repeat(32)), reply: 'accepted', entityStamp: 7 } as const;
const record = (privacy: 'private' | 'public') =>
  anAppointment({
    fields: { subject: secret, location: secret, notes: secret, showAs: 'away', privacy, reminder: 15 },
    blockLines: [{ field: 'relation.name', label: 'Relatie', value: secret }], participants: [participant], category: secret, url: 'https://inventive.example.com/1',
  });
const dataOf = (privacy: 'private' | 'public') => {
  const message = changedMessage({ record: record(privacy), rowStamp: 5n, parts: [] }, { epoch: 1, stamp: '5' }, '2026-11-24T10:00:00Z');
  if (message.type !== 'nl.inventive.appointment.changed.v1') throw new Error(message.type);
  return message.data;
};

describe('the message of an appointment', () => {
  it('[lesson 19] of a private one tells when, how it shows, when it rings and where it opens, and no more', () => {
    const data = dataOf('private');
    expect(JSON.stringify(data)).not.toContain(secret);
    expect(data).toMatchObject({ reduced: true, fields: { when: WHEN, showAs: 'away', privacy: 'private', reminder: 15 }, participants: [], blockLines: [], category: '', url: 'https://inventive.example.com/1' });
    expect(Object.keys(data.fields).toSorted()).toEqual(['privacy', 'reminder', 'showAs', 'when']);
  });
  it('of any other one is whole, save what serves only whoever writes', () => {
    const data = dataOf('public');
    expect(data).toMatchObject({ reduced: false, fields: record('public').fields, category: secret });
    const { entityStamp: _stamp, ...told } = participant;
    expect(data.participants).toEqual([told]);
  });
  it.each(['private', 'public'] as const)('fits its contract, key by key: %s', (privacy) => expect(appointmentSchema.strict().parse(dataOf(privacy))).toEqual(dataOf(privacy)));
});
