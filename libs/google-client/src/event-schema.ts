import { z } from 'zod';

const text = z.string().nullish();
const pointSchema = z.looseObject({ date: text, dateTime: text, timeZone: text });
export type EventPoint = z.infer<typeof pointSchema>;

const attendeeSchema = z.looseObject({
  email: text, displayName: text, responseStatus: text, self: z.boolean().nullish(), organizer: z.boolean().nullish(), resource: z.boolean().nullish(),
});
export type EventAttendee = z.infer<typeof attendeeSchema>;

const remindersSchema = z.looseObject({
  useDefault: z.boolean().nullish(),
  overrides: z.array(z.looseObject({ method: z.string(), minutes: z.number() })).nullish(),
});

/** The keys of Google's Event resource that we read; everything else passes untouched. */
export const googleEventSchema = z.looseObject({
  id: z.string().min(1),
  etag: text,
  status: text,
  updated: text,
  created: text,
  iCalUID: text,
  summary: text,
  description: text,
  location: text,
  start: pointSchema.nullish(),
  end: pointSchema.nullish(),
  originalStartTime: pointSchema.nullish(),
  recurringEventId: text,
  recurrence: z.array(z.string()).nullish(),
  transparency: text,
  visibility: text,
  eventType: text,
  locked: z.boolean().nullish(),
  organizer: z.looseObject({ self: z.boolean().nullish(), email: text }).nullish(),
  creator: z.looseObject({ email: text }).nullish(),
  attendees: z.array(attendeeSchema).nullish(),
  attendeesOmitted: z.boolean().nullish(),
  reminders: remindersSchema.nullish(),
  source: z.looseObject({ title: text, url: text }).nullish(),
  colorId: text,
  eventLabelId: text,
  extendedProperties: z.looseObject({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type GoogleEvent = z.infer<typeof googleEventSchema>;

const PRIVATE = new Set(['private', 'confidential']);

/** `confidential` is an old spelling of private that Google still hands out. */
export const isPrivate = (event: Pick<GoogleEvent, 'visibility'>): boolean => PRIVATE.has(event.visibility ?? 'default');

const OCCURRENCE_ID = /.+_\d{8}(T\d{6}Z)?$/;
const OCCURRENCE_TAIL = /_(\d{8}(?:T\d{6}Z)?)$/;
const HALF_TAIL = /_R\d{8}(T\d{6})?$/;

/** The id that all halves of a series share which kept its time: without `_R…` and without the start of an occurrence. */
export const seriesIdOf = (id: string): string => id.replace(OCCURRENCE_TAIL, '').replace(HALF_TAIL, '');

/** The original start as an occurrence's id tells it: `YYYY-MM-DDTHH:MM:SSZ` or `YYYY-MM-DD`. */
export function originalStartInId(id: string): string | undefined {
  const tail = OCCURRENCE_TAIL.exec(id)?.[1];
  if (tail === undefined) return undefined;
  const day = `${tail.slice(0, 4)}-${tail.slice(4, 6)}-${tail.slice(6, 8)}`;
  return tail.length === 8 ? day : `${day}T${tail.slice(9, 11)}:${tail.slice(11, 13)}:${tail.slice(13, 15)}Z`;
}

/** A cancelled occurrence that its series no longer produces names neither series nor start: only its id tells what it was. */
export const isOccurrenceId = (id: string): boolean => OCCURRENCE_ID.test(id);
