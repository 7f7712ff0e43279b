import { TRACKED, type InventiveSchema } from './inventive-schema.js';

/** A dataclass as `$catalog` describes it: attribute name → its 4D type. */
export type Catalog = ReadonlyMap<string, ReadonlyMap<string, string>>;

type Expected = 'uuid' | 'text' | 'date' | 'time' | 'boolean' | 'number' | 'stamp';

/** 4D's names of types that can carry what we expect; several because catalogs of several ages differ. */
const ACCEPTED: Readonly<Record<Expected, readonly string[]>> = {
  uuid: ['uuid', 'string', 'word'],
  text: ['string', 'word', 'text'],
  date: ['date'],
  time: ['duration', 'time', 'long', 'number'],
  boolean: ['bool', 'boolean'],
  number: ['number', 'long', 'long64', 'word', 'byte'],
  stamp: ['long64', 'number', 'long'],
};

const APPOINTMENT_TYPES: Readonly<Required<Record<keyof InventiveSchema['appointment']['attributes'], Expected>>> = {
  id: 'uuid', administrationId: 'uuid', ownerId: 'uuid', subject: 'text', location: 'text', notes: 'text',
  startOn: 'date', endOn: 'date', startTime: 'time', endTime: 'time', allDay: 'boolean', private: 'boolean',
  showAs: 'text', status: 'text', category: 'text', relationId: 'uuid', contactId: 'uuid', projectId: 'uuid',
  seriesId: 'uuid', modifiedAt: 'text', modifiedBy: 'text', reminderMinutes: 'number',
};

/** Names everything in the mapping that this server doesn't have, one line each; empty where all fits. */
export function checkCatalog(schema: InventiveSchema, catalog: Catalog): readonly string[] {
  const problems: string[] = [];
  const expect = (where: string, dataclass: string, wanted: readonly (readonly [string, Expected])[]) => {
    const attributes = catalog.get(dataclass);
    if (attributes === undefined) {
      problems.push(`${where}: the server has no dataclass "${dataclass}", or it isn't exposed to this user`);
      return;
    }
    for (const [attribute, type] of wanted) {
      const found = attributes.get(attribute);
      if (found === undefined) problems.push(`${where}: dataclass "${dataclass}" has no attribute "${attribute}"`);
      else if (!ACCEPTED[type].includes(found)) problems.push(`${where}: "${dataclass}.${attribute}" is of type ${found}, expected is ${type}`);
    }
  };
  const texts = (attributes: Readonly<Record<string, string | undefined>>, others: Readonly<Record<string, Expected>>) =>
    Object.entries(attributes).flatMap(([ours, theirs]) => (theirs === undefined ? [] : [[theirs, others[ours] ?? 'text'] as const]));

  expect('administration', schema.administration.dataclass, texts(schema.administration.attributes, { id: 'uuid' }));
  expect('user', schema.user.dataclass, texts(schema.user.attributes, { id: 'uuid', active: 'boolean' }));
  expect('appointment', schema.appointment.dataclass, texts(schema.appointment.attributes, APPOINTMENT_TYPES));
  expect('participant', schema.participant.dataclass, texts(schema.participant.attributes, { id: 'uuid', appointmentId: 'uuid', userId: 'uuid' }));
  for (const kind of ['relation', 'contact', 'project'] as const) {
    const { dataclass, id, fields } = schema[kind];
    expect(kind, dataclass, [[id, 'uuid'], ...fields.map(({ attribute }) => [attribute, 'text'] as const)]);
  }
  for (const kind of TRACKED) {
    const attributes = catalog.get(schema[kind].dataclass);
    if (attributes !== undefined && !attributes.has('__GlobalStamp')) {
      problems.push(`${kind}: "${schema[kind].dataclass}" has no __GlobalStamp; switch on "Enable data change tracking" for this table in the structure editor`);
    }
  }
  expect('deletions', '__DeletedRecords', [['__PrimaryKey', 'text'], ['__Stamp', 'stamp'], ['__TableName', 'text']]);
  return problems;
}
