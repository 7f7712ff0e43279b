import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AskedEmulator } from './ask-emulator.js';
import { icsEvents, icsSeries, readGolden, secondsIn, type GoldenSeries } from './golden.js';
import { libraryNames } from './libraries.js';

let emulator: AskedEmulator;
beforeAll(async () => {
  emulator = await AskedEmulator.start();
});
afterAll(() => emulator.stop());

async function differing(series: readonly GoldenSeries[]): Promise<string[]> {
  const found = await emulator.expand(series);
  return series.flatMap((one) => {
    const ours = found.get(one.id);
    const agrees = ours?.kind === 'found' && JSON.stringify(ours.seconds) === JSON.stringify(secondsIn(one));
    return agrees ? [] : [`${one.id} ${one.start} ${one.zone} ${one.lines.join(' ')}: ${JSON.stringify(ours).slice(0, 200)}`];
  });
}

describe('the emulator says what two libraries said', () => {
  it('about a thousand random rules', async () => {
    const { series, seed } = readGolden('random');
    expect([series.length, typeof seed]).toEqual([1000, 'number']);
    // All that could go wrong is among them, often enough: every frequency, and both forms of a period.
    for (const part of ['FREQ=SECONDLY', 'FREQ=MINUTELY', 'FREQ=HOURLY', 'FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY', 'VALUE=PERIOD']) expect([part, series.filter(({ lines }) => lines.some((line) => line.includes(part))).length]).toEqual([part, expect.toSatisfy((count: number) => count >= 20)]);
    // One library at least is without fault about each of them.
    expect(series.filter(({ faults = [] }) => faults.length >= libraryNames.length)).toEqual([]);
    expect(await differing(series)).toEqual([]);
  }, 120_000);

  it('about every series in the .ics files of well-known packages', async () => {
    const { series } = readGolden('ics');
    const recorded = series.map(({ id, start, zone, lines }) => ({ id, start, zone, lines }));
    expect(icsSeries().map(({ id, start, zone, lines }) => ({ id, start, zone, lines }))).toEqual(recorded);
    expect(await differing(series)).toEqual([]);
  });
});

describe('the .ics files', () => {
  it('hold nothing that is left out in silence', () => {
    expect(icsEvents().filter(({ refused }) => refused !== undefined).map(({ name, refused }) => `${name}: ${refused}`)).toMatchInlineSnapshot(`
      [
        "icalendar-7.3.2/issue_1081_empty_rdate.ics#1: an RDATE that is no date",
        "icalendar-7.3.2/issue_1081_invalid_rrule_freq.ics#1: an unknown frequency",
        "icalendar-7.3.2/issue_464_invalid_rdate.ics#1: an RDATE that is no date",
        "icalendar-7.3.2/issue_466_respect_unique_timezone.ics#1: an unknown time zone: /Europe/CUSTOM",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#1: no DTSTART",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#2: no DTSTART",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#3: no DTSTART",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#4: no DTSTART",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#5: no DTSTART",
        "icalendar-7.3.2/rfc_5545_RDATE_example.ics#6: no DTSTART",
        "icalendar-7.3.2/rfc_7529.ics#1: another calendar than the Gregorian (RFC 7529)",
        "icalendar-7.3.2/rfc_7529.ics#2: another calendar than the Gregorian (RFC 7529)",
        "icalendar-7.3.2/rfc_7529.ics#3: another calendar than the Gregorian (RFC 7529)",
        "icalendar-7.3.2/rfc_7529.ics#4: another calendar than the Gregorian (RFC 7529)",
      ]
    `);
  });

  it('are read with their odd zones, periods and exceptions', () => {
    const byName = new Map(icsEvents().map((event) => [event.name, event]));
    expect(byName.get('icalendar-7.3.2/issue_165_missing_event.ics#1')).toMatchObject({ zone: 'Europe/Berlin', lines: ['RRULE:FREQ=DAILY;UNTIL=20150722T080000Z;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;WKST=SU'] });
    expect(byName.get('icalendar-7.3.2/rfc_7265_appendix_example_2_ical.ics#1')).toMatchObject({
      lines: ['RRULE:FREQ=DAILY;COUNT=5', 'RDATE;VALUE=PERIOD;TZID=US/Eastern:20060102T150000/PT7200S'],
      overrides: [
        { original: '20060102T150000', start: '20060102T150000', lastsSeconds: 7200 },
        { original: '20060104T120000', start: '20060104T140000', lastsSeconds: 3600 },
      ],
    });
  });
});
