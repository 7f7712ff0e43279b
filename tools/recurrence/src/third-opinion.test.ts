import { expect, it } from 'vitest';
import { readGolden, secondsIn } from './golden.js';
import { isOnRule, movedBy, thirdOpinion } from './third-opinion.js';

it('agrees with what two libraries said of every series in the .ics files', () => {
  for (const series of readGolden('ics').series) expect([series.id, thirdOpinion(series)]).toEqual([series.id, secondsIn(series)]);
});

it('moves a series with its end, its holes and what was added', () => {
  const series = { start: '20270104T090000', zone: 'Europe/Amsterdam', lines: ['RRULE:FREQ=DAILY;UNTIL=20270601T070000Z', 'EXDATE;TZID=Europe/Amsterdam:20270105T090000,20270106T090000'] };
  expect(movedBy(7, series)).toEqual({ start: '20270111T090000', zone: 'Europe/Amsterdam', lines: ['RRULE:FREQ=DAILY;UNTIL=20270608T070000Z', 'EXDATE;TZID=Europe/Amsterdam:20270112T090000,20270113T090000'] });
  // 09:00 stays 09:00 over the change to winter time.
  expect(movedBy(182, series).lines[0]).toBe('RRULE:FREQ=DAILY;UNTIL=20271130T080000Z');
});

it('knows a start off the rule', () => {
  const on = (start: string): boolean => isOnRule({ start, zone: '', lines: ['RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=1MO'] });
  expect([on('20270104'), on('20270111')]).toEqual([true, false]);
});
