import { describe, expect, it } from 'vitest';
import { PullPace } from './pull-pace.js';

describe('the pace of pulls', () => {
  it('makes nobody wait who edits by hand, one change after the other', () => {
    const pace = new PullPace();
    for (let edit = 0; edit < 500; edit += 1) expect(pace.waitMs('a', edit * 250)).toBe(0);
  });
  it('lets twenty through at once, then five a second, each calendar for itself', () => {
    const pace = new PullPace();
    let pulls = 0;
    for (let now = 0; now <= 60_000; now += 10) if (pace.waitMs('a', now) === 0) pulls += 1;
    expect(pulls).toBeGreaterThan(300);
    expect(pulls).toBeLessThanOrEqual(321);
    expect(pace.waitMs('b', 60_000)).toBe(0);
  });
  it('says how long to wait, and means it', () => {
    const pace = new PullPace();
    for (let pull = 0; pull < 20; pull += 1) pace.waitMs('a', 1_000);
    const wait = pace.waitMs('a', 1_000);
    expect(wait).toBe(200);
    expect(pace.waitMs('a', 1_000 + wait - 1)).toBeGreaterThan(0);
    expect(pace.waitMs('a', 1_000 + wait)).toBe(0);
  });
  it('does not stand still when the clock is set back an hour', () => {
    const pace = new PullPace();
    for (let pull = 0; pull < 25; pull += 1) pace.waitMs('a', 10_000_000);
    const back = 10_000_000 - 3_600_000;
    expect(pace.waitMs('a', back)).toBeLessThanOrEqual(200);
    expect(pace.waitMs('a', back + 200)).toBe(0);
  });
});
