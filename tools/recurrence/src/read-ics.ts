import { secondsOf, utcText, wallMs, wallText, wallTextOf } from './series.js';

/** A VEVENT with all that belongs to it: what Google's `events.import` needs, and what to expect. */
export interface IcsEvent {
  readonly uid: string;
  readonly summary: string;
  readonly start: string;
  /** Empty for an event of days. */
  readonly zone: string;
  readonly lastsSeconds: number;
  /** Empty for a single event. */
  readonly lines: readonly string[];
  readonly overrides: readonly Override[];
  /** Why nothing can be made of it. */
  readonly refused?: string;
}

/** One occurrence that differs: by a RECURRENCE-ID, or by the length that an RDATE of periods gives it. Wall times in the zone of the series. */
export interface Override {
  readonly original: string;
  readonly start: string;
  readonly lastsSeconds: number;
  readonly summary?: string;
}

interface Property {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

type Component = readonly Property[];

/** A time without zone is one of this office. */
const floatingZone = 'Europe/Amsterdam';
/** Names that programs made up, as far as the files hold them. */
const madeUp: Readonly<Record<string, string>> = {
  'Western/Central Europe': 'Europe/Berlin',
  'Central Standard Time': 'America/Chicago',
  'GMT +0100 (Standard) / GMT +0200 (Daylight)': 'Europe/Berlin',
};

export function readIcs(text: string): readonly IcsEvent[] {
  const components = readComponents(text);
  const masters = components.filter((component) => find(component, 'RECURRENCE-ID') === undefined);
  const uidOf = (component: Component): string => find(component, 'UID')?.value ?? '';
  const events = masters.map((master) => readEvent(master, components.filter((other) => other !== master && find(other, 'RECURRENCE-ID') !== undefined && uidOf(other) === uidOf(master))));
  // An occurrence whose series isn't in the file stands alone.
  const alone = components.filter((component) => !masters.includes(component) && !masters.some((master) => uidOf(master) === uidOf(component)));
  return [...events, ...alone.map((component) => readEvent(component.filter(({ name }) => name !== 'RDATE'), []))];
}

function readComponents(text: string): readonly Component[] {
  const lines = text.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]/g, '').split('\n');
  const components: Property[][] = [];
  let current: Property[] | undefined;
  let depth = 0;
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') components.push((current = []));
    else if (line === 'END:VEVENT') current = undefined;
    else if (line.startsWith('BEGIN:')) depth += 1;
    else if (line.startsWith('END:')) depth -= 1;
    else if (current !== undefined && (depth <= 1 || components.length > 0)) {
      const property = readProperty(line);
      // The first one counts: an alarm inside has a DESCRIPTION or DURATION of its own.
      const repeated = property !== undefined && !['RDATE', 'EXDATE', 'RRULE'].includes(property.name) && current.some(({ name }) => name === property.name);
      if (property !== undefined && !repeated) current.push(property);
    }
  }
  return components;
}

function readProperty(line: string): Property | undefined {
  const match = /^([A-Za-z-]+)((?:;[A-Za-z-]+=(?:"[^"]*"|[^;:]*))*):(.*)$/.exec(line);
  if (match === null) return undefined;
  const parameters = new Map([...(match[2] ?? '').matchAll(/;([A-Za-z-]+)=("[^"]*"|[^;:]*)/g)].map(([, name = '', value = '']) => [name.toUpperCase(), value.replaceAll('"', '')] as const));
  return { name: (match[1] ?? '').toUpperCase(), parameters, value: match[3] ?? '' };
}

const find = (component: Component, name: string): Property | undefined => component.find((property) => property.name === name);

function readEvent(master: Component, exceptions: readonly Component[]): IcsEvent {
  const uid = find(master, 'UID')?.value ?? '';
  const summary = textOf(find(master, 'SUMMARY')?.value ?? '');
  const dtstart = find(master, 'DTSTART');
  const nothing = { uid, summary, start: '', zone: '', lastsSeconds: 0, lines: [], overrides: [] };
  if (dtstart === undefined) return { ...nothing, refused: 'no DTSTART' };
  try {
    const zone = zoneOf(dtstart);
    const start = dtstart.value.replace(/Z$/, '');
    const lastsSeconds = lengthOf(master, zone);
    const periods: Override[] = [];
    const lines = master.filter(({ name }) => ['RRULE', 'RDATE', 'EXDATE'].includes(name)).flatMap((property) => readLine(property, start, zone, lastsSeconds, periods));
    const overrides = exceptions.map((exception): Override => {
      const id = find(exception, 'RECURRENCE-ID');
      const at = find(exception, 'DTSTART');
      if (id === undefined || at === undefined) throw new Error('an exception without its time');
      return { original: inZone(id, zone), start: inZone(at, zone), lastsSeconds: lengthOf(exception, zoneOf(at)), summary: textOf(find(exception, 'SUMMARY')?.value ?? '') };
    });
    return { uid, summary, start, zone, lastsSeconds, lines, overrides: [...periods, ...overrides] };
  } catch (error) {
    return { ...nothing, refused: error instanceof Error ? error.message : String(error) };
  }
}

/** The line in the form that Google takes: zones by their names, an UNTIL in UTC, nothing that programs leave behind by mistake. */
function readLine(property: Property, start: string, zone: string, lastsSeconds: number, periods: Override[]): readonly string[] {
  const ofDays = zone === '';
  if (property.name === 'RRULE') {
    const parts = property.value.replaceAll(/\s/g, '').replace(/;$/, '').split(';');
    if (parts.some((part) => /^(RSCALE|SKIP)=/.test(part))) throw new Error('another calendar than the Gregorian (RFC 7529)');
    if (!parts.some((part) => /^FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(part))) throw new Error('an unknown frequency');
    const until = (text: string): string => {
      if (ofDays) return text.slice(0, 8);
      if (!text.includes('T')) return utcText(secondsOf(`${text}T235959`, zone));
      return text.endsWith('Z') ? text : utcText(secondsOf(text, zone));
    };
    return [`RRULE:${parts.map((part) => (part.startsWith('UNTIL=') ? `UNTIL=${until(part.slice(6))}` : part)).join(';')}`];
  }
  const values = property.value.split(',').filter((value) => value !== '' || property.name === 'RDATE');
  const written: string[] = [];
  const stamps: string[] = [];
  for (const value of values) {
    const [from = '', to] = value.split('/');
    if (!/^\d{8}(T\d{6}Z?)?$/.test(from)) throw new Error(`an ${property.name} that is no date`);
    const at = inZone({ ...property, value: from }, zone, start);
    // The series begins with its own length, whatever a period at its start says.
    if (to === undefined || at === start || ofDays) stamps.push(at);
    else {
      const lasts = to.startsWith('P') ? durationOf(to) : (wallMs(to) - wallMs(from)) / 1000;
      written.push(`${at}/PT${lasts}S`);
      if (lasts !== lastsSeconds) periods.push({ original: at, start: at, lastsSeconds: lasts });
    }
  }
  const ofPeriods = written.length === 0 ? [] : [`${property.name};VALUE=PERIOD;TZID=${zone}:${written.join(',')}`];
  if (stamps.length === 0) return ofPeriods;
  return [...ofPeriods, ofDays ? `${property.name};VALUE=DATE:${stamps.map((at) => at.slice(0, 8)).join(',')}` : `${property.name};TZID=${zone}:${stamps.join(',')}`];
}

/** The wall time of a property in a zone. A day beside times means the time of the start. */
function inZone(property: Property, zone: string, start = ''): string {
  const { value } = property;
  if (zone === '') return value.slice(0, 8);
  if (!value.includes('T')) return `${value}${start.slice(8)}`;
  const own = value.endsWith('Z') ? 'UTC' : property.parameters.has('TZID') ? zoneOf(property) : zone;
  return wallTextOf(secondsOf(value.replace(/Z$/, ''), own), zone);
}

function zoneOf({ value, parameters }: Property): string {
  if (!value.includes('T')) return '';
  if (value.endsWith('Z')) return 'UTC';
  const tzid = parameters.get('TZID');
  if (tzid === undefined) return floatingZone;
  const name = madeUp[tzid] ?? tzid.replace(/^\//, '').split('/').slice(-2).join('/');
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === '' ? floatingZone : name;
  } catch {
    throw new Error(`an unknown time zone: ${tzid}`);
  }
}

function lengthOf(component: Component, zone: string): number {
  const start = find(component, 'DTSTART');
  const end = find(component, 'DTEND');
  const duration = find(component, 'DURATION');
  if (start !== undefined && end !== undefined) {
    if (zone === '') return Math.max(86_400, (wallMs(end.value) - wallMs(start.value)) / 1000);
    return Math.max(0, secondsOf(end.value.replace(/Z$/, ''), zoneOf(end)) - secondsOf(start.value.replace(/Z$/, ''), zone));
  }
  if (duration !== undefined) return durationOf(duration.value);
  return zone === '' ? 86_400 : 0;
}

const durationOf = (text: string): number => Temporal.Duration.from(text).total({ unit: 'seconds' });

const textOf = (value: string): string => value.replaceAll(/\\n/gi, ' ').replaceAll(/\\([,;\\])/g, '$1').trim();

/** A day written for a time: `DTSTART;VALUE=DATE:20110804T120000` stands in old files. */
export const startText = (event: IcsEvent): string => (event.zone === '' ? wallText(wallMs(event.start), true) : event.start);
