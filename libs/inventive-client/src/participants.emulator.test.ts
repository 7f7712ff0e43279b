import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asInventiveId, type AppointmentRecord, type InventiveId } from '@calsync/calendar-model';
import { startInventiveEmulator, type ChildApp } from '@calsync/local-servers/testing';
import type { Clock, InventiveAgenda, ParticipantWrite } from '@calsync/sync-engine';
import type { AgendaSource } from './agenda/assemble.js';
import { readAdministrations, readUsers, type InventiveUser } from './agenda/directory.js';
import { createInventiveAgenda } from './agenda/inventive-agenda.js';
import { openSource } from './agenda/open-source.js';

const ZONE = 'Europe/Amsterdam';
const clock: Clock = { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

let emulator: ChildApp;
let source: AgendaSource;
let agenda: InventiveAgenda;
let jansen: InventiveUser;
let administrationId: InventiveId;
let desktop: string;
let made = 0;

beforeAll(async () => {
  emulator = await startInventiveEmulator({ SYNC_PASSWORD: 'geheim', LOG_LEVEL: 'error' });
  source = openSource({ name: 'demo', url: emulator.url, user: 'sync', password: 'geheim', nudgeSecret: 'x'.repeat(16), zone: ZONE, longestTransactionMs: 5_000, pollMs: 5_000 }, { clock });
  agenda = createInventiveAgenda([source], { epochOf: async () => 1 });
  jansen = (await readUsers(source)).find(({ loginName }) => loginName === 'jansen')!;
  administrationId = (await readAdministrations(source))[0]!.id;
  const session = await fetch(`${emulator.url}/_emulator/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  desktop = ((await session.json()) as { cookie: string }).cookie;
});
afterAll(async () => {
  await source.client.close();
  await emulator.stop();
});

const newId = (): InventiveId => asInventiveId(`${'D'.repeat(24)}${(made += 1).toString(16).padStart(8, '0')}`);
async function anAppointment(): Promise<AppointmentRecord> {
  const outcome = await agenda.create(source.name, { id: newId(), ownerId: jansen.id, administrationId, fields: { subject: 'Proef', when: { kind: 'timed', start: '2031-05-06T10:00:00', end: '2031-05-06T11:00:00', zone: ZONE } } });
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome.record;
}
async function write(appointment: AppointmentRecord, ...writes: ParticipantWrite[]): Promise<AppointmentRecord> {
  const outcome = await agenda.writeParticipants(source.name, appointment.id, writes);
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome.record;
}
/** Somebody at the desk. */
async function answers(id: InventiveId, Reactie: string): Promise<void> {
  const headers = { cookie: desktop, 'content-type': 'application/json' };
  const row = (await (await fetch(`${emulator.url}/rest/AfspraakDeelnemer(${id})`, { headers })).json()) as { __KEY: string; __STAMP: number };
  await fetch(`${emulator.url}/rest/AfspraakDeelnemer?$method=update`, { method: 'POST', headers, body: JSON.stringify({ __KEY: row.__KEY, __STAMP: row.__STAMP, Reactie }) });
}
const anna = (id: InventiveId): ParticipantWrite => ({ kind: 'create', id, email: 'anna@elders.example', name: 'Anna', reply: 'maybe' });

describe('participants', () => {
  it('are made, answered and taken out, and the appointment comes back with them and a newer version', async () => {
    const appointment = await anAppointment();
    const [one, two] = [newId(), newId()];
    const after = await write(appointment, anna(one), { kind: 'create', id: two, email: jansen.email, name: 'J. Jansen', userId: jansen.id, reply: 'accepted' });
    expect(after.participants).toEqual([
      { id: one, name: 'Anna', email: 'anna@elders.example', reply: 'maybe', entityStamp: expect.any(Number) as number },
      { id: two, name: 'J. Jansen', email: jansen.email, userId: jansen.id, reply: 'accepted', entityStamp: expect.any(Number) as number },
    ]);
    expect([BigInt(after.version.stamp) > BigInt(appointment.version.stamp), after.rowStamp, after.entityStamp]).toEqual([true, appointment.rowStamp, appointment.entityStamp]);
    const answered = await write(after, { kind: 'update', email: 'x', id: one, expected: 'maybe', reply: 'declined' }, { kind: 'delete', email: 'x', id: two, expected: 'accepted' });
    expect(answered.participants.map(({ id, reply }) => [id, reply])).toEqual([[one, 'declined']]);
  });

  it('are left as they are where somebody was faster, and what comes after isn’t done', async () => {
    const appointment = await anAppointment();
    const one = newId();
    await write(appointment, anna(one));
    await answers(one, 'Geaccepteerd');
    const later = anna(newId());
    expect(await agenda.writeParticipants(source.name, appointment.id, [{ kind: 'update', email: 'x', id: one, expected: 'maybe', reply: 'declined' }, later])).toEqual({ kind: 'stale' });
    expect(await agenda.writeParticipants(source.name, appointment.id, [{ kind: 'delete', email: 'x', id: one, expected: 'maybe' }, later])).toEqual({ kind: 'stale' });
    const reading = await agenda.read(source.name, appointment.id);
    expect(reading.kind === 'found' && reading.record.participants.map(({ id, reply }) => [id, reply])).toEqual([[one, 'accepted']]);
  });

  it('are made once, also where the desk was faster with the same address or colleague', async () => {
    const appointment = await anAppointment();
    await write(appointment, { kind: 'create', id: newId(), email: 'Anna@Elders.example', name: 'Van het bureau', userId: jansen.id, reply: 'none' });
    expect(await agenda.writeParticipants(source.name, appointment.id, [anna(newId())])).toEqual({ kind: 'stale' });
    expect(await agenda.writeParticipants(source.name, appointment.id, [{ kind: 'create', id: newId(), email: 'jansen@elders.example', name: '', userId: jansen.id, reply: 'none' }])).toEqual({ kind: 'stale' });
  });

  it('are made once under one key, and one that is gone needs no deletion', async () => {
    const appointment = await anAppointment();
    const one = newId();
    await write(appointment, anna(one));
    expect(await agenda.writeParticipants(source.name, appointment.id, [anna(one)])).toEqual({ kind: 'stale' });
    await write(appointment, { kind: 'delete', email: 'x', id: one, expected: 'maybe' });
    expect((await write(appointment, { kind: 'delete', email: 'x', id: one, expected: 'maybe' })).participants).toEqual([]);
    expect((await write(appointment, anna(one))).participants.map(({ id }) => id)).toEqual([one]);
  });

  it('of an appointment that is gone are refused', async () => {
    const appointment = await anAppointment();
    await agenda.delete(source.name, appointment.id, appointment.rowStamp);
    expect((await agenda.writeParticipants(source.name, appointment.id, [anna(newId())])).kind).toMatch(/refused|gone/);
  });

  it('that are open on a desk are locked', async () => {
    const appointment = await anAppointment();
    const one = newId();
    await write(appointment, anna(one));
    await fetch(`${emulator.url}/_emulator/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ match: { op: 'update', dataclass: 'AfspraakDeelnemer', user: 'sync' }, action: { locked: true }, times: 1 }) });
    expect(await agenda.writeParticipants(source.name, appointment.id, [{ kind: 'update', email: 'x', id: one, expected: 'maybe', reply: 'accepted' }])).toEqual({ kind: 'locked' });
    expect((await write(appointment, { kind: 'update', email: 'x', id: one, expected: 'maybe', reply: 'accepted' })).participants.map(({ reply }) => reply)).toEqual(['accepted']);
  });
});
