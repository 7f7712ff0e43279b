import type { AccountId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { Account } from '../ports/account.js';
import { FairQueue } from './fair-queue.js';
import { isPaired, JoinAccount, type JoinAccountParts } from './join-account.js';
import type { TakeIn } from './take-in.js';

export interface JoinAccountsParts extends JoinAccountParts {
  readonly takeIn: Pick<TakeIn, 'kept'>;
}

/** Accounts that are compared at once; each of their calls waits for its account's own share of the quota anyway. */
const WIDTH = 8;
/** An account that could not be joined is left in peace for so long; the others go on. */
const AFTER_FAILURE_MS = 5_000;

/** The accounts that are being joined: several at once, each in its turn, and one that can't be joined stops no other. */
export class JoinAccounts {
  private readonly notBefore = new Map<AccountId, number>();
  private readonly queue = new FairQueue<AccountId>(WIDTH);
  private readonly account: JoinAccount;
  private joined = 0;

  constructor(private readonly parts: JoinAccountsParts) {
    this.account = new JoinAccount(parts);
  }

  /** One look at the joining accounts, each of which gets a turn when its place in the queue comes. */
  async look(): Promise<void> {
    const { joining, accounts } = this.parts;
    const begun = await joining.open();
    const ids = new Set((await accounts.joining()).map(({ id }) => id));
    // Switched off or unlinked half-way: what was listed then says nothing about the next time.
    for (const id of begun) if (!ids.has(id)) await joining.end(id);
    for (const id of ids) this.queue.add(id, () => this.takeTurn(id));
  }

  /** The same, until each had its turn; answers how many were joined. */
  async turn(): Promise<number> {
    const before = this.joined;
    await this.look();
    await this.queue.idle();
    return this.joined - before;
  }

  /** Items that were kept while an account joined, by an intake that hadn't heard yet that it is live. */
  async drain(): Promise<void> {
    for (const accountId of await this.parts.unpaired.accountsWaiting()) {
      const account = await this.parts.accounts.current(accountId);
      if (account?.state === 'live') await this.guarded(accountId, () => this.drainAccount(account));
    }
  }

  /** No new turns; resolves once those that were begun are done. */
  stop(): Promise<void> {
    return this.queue.stop();
  }

  private async takeTurn(id: AccountId): Promise<void> {
    await this.guarded(id, async () => {
      // It may have waited: settings that changed meanwhile have begun another joining.
      const account = await this.parts.accounts.current(id);
      if (account?.state === 'joining' && (await this.account.tryJoin(account))) this.joined += 1;
    });
  }

  private async drainAccount(account: Account): Promise<void> {
    const { unpaired, takeIn, pairs } = this.parts;
    for (const item of await unpaired.waiting(account.id)) {
      await takeIn.kept(item, account);
      // Taken in is paired, or kept anew without its record and with the reason why not.
      if (await isPaired(pairs, item)) await unpaired.settle(item);
    }
  }

  private async guarded(accountId: AccountId, work: () => Promise<void>): Promise<void> {
    const { clock, report } = this.parts;
    if (clock.now() < (this.notBefore.get(accountId) ?? 0)) return;
    try {
      await work();
    } catch (error) {
      this.notBefore.set(accountId, clock.now() + AFTER_FAILURE_MS);
      report({ kind: 'failed', accountId, cause: error instanceof Failure ? error.message : `a defect of ours (${error instanceof Error ? error.name : 'not an error'})` });
    }
  }
}
