import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import { exceptionsBySeries, isMaster, occurrencesOf, standsAlone } from '../recurrence/series.js';
import type { CalendarRecord } from '../state/records.js';
import { attendeesOf, emailOf } from './attendees.js';
import { callersRole, type Call, type Outcome } from './call.js';
import { googleError, invalid, required, timeRangeEmpty } from './google-error.js';
import { formatInstant, instantOf, isTimeZone } from './moment.js';

const mostCalendars = 50;
/** Google refuses long ranges without saying where they begin; chosen: a quarter of a year. */
const longestRangeMs = 92 * 86_400_000;

type Span = [fromMs: number, toMs: number];

export function queryFreeBusy(call: Call): Outcome {
  const { body, world, caller } = call;
  const fromMs = readInstant(body, 'timeMin');
  const toMs = readInstant(body, 'timeMax');
  if (toMs <= fromMs) throw timeRangeEmpty('timeMax');
  if (toMs - fromMs > longestRangeMs) throw googleError(400, 'calendar', 'timeRangeTooLong', 'The requested time range is too long.');
  // There are no groups: one that is asked for is not found, however many members it might have.
  for (const [name, most] of [['groupExpansionMax', 100], ['calendarExpansionMax', mostCalendars]] as const) if (Number(body[name] ?? 0) > most) throw invalid(`Invalid Value. The largest value is ${most}.`, name);
  const zone = typeof body['timeZone'] === 'string' ? body['timeZone'] : 'UTC';
  if (!isTimeZone(zone)) throw invalid('Invalid Value. The time zone is unknown.', 'timeZone');
  const items = (Array.isArray(body['items']) ? (body['items'] as readonly Json[]) : []).filter(isObject);
  const most = Math.min(Number(body['calendarExpansionMax'] ?? mostCalendars), mostCalendars);
  const calendars: Record<string, JsonObject> = {};
  for (const item of items) {
    const id = String(item['id'] ?? '');
    const calendar = world.calendars.get(id === 'primary' ? caller.email : id);
    if (items.length > most) calendars[id] = { errors: [{ domain: 'global', reason: 'tooManyCalendarsRequested' }], busy: [] };
    else if (calendar === undefined || callersRole(call, calendar) === 'none') calendars[id] = { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
    else calendars[id] = { busy: busySpans(call, calendar, fromMs, toMs).map(([from, to]) => ({ start: formatInstant(from, zone), end: formatInstant(to, zone) })) };
  }
  return { status: 200, body: { kind: 'calendar#freeBusy', timeMin: new Date(fromMs).toISOString(), timeMax: new Date(toMs).toISOString(), calendars } };
}

function busySpans(call: Call, calendar: CalendarRecord, fromMs: number, toMs: number): Span[] {
  const zone = calendar.fields.timeZone;
  const spans: Span[] = [];
  const events = call.world.events(calendar.id);
  const exceptions = exceptionsBySeries(events.values());
  const single = [...events.values()].filter((event) => standsAlone(event) && event.status !== 'cancelled').flatMap((event) => (isMaster(event) ? occurrencesOf(event, exceptions.get(event.id) ?? [], { fromMs, toMs }, call.world.clock.nowMs()) : [event]));
  for (const event of single) {
    const declined = attendeesOf(event.fields.rest).some((attendee) => emailOf(attendee) === calendar.id && attendee['responseStatus'] === 'declined');
    if (event.status === 'cancelled' || event.fields.rest['transparency'] === 'transparent' || declined) continue;
    const span: Span = [Math.max(fromMs, instantOf(event.fields.start, zone)), Math.min(toMs, instantOf(event.fields.end, zone))];
    if (span[0] < span[1]) spans.push(span);
  }
  return united(spans.sort((a, b) => a[0] - b[0]));
}

function united(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
    else result.push([...span]);
  }
  return result;
}

function readInstant(body: JsonObject, name: string): number {
  if (body[name] == null) throw required(`Missing ${name} parameter.`, name);
  const value = asRfc3339(String(body[name]));
  if (value === undefined) throw invalid('Invalid Value. An RFC 3339 time with an offset is needed.', name);
  return value;
}
