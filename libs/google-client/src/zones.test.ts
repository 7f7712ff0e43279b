import { describe, expect, it } from 'vitest';
import { ianaZone, wallZone } from './zones.js';

describe('[R3.8] [lesson 12] a name of a zone', () => {
  it.each<[string | null | undefined, string | undefined, string | undefined]>([
    ['Europe/Amsterdam', 'Europe/Amsterdam', 'Europe/Amsterdam'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['Asia/Calcutta', 'Asia/Calcutta', 'Asia/Calcutta'],
    ['UTC', 'UTC', 'UTC'],
    ['Etc/GMT+3', 'Etc/GMT+3', 'Etc/GMT+3'],
    ['GMT', 'GMT', 'GMT'],
    ['W. Europe Standard Time', 'Europe/Berlin', 'Europe/Berlin'],
    ['Romance Standard Time', 'Europe/Paris', 'Europe/Paris'],
    ['GMT Standard Time', 'Europe/London', 'Europe/London'],
    ['Pacific Standard Time', 'America/Los_Angeles', 'America/Los_Angeles'],
    ['Tokyo Standard Time', 'Asia/Tokyo', 'Asia/Tokyo'],
    ['UTC-11', 'Etc/GMT+11', 'Etc/GMT+11'],
    ['/freeassociation.sourceforge.net/Europe/Amsterdam', 'Europe/Amsterdam', 'Europe/Amsterdam'],
    ['/mozilla.org/20050126_1/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['GMT-07:00', undefined, '-07:00'],
    ['GMT+5:30', undefined, '+05:30'],
    ['UTC+0100', undefined, '+01:00'],
    ['+02:00', undefined, '+02:00'],
    ['GMT+99:00', undefined, undefined],
    ['Customized Time Zone', undefined, undefined],
    ['Europe/Utrecht', undefined, undefined],
    ['', undefined, undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j', (name, zone, wall) => {
    expect([ianaZone(name), wallZone(name)]).toEqual([zone, wall]);
  });

  it.each([['UTC-11', '20:00'], ['GMT+5:30', '03:30'], ['W. Europe Standard Time', '08:00'], ['Etc/GMT+3', '12:00']])('that is understood can be reckoned with: nine o’clock in %s is %s in London', (name, there) => {
    const at = Temporal.PlainDateTime.from('2026-01-05T09:00:00').toZonedDateTime(wallZone(name)!);
    expect(at.withTimeZone('Europe/London').toPlainTime().toString({ smallestUnit: 'minute' })).toBe(there);
  });
});
