import type { AccountId, GoogleEventRecord, Reason } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { Comparison, ComparisonCounts, ComparisonStore } from './comparisons.js';
import { differs, type Finding, type Found } from './find-drift.js';
import { wasNeverWritten } from './drift.js';
import type { PairStore, UnpairedItem, UnpairedStore } from './ports.js';
import type { Item, TakeIn } from './take-in.js';
import { leaveToAPerson, pairFoundOnBothSides } from './two-strips.js';

export interface MendDriftParts {
  readonly pairs: Pick<PairStore, 'byId' | 'byAppointment' | 'byEvent' | 'byOccurrence' | 'insert' | 'markForReading'>;
  readonly unpaired: Pick<UnpairedStore, 'find' | 'put' | 'putUnlessWaiting' | 'remove'>;
  readonly comparisons: Pick<ComparisonStore, 'progress' | 'noteMended'>;
  readonly takeIn: Pick<TakeIn, 'missed' | 'appointmentDeleted'>;
  readonly clock: Clock;
  /** A change so young may still be on its way to us, by its own message; it is looked at again after that. */
  readonly graceMs: number;
}

const CHUNK = 25;

/** Takes in what a comparison found. Each step is safe to repeat, and looks again first: a message may have been faster. */
export class MendDrift {
  constructor(private readonly parts: MendDriftParts) {}

  /** The figures of a dry run: as things stand this moment, with what may still be on its way. `theirs` stand in a colleague's agenda. */
  count(found: Found, theirs: ReadonlySet<GoogleEventRecord>): ComparisonCounts {
    const [own, others] = [[] as string[], [] as Reason[]];
    for (const finding of found.findings) {
      if (finding.kind === 'toInventive' && theirs.has(finding.item.record)) others.push('colleagues-appointment');
      else own.push(finding.key);
    }
    return { ...figures(found, own), paired: found.paired, leftAlone: leftAloneOf(found, others), repaired: 0 };
  }

  async mend(comparison: Comparison, account: Account, found: Found, goOn: () => Promise<void>, signal: AbortSignal | undefined): Promise<ComparisonCounts> {
    const { comparisons, clock, graceMs, unpaired } = this.parts;
    const { commandId } = comparison;
    const [young, settled] = [found.findings.filter((finding) => this.isYoung(finding)), found.findings.filter((finding) => !this.isYoung(finding))];
    const mended = new Set(comparison.mended);
    const refused: Reason[] = [];
    const items = found.strips.rows.length + found.strips.events.length;
    const total = items + comparison.mended.length + found.findings.length;
    let done = items + comparison.mended.length;
    const mendAll = async (findings: readonly Finding[]) => {
      for (let at = 0; at < findings.length; at += CHUNK) {
        await goOn();
        const chunk = findings.slice(at, at + CHUNK);
        const keys = await this.mendChunk(commandId, account, chunk, refused);
        for (const key of keys) mended.add(key);
        done += chunk.length;
        await comparisons.progress(commandId, done, total);
      }
    };
    await mendAll(settled);
    if (young.length > 0) {
      await clock.sleep(graceMs, signal);
      await mendAll(young);
    }
    for (const group of found.ambiguous) if (await this.isNews(account.id, group)) await leaveToAPerson(unpaired, account, group);
    for (const { item, reason } of found.leftAlone) await unpaired.putUnlessWaiting(noteOf(item, account, reason));
    for (const odd of found.strips.odd) await unpaired.putUnlessWaiting(odd);
    const unchanged = found.findings.length - [...mended].filter((key) => !comparison.mended.includes(key)).length - refused.length;
    return {
      ...figures(found, [...mended]),
      paired: Math.max(0, found.paired + unchanged - comparison.mended.length),
      leftAlone: leftAloneOf(found, refused),
      repaired: mended.size,
    };
  }

  private isYoung({ changedAt }: Finding): boolean {
    return changedAt === undefined || this.parts.clock.now() - changedAt < this.parts.graceMs;
  }

  /** Answers the keys of what was mended. */
  private async mendChunk(commandId: string, account: Account, chunk: readonly Finding[], refused: Reason[]): Promise<readonly string[]> {
    const { comparisons } = this.parts;
    const still: Finding[] = [];
    for (const finding of chunk) if (await this.isStillSo(finding, account)) still.push(finding);
    const different = still.flatMap((finding) => (finding.kind === 'different' ? [finding] : []));
    // Noted first: after a crash in between they are still different, are mended then, and counted once.
    await comparisons.noteMended(commandId, different.map(({ key }) => key));
    for (const finding of different) await this.tell(finding, account);
    const made: string[] = [];
    for (const finding of still) if (finding.kind !== 'different' && (await this.make(finding, account, refused))) made.push(finding.key);
    await comparisons.noteMended(commandId, made);
    return [...different.map(({ key }) => key), ...made];
  }

  private async isStillSo(finding: Finding, account: Account): Promise<boolean> {
    switch (finding.kind) {
      case 'different': {
        const pair = await this.parts.pairs.byId(finding.pairId);
        // With an open intent somebody is at work on it, and reads that side before anything else.
        if (pair === undefined || pair.intent !== undefined) return false;
        return finding.idleSince === undefined ? differs(pair, finding.readings, true) : pair.dueSeq === finding.idleSince && wasNeverWritten(pair, account);
      }
      case 'matched':
        return !(await this.isPaired({ side: 'inventive', record: finding.row.record }, account)) && !(await this.isPaired({ side: 'google', record: finding.event.record }, account));
      case 'toGoogle':
      case 'toInventive':
        return !(await this.isPaired(finding.item, account));
    }
  }

  /** Both sides are read before anything is planned. An occurrence is told of, for only its series knows which event has it now. */
  private async tell({ pairId, readings: { inventive, google }, idleSince }: Extract<Finding, { kind: 'different' }>, account: Account): Promise<void> {
    const { pairs, takeIn } = this.parts;
    const pair = await pairs.byId(pairId);
    if (pair?.occurrence === undefined || idleSince !== undefined || pair.google.record?.occurrence === undefined) return pairs.markForReading([pairId]);
    const { masterId } = pair.google.record.occurrence;
    if (inventive?.kind === 'found') await takeIn.missed({ side: 'inventive', record: inventive.record }, account);
    if (inventive?.kind === 'deleted') await takeIn.appointmentDeleted(pair.source, pair.appointmentId, { epoch: pair.inventive.version?.epoch ?? 0, stamp: inventive.stamp });
    if (google?.kind === 'found') await takeIn.missed({ side: 'google', record: google.record }, account);
    if (google?.kind === 'cancelled') await takeIn.missed({ side: 'google', record: { ...google.record, shape: 'occurrence', occurrence: { ...pair.occurrence, masterId } } }, account);
  }

  private async isPaired(item: Item, account: Account): Promise<boolean> {
    const { pairs } = this.parts;
    if (item.side === 'google' && item.record.occurrence !== undefined && (await pairs.byOccurrence(account.id, account.calendarId, item.record.occurrence)) !== undefined) return true;
    if (item.side === 'google') return (await pairs.byEvent(account.id, account.calendarId, item.record.id)) !== undefined;
    return (await pairs.byAppointment(item.record.source, item.record.id)).some((pair) => pair.accountId === account.id);
  }

  private async make(finding: Exclude<Finding, { kind: 'different' }>, account: Account, refused: Reason[]): Promise<boolean> {
    const { pairs, unpaired, takeIn, clock } = this.parts;
    if (finding.kind === 'matched') {
      const { row, event } = finding;
      if ((await pairs.insert(pairFoundOnBothSides(row, event, account, clock.now()), 'import')) === 'inserted') {
        await unpaired.remove(account.id, 'inventive', row.id);
        await unpaired.remove(account.id, 'google', event.id);
        return true;
      }
      // A message about one of the two was faster.
      const taken = [...(await takeIn.missed({ side: 'inventive', record: row.record }, account)), ...(await takeIn.missed({ side: 'google', record: event.record }, account))];
      return taken.length > 0;
    }
    if ((await takeIn.missed(finding.item, account)).length > 0) return true;
    // Its series is looked at as a whole, and begins the pair.
    if (finding.kind === 'toInventive' && finding.item.record.shape === 'occurrence') return true;
    const { side, record } = finding.item;
    const reason = (await unpaired.find(account.id, side, record.id))?.reason;
    if (reason !== undefined) refused.push(reason);
    return false;
  }

  /** A question that a person has before them already is not put again. */
  private async isNews(accountId: AccountId, group: Found['ambiguous'][number]): Promise<boolean> {
    for (const side of ['inventive', 'google'] as const) {
      for (const { id } of group[side]) if ((await this.parts.unpaired.find(accountId, side, id))?.reason !== 'ambiguous-match') return true;
    }
    return false;
  }
}

function figures(found: Found, keys: readonly string[]): Omit<ComparisonCounts, 'paired' | 'leftAlone' | 'repaired'> {
  const of = (kind: Finding['kind']) => keys.filter((key) => key.startsWith(`${kind}:`)).length;
  return {
    inventive: found.strips.rows.length,
    google: found.strips.events.length,
    matched: of('matched'),
    toInventive: of('toInventive'),
    toGoogle: of('toGoogle'),
    different: of('different'),
    ambiguous: found.ambiguous.length,
  };
}

function leftAloneOf(found: Found, refused: readonly Reason[]): ComparisonCounts['leftAlone'] {
  const counts: Partial<Record<Reason, number>> = {};
  const add = (reason: Reason, times = 1) => void (counts[reason] = (counts[reason] ?? 0) + times);
  for (const { reason } of found.leftAlone) add(reason);
  for (const { reason } of found.strips.odd) add(reason);
  for (const reason of refused) add(reason);
  if (found.quarantined > 0) add('quarantined-loop', found.quarantined);
  return counts;
}

const noteOf = (item: Item, { id: accountId, calendarId }: Account, reason: Reason): UnpairedItem =>
  item.side === 'inventive' ? { side: 'inventive', accountId, itemId: item.record.id, reason } : { side: 'google', accountId, calendarId, itemId: item.record.id, reason };
