import { describe, expect, it } from 'vitest';
import { DocumentStore, FaultBook, faultParser, type Fault } from './index.js';

type Match = { op?: string; user?: string };
type Action = { latencyMs: number };

describe('FaultBook', () => {
  it('hands out actions whose match fits, and counts times down at each matching call', () => {
    const book = new FaultBook<Match, Action>();
    const { id } = book.add({ match: { op: 'update' }, action: { latencyMs: 5 }, times: 2 });
    expect(book.take({ op: 'read' })).toEqual([]);
    expect([1, 2, 3].map(() => book.take({ op: 'update', user: 'sync' }).length)).toEqual([1, 1, 0]);
    expect(book.list()).toMatchObject([{ id, hits: 2, matched: 2 }]);
    expect(book.remove(id)).toBe(true);
    expect(book.remove(id)).toBe(false);
  });

  it('draws the same row for the same seed, near the asked share', () => {
    const row = (seed: number): number[] => {
      const book = new FaultBook<Match, Action>();
      book.add({ action: { latencyMs: 1 }, probability: 0.3, seed });
      return Array.from({ length: 2000 }, () => book.take({}).length);
    };
    const share = row(7).reduce((sum, hit) => sum + hit, 0) / 2000;
    expect(row(7)).toEqual(row(7));
    expect(row(7)).not.toEqual(row(8));
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it('counts times down on a matching call whose draw says no', () => {
    const book = new FaultBook<Match, Action>();
    book.add({ action: { latencyMs: 1 }, probability: 0, times: 1 });
    book.take({});
    expect(book.list()).toMatchObject([{ matched: 1, hits: 0 }]);
  });

  it('keeps faults and counts in its table, and never gives an id twice', () => {
    const table = new DocumentStore(':memory:').table<Fault<Match, Action>>('faults');
    const first = new FaultBook(table);
    first.add({ action: { latencyMs: 1 }, times: 2 });
    first.take({});
    const second = new FaultBook(table);
    expect(second.list()).toMatchObject([{ matched: 1 }]);
    expect(second.add({ action: { latencyMs: 2 } }).id).toBe('fault-000002');
  });
});

describe('faultParser', () => {
  const parse = faultParser<Match, Action>(['op', 'user'], (action) => action as Action);

  it.each([
    [{ action: { latencyMs: 1 }, tmies: 1 }, 'tmies'],
    [{ match: { email: 'a' }, action: { latencyMs: 1 } }, 'email'],
    [{ match: { op: 'read' } }, 'action'],
    [{ action: { latencyMs: 1 }, times: 0 }, 'times'],
    [{ action: { latencyMs: 1 }, probability: 2 }, 'probability'],
    [[], 'JSON object'],
  ])('refuses %j, naming what is wrong', (body, named) => {
    expect(() => parse(body)).toThrow(named);
  });

  it('passes a full spec', () => {
    const spec = { match: { op: 'read' }, action: { latencyMs: 1 }, times: 3, probability: 0.5, seed: 9 };
    expect(parse(spec)).toEqual(spec);
  });
});
