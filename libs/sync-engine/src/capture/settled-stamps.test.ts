import { describe, expect, it } from 'vitest';
import { addMark, settle, settlesAt, type Mark } from './settled-stamps.js';

const LONGEST = 5_000;

describe('settled stamps', () => {
  it('settle once a pass began a longest transaction after the counter stood there', () => {
    const marks: readonly Mark[] = [{ stamp: 10n, at: 1_000 }, { stamp: 20n, at: 3_000 }];
    expect(settle(5n, marks, 5_999, LONGEST)).toEqual({ readFrom: 5n, marks });
    expect(settle(5n, marks, 6_000, LONGEST)).toEqual({ readFrom: 10n, marks: [{ stamp: 20n, at: 3_000 }] });
    expect(settle(5n, marks, 8_000, LONGEST)).toEqual({ readFrom: 20n, marks: [] });
    expect(settlesAt(marks, LONGEST)).toBe(6_000);
    expect(settlesAt([], LONGEST)).toBeUndefined();
  });

  it('never run backwards', () => expect(settle(15n, [{ stamp: 10n, at: 0 }], 9_000, LONGEST)).toEqual({ readFrom: 15n, marks: [] }));

  it('also settle under steady change, with few marks kept', () => {
    let marks: readonly Mark[] = [];
    let readFrom = 0n;
    for (let now = 0; now <= 20_000; now += 10) {
      marks = addMark(marks, { stamp: BigInt(now), at: now }, LONGEST);
      ({ readFrom, marks } = settle(readFrom, marks, now, LONGEST));
      expect(marks.length).toBeLessThanOrEqual(40);
    }
    expect(readFrom).toBeGreaterThan(14_000n);
    expect(readFrom).toBeLessThanOrEqual(15_000n);
  });
});
