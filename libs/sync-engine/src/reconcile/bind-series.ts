import type { GoogleEventId, GoogleEventRecord, Instant, OccurrenceKey, When } from '@calsync/calendar-model';
import type { Pair } from './pair.js';

/** A living master as it was read. */
export interface MasterAsRead {
  readonly id: GoogleEventId;
  readonly seriesId: GoogleEventId;
  readonly created?: Instant;
  readonly first: When;
  /** Its start when its occurrences were last taken in; absent where they never were. */
  readonly before?: When;
}

/** A recurring event, with those that were made with it, as Google has them now. */
export interface SeriesAsRead {
  readonly masters: readonly MasterAsRead[];
  /** All their occurrences in the days that were read. */
  readonly occurrences: readonly GoogleEventRecord[];
  /** What was a series and recurs no more. */
  readonly singles: readonly GoogleEventRecord[];
}

export interface Bindings {
  readonly bound: readonly { readonly pair: Pair; readonly record: GoogleEventRecord }[];
  /** Occurrences without a pair. */
  readonly fresh: readonly GoogleEventRecord[];
  /** Pairs whose start none of the masters gives any more. Whether it was dropped is still to be proven. */
  readonly lost: readonly Pair[];
}

/**
 * Which pair belongs to which occurrence. What a person sees as "the same meeting, changed" keeps its pair, and with it all
 * that only Inventive holds: whatever ids, starts and masters have become of it, nothing is deleted and made again.
 */
export function bindSeries(pairs: readonly Pair[], { masters, occurrences, singles }: SeriesAsRead): Bindings {
  const bound: { pair: Pair; record: GoogleEventRecord }[] = [];
  const open = new Map<string, GoogleEventRecord>();
  for (const record of occurrences) if (record.occurrence !== undefined && !open.has(nameOf(record.occurrence))) open.set(nameOf(record.occurrence), record);
  let rest = pairs;
  const bindRest = (target: (pair: Pair) => GoogleEventRecord | undefined) => {
    rest = rest.filter((pair) => {
      const record = target(pair);
      if (record === undefined) return true;
      bound.push({ pair, record });
      if (record.occurrence !== undefined) open.delete(nameOf(record.occurrence));
      return false;
    });
  };

  // The start that the rule gives it is who it is: halves of a split that kept its time come under other ids.
  bindRest(({ occurrence }) => (occurrence === undefined ? undefined : open.get(nameOf(occurrence))));
  // What Google called deleted before is bound by nothing weaker: it comes back under its own start, or not at all.
  rest = rest.filter(({ google }) => google.state !== 'tombstone');

  // A single event that was made a series is its first occurrence.
  bindRest((pair) => {
    const master = pair.occurrence === undefined ? masters.find(({ id }) => id === pair.eventId) : undefined;
    return master === undefined ? undefined : (open.get(nameOf({ seriesId: master.seriesId, originalStart: startText(master.first) })) ?? firstOf(open, master));
  });
  // The whole series was moved: every start moved by as much as its master's did, on the clock of its zone.
  bindRest(({ occurrence, google }) => {
    if (occurrence === undefined) return undefined;
    const own = google.record?.occurrence?.masterId;
    const moved = masters.filter(({ seriesId, first, before }) => seriesId === occurrence.seriesId && before !== undefined && !sameStart(before, first));
    const found = moved.toSorted((a, b) => Number(b.id === own) - Number(a.id === own))
      .map(({ first, before }) => open.get(nameOf({ seriesId: occurrence.seriesId, originalStart: shifted(occurrence.originalStart, before ?? first, first) })));
    return found.find((record) => record !== undefined);
  });
  bindToLaterHalves();
  for (const single of singles) {
    const candidates = rest.filter(({ occurrence }) => occurrence?.seriesId === single.id).toSorted(byStart);
    const start = single.fields.when === undefined ? undefined : startText(single.fields.when);
    const chosen = candidates.find(({ occurrence }) => occurrence?.originalStart === start) ?? candidates[0];
    bindRest((pair) => (pair === chosen ? single : undefined));
  }
  return { bound, fresh: [...open.values()], lost: rest.filter(({ occurrence, eventId }) => occurrence !== undefined || masters.some(({ id }) => id === eventId)) };

  /**
   * "This and following" with another time makes a series with nothing of the old one but the moment of its making. An
   * occurrence went to the same day of it, else as far as the first one went.
   */
  function bindToLaterHalves(): void {
    for (const later of masters) {
      const earlier = masters.filter(({ seriesId, created }) => seriesId !== later.seriesId && created !== undefined && created === later.created);
      for (const half of earlier) {
        const went = rest.filter(({ occurrence }) => occurrence?.seriesId === half.seriesId).toSorted(byStart);
        const [first] = went;
        if (first?.occurrence === undefined) continue;
        const days = new Map([...open.values()].flatMap((record) => (record.occurrence?.masterId === later.id ? [[dayIn(record.occurrence.originalStart, later.first), record] as const] : [])));
        bindRest(({ occurrence }) => {
          if (occurrence?.seriesId !== half.seriesId) return undefined;
          const record = days.get(dayIn(occurrence.originalStart, half.first));
          return record?.occurrence !== undefined && open.has(nameOf(record.occurrence)) ? record : undefined;
        });
        const split = whenAt(first.occurrence.originalStart, half.first);
        bindRest(({ occurrence }) => (occurrence?.seriesId !== half.seriesId ? undefined
          : open.get(nameOf({ seriesId: later.seriesId, originalStart: shifted(occurrence.originalStart, split, later.first) }))));
      }
    }
  }
}

/** The original start that an occurrence has after its series went from one start to another, on the wall clock. */
export function shifted(originalStart: string, from: When, to: When): string {
  const wall = wallAt(originalStart, from).add(wallOf(from).until(wallOf(to), { largestUnit: 'days' }));
  return to.kind === 'all-day' ? wall.toPlainDate().toString() : wall.toZonedDateTime(to.zone).toInstant().toString({ smallestUnit: 'second' });
}

/** The original start of what begins then. */
export const startText = (when: When): string =>
  when.kind === 'all-day' ? when.firstOn : Temporal.PlainDateTime.from(when.start).toZonedDateTime(when.zone).toInstant().toString({ smallestUnit: 'second' });

export const sameStart = (a: When, b: When): boolean =>
  a.kind === 'all-day' ? b.kind === 'all-day' && a.firstOn === b.firstOn : b.kind === 'timed' && a.start === b.start && a.zone === b.zone;

/** The day on which it begins, on the clock of its series. */
export const dayIn = (originalStart: string, like: When): string => wallAt(originalStart, like).toPlainDate().toString();

const nameOf = ({ seriesId, originalStart }: OccurrenceKey): string => `${seriesId} ${originalStart}`;
const byStart = (a: Pair, b: Pair): number => ((a.occurrence?.originalStart ?? '') < (b.occurrence?.originalStart ?? '') ? -1 : 1);
const wallOf = (when: When): Temporal.PlainDateTime => (when.kind === 'all-day' ? Temporal.PlainDate.from(when.firstOn).toPlainDateTime() : Temporal.PlainDateTime.from(when.start));

function wallAt(originalStart: string, like: When): Temporal.PlainDateTime {
  if (!originalStart.includes('T')) return Temporal.PlainDate.from(originalStart).toPlainDateTime();
  return Temporal.Instant.from(originalStart).toZonedDateTimeISO(like.kind === 'timed' ? like.zone : 'UTC').toPlainDateTime();
}

function whenAt(originalStart: string, like: When): When {
  const wall = wallAt(originalStart, like);
  if (like.kind === 'all-day') return { kind: 'all-day', firstOn: wall.toPlainDate().toString(), lastOn: wall.toPlainDate().toString() };
  const start = wall.toString({ smallestUnit: 'second' });
  return { kind: 'timed', start, end: start, zone: like.zone };
}

function firstOf(open: ReadonlyMap<string, GoogleEventRecord>, { id }: MasterAsRead): GoogleEventRecord | undefined {
  const own = [...open.values()].filter(({ occurrence }) => occurrence?.masterId === id);
  return own.toSorted((a, b) => ((a.occurrence?.originalStart ?? '') < (b.occurrence?.originalStart ?? '') ? -1 : 1))[0];
}
