import { describe, expect, it } from 'vitest';
import { createGoogleClock } from './google-clock.js';

describe("Google's clock", () => {
  it('is ours until an answer says otherwise, and follows what the newest one says', () => {
    let ours = 1_000_000;
    const clock = createGoogleClock({ now: () => ours });
    expect(clock.now()).toBe(1_000_000);
    clock.observe({ receivedAtMs: 1_000_000, googleTimeMs: 1_090_000 });
    ours += 5_000;
    expect(clock.now()).toBe(1_095_000);
    clock.observe({ receivedAtMs: ours });
    expect(clock.now()).toBe(1_095_000);
    clock.observe({ receivedAtMs: ours, googleTimeMs: ours - 1_500 });
    expect(clock.now()).toBe(ours);
  });
});
