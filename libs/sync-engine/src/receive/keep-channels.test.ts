import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../failures/failure.js';
import { aReceiver } from '../simulation/receiver-on-models.js';
import { ACCOUNT } from '../testing/records.js';

const HOUR = 3_600_000;

let at: ReturnType<typeof aReceiver>;
beforeEach(() => {
  at = aReceiver([ACCOUNT]);
});

describe('channels over weeks', () => {
  it("live by Google's clock: where it is far ahead of ours they are renewed all the same", async () => {
    await at.turn();
    await at.turn();
    const before = [...at.feed.channels.keys()];
    at.googleIsAhead.ms = 6 * 24 * HOUR;
    await at.turn();
    const after = [...at.feed.channels.keys()];
    expect(after).toHaveLength(4);
    // Both listen for a while, then the old ones are stopped.
    at.pass(61_000);
    await at.turn();
    at.pass(61_000);
    await at.turn();
    expect([...at.feed.channels.keys()]).toEqual(after.filter((id) => !before.includes(id)));
    // Beyond their end: others are opened at once, and what nobody was told meanwhile is read.
    at.feed.change('a');
    at.googleIsAhead.ms = 30 * 24 * HOUR;
    await at.turn();
    expect(at.types()).toContain('event.changed a');
    expect(await at.channels.all()).toHaveLength(2);
  });

  it('are renewed early, overlap, and never leave a gap', async () => {
    await at.turn();
    expect(at.feed.channels.size).toBe(2);
    const listeningAt: boolean[] = [];
    for (let hour = 0; hour < 24 * 30; hour += 1) {
      at.pass(HOUR);
      const before = (await at.channels.all()).filter(({ subject }) => subject === 'events');
      listeningAt.push(before.some(({ id, state, expiresAt }) => at.feed.channels.has(id) && state === 'open' && expiresAt! - at.now() > 24 * HOUR));
      await at.turn();
      expect(at.feed.channels.size).toBeLessThanOrEqual(4);
    }
    expect(listeningAt.every(Boolean)).toBe(true);
    // 30 days at 4.9 days a channel, two subjects.
    expect(at.feed.calls.watch).toBeGreaterThan(10);
    expect(at.feed.calls.watch).toBeLessThan(20);
  });
  it('that Google refuses leave the calendar to the sweep', async () => {
    const refused = aReceiver([ACCOUNT]);
    refused.feed.watch = async () => {
      throw new Failure('permanent', 'pushNotSupportedForRequestedResource');
    };
    refused.feed.change('a');
    await refused.turn();
    expect(refused.types()).toContain('event.changed a');
    expect(refused.receiver.status().waiting).toMatchObject([{ during: 'channels', failure: 'permanent' }]);
    expect(await refused.channels.all()).toEqual([]);
    expect((await refused.accounts.byId(ACCOUNT.id))?.state).toBe('live');
  });
});

describe('[R13.1] [lesson 18] of a locked source', () => {
  it('nothing is read, and no subscription opened or stopped: in a copied database they are the original’s', async () => {
    await at.turn();
    await at.turn();
    const channels = [...at.feed.channels.keys()];
    const told = at.types().length;
    const locked = { ...ACCOUNT, state: 'locked' } as const;
    at.accounts.all = async () => [locked];
    at.accounts.byId = async () => locked;
    at.accounts.current = async () => locked;
    at.feed.change('a');
    at.googleIsAhead.ms = 6 * 24 * HOUR;
    for (let turn = 0; turn < 3; turn += 1) {
      at.pass(61_000);
      await at.turn();
    }
    expect([[...at.feed.channels.keys()], at.types().length]).toEqual([channels, told]);
  });
});
