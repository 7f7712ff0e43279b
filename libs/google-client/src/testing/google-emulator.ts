import { startGoogleEmulator, type ChildApp } from '@calsync/local-servers/testing';
import { asAccountId, asCalendarId, type AccountId, type CalendarId } from '@calsync/calendar-model';
import type { AccessTokens, CalendarRef, Clock } from '@calsync/sync-engine';
import { createQuotaLimiter } from '../quota-limiter.js';
import type { GoogleClientOptions } from '../google-calls.js';

const clock: Clock = { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

/** One emulator for a test file, and what a test needs to act as a person, as Google, and as the product. */
export async function openEmulator() {
  const child: ChildApp = await startGoogleEmulator();
  const root = child.url;

  const door = async <T>(path: string, body?: object, method = body === undefined ? 'GET' : 'POST'): Promise<T> => {
    const response = await fetch(new URL(`/_emulator/${path}`, root), { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };

  let people = 0;
  return {
    root, door,
    /** Whatever a test did, nobody may have been mailed. */
    async stop() {
      const { mails } = await door<{ mails: unknown[] }>('stats');
      await child.stop();
      if (mails.length > 0) throw new Error(`Google would have sent ${mails.length} mails: ${JSON.stringify(mails)}`);
    },
    /** A new person with an empty calendar, the product's ports for that account, and a plain client of that person's own. */
    async aPerson() {
      const email = `person${(people += 1)}@example.com`;
      await door('accounts', { email });
      const issue = async () => (await door<{ access_token: string }>('tokens', { email })).access_token;
      let current: string | undefined;
      const asked = { tokens: 0, discarded: 0 };
      const tokens: AccessTokens = {
        async tokenFor() {
          if (current === undefined) {
            current = await issue();
            asked.tokens += 1;
          }
          return current;
        },
        async discard(_account, token) {
          asked.discarded += 1;
          if (current === token) current = undefined;
        },
      };
      const options: GoogleClientOptions = { tokens, root, clock, limiter: createQuotaLimiter({ clock, perUserPerMinute: 100_000, perProjectPerMinute: 100_000 }), random: () => 0 };
      const calendarId: CalendarId = asCalendarId(email);
      const calendar: CalendarRef = { accountId: asAccountId('a') as AccountId, calendarId };
      const own = await issue();
      const api = async <T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> => {
        const response = await fetch(new URL(`/calendar/v3/${path}`, root), {
          method, headers: { authorization: `Bearer ${own}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return (text === '' ? undefined : JSON.parse(text)) as T;
      };
      return {
        email, calendar, options, asked,
        spoilToken: () => void (current = 'ya29.nonsense'),
        events: `calendars/${encodeURIComponent(email)}/events`,
        api,
        fault: (method: string, action: object, times = 1) => door<{ id: string }>('faults', { match: { method, email }, action, times }),
      };
    },
    async callsOf(email: string) {
      const { calls } = await door<{ calls: { method: string; email?: string; status: number; count: number }[] }>('stats');
      return calls.filter((call) => call.email === email);
    },
  };
}

export type Emulator = Awaited<ReturnType<typeof openEmulator>>;
export type Person = Awaited<ReturnType<Emulator['aPerson']>>;
