import { describe, expect, it } from 'vitest';
import type { InventiveFields } from '@calsync/calendar-model';
import { loadInventiveSchema } from './inventive-schema.js';
import { attributesOf, blockLinesOf, fieldsOf, ourWord, participantOf } from './map-appointment.js';

const schema = loadInventiveSchema();
const ZONE = 'Europe/Amsterdam';

const aRow = (values: Record<string, unknown> = {}) => ({
  ID: '1'.repeat(32), Onderwerp: 'Overleg', Locatie: 'Zaal 2', Opmerking: 'Neem mee: één laptop 💻',
  BeginDatum: '24!11!2026', EindDatum: '24!11!2026', BeginTijd: 36_000_000, EindTijd: 39_600_000,
  HeleDag: false, Prive: false, ToonAls: 'Bezet', HerinneringMinuten: null, ...values,
});

describe('an appointment of Inventive', () => {
  it('has the fields that both sides share', () => {
    expect(fieldsOf(aRow(), schema, ZONE)).toEqual({
      subject: 'Overleg', location: 'Zaal 2', notes: 'Neem mee: één laptop 💻', showAs: 'busy', privacy: 'public', reminder: 'default',
      when: { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: ZONE },
    });
  });

  it.each<[string, Record<string, unknown>, InventiveFields['when']]>([
    ['past midnight', { EindDatum: '25!11!2026', EindTijd: 3_600_000 }, { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-25T01:00:00', zone: ZONE }],
    ['until 24:00', { EindTijd: 86_400_000 }, { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-25T00:00:00', zone: ZONE }],
    ['all day', { HeleDag: true, EindDatum: '26!11!2026' }, { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-26' }],
    ['all day with a blank end', { HeleDag: true, EindDatum: '0!0!0' }, { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-24' }],
    ['all day with the end before the start', { HeleDag: true, EindDatum: '1!1!2026' }, { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-24' }],
    ['with a blank end date', { EindDatum: null }, { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: ZONE }],
    ['without a date', { BeginDatum: '0!0!0' }, undefined],
  ])('%s', (_name, values, when) => expect(fieldsOf(aRow(values), schema, ZONE).when).toEqual(when));

  it.each([['Bezet', 'busy'], ['vrij', 'free'], ['VOORLOPIG', 'tentative'], ['Afwezig', 'away']])('shows as %s → %s', (theirs, ours) => {
    expect(fieldsOf(aRow({ ToonAls: theirs }), schema, ZONE).showAs).toBe(ours);
  });

  it('leaves a word out that the mapping file does not have, so that it is never overwritten', () => {
    expect(fieldsOf(aRow({ ToonAls: 'Elders' }), schema, ZONE)).not.toHaveProperty('showAs');
    expect(ourWord(schema.appointment.values.status, 'Vervallen')).toBe('void');
  });

  it.each<[unknown, InventiveFields['reminder']]>([
    [null, 'default'], [undefined, 'default'], ['', 'default'], [0, 0], [15, 15], ['15', 15], [40_321, 40_321], [-5, undefined], [7.5, undefined], ['straks', undefined], [true, undefined],
  ])('rings by %j → %j; what is no number of minutes is left out, so that it is never overwritten', (HerinneringMinuten, reminder) => {
    expect(fieldsOf(aRow({ HerinneringMinuten }), schema, ZONE).reminder).toBe(reminder);
  });

  it('of an Inventive without reminders has none: they stay Google’s', () => {
    const { reminderMinutes: _none, ...attributes } = schema.appointment.attributes;
    const without = { ...schema, appointment: { ...schema.appointment, attributes } };
    expect(fieldsOf(aRow({ HerinneringMinuten: 15 }), without, ZONE)).not.toHaveProperty('reminder');
    expect(attributesOf({ reminder: 15 }, without, ZONE)).toEqual({});
  });

  it('takes null texts for blank ones', () => expect(fieldsOf(aRow({ Onderwerp: null, Locatie: null, Opmerking: '' }), schema, ZONE)).toMatchObject({ subject: '', location: '', notes: '' }));
});

describe('what is sent', () => {
  it('names only the fields that are given', () => {
    expect(attributesOf({ location: 'Kantine' }, schema, ZONE)).toEqual({ Locatie: 'Kantine' });
    expect(attributesOf({}, schema, ZONE)).toEqual({});
  });

  it('writes times as dates and milliseconds of the source zone', () => {
    expect(attributesOf({ when: { kind: 'timed', start: '2026-11-24T20:30:00', end: '2026-11-24T21:00:00', zone: 'America/New_York' } }, schema, ZONE)).toEqual({
      BeginDatum: '25!11!2026', EindDatum: '25!11!2026', BeginTijd: 9_000_000, EindTijd: 10_800_000, HeleDag: false,
    });
  });

  it('writes an all-day appointment with its last day', () => {
    expect(attributesOf({ when: { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-26' } }, schema, ZONE)).toEqual({
      BeginDatum: '24!11!2026', EindDatum: '26!11!2026', BeginTijd: 0, EindTijd: 0, HeleDag: true,
    });
  });

  it.each<[InventiveFields['reminder'], number | null]>([[0, 0], [30, 30], ['default', null], ['none', null]])('rings by %j → %j', (reminder, HerinneringMinuten) => {
    expect(attributesOf({ reminder: reminder! }, schema, ZONE)).toEqual({ HerinneringMinuten });
  });

  it('[R3.7] is every date of two centuries as it was, whole days and times', () => {
    for (let day = Temporal.PlainDate.from('1900-01-01'); day.year <= 2100; day = day.add({ days: 17 })) {
      const on = day.toString();
      const days: InventiveFields = { when: { kind: 'all-day', firstOn: on, lastOn: day.add({ days: 1 }).toString() } };
      const times: InventiveFields = { when: { kind: 'timed', start: `${on}T09:15:00`, end: `${on}T10:00:00`, zone: ZONE } };
      for (const fields of [days, times]) expect(fieldsOf({ ...aRow(), ...attributesOf(fields, schema, ZONE) }, schema, ZONE).when).toEqual(fields.when);
    }
  });

  it('comes back as it went, for every field', () => {
    const fields: InventiveFields = {
      subject: 'A', location: 'B', notes: 'C', showAs: 'away', privacy: 'private', reminder: 20,
      when: { kind: 'timed', start: '2026-10-25T02:30:00', end: '2026-10-25T03:30:00', zone: ZONE },
    };
    expect(fieldsOf(attributesOf(fields, schema, ZONE), schema, ZONE)).toEqual(fields);
  });
});

describe('what an appointment is made of', () => {
  it('gives every filled field of a relation under its key and label', () => {
    expect(blockLinesOf('relation', { Naam: 'Bakkerij Van Dam', Nummer: 'R1', Plaats: ' ', Telefoon: null }, schema)).toEqual([
      { field: 'relation.name', label: 'Relatie', value: 'Bakkerij Van Dam' },
      { field: 'relation.number', label: 'Relatienummer', value: 'R1' },
    ]);
  });

  it.each([['Geen', 'none'], ['Geaccepteerd', 'accepted'], ['Afgewezen', 'declined'], ['Misschien', 'maybe'], ['', 'none']])('reads the reply %j as %s', (theirs, ours) => {
    expect(participantOf({ ID: '2'.repeat(32), Naam: 'Anna', Email: 'a@example.com', Reactie: theirs, GebruikerID: null }, schema)).toEqual({ id: '2'.repeat(32), name: 'Anna', email: 'a@example.com', reply: ours });
  });

  it('knows a colleague among the participants, and which state of the row it saw', () => {
    expect(participantOf({ ID: '2'.repeat(32), Naam: 'De Vries', Email: '', Reactie: 'Geen', GebruikerID: 'a'.repeat(32), __STAMP: 0 }, schema)).toMatchObject({ userId: 'A'.repeat(32), entityStamp: 0 });
  });
});
