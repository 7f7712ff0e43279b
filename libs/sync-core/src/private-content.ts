import type { CanonicalFields, FieldName } from '@calsync/calendar-model';
import { normaliseLine } from './held-in-inventive.js';
import type { Base, PlanContext } from './plan-types.js';

/** What a private appointment tells beside its times. */
export const CONTENT_FIELDS = ['subject', 'location', 'notes'] as const satisfies readonly FieldName[];
export type ContentField = (typeof CONTENT_FIELDS)[number];

/** What Google shows where content may not cross; never merged back. */
export const RENDERED: Readonly<Record<ContentField, string>> = { subject: 'Bezet', location: '', notes: '' };

/**
 * How the content of this pair stands between the sides:
 * `crosses`: as any other field; `rendered`: Google shows the rendering, or what somebody typed over it there;
 * `to-render`: Google still shows what crossed while it might; `google-own`: it came from Google and stays there as it is.
 */
export type ContentState = 'crosses' | 'rendered' | 'to-render' | 'google-own';

/** `standsPrivate`: Inventive's present privacy, not what it may become by this plan. Content crosses only while the row itself is public. */
export function contentState(base: Base | undefined, standsPrivate: boolean, google: Partial<CanonicalFields>, context: PlanContext): ContentState {
  if (context.privateContent === 'full' || !standsPrivate) return 'crosses';
  // The owner hid in Google what stands there: hiding it from them would only destroy it.
  if (base?.googleOwnsContent === true) return 'google-own';
  // Never in step before: a rendering that was found (a rebuilt database) is ours, anything else was in Google first.
  if (base === undefined) return showsRendering(google) ? 'rendered' : 'google-own';
  // In step, and no content in the base: it never crossed, or was taken back.
  if (CONTENT_FIELDS.every((field) => base.fields[field] === undefined)) return 'rendered';
  // In step with content: it turned private in Inventive, or the rule became stricter.
  return 'to-render';
}

export const isContent = (field: FieldName): field is ContentField => (CONTENT_FIELDS as readonly FieldName[]).includes(field);

export const isRenderedValue = (field: ContentField, value: string): boolean => normaliseLine(value) === RENDERED[field];

const showsRendering = (google: Partial<CanonicalFields>): boolean =>
  CONTENT_FIELDS.every((field) => {
    const value = google[field];
    return value === undefined || isRenderedValue(field, value);
  });

export function withoutContent(fields: Partial<CanonicalFields>): Partial<CanonicalFields> {
  const { subject: _subject, location: _location, notes: _notes, ...rest } = fields;
  return rest;
}
