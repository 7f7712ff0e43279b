import { inZone, type BlockLine, type InventiveFields, type Participant, type When, type ZoneName } from '@calsync/calendar-model';
import { booleanOf, dateOf, keyOf, sentDate, splitWallTime, textOf, timeOf, wallTime } from './four-d-values.js';
import type { InventiveSchema } from './inventive-schema.js';

/** An entity as 4D sends it: attribute name → value, beside `__KEY`, `__STAMP` and the like. */
export type Row = Readonly<Record<string, unknown>>;

/** The fields of a row. A value that the mapping doesn't know, or dates that make no appointment, leave the field out. */
export function fieldsOf(row: Row, schema: InventiveSchema, zone: ZoneName): InventiveFields {
  const { attributes, values } = schema.appointment;
  const when = whenOf(row, schema, zone);
  const showAs = ourWord(values.showAs, row[attributes.showAs]);
  return {
    subject: textOf(row[attributes.subject]),
    ...(when === undefined ? {} : { when }),
    location: textOf(row[attributes.location]),
    notes: textOf(row[attributes.notes]),
    ...(showAs === undefined ? {} : { showAs }),
    privacy: booleanOf(row[attributes.private]) ? 'private' : 'public',
  };
}

function whenOf(row: Row, schema: InventiveSchema, zone: ZoneName): When | undefined {
  const { attributes } = schema.appointment;
  const startOn = dateOf(row[attributes.startOn]);
  if (startOn === undefined) return undefined;
  // Desktop screens may leave the end date of a one-day appointment blank.
  const endOn = dateOf(row[attributes.endOn]) ?? startOn;
  if (booleanOf(row[attributes.allDay])) return { kind: 'all-day', firstOn: startOn, lastOn: endOn < startOn ? startOn : endOn };
  return { kind: 'timed', start: wallTime(startOn, timeOf(row[attributes.startTime])), end: wallTime(endOn, timeOf(row[attributes.endTime])), zone };
}

/** The attributes to send for the fields that are named, and no others. */
export function attributesOf(fields: InventiveFields, schema: InventiveSchema, zone: ZoneName): Record<string, unknown> {
  const { attributes, values } = schema.appointment;
  const sent: Record<string, unknown> = {};
  if (fields.subject !== undefined) sent[attributes.subject] = fields.subject;
  if (fields.location !== undefined) sent[attributes.location] = fields.location;
  if (fields.notes !== undefined) sent[attributes.notes] = fields.notes;
  if (fields.showAs !== undefined) sent[attributes.showAs] = values.showAs[fields.showAs];
  if (fields.privacy !== undefined) sent[attributes.private] = fields.privacy === 'private';
  if (fields.when !== undefined) Object.assign(sent, whenAttributes(inZone(fields.when, zone), schema));
  return sent;
}

function whenAttributes(when: When, schema: InventiveSchema): Record<string, unknown> {
  const { attributes } = schema.appointment;
  const allDay = when.kind === 'all-day';
  const start = when.kind === 'all-day' ? { date: when.firstOn, timeMs: 0 } : splitWallTime(when.start);
  const end = when.kind === 'all-day' ? { date: when.lastOn, timeMs: 0 } : splitWallTime(when.end);
  return {
    [attributes.startOn]: sentDate(start.date),
    [attributes.endOn]: sentDate(end.date),
    [attributes.startTime]: start.timeMs,
    [attributes.endTime]: end.timeMs,
    [attributes.allDay]: allDay,
  };
}

export function participantOf(row: Row, schema: InventiveSchema): Participant {
  const { attributes, values } = schema.participant;
  return { name: textOf(row[attributes.name]), email: textOf(row[attributes.email]), reply: ourWord(values.reply, row[attributes.reply]) ?? 'none' };
}

/** Every field of a linked row that has a value; which of them a user's description shows is decided elsewhere. */
export function blockLinesOf(kind: 'relation' | 'contact' | 'project', row: Row, schema: InventiveSchema): BlockLine[] {
  return schema[kind].fields
    .map(({ field, attribute, label }) => ({ field, label, value: textOf(row[attribute]).trim() }))
    .filter(({ value }) => value !== '');
}

export function linksOf(row: Row, schema: InventiveSchema) {
  const { attributes } = schema.appointment;
  return { relation: keyOf(row[attributes.relationId]), contact: keyOf(row[attributes.contactId]), project: keyOf(row[attributes.projectId]) };
}

/** Undefined for a word that the mapping file doesn't have. Case is not looked at, as in 4D's own comparisons. */
export function ourWord<Ours extends string>(words: Readonly<Record<Ours, string>>, theirs: unknown): Ours | undefined {
  const wanted = textOf(theirs).trim().toLowerCase();
  return (Object.keys(words) as Ours[]).find((ours) => words[ours].toLowerCase() === wanted);
}
