import { z } from 'zod';

/** Where a list goes on: when the last one shown changed, and its id. Opaque to callers: they hand back `next`. */
export const placeSchema = z
  .string()
  .regex(/^\d{1,15}~.{1,200}$/)
  .transform((text) => ({ at: new Date(Number(text.slice(0, text.indexOf('~')))), id: text.slice(text.indexOf('~') + 1) }))
  .describe('`next` of the answer before');

export const nextSchema = z.string().optional().describe('there is more: hand it back as `after`');

/** Asks for one more than is shown, so that a last page says it is the last. */
export function pageOf<T>(found: readonly T[], limit: number, placeOf: (last: T) => { readonly at: Date; readonly id: string }): { readonly shown: readonly T[]; readonly next?: string } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  if (found.length <= limit || last === undefined) return { shown };
  const { at, id } = placeOf(last);
  return { shown, next: `${at.getTime()}~${id}` };
}
