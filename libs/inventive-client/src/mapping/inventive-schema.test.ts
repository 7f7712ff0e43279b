import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCatalog, type Catalog } from './check-catalog.js';
import { blockFields, loadInventiveSchema } from './inventive-schema.js';

const folder = mkdtempSync(join(tmpdir(), 'mapping-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (content: string): string => {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, content);
  return file;
};

describe('the mapping file', () => {
  it('comes with the names of the model, and lists the fields of the description block', () => {
    const schema = loadInventiveSchema();
    expect(schema.appointment.dataclass).toBe('Afspraak');
    expect(blockFields(schema).map(({ field }) => field)).toEqual(expect.arrayContaining(['relation.name', 'contact.name', 'project.name']));
  });

  it('is refused with the place of what is missing, wrong or unknown', () => {
    const { participant: _participant, ...rest } = loadInventiveSchema();
    expect(() => loadInventiveSchema(fileWith(JSON.stringify(rest)))).toThrow(/participant/);
    expect(() => loadInventiveSchema(fileWith(JSON.stringify({ ...loadInventiveSchema(), extra: 1 })))).toThrow(/extra/);
    expect(() => loadInventiveSchema(fileWith('{'))).toThrow(/can't be read as JSON/);
    expect(() => loadInventiveSchema(join(folder, 'nergens.json'))).toThrow(/nergens.json/);
  });
});

describe('checking a mapping against the catalog', () => {
  const schema = loadInventiveSchema();
  const fitting = (): Map<string, Map<string, string>> => {
    const types: Record<string, string> = { BeginDatum: 'date', EindDatum: 'date', BeginTijd: 'duration', EindTijd: 'duration', HeleDag: 'bool', Prive: 'bool', Actief: 'bool', HerinneringMinuten: 'long' };
    const attributes = (names: readonly string[]) => new Map([...names.map((name) => [name, types[name] ?? (name.endsWith('ID') ? 'uuid' : 'string')] as const), ['__GlobalStamp', 'long64'] as const]);
    return new Map([
      ...(['administration', 'user', 'appointment', 'participant'] as const).map((kind) => [schema[kind].dataclass, attributes(Object.values(schema[kind].attributes))] as const),
      ...(['relation', 'contact', 'project'] as const).map((kind) => [schema[kind].dataclass, attributes([schema[kind].id, ...schema[kind].fields.map(({ attribute }) => attribute)])] as const),
      ['__DeletedRecords', new Map([['__PrimaryKey', 'string'], ['__Stamp', 'long64'], ['__TableName', 'string']])] as const,
    ]);
  };

  it('finds nothing where all fits', () => expect(checkCatalog(schema, fitting() as Catalog)).toEqual([]));

  it('names each thing that does not fit', () => {
    const catalog = fitting();
    catalog.delete('Project');
    catalog.get('Afspraak')?.delete('Locatie');
    catalog.get('Afspraak')?.set('BeginDatum', 'string');
    catalog.get('Afspraak')?.set('HerinneringMinuten', 'bool');
    catalog.get('AfspraakDeelnemer')?.delete('GebruikerID');
    catalog.get('Relatie')?.delete('__GlobalStamp');
    catalog.delete('__DeletedRecords');
    expect(checkCatalog(schema, catalog)).toEqual([
      'appointment: dataclass "Afspraak" has no attribute "Locatie"',
      'appointment: "Afspraak.BeginDatum" is of type string, expected is date',
      'appointment: "Afspraak.HerinneringMinuten" is of type bool, expected is number',
      'participant: dataclass "AfspraakDeelnemer" has no attribute "GebruikerID"',
      'project: the server has no dataclass "Project", or it isn\'t exposed to this user',
      expect.stringContaining('"Relatie" has no __GlobalStamp') as string,
      expect.stringContaining('"__DeletedRecords"') as string,
    ]);
  });
});
