import type { Decor, GoogleEventRecord, GoogleFields } from '@calsync/calendar-model';

/** Of something deleted a delta tells the id, of an occurrence also which. */
export function bare(record: GoogleEventRecord): GoogleEventRecord {
  const { calendarId, id, etag, eventType, ownedByUser, reduced, occurrence } = record;
  return { calendarId, id, etag, eventType, ownedByUser, reduced, shape: occurrence === undefined ? 'single' : 'occurrence', status: 'cancelled', fields: {}, ...(occurrence === undefined ? {} : { occurrence }) };
}

/** Tentative is a status in Google. */
export const statusOf = ({ showAs }: GoogleFields): 'confirmed' | 'tentative' => (showAs === 'tentative' ? 'tentative' : 'confirmed');

export const decorated = ({ decor }: { readonly decor?: Decor }): Pick<GoogleEventRecord, 'link' | 'colour'> => ({ ...decor });
