import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyNudge, type SignedRequest } from './verify-nudge.js';

const NOW = 1_800_000_000_000;
const SECRET = 'een lang geheim van deze bron';
const secretOf = (source: string) => (source === 'demo' ? SECRET : undefined);

function signed(body: string, { secret = SECRET, timestamp = String(NOW / 1_000) } = {}): SignedRequest {
  return { rawBody: Buffer.from(body), timestamp, signature: `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}` };
}
const verdict = (request: SignedRequest) => verifyNudge(request, secretOf, NOW);

describe('a nudge', () => {
  it('is genuine with the signature of its source, and keeps every digit of its stamp', () => {
    expect(verdict(signed('{"source":"demo","stamp":9007199254740993}'))).toEqual({ kind: 'genuine', source: 'demo', stamp: 9_007_199_254_740_993n });
    expect(verdict(signed('{ "stamp": "17", "source": "demo" }'))).toEqual({ kind: 'genuine', source: 'demo', stamp: 17n });
  });

  it('agrees with a signature made elsewhere', () => {
    // printf '1800000000.{"source":"demo","stamp":1}' | openssl dgst -sha256 -hmac 'een lang geheim van deze bron'
    const signature = 'sha256=a9afa3321d90c6606f892ba607c04e19fd03d39b270c8583135d4f61cc68ee11';
    expect(verdict({ rawBody: Buffer.from('{"source":"demo","stamp":1}'), timestamp: '1800000000', signature })).toMatchObject({ kind: 'genuine' });
  });

  it('of a source that is not ours is unknown', () => expect(verdict(signed('{"source":"andere","stamp":1}'))).toEqual({ kind: 'unknown' }));

  const good = signed('{"source":"demo","stamp":1}');
  it.each<[string, SignedRequest]>([
    ['without a signature', { ...good, signature: undefined }],
    ['without a timestamp', { ...good, timestamp: undefined }],
    ['without a body', { ...good, rawBody: undefined }],
    ['with another body', { ...good, rawBody: Buffer.from('{"source":"demo","stamp":2}') }],
    ['with another timestamp', { ...good, timestamp: String(NOW / 1_000 + 1) }],
    ['with another secret', signed('{"source":"demo","stamp":1}', { secret: 'x' })],
    ['with a shortened signature', { ...good, signature: good.signature!.slice(0, -2) }],
    ['with another method', { ...good, signature: good.signature!.replace('sha256', 'sha1') }],
    ['that is six minutes old', signed('{"source":"demo","stamp":1}', { timestamp: String(NOW / 1_000 - 360) })],
    ['from six minutes ahead', signed('{"source":"demo","stamp":1}', { timestamp: String(NOW / 1_000 + 360) })],
    ['with a timestamp that is no number', signed('{"source":"demo","stamp":1}', { timestamp: '1e9' })],
    ['that is no JSON', signed('source=demo')],
    ['with a stamp that is none', signed('{"source":"demo","stamp":-1}')],
    ['with a stamp of a fraction', signed('{"source":"demo","stamp":1.5}')],
  ])('%s is not genuine', (_name, request) => expect(verdict(request)).toEqual({ kind: 'not-genuine' }));

  it('is genuine five minutes old', () => expect(verdict(signed('{"source":"demo","stamp":1}', { timestamp: String(NOW / 1_000 - 299) })).kind).toBe('genuine'));
});
