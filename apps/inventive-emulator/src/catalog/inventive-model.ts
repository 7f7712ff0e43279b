import type { Attribute, Dataclass, StorageAttribute, StorageType, ToManyAttribute, ToOneAttribute } from './dataclass.js';

type Options = Partial<Omit<StorageAttribute, 'kind' | 'name' | 'type'>>;

const stored = (type: StorageType) => (name: string, options: Options = {}): StorageAttribute => ({ kind: 'storage', name, type, nullable: false, indexed: false, ...options });
const uuid = stored('uuid');
const text = stored('string');
const bool = stored('bool');
const date = stored('date');
const time = stored('duration');
const long = stored('long');
const long64 = stored('long64');

const reference = (name: string, options: Options = {}): StorageAttribute => uuid(name, { indexed: true, ...options });
const optionalReference = (name: string): StorageAttribute => reference(name, { nullable: true });
const one = (name: string, target: string, foreignKey: string, inverseName: string): ToOneAttribute => ({ kind: 'relatedEntity', name, target, foreignKey, inverseName });
const many = (name: string, target: string, inverseName: string, targetForeignKey: string): ToManyAttribute => ({ kind: 'relatedEntities', name, target, inverseName, targetForeignKey });

const globalStamp = long64('__GlobalStamp', { indexed: true, readOnly: true });
const id = uuid('ID', { indexed: true });
const SHORT = { maxLength: 255 };

function dataclass(tableNumber: number, name: string, tracked: boolean, attributes: readonly Attribute[]): Dataclass {
  const storage = attributes.filter((attribute) => attribute.kind === 'storage');
  const relations = attributes.filter((attribute) => attribute.kind !== 'storage');
  return { name, tableNumber, key: 'ID', tracked, writable: true, attributes: [...storage, ...(tracked ? [globalStamp] : []), ...relations] };
}

/** The agenda of Inventive as this project models it; relations get names in lower camel case. */
export const inventiveModel: readonly Dataclass[] = [
  dataclass(1, 'Administratie', false, [id, text('Code', SHORT), text('Naam', SHORT), many('afspraken', 'Afspraak', 'administratie', 'AdministratieID')]),
  dataclass(2, 'Gebruiker', false, [
    id,
    text('Inlognaam', SHORT),
    text('VolledigeNaam', SHORT),
    text('Email', SHORT),
    bool('Actief'),
    many('afspraken', 'Afspraak', 'gebruiker', 'GebruikerID'),
  ]),
  dataclass(3, 'Afspraak', true, [
    id,
    reference('AdministratieID'),
    reference('GebruikerID'),
    text('Onderwerp', SHORT),
    text('Locatie', SHORT),
    text('Opmerking'),
    date('BeginDatum', { indexed: true }),
    date('EindDatum', { indexed: true }),
    time('BeginTijd'),
    time('EindTijd'),
    bool('HeleDag'),
    bool('Prive'),
    text('ToonAls', SHORT),
    text('Status', SHORT),
    text('Soort', SHORT),
    optionalReference('RelatieID'),
    optionalReference('ContactpersoonID'),
    optionalReference('ProjectID'),
    long('HerinneringMinuten', { nullable: true }),
    uuid('ReeksID', { nullable: true, indexed: true }),
    text('GewijzigdOp', SHORT),
    text('GewijzigdDoor', SHORT),
    one('administratie', 'Administratie', 'AdministratieID', 'afspraken'),
    one('gebruiker', 'Gebruiker', 'GebruikerID', 'afspraken'),
    one('relatie', 'Relatie', 'RelatieID', 'afspraken'),
    one('contactpersoon', 'Contactpersoon', 'ContactpersoonID', 'afspraken'),
    one('project', 'Project', 'ProjectID', 'afspraken'),
    many('deelnemers', 'AfspraakDeelnemer', 'afspraak', 'AfspraakID'),
  ]),
  dataclass(4, 'AfspraakDeelnemer', true, [
    id,
    reference('AfspraakID'),
    text('Naam', SHORT),
    text('Email', SHORT),
    optionalReference('GebruikerID'),
    text('Reactie', SHORT),
    one('afspraak', 'Afspraak', 'AfspraakID', 'deelnemers'),
  ]),
  dataclass(5, 'Relatie', true, [
    id,
    text('Nummer', SHORT),
    text('Naam', SHORT),
    text('Adres', SHORT),
    text('Postcode', SHORT),
    text('Plaats', SHORT),
    text('Telefoon', SHORT),
    text('Email', SHORT),
    many('contactpersonen', 'Contactpersoon', 'relatie', 'RelatieID'),
    many('afspraken', 'Afspraak', 'relatie', 'RelatieID'),
  ]),
  dataclass(6, 'Contactpersoon', true, [
    id,
    optionalReference('RelatieID'),
    text('Naam', SHORT),
    text('Telefoon', SHORT),
    text('Mobiel', SHORT),
    text('Email', SHORT),
    one('relatie', 'Relatie', 'RelatieID', 'contactpersonen'),
    many('afspraken', 'Afspraak', 'contactpersoon', 'ContactpersoonID'),
  ]),
  dataclass(7, 'Project', true, [id, text('Nummer', SHORT), text('Omschrijving', SHORT), many('afspraken', 'Afspraak', 'project', 'ProjectID')]),
  {
    name: '__DeletedRecords',
    tableNumber: 8,
    key: 'ID',
    tracked: false,
    writable: false,
    attributes: [
      long64('ID', { indexed: true }),
      text('__PrimaryKey', SHORT),
      long64('__Stamp', { indexed: true }),
      text('__TableName', SHORT),
      long('__TableNumber'),
    ],
  },
];

export const DELETED_RECORDS = '__DeletedRecords';

export function dataclassNamed(name: string): Dataclass | undefined {
  return inventiveModel.find((candidate) => candidate.name === name);
}
