/** What can be set for an administration and for a user; described in full at /api/docs. */
export type Deletion = 'delete' | 'mark' | 'keep';
export type ImportOrSkip = 'import' | 'skip';
export type ConflictPolicy = 'latest-wins' | 'inventive-wins' | 'google-wins';
export type PrivateContent = 'full' | 'busy-only';
export type Guests = 'off' | 'silent' | 'mail';
export type DeletedInvitation = 'decline' | 'nothing';
export const EVENT_TYPES = ['outOfOffice', 'fromGmail', 'birthday', 'focusTime', 'workingLocation'] as const;
export type EventType = (typeof EVENT_TYPES)[number];
export type Colour = { readonly kind: 'colour' | 'label'; readonly id: string };
export type Colours = Readonly<Record<string, Colour>>;

type Unset<Value> = Value | null | undefined;

/** Null or absent: inherited. */
export interface PolicySettings {
  readonly conflictPolicy?: Unset<ConflictPolicy>;
  readonly privateContent?: Unset<PrivateContent>;
  readonly descriptionFields?: Unset<readonly string[]>;
  readonly rules?: Unset<{
    readonly deletion?: Unset<{ readonly toInventive?: Unset<Deletion>; readonly toGoogle?: Unset<Deletion> }>;
    readonly colours?: Unset<Colours>;
    readonly guests?: Unset<Guests>;
    readonly invitations?: Unset<ImportOrSkip>;
    readonly deletedInvitation?: Unset<DeletedInvitation>;
    readonly eventTypes?: Unset<{ readonly [Type in EventType]?: Unset<ImportOrSkip> }>;
  }>;
}

export interface Sourced<Value> {
  readonly value: Value;
  readonly from: 'user' | 'administration' | 'default';
}

/** What goes, key by key, and who says so. */
export interface EffectivePolicy {
  readonly conflictPolicy: Sourced<ConflictPolicy>;
  readonly privateContent: Sourced<PrivateContent>;
  readonly descriptionFields: Sourced<readonly string[]>;
  readonly rules: {
    readonly deletion: { readonly toInventive: Sourced<Deletion>; readonly toGoogle: Sourced<Deletion> };
    readonly colours: Sourced<Colours>;
    readonly guests: Sourced<Guests>;
    readonly invitations: Sourced<ImportOrSkip>;
    readonly deletedInvitation: Sourced<DeletedInvitation>;
    readonly eventTypes: { readonly [Type in EventType]: Sourced<ImportOrSkip> };
  };
}

/** A field that can stand in an event's description, by its name in Inventive. */
export interface DescriptionField {
  readonly field: string;
  readonly label: string;
}

export interface AdministrationView {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly settings: PolicySettings;
  readonly effective: EffectivePolicy;
  /** Linked accounts that are still to be looked at for the last change. */
  readonly accountsAhead: number;
}
export interface Administrations {
  readonly administrations: readonly AdministrationView[];
  readonly defaults: EffectivePolicy;
  readonly fieldsOffered: readonly DescriptionField[];
}
export interface ChangedAdministration {
  readonly settings: PolicySettings;
  readonly effective: EffectivePolicy;
  readonly affectedUsers: number;
}
