import { startGoogleEmulator, type ChildApp } from '@calsync/local-servers';
import { isOfDays, secondsOf, wallMs, wallText, type Expansions, type Occurrences, type Series } from './series.js';

/** The emulator as any client sees it: a series goes in by `events.insert`, its occurrences come out by `events.instances`. */
export class AskedEmulator {
  private constructor(
    private readonly child: ChildApp,
    private readonly token: string,
  ) {}

  static async start(): Promise<AskedEmulator> {
    const child = await startGoogleEmulator({ QUOTA_USER_PER_MINUTE: '10000000', QUOTA_PROJECT_PER_MINUTE: '10000000', VALIDATE_RESPONSES: 'false', LOG_LEVEL: 'silent' });
    const answer = await fetch(`${child.url}/_emulator/tokens`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'series@example.com' }) });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return new AskedEmulator(child, token);
  }

  async expand(series: readonly Series[]): Promise<Expansions> {
    const found = new Map<string, Occurrences>();
    for (const one of series) {
      found.set(
        one.id,
        await this.#expandOne(one).then(
          (seconds): Occurrences => ({ kind: 'found', seconds }),
          (error: unknown): Occurrences => ({ kind: 'failed', message: String(error) }),
        ),
      );
    }
    return found;
  }

  stop(): Promise<void> {
    return this.child.stop();
  }

  async #expandOne(series: Series): Promise<number[]> {
    const { id } = await this.#call<{ id: string }>('POST', 'calendars/primary/events', eventOf(series));
    const end = new Date((secondsOf(series.horizon, series.zone) + 1) * 1000).toISOString();
    const query = new URLSearchParams({ timeMax: end, maxResults: String(series.most), timeZone: 'UTC' });
    const { items } = await this.#call<{ items: ReadonlyArray<{ start: { date?: string; dateTime?: string } }> }>('GET', `calendars/primary/events/${id}/instances?${query}`);
    await this.#call('DELETE', `calendars/primary/events/${id}`);
    return items.map(({ start }) => Date.parse(start.dateTime ?? start.date ?? '') / 1000);
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(`${this.child.url}/calendar/v3/${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${answer.status} ${(JSON.parse(text) as { error: { message: string } }).error.message}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

/** Without length, so that only starts decide what is within the horizon. */
function eventOf(series: Series): object {
  if (isOfDays(series)) {
    const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
    return { start: { date: date(wallMs(series.start)) }, end: { date: date(wallMs(series.start) + 86_400_000) }, recurrence: series.lines };
  }
  const wall = wallText(wallMs(series.start), false).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6');
  const moment = { dateTime: wall, timeZone: series.zone };
  return { start: moment, end: moment, recurrence: series.lines };
}
