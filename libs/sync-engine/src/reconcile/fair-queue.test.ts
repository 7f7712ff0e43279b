import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.js';

describe('a queue in which several are in work at once', () => {
  it('one that hangs holds up no other, and no more than the width is in work', async () => {
    const queue = new FairQueue<string>(2);
    const hangs = Promise.withResolvers<void>();
    const done: string[] = [];
    let [now, most] = [0, 0];
    queue.add('slow', () => hangs.promise);
    const rest = Promise.all(['a', 'b', 'c'].map((name) => new Promise<void>((resolve) => queue.add(name, async () => {
      most = Math.max(most, (now += 1));
      await Promise.resolve();
      now -= 1;
      done.push(name);
      resolve();
    }))));
    await rest;
    expect([done, most]).toEqual([['a', 'b', 'c'], 1]);
    hangs.resolve();
    await queue.idle();
  });
  it('who waits or is in work is not taken in twice, and nobody has a second turn before the last had a first', async () => {
    const queue = new FairQueue<string>(1);
    const done: string[] = [];
    const work = (name: string) => async () => void done.push(name);
    queue.add('a', async () => {
      queue.add('a', work('a within itself'));
      done.push('a');
    });
    for (const name of ['b', 'b', 'c']) queue.add(name, work(name));
    await queue.idle();
    expect(done).toEqual(['a', 'b', 'c']);
  });
  it('stopped, it ends what it began and begins nothing', async () => {
    const queue = new FairQueue<string>(1);
    const hangs = Promise.withResolvers<void>();
    const done: string[] = [];
    queue.add('a', async () => (await hangs.promise, void done.push('a')));
    queue.add('b', async () => void done.push('b'));
    const stopped = queue.stop();
    queue.add('c', async () => void done.push('c'));
    hangs.resolve();
    await stopped;
    expect(done).toEqual(['a']);
  });
});
