import { describe, expect, it } from 'vitest';
import type { InventiveFields } from '@calsync/calendar-model';
import { loadInventiveSchema } from './inventive-schema.js';
import { attributesOf, blockLinesOf, fieldsOf, ourWord, participantOf } from './map-appointment.js';

const schema = loadInventiveSchema();
const ZONE = 'Europe/Amsterdam';

const aRow = (values: Record<string, unknown> = {}) => ({
  ID: '1'.repeat(32), Onderwerp: 'Overleg', Locatie: 'Zaal 2', Opmerking: 'Neem mee: één laptop 💻',
  BeginDatum: '24!11!2026', EindDatum: '24!11!2026', BeginTijd: 36_000_000, EindTijd: 39_600_000,
  HeleDag: false, Prive: false, ToonAls: 'Bezet', ...values,
});

describe('an appointment of Inventive', () => {
  it('has the fields that both sides share', () => {
    expect(fieldsOf(aRow(), schema, ZONE)).toEqual({
      subject: 'Overleg', location: 'Zaal 2', notes: 'Neem mee: één laptop 💻', showAs: 'busy', privacy: 'public',
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

  it('comes back as it went, for every field', () => {
    const fields: InventiveFields = {
      subject: 'A', location: 'B', notes: 'C', showAs: 'away', privacy: 'private',
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
    expect(participantOf({ Naam: 'Anna', Email: 'a@example.com', Reactie: theirs }, schema)).toEqual({ name: 'Anna', email: 'a@example.com', reply: ours });
  });
});
