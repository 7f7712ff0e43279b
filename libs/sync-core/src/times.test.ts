import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inZone, toInstant, type When } from '@calsync/calendar-model';
import { isInOrder } from './clock-order.js';
import { equalFields } from './comparison.js';
import type { Plan } from './plan-types.js';
import { aBase, aGoogleEvent, at, inWords, planOf, someFields, ZONE } from './testing/builders.js';

/** What Google answers to times that were written to it: the moments, in the zone that the event keeps. */
const asGoogleHas = (when: When, zone: string): When => {
  if (when.kind === 'all-day') return when;
  const wall = (edge: string): string => Temporal.Instant.from(toInstant(edge, when.zone)).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
  return { kind: 'timed', start: wall(when.start), end: wall(when.end), zone };
};
const inStep = (row: When, google: When): Plan => planOf({ base: aBase({ when: row }), inventive: someFields({ when: row }), google: aGoogleEvent({ when: google }) });
const fromGoogle = (when: When, before: When = at('2026-12-01T10:00:00', '2026-12-01T11:00:00'), zone = ZONE): Plan =>
  planOf({ base: aBase({ when: before }), inventive: someFields({ when: before }), google: aGoogleEvent({ when }), context: { zone } });
const written = ({ inventive }: Plan): unknown => (inventive.kind === 'update' ? inventive.fields.when : inventive.kind);

describe('[S4] [R1.2] [R3.1] [lesson 12] times of every day', () => {
  const whens: readonly [string, When][] = [
    ['an hour', at('2026-12-01T10:00:00', '2026-12-01T11:00:00')],
    ['past midnight', at('2026-12-01T23:30:00', '2026-12-02T00:30:00')],
    ['up to midnight', at('2026-12-01T22:00:00', '2026-12-02T00:00:00')],
    ['over several nights', at('2026-12-01T22:00:00', '2026-12-04T06:00:00')],
    ['over the last night of the year', at('2026-12-31T23:00:00', '2027-01-01T01:00:00')],
    ['over a night that skips an hour', at('2027-03-27T22:00:00', '2027-03-28T06:00:00')],
    ['over a night that repeats an hour', at('2026-10-24T22:00:00', '2026-10-25T06:00:00')],
    ['of no length', at('2026-12-01T10:00:00', '2026-12-01T10:00:00')],
    ['of no length at midnight', at('2026-12-01T00:00:00', '2026-12-01T00:00:00')],
    ['on the last second', at('2026-12-01T23:59:59', '2026-12-02T00:00:00')],
  ];
  it.each(whens)('%s: to Google as it is, and quiet in whatever zone Google keeps', (_what, when) => {
    const before = at('2026-01-05T10:00:00', '2026-01-05T11:00:00');
    const moved = planOf({ base: aBase({ when: before }), inventive: someFields({ when }), google: aGoogleEvent({ when: before }) });
    expect(moved.google).toMatchObject({ kind: 'patch', fields: { when } });
    for (const zone of [ZONE, 'UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Etc/GMT+3']) expect(inWords(inStep(when, asGoogleHas(when, zone)))).toBe('nothing');
  });
  it.each(whens)('%s: from Google', (_what, when) => expect(written(fromGoogle(asGoogleHas(when, 'America/New_York'), at('2026-01-05T10:00:00', '2026-01-05T11:00:00')))).toEqual(when));
});

describe('[S4] [R3.4] a user abroad', () => {
  it('makes or moves an event there: the same moment on Inventive’s clock, and summer time is reckoned where it is', () => {
    expect(written(fromGoogle(at('2026-12-01T20:00:00', '2026-12-01T21:00:00', 'America/New_York')))).toEqual(at('2026-12-02T02:00:00', '2026-12-02T03:00:00'));
    // New York is a week earlier back on winter time: five hours apart in place of six.
    expect(written(fromGoogle(at('2026-10-28T20:00:00', '2026-10-28T21:00:00', 'America/New_York')))).toEqual(at('2026-10-29T01:00:00', '2026-10-29T02:00:00'));
    expect(written(fromGoogle(at('2026-07-01T08:00:00', '2026-07-01T09:00:00', 'Asia/Kolkata')))).toEqual(at('2026-07-01T04:30:00', '2026-07-01T05:30:00'));
  });
  it('a flight that begins in one zone and ends in another', () => {
    const flight = at('2026-12-01T10:00:00', '2026-12-01T18:00:00');
    expect(inWords(inStep(flight, { kind: 'timed', start: '2026-12-01T04:00:00', end: '2026-12-01T12:00:00', zone: 'America/New_York' }))).toBe('nothing');
  });
  it('another zone at the same moment is no change', () => {
    const row = at('2026-12-01T10:00:00', '2026-12-01T11:00:00');
    expect(inWords(inStep(row, at('2026-12-01T18:00:00', '2026-12-01T19:00:00', 'Asia/Tokyo')))).toBe('nothing');
  });
});

describe('[S4] [R3.10] administrations in other zones', () => {
  it('each row is written on the clock of its own administration', () => {
    const when = at('2026-12-01T09:00:00', '2026-12-01T10:00:00', 'UTC');
    const before = (zone: string): When => at('2026-12-01T15:00:00', '2026-12-01T16:00:00', zone);
    expect(written(fromGoogle(when, before('America/Curacao'), 'America/Curacao'))).toEqual(at('2026-12-01T05:00:00', '2026-12-01T06:00:00', 'America/Curacao'));
    expect(written(fromGoogle(when, before('Europe/London'), 'Europe/London'))).toEqual(at('2026-12-01T09:00:00', '2026-12-01T10:00:00', 'Europe/London'));
  });
});

describe('[C3] [R3.2] [lesson 12] the hour that is skipped', () => {
  const row = at('2027-03-28T02:30:00', '2027-03-28T04:30:00');
  it('stands in Google an hour later, and the row keeps what was typed', () => {
    expect(toInstant(row.kind === 'timed' ? row.start : '', ZONE)).toBe('2027-03-28T01:30:00.000Z');
    for (const zone of [ZONE, 'UTC', 'America/New_York']) expect(inWords(inStep(row, asGoogleHas(row, zone)))).toBe('nothing');
  });
  it('moved in Google it follows', () => expect(written(fromGoogle(at('2027-03-28T03:45:00', '2027-03-28T05:00:00'), row))).toEqual(at('2027-03-28T03:45:00', '2027-03-28T05:00:00')));
});

describe('[C3] [R3.3] [lesson 12] the hour that is repeated', () => {
  const row = at('2026-10-25T02:30:00', '2026-10-25T04:00:00');
  it('is written as its first pass, and the second pass in Google is not moved', () => {
    expect(toInstant(row.kind === 'timed' ? row.start : '', ZONE)).toBe('2026-10-25T00:30:00.000Z');
    expect(inWords(inStep(row, at('2026-10-25T00:30:00', '2026-10-25T03:00:00', 'UTC')))).toBe('nothing');
    expect(inWords(inStep(row, at('2026-10-25T01:30:00', '2026-10-25T03:00:00', 'UTC')))).toBe('nothing');
  });
  it('a row read on the wall as 02:45–02:15, of an event over the change, is no mistake', () => {
    const event = at('2026-10-25T00:45:00', '2026-10-25T01:15:00', 'UTC');
    const made = planOf({ inventive: 'unseen', google: aGoogleEvent({ when: event }) }).inventive;
    const wall = at('2026-10-25T02:45:00', '2026-10-25T02:15:00');
    expect(made).toMatchObject({ kind: 'create', fields: { when: wall } });
    const after = inStep(wall, event);
    expect([inWords(after), after.reasons]).toEqual(['nothing', []]);
    // It is moved and deleted like any other.
    expect(written(fromGoogle(at('2026-10-26T09:00:00', '2026-10-26T10:00:00'), wall))).toEqual(at('2026-10-26T09:00:00', '2026-10-26T10:00:00'));
    expect(inWords(planOf({ base: aBase({ when: wall }), inventive: someFields({ when: wall }), google: 'gone' }))).toBe('delete inventive');
  });
});

describe('[C4] [R1.3] [R3.5] [R3.6] [lesson 12] whole days', () => {
  const days = (firstOn: string, lastOn: string): When => ({ kind: 'all-day', firstOn, lastOn });
  const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC', 'Asia/Kolkata', ZONE];
  it.each(zones)('are the same days for an administration in %s', (zone) => {
    const when = days('2026-12-30', '2027-01-02');
    expect(written(fromGoogle(when, at('2026-12-01T10:00:00', '2026-12-01T11:00:00', zone), zone))).toEqual(when);
    expect(inWords(planOf({ base: aBase({ when }), inventive: someFields({ when }), google: aGoogleEvent({ when }), context: { zone } }))).toBe('nothing');
  });
  it('to times and back, on either side', () => {
    const [day, times] = [days('2026-12-01', '2026-12-01'), at('2026-12-01T00:00:00', '2026-12-02T00:00:00')];
    expect(written(fromGoogle(day, times))).toEqual(day);
    expect(written(fromGoogle(times, day))).toEqual(times);
    for (const [before, now] of [[day, times], [times, day]] as const) {
      expect(planOf({ base: aBase({ when: before }), inventive: someFields({ when: now }), google: aGoogleEvent({ when: before }) }).google).toMatchObject({ kind: 'patch', fields: { when: now } });
    }
  });
  it('one day longer is a change, on either side', () => {
    expect(written(fromGoogle(days('2026-12-01', '2026-12-03'), days('2026-12-01', '2026-12-02')))).toEqual(days('2026-12-01', '2026-12-03'));
    expect(inWords(planOf({ base: aBase({ when: days('2026-12-01', '2026-12-02') }), inventive: someFields({ when: days('2026-12-01', '2026-12-01') }), google: aGoogleEvent({ when: days('2026-12-01', '2026-12-02') }) }))).toBe('patch google when');
  });
});

describe('[C3] [R3.7] [lesson 12] from 1900 up to and including 2100', () => {
  const FIRST = Date.UTC(1900, 0, 1);
  const LAST = Date.UTC(2100, 11, 31, 23, 59);
  // Monrovia kept -00:44:30 until 1972: an offset with seconds, as many zones had before standard time. Apia left out a day.
  const zones = fc.constantFrom(ZONE, 'Europe/Brussels', 'America/New_York', 'Asia/Kolkata', 'Africa/Monrovia', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC', 'Etc/GMT+3');
  const wall = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

  it('what Google answers equals the row, in whatever zones', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), fc.nat(10_000), zones, zones, (ms, minutes, mine, theirs) => {
        const row = at(wall(ms), wall(ms + minutes * 60_000), mine);
        const answered = asGoogleHas(row, theirs);
        expect(equalFields('when', row, answered, mine)).toBe(true);
        // Put on the wall again it is the row, but for an hour that is skipped.
        expect(toInstant((inZone(answered, mine) as { start: string }).start, mine)).toBe(toInstant((row as { start: string }).start, mine));
      }),
      { numRuns: 2000, verbose: 1 },
    );
  });
  it.each(['1900-01-01', '1937-07-01', '1940-05-16', '1999-12-31', '2000-02-29', '2038-01-19', '2100-02-28', '2100-12-31'])('the day %s', (on) => {
    const times = at(`${on}T09:00:00`, `${on}T10:30:00`);
    expect(inWords(inStep(times, asGoogleHas(times, 'UTC')))).toBe('nothing');
    expect(written(fromGoogle(asGoogleHas(times, 'America/New_York')))).toEqual(times);
    expect(written(fromGoogle({ kind: 'all-day', firstOn: on, lastOn: on }))).toEqual({ kind: 'all-day', firstOn: on, lastOn: on });
  });
});

describe('[P11] [R3.9] a row that ends before it begins', () => {
  const wrong = at('2026-12-01T11:00:00', '2026-12-01T10:00:00');
  it.each<[string, When, boolean]>([
    ['as it should be', at('2026-12-01T10:00:00', '2026-12-01T11:00:00'), true],
    ['of no length', at('2026-12-01T10:00:00', '2026-12-01T10:00:00'), true],
    ['backwards', wrong, false],
    ['days backwards', { kind: 'all-day', firstOn: '2026-12-02', lastOn: '2026-12-01' }, false],
    ['one day', { kind: 'all-day', firstOn: '2026-12-02', lastOn: '2026-12-02' }, true],
    ['half in the hour that is skipped: 03:30 to 03:15', at('2027-03-28T02:30:00', '2027-03-28T03:15:00'), false],
  ])('%s', (_what, when, ordered) => expect(isInOrder(when)).toBe(ordered));

  it('doesn’t cross, and says why; the other fields do', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ when: wrong, subject: 'Nieuw' }), google: aGoogleEvent({ location: 'Zaal 2' }) });
    expect(inWords(plan)).toBe('update inventive location; patch google subject');
    expect([plan.reasons, plan.conflicts, plan.base?.fields.when]).toEqual([['end-before-start'], [], aBase().fields.when]);
  });
  it.each([['nobody made it in Google yet', undefined, 'unseen'], ['Google lost it', undefined, 'gone'], ['it was deleted in Google', aBase(), 'gone'], ['Google can’t be seen', aBase(), 'unseen']] as const)(
    '%s: nothing is written or deleted until it is corrected',
    (_what, base, google) => {
      const plan = planOf({ base, inventive: someFields({ when: wrong }), google });
      expect([inWords(plan), plan.reasons, plan.base]).toEqual(['nothing', ['end-before-start'], base]);
    },
  );
  it('corrected, it crosses by the usual rules', () => {
    const when = at('2026-12-01T11:00:00', '2026-12-01T12:00:00');
    expect(inWords(planOf({ inventive: someFields({ when }), google: 'unseen' }))).toBe('create google');
    expect(inWords(planOf({ base: aBase(), inventive: someFields({ when }), google: aGoogleEvent() }))).toBe('patch google when');
    expect(inWords(planOf({ base: aBase(), inventive: someFields({ when }), google: 'gone' }))).toBe('create google');
  });
  it('moved in Google meanwhile: the row keeps what was typed until somebody says what was meant', () => {
    const plan = planOf({ base: aBase(), inventive: someFields({ when: wrong }), google: aGoogleEvent({ when: at('2026-12-03T10:00:00', '2026-12-03T11:00:00') }) });
    expect([inWords(plan), plan.reasons]).toEqual(['nothing', ['end-before-start']]);
  });
});
