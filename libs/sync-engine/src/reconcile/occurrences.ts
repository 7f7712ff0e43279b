import { deriveGoogleEventId, type GoogleEventRecord, type OccurrenceKey, type PairId } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import { learnEvent } from './learn.js';
import type { GoogleSide, GoogleVersion, Pair } from './pair.js';
import type { PairStore, Priority } from './ports.js';
import { imported, pairBornInGoogle } from './born-pair.js';
import { orderGoogle } from './versions.js';

/** How often a pair is tried again that somebody else writes at the same moment; the next turn finds what is left. */
const MOST_TRIES = 5;

export interface OccurrenceParts {
  readonly pairs: Pick<PairStore, 'byId' | 'byOccurrence' | 'byEvent' | 'insert' | 'save' | 'putGoogle' | 'renewGoogle'>;
  readonly clock: Clock;
}

/** The pairs of occurrences: bound to the event that has them now, told what it is, begun, and dropped. */
export class Occurrences {
  constructor(private readonly parts: OccurrenceParts) {}

  /** Tells pairs what their occurrences are now; answers those that became due. A newer version of the same is no news. */
  async learnAll(told: readonly { readonly pair: Pair; readonly record: GoogleEventRecord }[]): Promise<readonly PairId[]> {
    const due: PairId[] = [];
    const renewed: { pair: Pair; next: GoogleSide }[] = [];
    for (const { pair: known, record } of told) {
      // An old message, or a list that was begun before: it says neither how it looks nor whose it is.
      if (isSame(known.occurrence, record.occurrence) && orderGoogle(versionOf(record), known.google.version) === 'older') continue;
      const pair = await this.bind(known, record);
      if (pair === undefined) continue;
      const next = sameUnderNewVersion(pair, record);
      if (next !== undefined) renewed.push({ pair, next });
      else if (await this.learn(pair, record)) due.push(pair.id);
    }
    await this.parts.pairs.renewGoogle(renewed);
    return due;
  }

  /** Undefined where the occurrence has a pair by another's doing, or its event stands on another one. */
  async begin(record: GoogleEventRecord & { readonly occurrence: OccurrenceKey }, account: Account, priority: Priority): Promise<PairId | undefined> {
    const { pairs, clock } = this.parts;
    for (let again = 0; ; again += 1) {
      const born = pairBornInGoogle(record, account, clock.now(), again);
      const pair = priority === 'import' ? imported(born) : born;
      if ((await pairs.insert(pair, priority)) === 'inserted') return pair.id;
      const known = await pairs.byOccurrence(account.id, record.calendarId, record.occurrence);
      if (known !== undefined) return (await this.learn(known, record)) ? known.id : undefined;
      // The pair that began with this start goes on with another one, of a series that was moved.
      if ((await pairs.byEvent(account.id, record.calendarId, record.id)) !== undefined || (await pairs.byId(pair.id)) === undefined) return undefined;
    }
  }

  /** Google's own word, proven by whoever calls, that the event is gone as it was at `version`. */
  async drop(known: Pair, version: GoogleVersion | undefined): Promise<boolean> {
    const { pairs, clock } = this.parts;
    const { google } = known;
    if (google.state === 'tombstone') return false;
    const next: GoogleSide = { ...google, state: 'tombstone', seq: google.seq + 1, needsRead: false, receivedAt: clock.now(), ...(version === undefined ? {} : { version }) };
    return pairs.putGoogle(known, next, reopens(known));
  }

  /** Its event is a whole series now, which is never written for one appointment: what it had is gone, under an id of its own. */
  async release(pair: Pair): Promise<boolean> {
    const { record: _record, version: _version, ...google } = pair.google;
    const googleGeneration = pair.googleGeneration + 1;
    const saved = await this.parts.pairs.save(pair, {
      eventId: deriveGoogleEventId(pair.id, googleGeneration), googleGeneration, occurrence: null, ...(pair.intent?.side === 'google' ? { intent: null } : {}),
    });
    return saved !== undefined && this.parts.pairs.putGoogle(saved, { ...google, state: 'tombstone', seq: saved.google.seq + 1, needsRead: false }, reopens(saved));
  }

  /** The pair under the event that has its occurrence now, before anything is planned by what that event says. */
  private async bind(first: Pair, record: GoogleEventRecord): Promise<Pair | undefined> {
    const { pairs } = this.parts;
    let pair: Pair | undefined = first;
    for (let tries = 0; pair !== undefined && tries < MOST_TRIES; tries += 1) {
      if (pair.eventId === record.id && isSame(pair.occurrence, record.occurrence)) return pair;
      const { seriesId, originalStart } = record.occurrence ?? {};
      const occurrence = seriesId === undefined || originalStart === undefined ? null : { seriesId, originalStart };
      // An open intent names the old event: it would be settled by what became of that one.
      // Versions of one event say nothing of another's.
      const { version: _version, ...unordered } = pair.google;
      const google = pair.occurrence?.seriesId === seriesId ? {} : { google: { ...unordered, seq: unordered.seq + 1 } };
      const saved = await pairs.save(pair, { eventId: record.id, occurrence, ...google, ...(pair.intent?.side === 'google' ? { intent: null } : {}) });
      if (saved !== undefined) return saved;
      pair = await pairs.byId(first.id);
    }
    return undefined;
  }

  private async learn(first: Pair, record: GoogleEventRecord): Promise<boolean> {
    const { pairs, clock } = this.parts;
    for (let pair: Pair | undefined = first; pair !== undefined; pair = await pairs.byId(first.id)) {
      const learnt = learnEvent(pair.google, record, pair.base, clock.now(), pair.inventive.record?.zone);
      if (learnt.kind === 'same') return false;
      if (await pairs.putGoogle(pair, learnt.side, reopens(pair))) return true;
    }
    return false;
  }
}

/** All of a series has one version: most news of an occurrence is that something else of its series changed. */
export function sameUnderNewVersion({ google }: Pair, record: GoogleEventRecord): GoogleSide | undefined {
  const version = versionOf(record);
  const same = google.state === 'known' && !google.needsRead && google.record !== undefined && !record.reduced && contentOf(google.record) === contentOf(record);
  return same && orderGoogle(version, google.version) === 'newer' ? { ...google, record, version } : undefined;
}

const versionOf = ({ etag, updated }: GoogleEventRecord): GoogleVersion => ({ etag, ...(updated === undefined ? {} : { updated }) });

const contentOf = ({ status, shape, eventType, ownedByUser, fields, reduced, zone, marks, attendees, attendeesOmitted, organizerEmail, link, colour }: GoogleEventRecord): string =>
  JSON.stringify([status, shape, eventType, ownedByUser, Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)), reduced, zone, marks, attendees, attendeesOmitted, organizerEmail, link, colour]);

const isSame = (a: OccurrenceKey | undefined, b: OccurrenceKey | undefined): boolean => a?.seriesId === b?.seriesId && a?.originalStart === b?.originalStart;

/** News opens a pair again that was closed or given up; a pair that looped stays shut until a person opens it. */
const reopens = ({ status }: Pair): boolean => status === 'closed' || status === 'failed';
