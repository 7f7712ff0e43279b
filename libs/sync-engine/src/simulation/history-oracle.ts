import { toInstant, type AppointmentRecord, type GoogleEventRecord, type GoogleReminders, type Reminder, type ShowAs, type When } from '@calsync/calendar-model';
import type { SpecialEventType } from '../ports/account.js';
import type { Pair } from '../reconcile/index.js';
import type { InventiveNews } from './model-inventive.js';
import type { World } from './typed.js';

/**
 * What both sides must say once changes stopped, by a comparison of its own: the values of the histories are plain, so
 * none of the product's tables is needed to see whether two of them are one.
 */
export function differences(world: World, seen: 'all' | 'as told' = 'all'): readonly string[] {
  return [...pairsApart(world, seen), ...itemsWithoutPair(world)];
}

function pairsApart(world: World, seen: 'all' | 'as told'): readonly string[] {
  const found: string[] = [];
  for (const pair of world.pairs.all()) {
    const row = world.inventive.rows.get(pair.appointmentId);
    const here = row !== undefined && isOfAgenda(world, row) && row.status !== 'void' ? row : undefined;
    const known = world.google.events.get(pair.eventId) ?? world.google.series.find(pair.eventId);
    const event = known?.status === 'cancelled' ? undefined : known;
    // By rule neither written nor followed, whatever it was when its row was made.
    if (event !== undefined && isLeftAlone(world, event)) continue;
    if (pair.status === 'quarantined' || pair.status === 'failed') found.push(`${pair.id} is ${pair.status} ${pair.failure?.cause ?? ''}`);
    else if (here !== undefined && event !== undefined) found.push(...unlike(world, here, event).filter((field) => field !== 'reminder' || seen === 'all').map((field) => `${here.id}/${event.id} ${field}: ${JSON.stringify(here.fields)} ${JSON.stringify(event.fields)}`));
    // Settings that keep one side of what is gone on the other say so.
    else if (pair.reasons.includes('deletion-kept') || pair.reasons.includes('declined-for-user')) continue;
    // [G10] The database was lost: whether the event was edited since its row became void nobody can tell.
    else if (world.databaseWasLost() && row?.status === 'void' && pair.base === undefined && pair.reasons.includes('appointment-void')) continue;
    // In a database that was built again nobody saw it, outside the days that are read: a comparison looks for it by its pair.
    else if (seen === 'as told' && world.databaseWasLost() && isUnseen(world, here, pair.inventive) && isUnseen(world, event, pair.google)) continue;
    // It left the window before anything was made of it.
    else if (pair.base === undefined && pair.reasons.includes('outside-window') && [here, event].every((item) => item?.fields.when === undefined || !isInWindow(world, item.fields.when))) continue;
    else if (here !== undefined) found.push(`${here.id} has no event ${pair.eventId}`);
    else if (event !== undefined && !isFrozen(world, pair)) found.push(`${event.id} has no row ${pair.appointmentId}`);
  }
  return found;
}

const isUnseen = (world: World, item: AppointmentRecord | GoogleEventRecord | undefined, { state }: Pair['inventive'] | Pair['google']): boolean =>
  item === undefined || (state === 'unknown' && item.fields.when !== undefined && !isInWindow(world, item.fields.when));

/** Of somebody else, or of a kind that the rules of the end leave in Google. */
export function isLeftAlone(world: World, { ownedByUser, eventType }: GoogleEventRecord): boolean {
  const { invitations, eventTypes } = world.account().rules;
  if (eventType !== 'default') return eventTypes[eventType as SpecialEventType] !== 'import';
  return !ownedByUser && invitations === 'skip';
}

/** In step in another administration than the one that was chosen since: nothing of it is deleted or written. */
const isFrozen = (world: World, { administrationId }: Pair): boolean =>
  world.account().onlyAdministration === true && administrationId !== undefined && administrationId !== world.account().administrationId;

function unlike(world: World, { fields: row }: AppointmentRecord, { fields: event, eventType }: GoogleEventRecord): readonly string[] {
  const hidden = world.account().privateContent === 'busy-only' && row.privacy === 'private';
  const notesCross = world.account().descriptionFields.includes('notes');
  return [
    ...(moments(row.when) === moments(event.when) ? [] : ['when']),
    // [O6] Out of office comes in as away; a word of the person's own that takes the time as well is left.
    ...((eventType === 'outOfOffice' ? takesTheTime(row.showAs) : (row.showAs === 'away' ? 'busy' : row.showAs) === event.showAs) ? [] : ['showAs']),
    ...(row.privacy === event.privacy ? [] : ['privacy']),
    ...(row.reminder === undefined || event.reminders === undefined || isReminded(minutesOf(row.reminder), event.reminders) ? [] : ['reminder']),
    ...(hidden || row.subject === event.subject ? [] : ['subject']),
    ...(hidden || row.location === event.location ? [] : ['location']),
    ...(hidden || !notesCross || row.notes === event.description ? [] : ['notes']),
  ];
}

const takesTheTime = (showAs: ShowAs | undefined): boolean => showAs === 'away' || showAs === 'busy';

/** Inventive can't say "none": it shows as nothing of its own. */
const minutesOf = (reminder: Reminder): number | undefined => (typeof reminder === 'number' ? reminder : undefined);
/** Mails are Google's own, and so are further popups: one that stands beside the agreed one, however near, changes nothing in the row ([N1]). */
function isReminded(minutes: number | undefined, { useDefault, overrides }: GoogleReminders): boolean {
  const popups = useDefault ? [] : overrides.filter(({ method }) => method === 'popup').map((popup) => popup.minutes);
  return minutes === undefined ? popups.length === 0 : popups.includes(minutes);
}

/** What lives in the window without a pair, and for no reason that a person can read. */
function itemsWithoutPair(world: World): readonly string[] {
  const pairs = world.pairs.all();
  const rows = new Set(pairs.map(({ appointmentId }) => appointmentId));
  const events = new Set(pairs.map(({ eventId }) => eventId));
  const ambiguous = new Set<string>(world.unpaired.all().filter(({ reason }) => reason === 'ambiguous-match').map(({ itemId }) => itemId));
  for (const id of namedByTheirOwnMarks(world)) ambiguous.delete(id);
  return [
    ...[...world.inventive.rows.values()].filter((row) => isOfAgenda(world, row) && row.status !== 'void' && !rows.has(row.id)),
    ...[...world.google.living(), ...world.google.series.occurrences()].filter((event) => !events.has(event.id) && !isLeftAlone(world, event)),
  ].filter(({ id, fields: { when } }) => !ambiguous.has(id) && when !== undefined && isInWindow(world, when)).map(({ id, fields }) => `${id} has no pair: ${JSON.stringify(fields)}`);
}

/** Events whose marks name them and a row that no other event names: which row is theirs is no question for a person. */
function namedByTheirOwnMarks(world: World): readonly string[] {
  const rows = new Set<string>(world.inventive.rows.keys());
  const named = world.google.living().filter(({ id, marks }) => marks?.inventiveEvent?.startsWith(`${id}.`) === true && rows.has(marks.inventiveAppointment ?? ''));
  return named.filter(({ id, marks }) => !named.some((other) => other.id !== id && other.marks?.inventiveAppointment === marks?.inventiveAppointment)).map(({ id }) => id);
}

/** Starts before the last day ends, and ends at or after the moment at which the first begins. */
export function isInWindow(world: World, when: When): boolean {
  const { daysBefore, daysAfter, zone } = world.account();
  const midnight = (on: string, days: number) => Temporal.PlainDate.from(on).add({ days }).toZonedDateTime(zone).epochMilliseconds;
  const today = world.todayIn(zone);
  const [start, end] = when.kind === 'all-day' ? [midnight(when.firstOn, 0), midnight(when.lastOn, 1) - 1] : [Date.parse(toInstant(when.start, when.zone)), Date.parse(toInstant(when.end, when.zone))];
  return start < midnight(today, daysAfter + 1) && end >= midnight(today, -daysBefore);
}

export const isOfAgenda = (world: World, { ownerId, administrationId }: AppointmentRecord): boolean =>
  ownerId === world.account().userId && (world.account().onlyAdministration !== true || administrationId === world.account().administrationId);

/** What was never paired, because it lies outside the window, may enter it when it is told of again as it once was. */
export function isPaired(world: World, news: InventiveNews | GoogleEventRecord | undefined): boolean {
  if (news === undefined) return false;
  const id = 'kind' in news && news.kind === 'changed' ? news.record.id : news.id;
  return world.pairs.all().some(({ appointmentId, eventId }) => appointmentId === id || eventId === id);
}

function moments(when: When | undefined): string {
  if (when === undefined) return '';
  return when.kind === 'all-day' ? `${when.firstOn} ${when.lastOn}` : `${toInstant(when.start, when.zone)} ${toInstant(when.end, when.zone)}`;
}
