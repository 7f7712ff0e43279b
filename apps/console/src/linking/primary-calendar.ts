import { z } from 'zod';
import { asCalendarId, type CalendarId } from '@calsync/calendar-model';

const entrySchema = z.object({ id: z.string().min(1) });

/**
 * The real id of a person's primary calendar, with the access token just granted: the alias `primary` would make pairs that another
 * account's alias resembles. Undefined where Google gave none (no calendar service, or no answer).
 */
export async function primaryCalendar(apiRoot: string | undefined, accessToken: string): Promise<CalendarId | undefined> {
  const url = new URL('/calendar/v3/users/me/calendarList/primary?fields=id', apiRoot ?? 'https://www.googleapis.com');
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` }, redirect: 'error', signal: AbortSignal.timeout(5_000) });
      if (response.ok) return asCalendarId(entrySchema.parse(await response.json()).id);
      await response.body?.cancel();
      if (response.status < 500 && response.status !== 429) return undefined;
    } catch {
      // Cut off, timed out or unreadable: asked again below.
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt * (0.5 + Math.random())));
  }
  return undefined;
}
