import type { When } from './when.js';

export type ShowAs = 'busy' | 'free' | 'tentative' | 'away';
export type Privacy = 'public' | 'private';
/** Whole minutes before the start; `default`: none of its own (in Google the calendar's default ones ring); `none`: surely silent. */
export type Reminder = number | 'default' | 'none';

/** The fields that both sides share and that a person edits; `notes` without the description block. */
export interface CanonicalFields {
  readonly subject: string;
  readonly when: When;
  readonly location: string;
  readonly notes: string;
  readonly showAs: ShowAs;
  readonly privacy: Privacy;
  readonly reminder: Reminder;
}
export type FieldName = keyof CanonicalFields;
export const FIELD_NAMES = ['subject', 'when', 'location', 'notes', 'showAs', 'privacy', 'reminder'] as const satisfies readonly FieldName[];

/**
 * Inventive's side. A field that may not be seen (the content of a private appointment) is absent, never null:
 * an absent field is not compared, not merged and not written.
 */
export type InventiveFields = Partial<CanonicalFields>;

/** Google's side. `description` is the raw text or HTML: what of it is notes depends on the pair (see the description block). */
export interface GoogleFields extends Partial<Omit<CanonicalFields, 'notes' | 'showAs' | 'reminder'>> {
  readonly description?: string;
  /** Google knows no *Afwezig* of an ordinary event: that finer value lives in Inventive. Tentative is the event's status. */
  readonly showAs?: 'busy' | 'free' | 'tentative';
  readonly reminders?: GoogleReminders;
}

/** As Google has them; which of them is the one that Inventive knows is decided by the merge, the others are left as they are. */
export interface GoogleReminders {
  readonly useDefault: boolean;
  readonly overrides: readonly { readonly method: string; readonly minutes: number }[];
}

/** What we put on a Google event beside its fields. It never counts as an edit of anybody, and is never read back into Inventive. */
export interface Decor {
  /** The way back to the record in Inventive. */
  readonly link?: EventLink;
  /** By *Soort*. */
  readonly colour?: EventColour;
}
/** A write of it. `none` takes the colour away. */
export interface DecorChange {
  readonly link?: EventLink;
  readonly colour?: EventColour | { readonly kind: 'none' };
}
export interface EventLink {
  readonly title: string;
  readonly url: string;
}
/** A colour of Google's palette, or one of the calendar's own labels (since 2026). */
export type EventColour = { readonly kind: 'colour'; readonly id: string } | { readonly kind: 'label'; readonly id: string };

/** What we write into `extendedProperties.private` of a Google event, so that a lost database can be rebuilt. */
export interface Marks {
  readonly inventiveInstallation: string;
  readonly inventiveAdministration: string;
  readonly inventiveAppointment: string;
  /** The event's own id and generation, `<id>.<generation>`: a copied event carries a mark that names another. */
  readonly inventiveEvent: string;
}
