import { describe, expect, it } from 'vitest';
import { failureOf, isRefused, isUnauthorized, readAnswer } from './answer.js';

const answer = (httpStatus: number, body: unknown, retryAfter?: string) => readAnswer(httpStatus, typeof body === 'string' ? body : JSON.stringify(body), retryAfter);
const error = (errCode: number) => ({ __ERROR: [{ message: 'x', componentSignature: 'dbmg', errCode }] });

describe("4D's answers", () => {
  it('reads stamps of 64 bits digit by digit', () => {
    expect(answer(200, '{"__GlobalStamp":9007199254740993,"__ENTITIES":[{"__GlobalStamp":0,"__STAMP":3,"n":1.5}]}').body).toEqual({
      __GlobalStamp: 9_007_199_254_740_993n, __ENTITIES: [{ __GlobalStamp: 0n, __STAMP: 3, n: 1.5 }],
    });
  });

  it.each([
    ['an array of lines', { __ERROR: [{ message: 'a', errCode: 1263 }, { message: 'b', errCode: 1046 }] }, [1263, 1046]],
    ['a text', { __ERROR: 'kapot' }, []],
    ['lines without a code', { errors: [{ message: 'a' }] }, []],
    ['inside an element', { __ENTITIES: [{ __STATUS: { success: true } }, { __ERROR: [{ message: 'a', errCode: 1517 }] }] }, [1517]],
  ])('finds errors that come as %s', (_name, body, codes) => {
    expect(answer(200, body).errorCodes).toEqual(codes);
    expect(isRefused(answer(200, body))).toBe(true);
  });

  it('takes a stale write for refused whatever the status says', () => {
    const stale = answer(200, { __KEY: '1', __STAMP: 12, __STATUS: { status: 2, statusText: 'Stamp has changed', success: false } });
    expect([isRefused(stale), stale.writeStatus]).toEqual([true, 2]);
    expect(isRefused(answer(200, { __KEY: '1', __STATUS: { success: true } }))).toBe(false);
  });

  it('knows a lost session in any status', () => expect([answer(401, ''), answer(500, error(1822)), answer(500, error(1500))].map(isUnauthorized)).toEqual([true, true, false]));

  it.each([
    ['refused login', answer(401, ''), 'transient', 30_000],
    ['no licence left', answer(402, error(1913)), 'transient', 30_000],
    ['too many requests', answer(429, '', '7'), 'transient', 7_000],
    ['too many requests without a time', answer(429, '', ''), 'transient', undefined],
    ['a server in trouble', answer(500, ''), 'transient', undefined],
    ['an unknown attribute', answer(500, { __ERROR: [{ message: 'a', errCode: 1500 }, { message: 'b', errCode: 1804 }] }), 'permanent', undefined],
  ] as const)('makes of %s a failure of its kind', (_name, given, kind, retryAfterMs) => {
    const failure = failureOf(given, 'Reading X');
    expect({ kind: failure.kind, retryAfterMs: failure.retryAfterMs }).toEqual({ kind, retryAfterMs });
    expect(failure.message).toMatch(/^Reading X: /);
  });
});
