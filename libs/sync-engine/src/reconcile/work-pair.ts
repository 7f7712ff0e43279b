import type { Reason } from '@calsync/calendar-model';
import type { Plan } from '@calsync/sync-core';
import type { Failure } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import { recallBegun } from './begun.js';
import type { Brake } from './brake.js';
import { addressesOf, colleagueHasIt, listedLately } from './colleagues.js';
import { whyAccountWaits } from './eligibility.js';
import type { Vendors } from './execute-act.js';
import { GuestQuota } from './guest-quota.js';
import { deletedWhileKeptElsewhere } from './kept-elsewhere.js';
import { leftWindowBeforeItBegan } from './left-window.js';
import { plannedAhead } from './losses-ahead.js';
import { namedOtherwise } from './named-otherwise.js';
import { nextStep, pacedUntil } from './next-step.js';
import { held } from './outcomes.js';
import type { ReconcileStep, Turn, Worked } from './pair-turn.js';
import type { Pair, SideName } from './pair.js';
import { peopleStep } from './people-step.js';
import { placeLearnt, placeOf } from './place.js';
import { planPair, sidesToRead, whyPairRests } from './plan-pair.js';
import type { PairChanges, PairStore } from './ports.js';
import { loopsBetweenSides } from './quarantine.js';
import { readSides } from './read-sides.js';
import { planRestore } from './restore-value.js';
import type { SeriesWrites } from './series-writes.js';
import { changesAnything, settledWithoutWrite } from './settled-pair.js';
import { settleIntent } from './settle-intent.js';
import { WriteStep } from './write-step.js';

export interface WorkPairParts {
  readonly pairs: PairStore;
  readonly accounts: AccountDirectory;
  readonly vendors: Vendors;
  readonly brake: Brake;
  readonly series: SeriesWrites;
  readonly clock: Clock;
  /** The date that it is now in an IANA zone. */
  readonly todayIn: (zone: string) => string;
  /** Named steps between which a crash is tried in tests. */
  readonly reached: (step: ReconcileStep) => void;
}

/** Writes that were refused because somebody was faster, each planned again at once; then that somebody is left alone for a moment. */
const MOST_REFUSALS = 5;
const LEFT_ALONE_MS = 1_000;
/** No pair needs so many steps: a plan that never ends is a defect of ours, and stops this pair only. */
const MOST_STEPS = 40;
const WAITS_FOR_PERSON_MS = 30_000;
const MEETS_SERVER_MS = 1_000;

/**
 * One claimed pair, level-triggered: settle what an earlier try left open, read what must be read, plan, make one
 * write, save what it taught, plan again, until there is nothing to do. It never asks which event woke it.
 */
export class WorkPair {
  private readonly guestQuota = new GuestQuota();
  private readonly writer: WriteStep;
  private readonly lately: Pick<AccountDirectory, 'all'>;

  constructor(private readonly parts: WorkPairParts) {
    this.lately = listedLately(parts.accounts, parts.clock);
    this.writer = new WriteStep({ ...parts, guestQuota: this.guestQuota });
  }

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
    const { pairs, clock, todayIn } = this.parts;
    if (pair.status === 'quarantined') return { worked: { kind: 'done', dueSeq: pair.dueSeq } };
    if (pair.intent !== undefined) return { next: await pairs.save(pair, await settleIntent(pair, pair.intent, this.parts.vendors, clock.now())) };

    const recalled = recallBegun(pair, clock.now());
    if (recalled !== undefined) return { next: await pairs.save(pair, recalled) };

    const unread = sidesToRead(pair, account);
    if (unread.length > 0) return { next: await pairs.save(pair, await this.read(pair, unread)) };

    const anew = (await deletedWhileKeptElsewhere(pair, account, pairs)) ?? (await namedOtherwise(pair, account, pairs));
    if (anew !== undefined) return { next: await pairs.save(pair, anew) };

    const rests = placeOf(pair, account).kind === 'frozen' ? 'other-administration' : whyPairRests(pair, account) ?? leftWindowBeforeItBegan(pair, account, todayIn);
    if (rests !== undefined) return this.rest(pair, { reasons: [rests] });
    const theirs = await colleagueHasIt(pair, account, { pairs, clock, accounts: this.lately });
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
    return this.writer.write(pair, account, plan, step);
  }

  /** The fields are in step: now who is in it, one write at a time like them. */
  private async people(pair: Pair, account: Account, fieldPlan: Plan): Promise<Turn> {
    const { clock, pairs } = this.parts;
    const now = clock.now();
    const found = peopleStep(pair, account, fieldPlan, await addressesOf(pair, this.parts.accounts), now);
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
    return this.writer.write(pair, account, plan, { intent: found.intent, identity: base === undefined ? {} : { base } });
  }

  /** Both sides are in step and a person wants a lost value back: it is written to Inventive, from where it crosses by the next plan. */
  private async restore(pair: Pair, account: Account, settled: PairChanges, index: number): Promise<Turn> {
    const { pairs, clock } = this.parts;
    const inStep = changesAnything(pair, settled) ? await pairs.save(pair, settled) : pair;
    if (inStep === undefined) return { next: undefined };
    const step = planRestore(inStep, index, clock.now());
    switch (step.kind) {
      case 'nothing':
        return { next: await pairs.save(inStep, { restored: index }) };
      case 'read-first':
        return { next: await pairs.save(inStep, await this.read(inStep, ['inventive'])) };
      case 'write':
        return this.writer.restore(inStep, account, step, index);
    }
  }

  giveUp(pair: Pair, failure: Failure): Promise<void> {
    return this.writer.giveUp(pair, failure);
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

  private read(pair: Pair, sides: readonly SideName[]): Promise<PairChanges> {
    return readSides(pair, sides, this.parts);
  }

  private wait(reason: Reason): Worked {
    // Also what is only not known yet: the server is met within a moment of our start.
    const waitMs = reason === 'source-write-locked' ? MEETS_SERVER_MS : WAITS_FOR_PERSON_MS;
    return { kind: 'waits', notBefore: this.parts.clock.now() + waitMs, reason };
  }
}
