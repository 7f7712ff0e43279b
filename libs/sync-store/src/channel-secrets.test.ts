import { describe, expect, it } from 'vitest';
import { channelSecrets } from './channel-secrets.js';

describe('tokens of channels', () => {
  it('are 32 bytes and never the same', () => {
    expect(Buffer.from(channelSecrets.mint(), 'base64url')).toHaveLength(32);
    expect(channelSecrets.mint()).not.toBe(channelSecrets.mint());
  });
  it('match their own hash only', () => {
    const token = channelSecrets.mint();
    expect(channelSecrets.matches(token, channelSecrets.hash(token))).toBe(true);
    expect(channelSecrets.matches(channelSecrets.mint(), channelSecrets.hash(token))).toBe(false);
    expect(channelSecrets.matches(channelSecrets.hash(token), channelSecrets.hash(token))).toBe(false);
  });
  it('never match where there is no channel', () => expect(channelSecrets.matches('nobody', undefined)).toBe(false));
  it('have ids that Google takes', () => expect(channelSecrets.newId()).toMatch(/^[A-Za-z0-9\-_+/=]{1,64}$/));
});
