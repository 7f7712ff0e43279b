import type { Reason } from '@calsync/calendar-model';
import type { Conflict, Plan } from '@calsync/sync-core';
import { Failure } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { Brake } from './brake.js';
import { colleagueHasIt } from './colleagues.js';
import { whyAccountWaits } from './eligibility.js';
import { execute, intendGoogle, intendInventive, type ActOutcome, type Vendors } from './execute-act.js';
import { GuestQuota } from './guest-quota.js';
import { answerAppointment, answerAppointmentDeleted, answerEvent, answerEventCancelled, asked } from './learn.js';
import { plannedAhead } from './losses-ahead.js';
import { applied, conflictSettled, failed, held } from './outcomes.js';
import type { Intent, Pair, PeopleIntent } from './pair.js';
import { peopleStep } from './people-step.js';
import { placeLearnt, placeOf } from './place.js';
import { planPair, sidesToRead, whyPairRests } from './plan-pair.js';
import type { PairChanges, PairStore } from './ports.js';
import { loopsBetweenSides, rememberWrite } from './quarantine.js';
import { planRestore } from './restore-value.js';
import type { SeriesWrites } from './series-writes.js';
import { settleIntent } from './settle-intent.js';

export interface WorkPairParts {
  readonly pairs: PairStore;
  readonly accounts: AccountDirectory;
  readonly vendors: Vendors;
  readonly brake: Brake;
  readonly series: SeriesWrites;
  readonly clock: Clock;
  /** Named steps between which a crash is tried in tests. */
  readonly reached: (step: ReconcileStep) => void;
}
export type ReconcileStep =
  | 'reconcile:after-intent-before-call'
  | 'reconcile:after-call-before-save'
  | 'reconcile:after-save-before-finish';

/**
 * `done`: converged. `again`: something moved meanwhile. `paced`: written twice within a second already, the last state is
 * written at its end. `waits`: not before that moment, or until a person acts.
 */
export type Worked =
  | { readonly kind: 'done'; readonly dueSeq: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'paced'; readonly notBefore: number }
  | { readonly kind: 'waits'; readonly notBefore: number; readonly reason: Reason };

/** Writes that were refused because somebody was faster, each planned again at once; then that somebody is left alone for a moment. */
const MOST_REFUSALS = 5;
const LEFT_ALONE_MS = 1_000;
/** No pair needs so many steps: a plan that never ends is a defect of ours, and stops this pair only. */
const MOST_STEPS = 40;
const WAITS_FOR_PERSON_MS = 30_000;
const MEETS_SERVER_MS = 1_000;
/** Somebody who types is followed at once, twice a second at most: ten quick edits make three writes, the last with the final value. */
const PACE = { writes: 2, withinMs: 1_000 };
const LOCKED_FIRST_MS = 1_000;
const LOCKED_LONGEST_MS = 60_000;

/** One step further (`next` undefined: somebody else changed the pair, it is claimed anew), or the end. */
type Turn = { readonly next: Pair | undefined; readonly refused?: true } | { readonly worked: Worked };

/**
 * One claimed pair, level-triggered: settle what an earlier try left open, read what must be read, plan, make one
 * write, save what it taught, plan again, until there is nothing to do. It never asks which event woke it.
 */
export class WorkPair {
  private readonly guestQuota = new GuestQuota();

  constructor(private readonly parts: WorkPairParts) {}

  async work(claimed: Pair): Promise<Worked> {
    let pair: Pair | undefined;
    let refusals = 0;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      // Each time: settings may have changed while a call hung, and what is settled under older ones would stay so.
      const account = await this.parts.accounts.byId(claimed.accountId);
      // Nothing to be done for who isn't linked; linking again reads every pair of the account.
      if (account === undefined) return { kind: 'done', dueSeq: claimed.dueSeq };
      // The pairs of a joining account are worked on like any other; only new ones wait.
      const stops = account.state === 'joining' ? undefined : whyAccountWaits(account);
      if (stops !== undefined) return this.wait(stops);

      pair ??= await this.lookAgain(claimed);
      if (pair === undefined) return { kind: 'again' };
      const turn = await this.turn(pair, account);
      if ('worked' in turn) return turn.worked;
      if (turn.next === undefined) return { kind: 'again' };
      if (turn.refused === true) refusals += 1;
      if (refusals === MOST_REFUSALS) return { kind: 'waits', notBefore: this.parts.clock.now() + LEFT_ALONE_MS, reason: 'changed-too-often' };
      pair = turn.next;
    }
    throw new Error(`pair ${claimed.id}: ${MOST_STEPS} steps did not bring its sides together`);
  }

  /**
   * A side that was in step and then not found (a 404 proves nothing) is asked for once whenever the pair is due: no plan
   * is made without it, so the news of the other side would wait for ever.
   */
  private async lookAgain(pair: Pair): Promise<Pair | undefined> {
    if (pair.base === undefined || pair.intent !== undefined || pair.status === 'quarantined') return pair;
    const unseen = (['inventive', 'google'] as const).filter((side) => pair[side].state === 'unknown');
    return unseen.length === 0 ? pair : this.parts.pairs.save(pair, await this.read(pair, unseen));
  }

  private async turn(pair: Pair, account: Account): Promise<Turn> {
    const { pairs, clock } = this.parts;
    if (pair.status === 'quarantined') return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
    if (pair.intent !== undefined) return { next: await pairs.save(pair, await settleIntent(pair, pair.intent, this.parts.vendors, clock.now())) };

    const unread = sidesToRead(pair, account);
    if (unread.length > 0) return { next: await pairs.save(pair, await this.read(pair, unread)) };

    const rests = placeOf(pair, account).kind === 'frozen' ? 'other-administration' : whyPairRests(pair, account);
    if (rests !== undefined) return this.rest(pair, { reasons: [rests] });
    const theirs = await colleagueHasIt(pair, account, this.parts);
    if (theirs === 'theirs') return this.rest(pair, { reasons: ['colleagues-appointment'] });
    if (theirs !== undefined) return { worked: { kind: 'waits', notBefore: theirs, reason: 'colleagues-appointment' } };

    const { input, plan } = planPair(pair, account);
    // What was hidden goes to the history before it goes for good: a reduced row is read whole before it is deleted.
    if (plan.inventive.kind === 'delete' && pair.inventive.record?.reduced === true) return { next: await pairs.save(pair, await this.read(pair, ['inventive'])) };
    const step = nextStep(pair, account, plan);
    if (step === undefined) return this.people(pair, account, plan);

    const paced = pacedUntil(pair, step.intent, clock.now());
    if (paced !== undefined) return { worked: { kind: 'paced', notBefore: paced } };
    const hold = await this.parts.brake.judge(account, { pair, plan, input }, () => plannedAhead(pairs, pair, account), clock.now());
    if (hold !== undefined) return this.holdAccount(pair, account, hold);
    if (loopsBetweenSides(pair, step.intent, clock.now())) return this.quarantine(pair);
    return this.write(pair, account, plan, step);
  }

  /** The fields are in step: now who is in it, one write at a time like them. */
  private async people(pair: Pair, account: Account, fieldPlan: Plan): Promise<Turn> {
    const { clock, pairs } = this.parts;
    const now = clock.now();
    const found = peopleStep(pair, account, fieldPlan, now);
    const base = fieldPlan.base === undefined || found?.people === undefined ? fieldPlan.base : { ...fieldPlan.base, people: found.people };
    const plan: Plan = { ...fieldPlan, base, conflicts: found?.conflicts ?? [], reasons: [...fieldPlan.reasons, ...(found?.reasons ?? [])] };
    const settled = { ...settledWithoutWrite(pair, plan), ...placeLearnt(pair, account) };
    if (found?.intent === undefined) return pair.restoring === undefined ? this.rest(pair, settled) : this.restore(pair, account, settled, pair.restoring[0] ?? 0);

    const held = found.intent.side === 'google' ? this.guestQuota.waitsUntil(account.id, now) : undefined;
    if (held !== undefined) {
      await pairs.save(pair, { ...settled, reasons: ['guest-quota'] });
      return { worked: { kind: 'waits', notBefore: held, reason: 'guest-quota' } };
    }
    const paced = pacedUntil(pair, found.intent, now);
    if (paced !== undefined) return { worked: { kind: 'paced', notBefore: paced } };
    if (loopsBetweenSides(pair, found.intent, now)) return this.quarantine(pair);
    return this.write(pair, account, plan, { intent: found.intent, identity: base === undefined ? {} : { base } });
  }

  /** Both sides are in step and a person wants a lost value back: it is written to Inventive, from where it crosses by the next plan. */
  private async restore(pair: Pair, account: Account, settled: PairChanges, index: number): Promise<Turn> {
    const { pairs, clock, vendors, reached } = this.parts;
    const inStep = changesAnything(pair, settled) ? await pairs.save(pair, settled) : pair;
    if (inStep === undefined) return { next: undefined };
    const step = planRestore(inStep, index, clock.now());
    if (step.kind === 'nothing') return { next: await pairs.save(inStep, { restored: index }) };
    if (step.kind === 'read-first') return { next: await pairs.save(inStep, await this.read(inStep, ['inventive'])) };
    const { replaced } = step;
    const isNew = replaced !== undefined && !inStep.lostValues.some((before) => isSameLoss(before, replaced));
    const lost = isNew ? { lostValues: [...inStep.lostValues, replaced], outbox: [...inStep.outbox, conflictSettled(inStep, replaced.field, 'inventive', clock.now())] } : {};
    const intended = await pairs.save(inStep, { ...lost, intent: step.intent });
    if (intended === undefined) return { next: undefined };
    reached('reconcile:after-intent-before-call');
    const outcome = await execute(intended, account, step.intent, vendors, clock.now());
    reached('reconcile:after-call-before-save');
    // A wish that Inventive refuses isn't tried for ever.
    return this.learn(intended, step.intent, outcome, { restored: index });
  }

  private write(pair: Pair, account: Account, plan: Plan, step: Step): Promise<Turn> {
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

  /** Intent stored, call made, lesson saved: whatever crashes in between, the next try reads that id first. */
  private async writeNow(pair: Pair, account: Account, plan: Plan, step: Step): Promise<Turn> {
    const { pairs, clock, vendors, reached } = this.parts;
    const intended = await pairs.save(pair, { ...step.identity, ...lostTo(pair, plan, step.intent, clock.now()), reasons: plan.reasons, intent: step.intent });
    if (intended === undefined) return { next: undefined };
    reached('reconcile:after-intent-before-call');
    const outcome = await execute(intended, account, step.intent, vendors, clock.now());
    reached('reconcile:after-call-before-save');
    return this.learn(intended, step.intent, outcome);
  }

  private async learn(pair: Pair, intent: Intent | PeopleIntent, outcome: ActOutcome, ended: Pick<PairChanges, 'restored'> = {}): Promise<Turn> {
    const { pairs, clock } = this.parts;
    const now = clock.now();
    switch (outcome.kind) {
      case 'accepted': {
        if (intent.act === 'people' && intent.side === 'google') this.guestQuota.noteSuccess(pair.accountId);
        const told = [...pair.outbox, applied(pair, intent, now)];
        const done: PairChanges = { intent: null, outbox: told, recentWrites: rememberWrite(pair, intent, now), attempts: 0, failure: null, ...ended };
        return { next: await this.saveLesson(pair, (current) => ({ ...outcome.lesson(current), ...done })) };
      }
      case 'replan':
        return { next: await this.saveLesson(pair, (current) => ({ ...outcome.lesson(current), intent: null })), refused: true };
      case 'locked': {
        await pairs.save(pair, { intent: null, attempts: pair.attempts + 1, reasons: ['record-open-in-inventive'] });
        const backoffMs = Math.min(LOCKED_LONGEST_MS, LOCKED_FIRST_MS * 2 ** pair.attempts);
        return { worked: { kind: 'waits', notBefore: now + backoffMs, reason: 'record-open-in-inventive' } };
      }
      case 'guest-quota': {
        const notBefore = this.guestQuota.noteRefusal(pair.accountId, now, outcome.retryAfterMs);
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

  private async rest(pair: Pair, changes: PairChanges): Promise<Turn> {
    const rested = changesAnything(pair, changes) ? await this.parts.pairs.save(pair, changes) : pair;
    if (rested === undefined) return { next: undefined };
    this.parts.reached('reconcile:after-save-before-finish');
    return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
  }

  private async holdAccount(pair: Pair, account: Account, reason: Reason): Promise<{ worked: Worked }> {
    const { pairs, clock, accounts } = this.parts;
    await accounts.changeState(account.id, ['live'], 'held', reason);
    await pairs.save(pair, { reasons: [reason], outbox: [...pair.outbox, held(pair, reason, clock.now())] });
    return { worked: this.wait(reason) };
  }

  private async quarantine(pair: Pair): Promise<{ worked: Worked }> {
    const { pairs, clock } = this.parts;
    await pairs.save(pair, { status: 'quarantined', reasons: ['quarantined-loop'], outbox: [...pair.outbox, held(pair, 'quarantined-loop', clock.now())] });
    return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
  }

  private async read(pair: Pair, sides: readonly ('inventive' | 'google')[]): Promise<PairChanges> {
    const { vendors, clock } = this.parts;
    const now = clock.now();
    let changes: PairChanges = {};
    if (sides.includes('inventive')) {
      const reading = await vendors.inventive.read(pair.source, pair.appointmentId);
      const seen = { ...pair.inventive, seq: pair.inventive.seq + 1, needsRead: false };
      changes = {
        ...changes,
        inventive: reading.kind === 'found' ? answerAppointment(pair.inventive, reading.record, pair.base, now)
          : reading.kind === 'deleted' ? answerAppointmentDeleted(pair.inventive, reading.stamp)
          // Absence proves nothing: the side is unknown until somebody says more. What was said to be deleted stays so.
          : { ...seen, state: afterAbsence(pair.inventive.state) },
      };
    }
    if (sides.includes('google')) {
      const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, pair.eventId);
      const seen = { ...asked(pair.google), seq: pair.google.seq + 1, needsRead: false };
      const isSeries = reading.kind === 'found' && reading.record.shape === 'master';
      if (isSeries || (reading.kind !== 'found' && pair.occurrence !== undefined)) await this.parts.series.ask(pair);
      changes = {
        ...changes,
        google: reading.kind === 'found' ? answerEvent(pair.google, reading.record, pair.base, now, pair.inventive.record?.zone)
          : reading.kind === 'cancelled' && pair.occurrence === undefined ? answerEventCancelled(pair.google, reading.record)
          : { ...seen, state: afterAbsence(pair.google.state) },
      };
    }
    return changes;
  }

  private wait(reason: Reason): Worked {
    // Also what is only not known yet: the server is met within a moment of our start.
    const waitMs = reason === 'source-write-locked' ? MEETS_SERVER_MS : WAITS_FOR_PERSON_MS;
    return { kind: 'waits', notBefore: this.parts.clock.now() + waitMs, reason };
  }
}

interface Step {
  readonly intent: Intent | PeopleIntent;
  readonly identity: PairChanges;
}

/** One write at a time, Inventive first: an event gets its marks only once the appointment that they name exists. */
function nextStep(pair: Pair, account: Account, plan: Plan): Step | undefined {
  if (plan.inventive.kind !== 'none') return intendInventive(pair, account, plan.inventive);
  if (plan.google.kind !== 'none') return intendGoogle(pair, account, plan.google);
  return undefined;
}

/** A deletion ends the matter and never waits. */
function pacedUntil(pair: Pair, intent: Intent | PeopleIntent, now: number): number | undefined {
  const recent = pair.recentWrites.filter(({ side, at }) => side === intent.side && now - at < PACE.withinMs);
  const first = recent.at(-PACE.writes);
  return intent.act === 'delete' || first === undefined ? undefined : first.at + PACE.withinMs;
}

function settledWithoutWrite(pair: Pair, plan: Plan): PairChanges {
  return {
    ...(plan.closed ? closing(pair) : plan.base === undefined ? {} : { base: plan.base }),
    reasons: stillSaid(pair, plan.reasons),
    attempts: 0,
    ...(pair.failure ? { failure: null } : {}),
    // What was read anew may live again without a message having said so.
    ...(pair.status !== 'active' && !plan.closed ? { status: 'active' as const } : {}),
  };
}

/** That an edit was put back stays said until the pair is written again: who made it may look later. */
const stillSaid = (pair: Pair, reasons: readonly Reason[]): readonly Reason[] => {
  const inStep = reasons.every((reason) => reason === 'guests-not-synchronised');
  return inStep && pair.reasons.includes('read-only-event-restored') ? ['read-only-event-restored', ...reasons] : reasons;
};

/** Gone on both sides: what people wrote is not kept here for ever. Ids and versions stay, so that old messages bring nothing back. */
function closing({ inventive, google }: Pair): PairChanges {
  const { record: row, ...withoutRow } = inventive;
  const { record: event, ...withoutEvent } = google;
  return {
    status: 'closed',
    base: null,
    ...(row === undefined ? {} : { inventive: { ...withoutRow, seq: inventive.seq + 1, changedAt: {} } }),
    ...(event === undefined ? {} : { google: { ...withoutEvent, seq: google.seq + 1, changedAt: {} } }),
  };
}

const afterAbsence = (state: 'known' | 'tombstone' | 'unknown') => (state === 'tombstone' ? state : 'unknown');

/** Values that this write overwrites go to the history in the same update as the intent, and are told. */
function lostTo(pair: Pair, plan: Plan, intent: Intent | PeopleIntent, now: number): PairChanges {
  // A write that is planned again (the record is locked, somebody was faster) loses the same value only once.
  const lost = plan.conflicts.filter((conflict) => conflict.winner !== intent.side && !pair.lostValues.some((before) => isSameLoss(before, conflict)));
  if (lost.length === 0) return {};
  const at = new Date(now).toISOString();
  return {
    lostValues: [...pair.lostValues, ...lost.map((conflict) => ({ ...conflict, at }))],
    outbox: [...pair.outbox, ...lost.map((conflict) => conflictSettled(pair, conflict.field, conflict.winner, now))],
  };
}

const isSameLoss = (a: Conflict, b: Conflict): boolean =>
  JSON.stringify([a.field, a.winner, a.kept, a.lost]) === JSON.stringify([b.field, b.winner, b.kept, b.lost]);

function changesAnything(pair: Pair, changes: Omit<PairChanges, 'restored'>): boolean {
  return (Object.keys(changes) as Exclude<keyof PairChanges, 'restored'>[]).some((key) => {
    const wanted = changes[key] ?? undefined;
    return JSON.stringify(wanted) !== JSON.stringify(pair[key]);
  });
}
