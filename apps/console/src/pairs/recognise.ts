import { z } from 'zod';
import type { When } from '@calsync/calendar-model';
import type { Pair } from '@calsync/sync-engine';

/** By what a person recognises an appointment. The times of a private one stand in Google too, its subject doesn't. */
export const recognisedSchema = z.object({
  subject: z.string().optional(),
  private: z.boolean().optional().describe('its content is not shown here'),
  start: z.string().optional().describe('wall time, or a date for a whole day'),
  end: z.string().optional().describe('wall time, or the last day'),
  zone: z.string().optional(),
});
export type Recognised = z.infer<typeof recognisedSchema>;

export function recognisePair(pair: Pair): Recognised {
  const { inventive, google, base } = pair;
  const record = inventive.record ?? google.record;
  const subject = record?.fields.subject ?? base?.fields.subject;
  return { ...(mayBePrivate(pair) ? { private: true } : subject === undefined ? {} : { subject }), ...timesOf(record?.fields.when ?? base?.fields.when) };
}

/** Whatever is private on one side, or was until it was overwritten, is private here. */
export function mayBePrivate({ inventive, google, base, lostValues }: Pair): boolean {
  const records = [inventive.record, google.record].filter((record) => record !== undefined);
  if (records.length === 0) return true;
  const was = lostValues.some(({ field, kept, lost }) => field === 'privacy' && (kept === 'private' || lost === 'private'));
  return was || base?.fields.privacy === 'private' || records.some(({ fields, reduced }) => reduced || fields.privacy === 'private');
}

export function timesOf(when: When | undefined): Pick<Recognised, 'start' | 'end' | 'zone'> {
  if (when === undefined) return {};
  return when.kind === 'all-day' ? { start: when.firstOn, end: when.lastOn } : { start: when.start, end: when.end, zone: when.zone };
}
