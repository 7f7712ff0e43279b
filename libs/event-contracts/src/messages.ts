import { z } from 'zod';
import { REASONS } from '@calsync/calendar-model';

const decimal = z.string().regex(/^\d+$/).describe('a 64-bit number as decimal text');
const instant = z.string().describe('ISO 8601 instant in UTC');
const inventiveId = z.string().regex(/^[0-9A-F]{32}$/).describe("a key of Inventive: 32 upper-case hex digits");

export const whenSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('timed'), start: z.string().describe('wall time YYYY-MM-DDTHH:MM:SS'), end: z.string(), zone: z.string().describe('IANA zone of the wall times') }),
  z.object({ kind: z.literal('all-day'), firstOn: z.string().describe('YYYY-MM-DD'), lastOn: z.string().describe('YYYY-MM-DD, inclusive') }),
]);

const inventiveFieldsSchema = z.object({
  subject: z.string().optional(),
  when: whenSchema.optional(),
  location: z.string().optional(),
  notes: z.string().optional(),
  showAs: z.enum(['busy', 'free', 'tentative', 'away']).optional(),
  privacy: z.enum(['public', 'private']).optional(),
  reminder: z.union([z.number().int(), z.enum(['default', 'none'])]).optional().describe('minutes before the start'),
});

/** How an appointment stands in Inventive now. Of a private one only times, busy/free and privacy are there (`reduced`). */
export const appointmentSchema = z.object({
  source: z.string(),
  id: inventiveId,
  administrationId: inventiveId,
  ownerId: inventiveId.describe('the user in whose agenda it stands'),
  version: z.object({ epoch: z.number().int(), stamp: decimal }).describe('grows with every change of this appointment: drop what is not newer than what you have'),
  rowStamp: decimal,
  entityStamp: z.number().int(),
  zone: z.string(),
  fields: inventiveFieldsSchema,
  reduced: z.boolean(),
  blockLines: z.array(z.object({ field: z.string(), label: z.string(), value: z.string() })),
  participants: z.array(z.object({ id: inventiveId.optional(), name: z.string(), email: z.string(), userId: inventiveId.optional().describe('where the participant is a colleague'), reply: z.enum(['none', 'accepted', 'declined', 'maybe']) })),
  seriesId: z.string().optional(),
  status: z.enum(['planned', 'done', 'void']),
  category: z.string(),
  url: z.string().optional().describe('where the record opens in Inventive'),
  modifiedAt: instant.optional(),
  modifiedBy: z.string(),
});

export const appointmentDeletedSchema = z.object({
  source: z.string(),
  id: inventiveId,
  version: z.object({ epoch: z.number().int(), stamp: decimal }),
});

export const calendarEventSchema = z.object({
  accountId: z.string(),
  calendarId: z.string(),
  pull: z.string().describe('number of the pull that brought it; grows per calendar'),
  calendarZone: z.string(),
  reduced: z.boolean().describe('content left out because the event is private'),
  event: z.looseObject({ id: z.string(), etag: z.string().optional(), status: z.string().optional(), updated: z.string().optional() }).describe("the event in Google's own form"),
});

export const fullListCompletedSchema = z.object({ accountId: z.string(), calendarId: z.string(), pull: z.string(), calendarZone: z.string() });

const outcomeBase = {
  pairId: z.string(),
  revision: z.number().int().describe('grows per pair'),
  accountId: z.string(),
  source: z.string(),
  appointmentId: inventiveId.optional(),
  calendarId: z.string().optional(),
  eventId: z.string().optional(),
  at: instant,
};
export const syncAppliedSchema = z.object({
  ...outcomeBase,
  side: z.enum(['inventive', 'google']).describe('the side that was written'),
  act: z.enum(['create', 'update', 'delete']),
  fields: z.array(z.string()).describe('names only'),
  latencyMs: z.number().describe('from the moment we learnt of the change until the write was accepted'),
});
export const syncConflictSchema = z.object({ ...outcomeBase, field: z.string(), winner: z.enum(['inventive', 'google']) });
export const syncFailedSchema = z.object({ ...outcomeBase, failure: z.enum(['transient', 'quota', 'authorization', 'calendar', 'permanent']), cause: z.string(), attempts: z.number().int() });
export const syncHeldSchema = z.object({ ...outcomeBase, reason: z.enum(REASONS) });

/** What a full comparison of both sides found, and what it repaired. Its key is the account's id. */
export const syncComparedSchema = z.object({
  commandId: z.string(), accountId: z.string(), at: instant, mode: z.enum(['repair', 'preview']),
  inventive: z.number().int().describe('appointments in the window'),
  google: z.number().int().describe('events in the window'),
  paired: z.number().int().describe('in step already'),
  matched: z.number().int().describe('stand on both sides without having been joined'),
  toInventive: z.number().int().describe('stand in Google only'),
  toGoogle: z.number().int().describe('stand in Inventive only'),
  ambiguous: z.number().int(),
  leftAlone: z.record(z.string(), z.number().int()).describe('by reason'),
  different: z.number().int().optional().describe('pairs of which a side is not as it was told'),
  repaired: z.number().int().describe('what no message had told of: 0 in a healthy system'),
});

export const accountCommandSchema = z.object({ commandId: z.string(), accountId: z.string(), at: instant });

/** `repair`: a batch reconciliation, drift is mended. `preview`: a dry run, nothing is written. */
export const comparisonCommandSchema = z.object({ commandId: z.string(), accountId: z.string(), at: instant, mode: z.enum(['repair', 'preview']) });

/** Every message type, its topic and the schema of its data. */
export const MESSAGES = {
  'nl.inventive.appointment.changed.v1': { topic: 'inventive.appointments', schema: appointmentSchema },
  'nl.inventive.appointment.deleted.v1': { topic: 'inventive.appointments', schema: appointmentDeletedSchema },
  'com.google.calendar.event.changed.v1': { topic: 'google.calendar-events', schema: calendarEventSchema },
  'com.google.calendar.event.deleted.v1': { topic: 'google.calendar-events', schema: calendarEventSchema },
  'com.google.calendar.full-list.completed.v1': { topic: 'google.calendar-events', schema: fullListCompletedSchema },
  'nl.inventive.sync.applied.v1': { topic: 'sync.outcomes', schema: syncAppliedSchema },
  'nl.inventive.sync.conflict.v1': { topic: 'sync.outcomes', schema: syncConflictSchema },
  'nl.inventive.sync.failed.v1': { topic: 'sync.outcomes', schema: syncFailedSchema },
  'nl.inventive.sync.held.v1': { topic: 'sync.outcomes', schema: syncHeldSchema },
  'nl.inventive.sync.compared.v1': { topic: 'sync.outcomes', schema: syncComparedSchema },
  'nl.inventive.sync.account-linked.v1': { topic: 'sync.commands', schema: accountCommandSchema },
  'nl.inventive.sync.account-unlinked.v1': { topic: 'sync.commands', schema: accountCommandSchema },
  'nl.inventive.sync.resync.requested.v1': { topic: 'sync.commands', schema: accountCommandSchema },
  'nl.inventive.sync.comparison.requested.v1': { topic: 'sync.commands', schema: comparisonCommandSchema },
} as const;

export type MessageType = keyof typeof MESSAGES;
export type MessageData<T extends MessageType> = z.infer<(typeof MESSAGES)[T]['schema']>;

/** A message as our services hand it to the log and get it from there (CloudEvents 1.0, binary mode, on the wire). */
export type Message = {
  readonly [T in MessageType]: {
    readonly type: T;
    /** The same at every retry of the same message. */
    readonly id: string;
    /** The Kafka key: order is promised per key. */
    readonly key: string;
    /** URI-reference of the producer, for example `/inventive-capture/demo`. */
    readonly source: string;
    readonly time: string;
    readonly subject?: string;
    readonly data: MessageData<T>;
  };
}[MessageType];

export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;
