import { describe, expect, it } from 'vitest';
import { currentTraceparent, withTrace } from './log.js';
import { nextTrace, parseTraceparent } from './trace.js';

const came = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

describe('traceparent', () => {
  it('a step keeps the trace and its sampling, and gets an id of its own', () => {
    const next = nextTrace(came);
    expect(next.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
    expect(next.spanId).not.toBe('b7ad6b7169203331');
  });

  it.each([undefined, '', 'nonsense', '00-00000000000000000000000000000000-b7ad6b7169203331-01', '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', `${came}-more`])('%j begins a new trace', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
    expect(nextTrace(text).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is passed on from inside, through awaits', async () => {
    await withTrace(came, async () => {
      await Promise.resolve();
      expect(currentTraceparent()).toContain('0af7651916cd43dd8448eb211c80319c');
    });
    expect(currentTraceparent()).not.toContain('0af7651916cd43dd8448eb211c80319c');
  });
});
