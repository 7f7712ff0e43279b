import { describe, expect, it } from 'vitest';
import { asSourceName } from '@calsync/calendar-model';
import { ACCOUNT } from '@calsync/sync-engine/testing';
import type { AccountDirectory } from '@calsync/sync-engine';
import { SourceGate, type GateState } from './source-gate.js';

const source = asSourceName('demo');
const directory: AccountDirectory = {
  byUser: async () => ACCOUNT, byId: async () => ACCOUNT, current: async () => undefined, isLinked: async () => true, all: async () => [ACCOUNT], joining: async () => [], changeState: async () => true,
};

function aGate() {
  let now = 0;
  let answer: 'known' | 'locked' | 'silence' = 'silence';
  const reported: GateState[] = [];
  let asked = 0;
  const gate = new SourceGate({
    sources: [source],
    environments: { recognise: async () => (answer === 'locked' ? 'locked' : 'known') },
    fingerprintOf: async () => {
      asked += 1;
      if (answer === 'silence') throw new Error('no answer');
      return { address: 'https://inventive.example.com' };
    },
    clock: { now: () => now, sleep: async () => undefined },
    report: (_source, state) => void reported.push(state),
  });
  return { gate, reported, asked: () => asked, answers: (next: typeof answer) => { answer = next; }, pass: (ms: number) => { now += ms; } };
}

describe('the gate of a source', () => {
  it('is shut until the server was met: nothing is written on the word of an older process', async () => {
    const { gate, answers, pass, reported } = aGate();
    const guarded = gate.guard(directory);
    expect(await guarded.byId(ACCOUNT.id)).toMatchObject({ state: 'locked', stateReason: 'source-write-locked' });
    await gate.turn();
    expect((await guarded.all())[0]?.state).toBe('locked');
    answers('known');
    pass(500);
    await gate.turn();
    expect([(await guarded.byId(ACCOUNT.id))?.state, (await guarded.all())[0]?.state, await guarded.current(ACCOUNT.id)]).toEqual(['live', 'live', undefined]);
    expect(reported).toEqual(['known']);
  });
  it('stays open while the server is silent, asks again soon, and shuts when another answers', async () => {
    const { gate, answers, pass, asked, reported } = aGate();
    answers('known');
    await gate.turn();
    answers('silence');
    pass(30_000);
    await gate.turn();
    expect(gate.stateOf(source)).toBe('known');
    answers('locked');
    pass(1_999);
    await gate.turn();
    expect(asked()).toBe(2);
    pass(1);
    await gate.turn();
    expect(reported).toEqual(['known', 'locked']);
    expect((await gate.guard(directory).byUser(source, ACCOUNT.userId))?.state).toBe('locked');
  });
});
