import type { Reason } from '@calsync/calendar-model';
import type { Plan } from '@calsync/sync-core';
import { Failure } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import { execute, type ActOutcome, type Vendors } from './execute-act.js';
import type { GuestQuota } from './guest-quota.js';
import { lostByRestoring, lostTo } from './lost-values.js';
import { applied, failed } from './outcomes.js';
import type { ReconcileStep, Step, Turn } from './pair-turn.js';
import type { Intent, Pair, PeopleIntent } from './pair.js';
import type { PairChanges, PairStore } from './ports.js';
import { rememberWrite } from './quarantine.js';
import type { RestoreStep } from './restore-value.js';
import { saidWhileWriting } from './said-reasons.js';
import type { SeriesWrites } from './series-writes.js';

export interface WriteStepParts {
  readonly pairs: Pick<PairStore, 'byId' | 'save'>;
  readonly accounts: Pick<AccountDirectory, 'isLinked'>;
  readonly vendors: Vendors;
  readonly series: SeriesWrites;
  readonly guestQuota: GuestQuota;
  readonly clock: Clock;
  /** Named steps between which a crash is tried in tests. */
  readonly reached: (step: ReconcileStep) => void;
}

/** Which wish of a person is over by it. */
type Ended = Pick<PairChanges, 'restored'>;

const LOCKED_FIRST_MS = 1_000;
const LOCKED_LONGEST_MS = 60_000;

/** Makes the one write that was decided on, and saves what its answer taught. */
export class WriteStep {
  constructor(private readonly parts: WriteStepParts) {}

  write(pair: Pair, account: Account, plan: Plan, step: Step): Promise<Turn> {
    const toSeries = pair.occurrence !== undefined && step.intent.side === 'google';
    return toSeries ? this.parts.series.alone(pair, () => this.writeInTurn(pair, account, plan, step)) : this.writeNow(pair, account, plan, step);
  }

  /** While it waited for its turn others may have written to the series: under the version that they left, nothing else of it differs. */
  private async writeInTurn(planned: Pair, account: Account, plan: Plan, step: Step): Promise<Turn> {
    const pair = await this.parts.pairs.byId(planned.id);
    if (pair === undefined || pair.revision !== planned.revision) return { next: undefined };
    if (pair.google.seq !== planned.google.seq || pair.inventive.seq !== planned.inventive.seq) return { next: pair };
    const etag = pair.google.version?.etag;
    const intent = 'etag' in step.intent && etag !== undefined ? { ...step.intent, etag } : step.intent;
    const turn = await this.writeNow(pair, account, plan, { ...step, intent });
    const written = 'next' in turn && turn.refused !== true && 'etag' in intent ? turn.next : undefined;
    // Only where the answer alone changed what is known: else its version is somebody else's as well.
    if (written?.google.version === undefined || written.google.seq !== pair.google.seq + 1 || !('etag' in intent)) return turn;
    // What becomes private in one occurrence becomes so in all of its series (since July 2026): the others differ as well.
    if ('fields' in intent && intent.fields.privacy === 'private') await this.parts.series.ask(pair);
    else await this.parts.series.renewed(pair, intent.etag, written.google.version);
    return turn;
  }

  /** A lost value goes back to Inventive. A wish that it refuses isn't tried for ever. */
  restore(pair: Pair, account: Account, { intent, replaced }: Extract<RestoreStep, { kind: 'write' }>, index: number): Promise<Turn> {
    return this.make(pair, account, intent, lostByRestoring(pair, replaced, this.parts.clock.now()), { restored: index });
  }

  private writeNow(pair: Pair, account: Account, plan: Plan, { intent, identity }: Step): Promise<Turn> {
    const now = this.parts.clock.now();
    return this.make(pair, account, intent, { ...identity, ...lostTo(pair, plan, intent, now), reasons: saidWhileWriting(pair, intent, plan.reasons, now) }, {});
  }

  /** Intent stored, call made, lesson saved: whatever crashes in between, the next try reads that id first. */
  private async make(pair: Pair, account: Account, intent: Intent | PeopleIntent, before: PairChanges, ended: Ended): Promise<Turn> {
    const { accounts, pairs, clock, vendors, reached } = this.parts;
    // Nothing more is written for who was unlinked, or in a calendar that was left; what is known of an account may be seconds old.
    if (!(await accounts.isLinked(account.id))) return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
    const intended = await pairs.save(pair, { ...before, intent });
    if (intended === undefined) return { next: undefined };
    reached('reconcile:after-intent-before-call');
    const outcome = await execute(intended, account, intent, vendors, clock.now());
    reached('reconcile:after-call-before-save');
    return this.learn(intended, intent, outcome, ended);
  }

  private async learn(pair: Pair, intent: Intent | PeopleIntent, outcome: ActOutcome, ended: Ended): Promise<Turn> {
    const { pairs, clock } = this.parts;
    const now = clock.now();
    switch (outcome.kind) {
      case 'accepted': {
        if (intent.act === 'people' && intent.side === 'google') this.parts.guestQuota.noteSuccess(pair.accountId);
        const told = [...pair.outbox, applied(pair, intent, now)];
        const done: PairChanges = { intent: null, outbox: told, recentWrites: rememberWrite(pair, intent, now), attempts: 0, failure: null, ...ended };
        const agreed = 'settled' in intent && pair.begun !== undefined ? { begun: null } : {};
        return { next: await this.saveLesson(pair, (current) => ({ ...outcome.lesson(current), ...agreed, ...done })) };
      }
      case 'replan':
        return { next: await this.saveLesson(pair, (current) => ({ ...outcome.lesson(current), intent: null })), refused: true };
      case 'locked': {
        await pairs.save(pair, { intent: null, attempts: pair.attempts + 1, reasons: ['record-open-in-inventive'] });
        const backoffMs = Math.min(LOCKED_LONGEST_MS, LOCKED_FIRST_MS * 2 ** pair.attempts);
        return { worked: { kind: 'waits', notBefore: now + backoffMs, reason: 'record-open-in-inventive' } };
      }
      case 'guest-quota': {
        const notBefore = this.parts.guestQuota.noteRefusal(pair.accountId, now, outcome.retryAfterMs);
        await pairs.save(pair, { intent: null, reasons: ['guest-quota'] });
        return { worked: { kind: 'waits', notBefore, reason: 'guest-quota' } };
      }
      case 'refused':
        await this.giveUp(await pairs.save(pair, { intent: null, ...ended }), new Failure('permanent', outcome.cause), intent.side === 'google' ? 'refused-by-google' : 'refused-by-inventive');
        return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
    }
  }

  /**
   * What an answer taught is always saved: the other side's news don't matter to it, and news of the written side are
   * weighed against it. Only somebody who changed base or intent in between makes it void; then the intent is settled by reading.
   */
  private async saveLesson(pair: Pair, lesson: (pair: Pair) => PairChanges): Promise<Pair | undefined> {
    for (let current: Pair | undefined = pair; current?.revision === pair.revision; current = await this.parts.pairs.byId(pair.id)) {
      const saved = await this.parts.pairs.save(current, lesson(current));
      if (saved !== undefined) return saved;
    }
    return undefined;
  }

  /** A permanent failure is a state of the pair: shown with its cause, tried again when either side changes or a person says so. */
  async giveUp(pair: Pair | undefined, failure: Failure, reason?: Reason): Promise<void> {
    if (pair === undefined) return;
    const now = this.parts.clock.now();
    await this.parts.pairs.save(pair, {
      status: 'failed',
      attempts: pair.attempts + 1,
      failure: { kind: failure.kind, cause: failure.message, at: new Date(now).toISOString() },
      reasons: reason === undefined ? pair.reasons : [reason],
      outbox: [...pair.outbox, failed(pair, failure, now)],
    });
  }
}
