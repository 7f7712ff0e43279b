import { asInventiveId, inZone, type BlockLine, type InventiveFields, type Participant, type Reminder, type When, type ZoneName } from '@calsync/calendar-model';
import { booleanOf, dateOf, keyOf, sentDate, splitWallTime, textOf, timeOf, wallTime } from './four-d-values.js';
import type { InventiveSchema } from './inventive-schema.js';

/** An entity as 4D sends it: attribute name → value, beside `__KEY`, `__STAMP` and the like. */
export type Row = Readonly<Record<string, unknown>>;

/** The fields of a row. A value that the mapping doesn't know, or dates that make no appointment, leave the field out. */
export function fieldsOf(row: Row, schema: InventiveSchema, zone: ZoneName): InventiveFields {
  const { attributes, values } = schema.appointment;
  const when = whenOf(row, schema, zone);
  const showAs = ourWord(values.showAs, row[attributes.showAs]);
  const reminder = attributes.reminderMinutes === undefined ? undefined : reminderOf(row[attributes.reminderMinutes]);
  return {
    subject: textOf(row[attributes.subject]),
    ...(when === undefined ? {} : { when }),
    location: textOf(row[attributes.location]),
    notes: textOf(row[attributes.notes]),
    ...(showAs === undefined ? {} : { showAs }),
    privacy: booleanOf(row[attributes.private]) ? 'private' : 'public',
    ...(reminder === undefined ? {} : { reminder }),
  };
}

/** A number of minutes that is none (negative, broken) is left out like any value we don't know, so that it is never overwritten. */
function reminderOf(value: unknown): Reminder | undefined {
  if (value === null || value === undefined || value === '') return 'default';
  const minutes = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof minutes === 'number' && Number.isSafeInteger(minutes) && minutes >= 0 ? minutes : undefined;
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
  // Of "surely silent" Inventive knows nothing; it is as good as none of its own.
  if (fields.reminder !== undefined && attributes.reminderMinutes !== undefined) sent[attributes.reminderMinutes] = typeof fields.reminder === 'number' ? fields.reminder : null;
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
  const userId = attributes.userId === undefined ? undefined : keyOf(row[attributes.userId]);
  return {
    id: asInventiveId(textOf(row[attributes.id])),
    name: textOf(row[attributes.name]),
    email: textOf(row[attributes.email]),
    ...(userId === undefined ? {} : { userId }),
    reply: ourWord(values.reply, row[attributes.reply]) ?? 'none',
    ...(typeof row['__STAMP'] === 'number' ? { entityStamp: row['__STAMP'] } : {}),
  };
}

/** The attributes to send of a participant, for what is named. */
export function participantAttributes(values: Partial<Pick<Participant, 'name' | 'email' | 'userId' | 'reply'>>, schema: InventiveSchema): Record<string, unknown> {
  const { attributes, values: words } = schema.participant;
  return {
    ...(values.name === undefined ? {} : { [attributes.name]: values.name }),
    ...(values.email === undefined ? {} : { [attributes.email]: values.email }),
    ...(values.userId === undefined || attributes.userId === undefined ? {} : { [attributes.userId]: values.userId }),
    ...(values.reply === undefined ? {} : { [attributes.reply]: words.reply[values.reply] }),
  };
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
