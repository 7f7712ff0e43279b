import { describe, expect, it } from 'vitest';
import { redacted } from './redaction.js';

describe('redacted', () => {
  it('hides secrets and the content of appointments at any depth, whatever the spelling', () => {
    const line = redacted({ refreshToken: 'a', headers: { Authorization: 'b', 'set-cookie': ['c'] }, rows: [{ subject: 'd', id: 1, fields: { notes: 'e', location: 'f' } }], client_secret: 'g' });
    expect(JSON.stringify(line)).not.toMatch(/"[a-g]"/);
    expect(line).toMatchObject({ refreshToken: '[hidden]', rows: [{ subject: '[hidden]', id: 1 }] });
  });

  it('keeps of an error what helps, and not the request that hangs on it', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', config: { headers: { x: 'secret-value' } } });
    const line = redacted({ err: Object.assign(new Error('reading failed', { cause }), { kind: 'transient', response: { data: 'secret-value' } }) });
    expect(line).toMatchObject({ err: { type: 'Error', message: 'reading failed', kind: 'transient', cause: { code: 'ECONNREFUSED' } } });
    expect(JSON.stringify(line)).not.toContain('secret-value');
  });

  it('survives circles, bytes and 64-bit numbers', () => {
    const circle: Record<string, unknown> = { stamp: 9007199254740993n, bytes: Buffer.from('geheim') };
    circle['self'] = circle;
    expect(JSON.stringify(redacted(circle))).toMatch(/9007199254740993.*\[6 bytes\].*\[deeper\]/);
  });
});
