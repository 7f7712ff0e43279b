import { z } from 'zod';
import { asCalendarId } from '@calsync/calendar-model';
import type { LinkedCalendar } from '@calsync/accounts';

/** A calendar of a person that can be kept in step: their own, or shared with the right to write. */
export interface GoogleCalendar extends LinkedCalendar {
  /** As that person reads it in Google. */
  readonly name: string;
}

export type CalendarsReading =
  /** All of them, the primary one first, then by name. */
  | { readonly kind: 'read'; readonly calendars: readonly GoogleCalendar[] }
  /** Google takes this token no more. */
  | { readonly kind: 'token-refused' }
  /** No calendar service, or not for us. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' };

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;
/** Of 250 calendars each: nobody has so many, and a list that never ends is not waited for. */
const MOST_PAGES = 20;

const entrySchema = z.object({
  id: z.string().min(1),
  summary: z.string().optional(),
  summaryOverride: z.string().optional(),
  primary: z.boolean().optional(),
  accessRole: z.string().optional(),
  deleted: z.boolean().optional(),
});
const pageSchema = z.object({ items: z.array(entrySchema).default([]), nextPageToken: z.string().min(1).optional() });
const errorSchema = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string().optional() })).default([]) }) });

/**
 * The calendars of a person, by an access token of theirs, hidden ones too. A few tries; then it is said why not. Their real ids: the
 * alias `primary` would make pairs that another account's alias resembles.
 */
export async function readCalendars(apiRoot: string | undefined, accessToken: string): Promise<CalendarsReading> {
  const found: GoogleCalendar[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reading = await readPage(apiRoot, accessToken, pageToken);
    if (reading.kind !== 'page') return reading;
    found.push(...reading.page.items.filter(isWritable).map(asCalendar));
    pageToken = reading.page.nextPageToken;
    if (pageToken === undefined) break;
  }
  return { kind: 'read', calendars: found.sort((one, other) => Number(other.primary) - Number(one.primary) || one.name.localeCompare(other.name, 'nl')) };
}

type PageReading = { readonly kind: 'page'; readonly page: z.infer<typeof pageSchema> } | Exclude<CalendarsReading, { readonly kind: 'read' }>;

async function readPage(apiRoot: string | undefined, accessToken: string, pageToken: string | undefined): Promise<PageReading> {
  const url = new URL('/calendar/v3/users/me/calendarList', apiRoot ?? 'https://www.googleapis.com');
  url.search = new URLSearchParams({
    minAccessRole: 'writer', showHidden: 'true', maxResults: '250', ...(pageToken === undefined ? {} : { pageToken }),
  }).toString();
  for (let attempt = 1; ; attempt += 1) {
    const reading = await tryPage(url, accessToken);
    if (reading.kind !== 'unreachable' || attempt === ATTEMPTS) return reading;
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt * (0.5 + Math.random() / 2)));
  }
}

async function tryPage(url: URL, accessToken: string): Promise<PageReading> {
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` }, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return { kind: 'page', page: pageSchema.parse(await response.json()) };
    const reasons = errorSchema.safeParse(await response.json().catch(() => undefined)).data?.error.errors ?? [];
    if (response.status === 401) return { kind: 'token-refused' };
    const slowDown = response.status === 429 || reasons.some(({ reason = '' }) => /rateLimitExceeded/i.test(reason));
    return { kind: response.status >= 500 || slowDown ? 'unreachable' : 'refused' };
  } catch {
    // Cut off, timed out or unreadable.
    return { kind: 'unreachable' };
  }
}

/** Not `writerWithoutPrivateAccess`: private events of such a calendar can't be told apart from none. */
const isWritable = ({ accessRole, deleted }: z.infer<typeof entrySchema>): boolean => deleted !== true && (accessRole === 'owner' || accessRole === 'writer');

const asCalendar = ({ id, summary = '', summaryOverride, primary }: z.infer<typeof entrySchema>): GoogleCalendar => ({
  id: asCalendarId(id), name: summaryOverride ?? (summary === '' ? id : summary), primary: primary === true,
});
