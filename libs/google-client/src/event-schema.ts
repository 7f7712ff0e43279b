import { z } from 'zod';

const text = z.string().nullish();
const pointSchema = z.looseObject({ date: text, dateTime: text, timeZone: text });
export type EventPoint = z.infer<typeof pointSchema>;

/** The keys of Google's Event resource that we read; everything else passes untouched. */
export const googleEventSchema = z.looseObject({
  id: z.string().min(1),
  etag: text,
  status: text,
  updated: text,
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
  organizer: z.looseObject({ self: z.boolean().nullish() }).nullish(),
  extendedProperties: z.looseObject({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type GoogleEvent = z.infer<typeof googleEventSchema>;

const PRIVATE = new Set(['private', 'confidential']);

/** `confidential` is an old spelling of private that Google still hands out. */
export const isPrivate = (event: Pick<GoogleEvent, 'visibility'>): boolean => PRIVATE.has(event.visibility ?? 'default');

const OCCURRENCE_ID = /.+_\d{8}(T\d{6}Z)?$/;

/** A cancelled occurrence that its series no longer produces names neither series nor start: only its id tells what it was. */
export const isOccurrenceId = (id: string): boolean => OCCURRENCE_ID.test(id);
