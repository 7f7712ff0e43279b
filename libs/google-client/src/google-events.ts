import type { Decor, DecorChange, GoogleEventRecord } from '@calsync/calendar-model';
import { Failure, type CalendarRef, type GoogleEvents, type GoogleWriteOutcome } from '@calsync/sync-engine';
import { createCalendarZones } from './calendar-zones.js';
import { insertWrite, patchWrites, type EventBody, type EventChange, type EventWrite } from './event-body.js';
import { toEventRecord } from './event-record.js';
import { createGoogleCalls, GoogleSaidNo, type GoogleClientOptions } from './google-calls.js';
import { createListDays, createReadSeries } from './list-days.js';
import { createWriteAttendees } from './write-attendees.js';
import { ianaZone } from './zones.js';

/** Google's price list: a patch costs three units. */
const PATCH_UNITS = 3;
const GUEST_QUOTA_MS = 60_000;
/** Said in every write, though it is the default: a second belt beside "attendees are never named". */
const TELL_NOBODY = { sendUpdates: 'none' } as const;

/**
 * Reads, and writes one event at a time. There is no `events.update` here: a full replacement would drop what we don't know of.
 * A write that is repeated after a lost answer comes out as `exists`, `stale` or `gone`: the caller reads, and finds its own work.
 */
export function createGoogleEvents(options: GoogleClientOptions): GoogleEvents {
  const perform = createGoogleCalls(options);
  const zoneOf = createCalendarZones(perform, options.clock);

  const read = async (calendar: CalendarRef, event: EventBody): Promise<GoogleEventRecord> => {
    const zoneless = event.start?.dateTime !== undefined && ianaZone(event.start.timeZone) === undefined;
    return toEventRecord(event, { calendarId: calendar.calendarId, calendarZone: zoneless ? await zoneOf(calendar) : 'UTC', reduced: false });
  };
  const written = async (calendar: CalendarRef, event: EventBody): Promise<GoogleWriteOutcome> => ({ kind: 'written', record: await read(calendar, event) });

  /** Each call names the version that the one before it left; the first that isn't accepted ends the row. */
  const patchInTurn = async (calendar: CalendarRef, current: GoogleEventRecord, writes: readonly EventWrite[]): Promise<Answer<EventBody>> => {
    let etag = current.etag;
    for (const [at, { body, parameters }] of writes.entries()) {
      const answer = await outcomeOf(() =>
        perform({
          accountId: calendar.accountId, method: 'calendar.events.patch', units: PATCH_UNITS, ...(current.attendees === undefined ? {} : { aboutGuests: true as const }),
          run: (api, headers) =>
            api.events.patch({ calendarId: calendar.calendarId, eventId: current.id, ...TELL_NOBODY, ...parameters, requestBody: body }, { headers: { ...headers, 'If-Match': etag } }),
        }),
      );
      if (answer.kind === 'no' || at === writes.length - 1) return answer;
      etag = answer.data.etag ?? etag;
    }
    throw new Error('a patch without a single call');
  };

  return {
    async get(calendar, id) {
      const answer = await outcomeOf(() =>
        perform({
          accountId: calendar.accountId, method: 'calendar.events.get', units: 1,
          run: (api, headers) => api.events.get({ calendarId: calendar.calendarId, eventId: id }, { headers }),
        }),
      );
      if (answer.kind === 'data') {
        const record = await read(calendar, answer.data);
        return record.status === 'cancelled' ? { kind: 'cancelled', record } : { kind: 'found', record };
      }
      // 404 and 410 on a read prove nothing: what Google deleted it still shows, as `cancelled`.
      if (answer.trouble.kind === 'absent' || answer.trouble.kind === 'deleted') return { kind: 'absent' };
      throw unexpected('calendar.events.get', answer.message);
    },

    listDays: createListDays(perform),
    readSeries: createReadSeries(perform, read),
    writeAttendees: createWriteAttendees(perform, read),

    async insert(calendar, id, fields, marks, decor) {
      const insert = (given: Decor | undefined) => {
        const { body, parameters } = insertWrite(id, fields, marks, given);
        return outcomeOf(() =>
          perform({
            accountId: calendar.accountId, method: 'calendar.events.insert', units: 1,
            run: (api, headers) => api.events.insert({ calendarId: calendar.calendarId, ...TELL_NOBODY, ...parameters, requestBody: body }, { headers }),
          }),
        );
      };
      let answer = await insert(decor);
      if (isRefused(answer) && decor?.colour !== undefined) answer = await insert(withoutColour(decor));
      if (answer.kind === 'data') return written(calendar, answer.data);
      switch (answer.trouble.kind) {
        case 'exists':
          return { kind: 'exists' };
        case 'refused':
          return { kind: 'refused', cause: answer.trouble.cause };
        case 'absent':
          throw new Failure('calendar', `${answer.message}; the calendar isn't there for this account: choose another`);
        default:
          throw unexpected('calendar.events.insert', answer.message);
      }
    },

    async patch(calendar, current, change) {
      let answer = await patchInTurn(calendar, current, patchWrites(current, change));
      if (isRefused(answer) && change.decor?.colour !== undefined) {
        const rest: EventChange = { ...change, decor: withoutColour(change.decor) };
        if (isEmpty(rest)) return { kind: 'written', record: current };
        answer = await patchInTurn(calendar, current, patchWrites(current, rest));
      }
      if (answer.kind === 'data') return written(calendar, answer.data);
      switch (answer.trouble.kind) {
        case 'stale':
          return { kind: 'stale' };
        case 'absent':
        case 'deleted':
          return { kind: 'gone' };
        case 'refused':
          return { kind: 'refused', cause: answer.trouble.cause };
        case 'guest-quota':
          // Because the event has guests, though none is named: this pair waits, and no other.
          throw new Failure('transient', `${answer.message}; Google takes no events with guests from this account for a while`, { retryAfterMs: answer.trouble.retryAfterMs ?? GUEST_QUOTA_MS });
        default:
          throw unexpected('calendar.events.patch', answer.message);
      }
    },

    async delete(calendar, id, etag) {
      const answer = await outcomeOf(() =>
        perform({
          accountId: calendar.accountId, method: 'calendar.events.delete', units: 1,
          run: (api, headers) => api.events.delete({ calendarId: calendar.calendarId, eventId: id, ...TELL_NOBODY }, { headers: { ...headers, 'If-Match': etag } }),
        }),
      );
      if (answer.kind === 'data') return { kind: 'gone' };
      switch (answer.trouble.kind) {
        // A repeated delete is told 410 of its own success.
        case 'deleted':
        case 'absent':
          return { kind: 'gone' };
        case 'stale':
          return { kind: 'stale' };
        case 'refused':
          return { kind: 'refused', cause: answer.trouble.cause };
        default:
          throw unexpected('calendar.events.delete', answer.message);
      }
    },
  };
}

/** A colour that Google doesn't take (a label that its owner deleted) never stops what was to be written with it. */
const withoutColour = ({ colour: _refused, ...rest }: DecorChange): Pick<DecorChange, 'link'> => rest;
const isEmpty = ({ fields, marks, decor, revive }: EventChange): boolean =>
  Object.keys(fields).length + Object.keys(decor ?? {}).length === 0 && marks === undefined && revive === undefined;

const isRefused = <T>(answer: Answer<T>): boolean => answer.kind === 'no' && answer.trouble.kind === 'refused';

type Answer<T> = { readonly kind: 'data'; readonly data: T } | { readonly kind: 'no'; readonly trouble: GoogleSaidNo['trouble']; readonly message: string };

async function outcomeOf<T>(act: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: 'data', data: await act() };
  } catch (error) {
    if (error instanceof GoogleSaidNo) return { kind: 'no', trouble: error.trouble, message: error.message };
    throw error;
  }
}

const unexpected = (method: string, said: string): Failure => new Failure('permanent', `${method} got an answer that makes no sense here: ${said}`);
