import { asRfc3339 } from '../discovery/formats.js';
import { exceptionsBySeries, isMaster, occurrencesOf } from '../recurrence/series.js';
import type { EventRecord } from '../state/records.js';
import { openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { renderEvent, timeOfMicros } from './event-resource.js';
import { etagOfList, headOfList } from './events-list.js';
import { invalid, timeRangeEmpty } from './google-error.js';
import { instantOf } from './moment.js';
import { compareCursors, readPageToken, sealPageToken, type Cursor } from './paging.js';
import { viewOf } from './save-event.js';

/** The occurrences of one series in order of their original starts; cancelled ones only with showDeleted. */
export function listInstances(call: Call): Outcome {
  const calendar = openCalendar(call, 'reader');
  const master = openEvent(call, calendar);
  const { parameters, world } = call;
  if (!isMaster(master)) throw invalid('Instances can be listed for recurring events only.', 'eventId');
  const view = viewOf(call, calendar);
  const zone = view.timeZone ?? calendar.fields.timeZone;
  const page = readPageToken(call, calendar);
  const cursor = (event: EventRecord): Cursor => [instantOf(event.originalStart ?? event.fields.start, zone), event.id];
  const accepts = readFilter(call, zone);
  const range = rangeOf(call);
  const exceptions = exceptionsBySeries(world.events(calendar.id).values()).get(master.id) ?? [];
  const found = (master.remains === undefined ? occurrencesOf(master, exceptions, range, world.clock.nowMs()) : [])
    .filter((event) => accepts(event) && (page === undefined || compareCursors(cursor(event), page.after) > 0))
    .sort((a, b) => compareCursors(cursor(a), cursor(b)));
  const size = Math.min(parameters.number('maxResults') ?? 250, 2500);
  const items = found.slice(0, size);
  const last = items.at(-1);
  const more = found.length > size && last !== undefined ? { nextPageToken: sealPageToken(call, calendar, { after: cursor(last), seq: world.seq, page: (page?.page ?? 1) + 1 }) } : {};
  return {
    status: 200,
    body: {
      ...headOfList(call, calendar, zone),
      etag: etagOfList(calendar),
      updated: timeOfMicros(master.updatedMicros),
      ...more,
      items: items.map((event) => renderEvent(event, calendar, call.publicUrl, view)),
    },
  };
}

function rangeOf(call: Call): { fromMs: number | undefined; toMs: number | undefined } {
  const fromMs = asRfc3339(call.parameters.text('timeMin') ?? '');
  const toMs = asRfc3339(call.parameters.text('timeMax') ?? '');
  if (fromMs !== undefined && toMs !== undefined && toMs <= fromMs) throw timeRangeEmpty('timeMax');
  return { fromMs, toMs };
}

/** The document calls `timeMin` inclusive here, and on the end of an occurrence. */
function readFilter(call: Call, zone: string): (event: EventRecord) => boolean {
  const { fromMs, toMs } = rangeOf(call);
  const showDeleted = call.parameters.flag('showDeleted') ?? false;
  const original = call.parameters.text('originalStart');
  const originalMs = original === undefined ? undefined : asRfc3339(original);
  if (original !== undefined && originalMs === undefined && !/^\d{4}-\d{2}-\d{2}$/.test(original)) throw invalid('Invalid Value. An RFC 3339 time or a date is needed.', 'originalStart');
  return (event) => {
    if (event.status === 'cancelled' && !showDeleted) return false;
    if (fromMs !== undefined && instantOf(event.fields.end, zone) < fromMs) return false;
    if (toMs !== undefined && instantOf(event.fields.start, zone) >= toMs) return false;
    if (original === undefined || event.originalStart === undefined) return original === undefined;
    return 'date' in event.originalStart ? event.originalStart.date === original : event.originalStart.atMs === originalMs;
  };
}
