import type { Decor, DecorChange, GoogleEventRecord, GoogleFields } from '@calsync/calendar-model';

/** Of something deleted a delta tells the id, of an occurrence also which. */
export function bare(record: GoogleEventRecord): GoogleEventRecord {
  const { calendarId, id, etag, eventType, ownedByUser, reduced, occurrence } = record;
  return { calendarId, id, etag, eventType, ownedByUser, reduced, shape: occurrence === undefined ? 'single' : 'occurrence', status: 'cancelled', fields: {}, ...(occurrence === undefined ? {} : { occurrence }) };
}

/** Tentative is a status in Google. */
export const statusOf = ({ showAs }: GoogleFields): 'confirmed' | 'tentative' => (showAs === 'tentative' ? 'tentative' : 'confirmed');

/** The event with what is written of its link and colour. */
export function decorated<Event extends Decor>(event: Event, { decor = {} }: { readonly decor?: DecorChange }): Event {
  const { colour, ...link } = decor;
  if (colour?.kind !== 'none') return { ...event, ...link, ...(colour === undefined ? {} : { colour }) };
  const { colour: _taken, ...rest } = { ...event, ...link };
  return rest as Event;
}
