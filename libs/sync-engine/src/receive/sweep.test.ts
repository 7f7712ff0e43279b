import { beforeEach, describe, expect, it } from 'vitest';
import { aReceiver } from '../simulation/receiver-on-models.js';
import { ACCOUNT } from '../testing/records.js';

const HOUR = 3_600_000;
const calendar = { accountId: ACCOUNT.id, calendarId: ACCOUNT.calendarId };

let at: ReturnType<typeof aReceiver>;
beforeEach(() => {
  at = aReceiver([ACCOUNT]);
});

describe('the sweep', () => {
  it('finds what push did not tell, and counts it', async () => {
    await at.turn();
    await at.turn();
    at.feed.change('a');
    at.feed.change('b');
    at.pass(374_000);
    await at.turn();
    expect(at.types()).toContain('event.changed b');
    expect(at.counted.repairs).toBe(2);
  });
  it('counts nothing that push told, and nothing so young that it may still be told', async () => {
    await at.turn();
    await at.turn();
    at.feed.change('a');
    await at.notify();
    at.pass(374_000);
    at.feed.change('b');
    at.pass(1_000);
    await at.turn();
    expect(at.types()).toContain('event.changed b');
    expect(at.counted.repairs).toBe(0);
  });
  it("keeps to a user's own upper bound", async () => {
    const eager = aReceiver([{ ...ACCOUNT, sweepSeconds: 60 }]);
    await eager.turn();
    await eager.turn();
    eager.feed.change('a');
    eager.pass(60_000);
    await eager.turn();
    expect(eager.types()).toContain('event.changed a');
  });
});

describe('how often is swept', () => {
  const wait = async () => ((await at.states.find(calendar))!.nextSweepAt - at.now()) / 1_000;
  const hear = async (state: string) => {
    const channel = [...at.feed.channels.values()].find(({ subject }) => subject === 'events')!;
    await at.receiver.notify({ channelId: channel.id, token: channel.token, resourceId: channel.resourceId, resourceState: state, expiration: undefined });
    await at.idle();
  };

  it('rarely where push is proven alive; three times as often before that, and after it missed something', async () => {
    await at.turn();
    await at.turn();
    expect(await wait()).toBe(100);
    await hear('sync');
    await at.turn();
    await hear('exists');
    expect(await wait()).toBe(300);
    at.feed.change('a');
    at.pass(300_000);
    await at.turn();
    expect(at.counted.repairs).toBe(1);
    expect(await wait()).toBe(100);
    await hear('exists');
    expect(await wait()).toBe(300);
  });

  it('as before push was proven when the channel that proved it is over', async () => {
    await at.turn();
    await hear('sync');
    at.googleIsAhead.ms = 8 * 24 * HOUR;
    await at.turn();
    await at.turn();
    expect(await wait()).toBe(100);
  });
});
