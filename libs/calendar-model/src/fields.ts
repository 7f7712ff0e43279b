import type { When } from './when.js';

export type ShowAs = 'busy' | 'free' | 'tentative' | 'away';
export type Privacy = 'public' | 'private';

/** The fields that both sides share and that a person edits; `notes` without the description block. */
export interface CanonicalFields {
  readonly subject: string;
  readonly when: When;
  readonly location: string;
  readonly notes: string;
  readonly showAs: ShowAs;
  readonly privacy: Privacy;
}
export type FieldName = keyof CanonicalFields;
export const FIELD_NAMES = ['subject', 'when', 'location', 'notes', 'showAs', 'privacy'] as const satisfies readonly FieldName[];

/**
 * Inventive's side. A field that may not be seen (the content of a private appointment) is absent, never null:
 * an absent field is not compared, not merged and not written.
 */
export type InventiveFields = Partial<CanonicalFields>;

/** Google's side. `description` is the raw text or HTML: what of it is notes depends on the pair (see the description block). */
export interface GoogleFields extends Partial<Omit<CanonicalFields, 'notes' | 'showAs'>> {
  readonly description?: string;
  /** Google stores busy or free only; the finer values live in Inventive. */
  readonly showAs?: 'busy' | 'free';
}

/** What we write into `extendedProperties.private` of a Google event, so that a lost database can be rebuilt. */
export interface Marks {
  readonly inventiveInstallation: string;
  readonly inventiveAdministration: string;
  readonly inventiveAppointment: string;
  /** The event's own id and generation, `<id>.<generation>`: a copied event carries a mark that names another. */
  readonly inventiveEvent: string;
}
