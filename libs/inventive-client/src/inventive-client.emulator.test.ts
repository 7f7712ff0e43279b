import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asInventiveId, type InventiveFields, type InventiveId } from '@calsync/calendar-model';
import { startInventiveEmulator, type ChildApp } from '@calsync/local-servers/testing';
import type { Clock, InventiveAgenda, StampedRow, TrackedKind } from '@calsync/sync-engine';
import { createCaptureSource } from './agenda/capture-source.js';
import { readAdministrations, readUser, readUsers, type InventiveUser } from './agenda/directory.js';
import { createInventiveAgenda } from './agenda/inventive-agenda.js';
import { openSource } from './agenda/open-source.js';
import { sourceProblems } from './agenda/administration-zones.js';
import type { AgendaSource } from './agenda/assemble.js';

const ZONE = 'Europe/Amsterdam';
const clock: Clock = { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

let emulator: ChildApp;
let source: AgendaSource;
let agenda: InventiveAgenda;
let jansen: InventiveUser;
let administrationId: InventiveId;
/** The same server through another user's desktop. */
let desktop: string;
let made = 0;

const open = (more: { password?: string; requestTimeoutMs?: number; recogniseDatabase?: boolean } = {}): AgendaSource =>
  openSource(
    { name: 'demo', url: emulator.url, user: 'sync', password: more.password ?? 'geheim', nudgeSecret: 'x'.repeat(16), zone: ZONE, longestTransactionMs: 5_000, pollMs: 5_000, recogniseDatabase: more.recogniseDatabase },
    { clock, ...(more.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: more.requestTimeoutMs }) },
  );

async function door(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${emulator.url}/_emulator/${path}`, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

async function byHand(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${emulator.url}/rest/${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { cookie: desktop, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return (await response.json()) as Record<string, unknown>;
}

beforeAll(async () => {
  emulator = await startInventiveEmulator({ SYNC_PASSWORD: 'geheim', LOG_LEVEL: 'error' });
  source = open();
  agenda = createInventiveAgenda([source], { epochOf: async () => 1 });
  jansen = (await readUsers(source)).find(({ loginName }) => loginName === 'jansen')!;
  administrationId = (await readAdministrations(source))[0]!.id;
  desktop = String((await door('POST', 'sessions', {}))['cookie']);
});
afterAll(async () => {
  await source.client.close();
  await emulator.stop();
});
beforeEach(() => door('DELETE', 'faults').catch(() => undefined));

const timed = (day: string, from = '10:00:00', until = '11:00:00'): InventiveFields['when'] => ({ kind: 'timed', start: `${day}T${from}`, end: `${day}T${until}`, zone: ZONE });
const newId = (): InventiveId => asInventiveId(`${'C'.repeat(24)}${(made += 1).toString(16).padStart(8, '0')}`);

async function create(fields: InventiveFields = {}) {
  const id = newId();
  const outcome = await agenda.create(source.name, { id, ownerId: jansen.id, administrationId, fields: { subject: 'Proef', when: timed('2031-05-06'), ...fields } });
  if (outcome.kind !== 'written') throw new Error(`not created: ${JSON.stringify(outcome)}`);
  return outcome.record;
}

describe('the server', () => {
  it('[R13.1] is recognised by its address and by what it calls its database, or by its address alone', async () => {
    const found = await source.client.fingerprint();
    expect(found).toEqual({ address: new URL(emulator.url).origin, database: expect.stringMatching(/^[0-9A-F]{32}$/) as string });
    const byAddress = open({ recogniseDatabase: false });
    expect(await byAddress.client.fingerprint()).toEqual({ address: found.address });
    await byAddress.client.close();
  });
  it('fits the mapping file', async () => expect(await source.client.mappingProblems()).toEqual([]));

  it('is held against the settings before anything is read: a code that no administration has is named', async () => {
    const [first] = await readAdministrations(source);
    expect(await sourceProblems(source)).toEqual([]);
    expect(await sourceProblems({ ...source, administrationZones: { [first!.code]: 'America/Curacao' } })).toEqual([]);
    expect(await sourceProblems({ ...source, administrationZones: { [first!.code]: 'America/Curacao', weg: 'UTC', ook: 'UTC' } })).toEqual([expect.stringContaining('"weg"'), expect.stringContaining('"ook"')]);
  });

  it('lists users and administrations', async () => {
    expect((await readUsers(source)).map(({ loginName }) => loginName)).toEqual(expect.arrayContaining(['bakker', 'devries', 'jansen', 'visser']));
    expect([await readUser(source, jansen.id), await readUser(source, asInventiveId('F'.repeat(32)))]).toEqual([jansen, undefined]);
    expect(jansen).toMatchObject({ active: true, email: expect.stringContaining('@') as string });
    expect((await readAdministrations(source)).length).toBeGreaterThanOrEqual(2);
  });

  it('refuses a wrong password with a line that names the user and no password', async () => {
    const wrong = open({ password: 'verkeerd-geheim' });
    await expect(wrong.client.stampNow()).rejects.toMatchObject({ kind: 'transient', message: expect.stringMatching(/"sync"|our user/) as string });
    await expect(wrong.client.stampNow()).rejects.not.toThrow(/verkeerd-geheim/);
    await wrong.client.close();
  });

  it('is logged in to once for many questions at a time, and again when the session is gone', async () => {
    const fresh = open();
    await Promise.all(Array.from({ length: 10 }, () => fresh.client.stampNow()));
    await door('POST', 'faults', { action: { error: { status: 401, errCode: 1822 } }, match: { user: 'sync', op: 'read' }, times: 1 });
    expect(createCaptureSource(fresh).sessions()).toBe(1);
    expect(await fresh.client.stampNow()).toBeGreaterThan(0n);
    expect(createCaptureSource(fresh).sessions()).toBe(2);
    await fresh.client.close();
  });

  it('is asked again where it was only busy, and not for ever', async () => {
    await door('POST', 'faults', { action: { error: { status: 503, errCode: 0 } }, match: { user: 'sync', op: 'read' }, times: 2 });
    expect(await source.client.stampNow()).toBeGreaterThan(0n);
    await door('POST', 'faults', { action: { error: { status: 503, errCode: 0 } }, match: { user: 'sync', op: 'read' }, times: 20 });
    await expect(source.client.stampNow()).rejects.toMatchObject({ kind: 'transient' });
  });

  it('is not waited for longer than the time limit', async () => {
    const impatient = open({ requestTimeoutMs: 150 });
    await impatient.client.stampNow();
    await door('POST', 'faults', { action: { latencyMs: 20_000 }, match: { user: 'sync', op: 'read' } });
    const from = performance.now();
    await expect(impatient.client.stampNow()).rejects.toMatchObject({ kind: 'transient' });
    expect(performance.now() - from).toBeLessThan(15_000);
    await impatient.client.close();
  });
});

describe('appointments', () => {
  it('are created with a given key, once', async () => {
    const record = await create({ subject: 'Één afspraak 🎉', location: "Café 't Hoekje", notes: 'regel 1\nregel 2', showAs: 'tentative', privacy: 'private' });
    expect(record.fields).toEqual({ subject: 'Één afspraak 🎉', location: "Café 't Hoekje", notes: 'regel 1\nregel 2', showAs: 'tentative', privacy: 'private', reminder: 'default', when: timed('2031-05-06') });
    expect(record).toMatchObject({ ownerId: jansen.id, administrationId, status: 'planned', reduced: false, version: { epoch: 1, stamp: record.rowStamp } });
    expect(await agenda.read(source.name, record.id)).toEqual({ kind: 'found', record });
    const again = await agenda.create(source.name, { id: record.id, ownerId: jansen.id, administrationId, fields: { subject: 'Andere' } });
    expect(again).toEqual({ kind: 'exists' });
    expect(await agenda.read(source.name, record.id)).toEqual({ kind: 'found', record });
  });

  it('get the Soort of one whose place they take', async () => {
    const outcome = await agenda.create(source.name, { id: newId(), ownerId: jansen.id, administrationId, category: 'Bezoek', fields: { subject: 'Proef', when: timed('2031-05-06') } });
    expect(outcome).toMatchObject({ kind: 'written', record: { category: 'Bezoek' } });
  });

  it.each<[string, NonNullable<InventiveFields['when']>]>([
    ['all day', { kind: 'all-day', firstOn: '2031-05-06', lastOn: '2031-05-08' }],
    ['past midnight', { kind: 'timed', start: '2031-05-06T23:00:00', end: '2031-05-07T01:30:00', zone: ZONE }],
  ])('keep their time: %s', async (_name, when) => expect((await create({ when })).fields.when).toEqual(when));

  it('change only where nobody was faster', async () => {
    const record = await create();
    const changed = await agenda.update(source.name, record.id, record.entityStamp, { location: 'Kantine' });
    if (changed.kind !== 'written') throw new Error(changed.kind);
    expect(changed.record.fields).toEqual({ ...record.fields, location: 'Kantine' });
    expect(BigInt(changed.record.version.stamp)).toBeGreaterThan(BigInt(record.version.stamp));
    expect(await agenda.update(source.name, record.id, record.entityStamp, { location: 'Te laat' })).toEqual({ kind: 'stale' });
    expect(await agenda.update(source.name, newId(), 1, { location: 'Nergens' })).toMatchObject({ kind: 'gone' });
  });

  it.each<[InventiveFields['reminder'], InventiveFields['reminder']]>([[15, 15], [0, 0], ['default', 'default'], ['none', 'default']])('ring as they were told to: %j', async (reminder, kept) => {
    const record = await create({ reminder: reminder! });
    expect(record.fields.reminder).toBe(kept);
    const changed = await agenda.update(source.name, record.id, record.entityStamp, { reminder: 45 });
    if (changed.kind !== 'written') throw new Error(changed.kind);
    expect(changed.record.fields).toEqual({ ...record.fields, reminder: 45 });
    expect(await agenda.update(source.name, record.id, changed.record.entityStamp, { reminder: 'none' })).toMatchObject({ record: { fields: { reminder: 'default' } } });
  });

  it('become void and planned again, with nothing else or along with other fields', async () => {
    const record = await create();
    const gone = await agenda.update(source.name, record.id, record.entityStamp, {}, 'void');
    if (gone.kind !== 'written') throw new Error(gone.kind);
    expect(gone.record).toEqual({ ...record, status: 'void', entityStamp: gone.record.entityStamp, rowStamp: gone.record.rowStamp, version: gone.record.version, modifiedAt: gone.record.modifiedAt });
    expect(await agenda.update(source.name, record.id, gone.record.entityStamp, { location: 'Toch' }, 'planned')).toMatchObject({ record: { status: 'planned', fields: { location: 'Toch' } } });
    expect(await agenda.update(source.name, record.id, record.entityStamp, {}, 'void')).toEqual({ kind: 'stale' });
  });

  it('say where they open, where the source has such addresses', async () => {
    const record = await create();
    expect(record).not.toHaveProperty('url');
    const withAddress = { ...source, appointmentUrl: 'https://inventive.example.com/open?id={id}&ook={id}' };
    const reading = await createInventiveAgenda([withAddress], { epochOf: async () => 1 }).read(source.name, record.id);
    expect(reading).toEqual({ kind: 'found', record: { ...record, url: `https://inventive.example.com/open?id=${record.id}&ook=${record.id}` } });
  });

  it('[R3.10] [lesson 12] are on the clock of their administration, each on its own', async () => {
    const [here, there] = await readAdministrations(source);
    const curacao = 'America/Curacao';
    const withClocks: AgendaSource = { ...source, administrationZones: { [there!.code]: curacao } };
    const far = createInventiveAgenda([withClocks], { epochOf: async () => 1 });
    const at = (zone: string, start: string, end: string): InventiveFields['when'] => ({ kind: 'timed', start: `2031-05-06T${start}`, end: `2031-05-06T${end}`, zone });
    const make = async (administration: InventiveId, when: InventiveFields['when']) => {
      const outcome = await far.create(source.name, { id: newId(), ownerId: jansen.id, administrationId: administration, fields: { subject: 'Klok', when: when! } });
      if (outcome.kind !== 'written') throw new Error(outcome.kind);
      return outcome.record;
    };
    // Ten in the morning here is four in the night there; both rows say what the clock on their own wall says.
    const one = await make(here!.id, at(ZONE, '10:00:00', '11:00:00'));
    const other = await make(there!.id, at(ZONE, '10:00:00', '11:00:00'));
    expect([one.zone, one.fields.when]).toEqual([ZONE, at(ZONE, '10:00:00', '11:00:00')]);
    expect([other.zone, other.fields.when]).toEqual([curacao, at(curacao, '04:00:00', '05:00:00')]);
    const moved = await far.update(source.name, other.id, other.entityStamp, { when: at(ZONE, '12:00:00', '13:00:00')! });
    expect(moved).toMatchObject({ kind: 'written', record: { zone: curacao, fields: { when: at(curacao, '06:00:00', '07:00:00') } } });
    // 23:30 on the fifth there is half past five on the sixth here.
    const late = await make(there!.id, { kind: 'timed', start: '2031-07-05T23:30:00', end: '2031-07-05T23:45:00', zone: curacao });
    expect((await far.readAgenda(source.name, jansen.id, '2031-07-06', '2031-07-06')).records.map(({ id }) => id)).toContain(late.id);
  });

  it('of an administration that the settings name and nobody has stop the source: no appointment is shifted', async () => {
    const mistaken = createInventiveAgenda([{ ...source, administrationZones: { onbekend: 'America/Curacao' } }], { epochOf: async () => 1 });
    const { id } = await create();
    await expect(mistaken.read(source.name, id)).rejects.toMatchObject({ name: 'Failure', kind: 'permanent', message: expect.stringContaining('"onbekend"') as string });
  });

  it('are deleted only in the state that was seen, and are then listed as deleted', async () => {
    const record = await create();
    await byHand('Afspraak?$method=update', { __KEY: record.id, __STAMP: record.entityStamp, Locatie: 'Elders' });
    expect(await agenda.delete(source.name, record.id, record.rowStamp)).toEqual({ kind: 'stale' });
    const now = await agenda.read(source.name, record.id);
    if (now.kind !== 'found') throw new Error(now.kind);
    expect(await agenda.delete(source.name, record.id, now.record.rowStamp)).toEqual({ kind: 'gone' });
    const after = await agenda.read(source.name, record.id);
    expect(after).toEqual({ kind: 'deleted', stamp: expect.stringMatching(/^\d+$/) as string });
    expect(await agenda.read(source.name, newId())).toEqual({ kind: 'absent' });
  });

  it('that are open on a desk are locked, for changes and for deletions', async () => {
    const record = await create();
    await door('POST', 'faults', { action: { locked: true }, match: { user: 'sync', dataclass: 'Afspraak' } });
    expect(await agenda.update(source.name, record.id, record.entityStamp, { location: 'x' })).toEqual({ kind: 'locked' });
    expect(await agenda.delete(source.name, record.id, record.rowStamp)).toEqual({ kind: 'locked' });
    await door('DELETE', 'faults');
    expect(await agenda.read(source.name, record.id)).toEqual({ kind: 'found', record });
  });

  it('whose write is cut off leave the caller in doubt, not with an answer', async () => {
    await door('POST', 'faults', { action: { applyThenDrop: true }, match: { user: 'sync', op: 'create' }, times: 1 });
    const id = newId();
    await expect(agenda.create(source.name, { id, ownerId: jansen.id, administrationId, fields: { subject: 'Twijfel', when: timed('2031-05-06') } })).rejects.toMatchObject({ kind: 'transient' });
    expect((await agenda.read(source.name, id)).kind).toBe('found');
  });

  it('with content that Inventive refuses say so without repeating it', async () => {
    const outcome = await agenda.create(source.name, { id: newId(), ownerId: jansen.id, administrationId, fields: { subject: 'Geheim '.repeat(100), when: timed('2031-05-06') } });
    expect(outcome.kind).toBe('refused');
    expect(JSON.stringify(outcome)).not.toContain('Geheim');
  });

  it('of one agenda are read completely by overlap, more than a page of them', async () => {
    const rows = Array.from({ length: 620 }, (_, n) => ({
      ID: newId(), AdministratieID: administrationId, GebruikerID: jansen.id, Onderwerp: `nr ${n}`,
      BeginDatum: '10!1!2032', EindDatum: n % 2 === 0 ? '10!1!2032' : '14!1!2032', BeginTijd: 0, EindTijd: 3_600_000, Status: 'Gepland',
    }));
    for (let at = 0; at < rows.length; at += 100) await byHand('Afspraak?$method=update', rows.slice(at, at + 100));
    expect((await agenda.readAgenda(source.name, jansen.id, '2032-01-10', '2032-01-10')).records).toHaveLength(620);
    expect((await agenda.readAgenda(source.name, jansen.id, '2032-01-11', '2032-01-20')).records).toHaveLength(310);
    expect((await agenda.readAgenda(source.name, jansen.id, '2032-01-15', '2032-01-20')).records).toHaveLength(0);
  });

  it('show what they are made of, and have the version of its newest part', async () => {
    const { id } = await create();
    const relation = await byHand('Relatie?$method=update', { Naam: 'Bakkerij', Plaats: 'Ede' });
    const row = (await byHand(`Afspraak?$filter="ID='${id}'"`))['__ENTITIES'] as Record<string, unknown>[];
    await byHand('Afspraak?$method=update', { __KEY: id, __STAMP: row[0]!['__STAMP'], RelatieID: relation['ID'] });
    const participant = await byHand('AfspraakDeelnemer?$method=update', { AfspraakID: id, Naam: 'Anna', Email: 'anna@example.com', Reactie: 'Geaccepteerd', GebruikerID: jansen.id });
    const reading = await agenda.read(source.name, id);
    expect(reading).toMatchObject({
      record: {
        participants: [{ id: participant['ID'], name: 'Anna', email: 'anna@example.com', userId: jansen.id, reply: 'accepted', entityStamp: 1 }],
        blockLines: [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij' }, { field: 'relation.city', label: 'Plaats', value: 'Ede' }],
        version: { stamp: String(participant['__GlobalStamp']) },
      },
    });
  });
});

describe('what capture reads', () => {
  const rowsOf = async (pages: AsyncIterable<readonly StampedRow[]>) => {
    const all: StampedRow[] = [];
    for await (const page of pages) all.push(...page);
    return all;
  };

  it('is every key once in order of key, and everything from a stamp on in order of stamp', async () => {
    const capture = createCaptureSource(source);
    for (const kind of ['appointment', 'participant', 'relation', 'contact', 'project'] satisfies TrackedKind[]) {
      const all = await rowsOf(capture.allRows(kind));
      const changed = await rowsOf(capture.changedSince(kind, 0n));
      expect(all.map(({ id }) => id)).toEqual([...new Set(all.map(({ id }) => id))].sort());
      expect(new Set(changed.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
      expect(changed.map(({ stamp }) => stamp)).toEqual(changed.map(({ stamp }) => stamp).toSorted((a, b) => (a < b ? -1 : 1)));
    }
  });

  it('begins with the stamp itself: the counter before a change is the stamp that the change gets', async () => {
    const capture = createCaptureSource(source);
    const before = await capture.stampNow();
    const record = await create();
    expect(record.rowStamp).toBe(String(before));
    expect(await rowsOf(capture.changedSince('appointment', before))).toEqual([{ kind: 'appointment', id: record.id, stamp: before }]);
    expect(await capture.stampNow()).toBe(before + 1n);
    expect(await rowsOf(capture.changedSince('appointment', before + 1n))).toEqual([]);
  });

  it('includes deletions with their stamps, and finds the last one of a key', async () => {
    const capture = createCaptureSource(source);
    const record = await create();
    const stamp = await capture.stampNow();
    await agenda.delete(source.name, record.id, record.rowStamp);
    const pages = [];
    for await (const page of capture.deletionsSince(stamp)) pages.push(...page);
    expect(pages).toEqual([{ kind: 'appointment', id: record.id, stamp }]);
    expect(await capture.deletionOf('appointment', record.id)).toBe(stamp);
    expect(await capture.deletionOf('participant', record.id)).toBeUndefined();
    expect((await capture.assemble([record.id])).found).toEqual([]);
  });

  it('is read without one write', async () => {
    const { writes } = (await door('GET', 'stats')) as { writes: unknown[] };
    const capture = createCaptureSource(source);
    await rowsOf(capture.allRows('appointment'));
    expect(((await door('GET', 'stats')) as { writes: unknown[] }).writes).toHaveLength(writes.length);
  });
});
