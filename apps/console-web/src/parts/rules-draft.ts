import { EVENT_TYPES, type Colour, type Colours, type EventType, type ImportOrSkip, type PolicySettings, type Sourced } from '../api/policy';
import type { TextKey } from '../i18n/dutch';
import { over } from './edited';

/** The form as it is being filled in: `undefined` is inherited, lists and texts stay as typed until they are checked. */
export interface RulesDraft {
  readonly toGoogle: string | undefined;
  readonly toInventive: string | undefined;
  readonly privateContent: string | undefined;
  readonly conflictPolicy: string | undefined;
  readonly guests: string | undefined;
  readonly invitations: string | undefined;
  readonly deletedInvitation: string | undefined;
  readonly eventTypes: { readonly [Type in EventType]?: string | undefined };
  readonly colours: readonly ColourDraft[] | undefined;
  readonly descriptionFields: readonly string[] | undefined;
}
export interface ColourDraft {
  readonly category: string;
  readonly colour: Colour;
}

/** Where the form is wrong: by the console's own names, so that its complaints and ours stand at the same fields. */
export type Wrong = Readonly<Record<string, TextKey>>;

export function draftOf({ conflictPolicy, privateContent, descriptionFields, rules }: PolicySettings): RulesDraft {
  return {
    toGoogle: rules?.deletion?.toGoogle ?? undefined,
    toInventive: rules?.deletion?.toInventive ?? undefined,
    privateContent: privateContent ?? undefined,
    conflictPolicy: conflictPolicy ?? undefined,
    guests: rules?.guests ?? undefined,
    invitations: rules?.invitations ?? undefined,
    deletedInvitation: rules?.deletedInvitation ?? undefined,
    eventTypes: Object.fromEntries(EVENT_TYPES.map((type) => [type, rules?.eventTypes?.[type] ?? undefined])),
    colours: rules?.colours === undefined || rules.colours === null ? undefined : coloursDraft(rules.colours),
    descriptionFields: descriptionFields ?? undefined,
  };
}

export const coloursDraft = (colours: Colours): readonly ColourDraft[] => Object.entries(colours).map(([category, colour]) => ({ category, colour }));

/** What is to be saved, whole: null says that a key is inherited. */
export function settingsFrom(draft: RulesDraft): { readonly settings: PolicySettings } | { readonly wrong: Wrong } {
  const wrong: Record<string, TextKey> = {};
  const categories = draft.colours?.map(({ category }) => category.trim().toLowerCase()) ?? [];
  if (categories.includes('')) wrong['rules.colours'] = 'rules.colour-without-category';
  else if (new Set(categories).size < categories.length) wrong['rules.colours'] = 'rules.colour-twice';
  if (Object.keys(wrong).length > 0) return { wrong };
  const given = { ...draft, colours: draft.colours === undefined ? undefined : Object.fromEntries(draft.colours.map(({ category, colour }) => [category.trim(), colour])) };
  return { settings: saved(given) };
}

/** What a person filled in since the form was opened, over what stands by now; each kind of event apart. */
export const overStanding = (standing: RulesDraft, { opened, filled }: { readonly opened: RulesDraft; readonly filled: RulesDraft }): RulesDraft => ({
  ...over(standing, { opened, filled }),
  eventTypes: over(standing.eventTypes, { opened: opened.eventTypes, filled: filled.eventTypes }),
});

/** The selects offer only what the console takes. */
function saved(draft: Omit<RulesDraft, 'colours'> & { readonly colours: Colours | undefined }): PolicySettings {
  const orNull = <Value>(value: string | undefined): Value | null => (value === undefined ? null : (value as Value));
  return {
    conflictPolicy: orNull(draft.conflictPolicy),
    privateContent: orNull(draft.privateContent),
    descriptionFields: draft.descriptionFields ?? null,
    rules: {
      deletion: { toGoogle: orNull(draft.toGoogle), toInventive: orNull(draft.toInventive) },
      colours: draft.colours ?? null,
      guests: orNull(draft.guests),
      invitations: orNull(draft.invitations),
      deletedInvitation: orNull(draft.deletedInvitation),
      eventTypes: Object.fromEntries(EVENT_TYPES.map((type) => [type, orNull<ImportOrSkip>(draft.eventTypes[type])])),
    },
  };
}

/** How many keys are set. */
export const countSet = (settings: PolicySettings): number => {
  const { eventTypes, ...rest } = draftOf(settings);
  return [...Object.values(rest), ...Object.values(eventTypes)].filter((value) => value !== undefined).length;
};

/** How it is said what goes where nothing is set. */
export const inheritedKey = ({ from }: Sourced<unknown>): TextKey => (from === 'administration' ? 'rules.as-administration' : 'rules.as-default');
