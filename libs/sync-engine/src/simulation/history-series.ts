import { asGoogleEventId, type GoogleEventId, type GoogleEventRecord, type When } from '@calsync/calendar-model';
import { eventAt, eventFields, type EventChange } from './history-people.js';
import type { ModelRule } from './model-rule.js';
import { fullEvent } from './reconcile-world.js';
import type { Typed, World } from './typed.js';

/** What a person does with recurring events in Google. Occurrences and series are counted among what lives. */
export type SeriesStep =
  | { readonly do: 'new-series'; readonly first: number; readonly rule: ModelRule }
  | { readonly do: 'edit-occurrence'; readonly item: number; readonly change: EventChange }
  | { readonly do: 'cancel-occurrence' | 'restore-occurrence' | 'exclude-occurrence' | 'remove-following'; readonly item: number }
  | { readonly do: 'remove-series'; readonly item: number }
  | { readonly do: 'to-single'; readonly item: number }
  | { readonly do: 'edit-series' | 'edit-following'; readonly item: number; readonly change: Exclude<EventChange, { readonly field: 'when' }>; readonly shiftMinutes: 0 | 30 | 60 }
  | { readonly do: 'new-rule'; readonly item: number; readonly rule: ModelRule }
  | { readonly do: 'to-series'; readonly item: number; readonly rule: ModelRule };

/** The first occurrence; some of what follows lies outside the window, before or after. */
export const FIRSTS: readonly When[] = [
  { kind: 'timed', start: '2026-11-25T09:00:00', end: '2026-11-25T09:30:00', zone: 'Europe/Amsterdam' },
  { kind: 'timed', start: '2026-10-22T14:00:00', end: '2026-10-22T15:00:00', zone: 'Europe/Amsterdam' },
  { kind: 'all-day', firstOn: '2026-12-07', lastOn: '2026-12-07' },
  { kind: 'timed', start: '2027-02-19T16:00:00', end: '2027-02-19T17:00:00', zone: 'Europe/Amsterdam' },
];

/** What stood in Google before and stands there no more was seen by who did it, and let go. */
export function actOnSeries(world: World, step: SeriesStep, typed: Typed): void {
  const before = textsIn(world);
  change(world, step, typed);
  const after = new Set(textsIn(world));
  for (const text of before) if (!after.has(text)) typed.giveUp(text);
}

function change(world: World, step: SeriesStep, typed: Typed): void {
  const { google } = world;
  const { series } = google;
  const occurrence = (at: number): GoogleEventRecord | undefined => cyclic(series.occurrences(), at);
  const master = (at: number): GoogleEventId | undefined => cyclic(series.masters(), at);
  switch (step.do) {
    case 'new-series':
      return series.create(asGoogleEventId(`series${google.news.length}`), fullEvent({ subject: typed.type(), description: typed.type(), when: FIRSTS[step.first] ?? FIRSTS[0]! }), step.rule);
    case 'edit-occurrence': {
      const one = occurrence(step.item);
      if (one === undefined) return;
      return series.editOccurrence(one.id, eventFields(step.change, {}, typed));
    }
    case 'cancel-occurrence': {
      const one = occurrence(step.item);
      if (one === undefined) return;
      return series.cancelOccurrence(one.id);
    }
    case 'restore-occurrence': {
      const cancelled = cyclic(series.fullList().filter(({ status }) => status === 'cancelled'), step.item);
      return cancelled === undefined ? undefined : series.restoreOccurrence(cancelled.id);
    }
    case 'exclude-occurrence': {
      const one = occurrence(step.item);
      if (one?.occurrence === undefined) return;
      return series.exclude(one.id);
    }
    case 'edit-series':
    case 'edit-following': {
      const one = occurrence(step.item);
      if (one?.occurrence === undefined) return;
      const fields = eventFields(step.change, {}, typed);
      if (step.do === 'edit-series') series.editAll(one.occurrence.masterId, fields, step.shiftMinutes);
      else series.following(one.id, { fields, shiftMinutes: step.shiftMinutes });
      return;
    }
    case 'remove-following': {
      const one = occurrence(step.item);
      if (one === undefined) return;
      series.following(one.id, 'delete');
      return;
    }
    case 'remove-series': {
      const id = master(step.item);
      if (id === undefined) return;
      return series.removeAll(id);
    }
    case 'to-single':
    case 'new-rule': {
      const id = master(step.item);
      if (id === undefined) return;
      return step.do === 'to-single' ? series.toSingle(id) : series.setRule(id, step.rule);
    }
    case 'to-series': {
      const id = eventAt(world, step.item);
      return id === undefined ? undefined : google.toSeries(id, step.rule);
    }
    default:
      step satisfies never;
  }
}

const cyclic = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];
const textsIn = ({ google }: World): readonly string[] => [...new Set([...google.living(), ...google.series.occurrences(), ...google.series.fullList()].flatMap(textOf))];
const textOf = ({ fields: { subject, location, description } }: GoogleEventRecord): readonly string[] => [subject, location, description].filter((text): text is string => text !== undefined && text !== '');
