import { describe, expect, it } from 'vitest';
import { dutch } from '../i18n/dutch';
import { english } from '../i18n/english';
import { routeOf, userAddress } from '../route';
import { isDays } from './settings-form';

describe('the number of days', () => {
  it.each(['0', '30', '3650', ' 7 '])('%j is one', (text) => expect(isDays(text)).toBe(true));
  it.each(['', '-1', '3651', '1.5', '1e3', 'veel', '99999'])('%j is none', (text) => expect(isDays(text)).toBe(false));
});

describe('the dictionaries', () => {
  it('have a text for every key, with the same values to fill in', () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
    for (const [key, text] of Object.entries(dutch)) {
      const other = english[key as keyof typeof dutch];
      expect(other, key).not.toBe('');
      expect(values(other), key).toEqual(values(text));
    }
    expect(Object.keys(english).sort()).toEqual(Object.keys(dutch).sort());
  });
});

describe('addresses', () => {
  it('lead to the page that they were made for', () => {
    expect(routeOf(userAddress('demo', 'A1'))).toEqual({ page: 'user', source: 'demo', userId: 'A1', tab: 'settings' });
    expect(routeOf('/wijzigingen')).toEqual({ page: 'changes' });
    expect(routeOf('/')).toEqual({ page: 'users' });
  });
});
