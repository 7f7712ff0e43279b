import { z } from 'zod';
import { DEFAULT_RULES, type AccountRules, type AgendaPolicy } from '@calsync/sync-engine';

const deletion = z.enum(['delete', 'mark', 'keep']);
const importOrSkip = z.enum(['import', 'skip']);
const colour = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('colour'), id: z.string().regex(/^([1-9]|1[01])$/) }),
  z.strictObject({ kind: z.literal('label'), id: z.string().min(1).max(100) }),
]);
const conflictPolicy = z.enum(['latest-wins', 'inventive-wins', 'google-wins']);
const privateContent = z.enum(['full', 'busy-only']);
const descriptionFields = z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9.]{0,60}$/)).max(40);
const colours = z.record(z.string().min(1).max(80), colour);
const guests = z.enum(['off', 'silent', 'mail']);
const deletedInvitation = z.enum(['decline', 'nothing']);

/** Of the engine's `AgendaPolicy` whatever was set, for a user or an administration. Absent or null: it is inherited. */
export const policySettingsSchema = z.strictObject({
  conflictPolicy: conflictPolicy.nullish(),
  privateContent: privateContent.nullish(),
  descriptionFields: descriptionFields.nullish(),
  rules: z
    .strictObject({
      deletion: z.strictObject({ toInventive: deletion.nullish(), toGoogle: deletion.nullish() }).nullish(),
      /** As a whole: an empty one says that nothing gets a colour. */
      colours: colours.nullish(),
      guests: guests.nullish(),
      invitations: importOrSkip.nullish(),
      deletedInvitation: deletedInvitation.nullish(),
      eventTypes: z
        .strictObject({ birthday: importOrSkip.nullish(), focusTime: importOrSkip.nullish(), outOfOffice: importOrSkip.nullish(), workingLocation: importOrSkip.nullish(), fromGmail: importOrSkip.nullish() })
        .nullish(),
    })
    .nullish(),
});
export type PolicySettings = z.infer<typeof policySettingsSchema>;

/** What goes where nothing was set. */
export const DEFAULT_POLICY: AgendaPolicy = {
  conflictPolicy: 'latest-wins',
  // A private appointment shows as busy in Google until an administrator decides otherwise.
  privateContent: 'busy-only',
  descriptionFields: ['notes', 'relation.name', 'contact.name', 'project.name'],
  rules: DEFAULT_RULES,
};

const sourced = <Value extends z.ZodType>(value: Value) => z.object({ value, from: z.enum(['user', 'administration', 'default']) });

/** What goes, key by key, and who says so. */
export const effectivePolicySchema = z.object({
  conflictPolicy: sourced(conflictPolicy),
  privateContent: sourced(privateContent),
  descriptionFields: sourced(descriptionFields),
  rules: z.object({
    deletion: z.object({ toInventive: sourced(deletion), toGoogle: sourced(deletion) }),
    colours: sourced(colours),
    guests: sourced(guests),
    invitations: sourced(importOrSkip),
    deletedInvitation: sourced(deletedInvitation),
    eventTypes: z.object({ birthday: sourced(importOrSkip), focusTime: sourced(importOrSkip), outOfOffice: sourced(importOrSkip), workingLocation: sourced(importOrSkip), fromGmail: sourced(importOrSkip) }),
  }),
});
export type EffectivePolicy = z.infer<typeof effectivePolicySchema>;

export interface PolicyLayers {
  readonly user?: PolicySettings | undefined;
  readonly administration?: PolicySettings | undefined;
}

/** Each key by itself: what is set for the user, else for the administration, else the product's default. */
export function effectivePolicy({ user, administration }: PolicyLayers): EffectivePolicy {
  const key = <Value>(of: (settings: PolicySettings) => Value | null | undefined, otherwise: Value): { value: Value; from: 'user' | 'administration' | 'default' } => {
    const own = user === undefined ? undefined : of(user);
    if (own !== undefined && own !== null) return { value: own, from: 'user' };
    const theirs = administration === undefined ? undefined : of(administration);
    return theirs !== undefined && theirs !== null ? { value: theirs, from: 'administration' } : { value: otherwise, from: 'default' };
  };
  const type = (name: keyof AccountRules['eventTypes']) => key(({ rules }) => rules?.eventTypes?.[name], DEFAULT_RULES.eventTypes[name]);
  return {
    conflictPolicy: key((settings) => settings.conflictPolicy, DEFAULT_POLICY.conflictPolicy),
    privateContent: key((settings) => settings.privateContent, DEFAULT_POLICY.privateContent),
    descriptionFields: key((settings) => settings.descriptionFields, [...DEFAULT_POLICY.descriptionFields]),
    rules: {
      deletion: {
        toInventive: key(({ rules }) => rules?.deletion?.toInventive, DEFAULT_RULES.deletion.toInventive),
        toGoogle: key(({ rules }) => rules?.deletion?.toGoogle, DEFAULT_RULES.deletion.toGoogle),
      },
      colours: key(({ rules }) => rules?.colours, { ...DEFAULT_RULES.colours }),
      guests: key(({ rules }) => rules?.guests, DEFAULT_RULES.guests),
      invitations: key(({ rules }) => rules?.invitations, DEFAULT_RULES.invitations),
      deletedInvitation: key(({ rules }) => rules?.deletedInvitation, DEFAULT_RULES.deletedInvitation),
      eventTypes: { birthday: type('birthday'), focusTime: type('focusTime'), outOfOffice: type('outOfOffice'), workingLocation: type('workingLocation'), fromGmail: type('fromGmail') },
    },
  };
}

export function policyFrom({ conflictPolicy, privateContent, descriptionFields, rules }: EffectivePolicy): AgendaPolicy {
  const { deletion, colours, guests, invitations, deletedInvitation, eventTypes } = rules;
  return {
    conflictPolicy: conflictPolicy.value, privateContent: privateContent.value, descriptionFields: descriptionFields.value,
    rules: {
      deletion: { toInventive: deletion.toInventive.value, toGoogle: deletion.toGoogle.value },
      colours: colours.value, guests: guests.value, invitations: invitations.value, deletedInvitation: deletedInvitation.value,
      eventTypes: {
        birthday: eventTypes.birthday.value, focusTime: eventTypes.focusTime.value, outOfOffice: eventTypes.outOfOffice.value,
        workingLocation: eventTypes.workingLocation.value, fromGmail: eventTypes.fromGmail.value,
      },
    },
  };
}

/** Without what says nothing: nulls, and groups in which nothing is set. What stays reads the same in whatever form it came. */
export function whatIsSet({ conflictPolicy, privateContent, descriptionFields, rules }: PolicySettings): PolicySettings {
  const deletion = given({ toInventive: rules?.deletion?.toInventive, toGoogle: rules?.deletion?.toGoogle });
  const types = rules?.eventTypes;
  const eventTypes = given({ birthday: types?.birthday, focusTime: types?.focusTime, outOfOffice: types?.outOfOffice, workingLocation: types?.workingLocation, fromGmail: types?.fromGmail });
  const set = given({
    deletion: unlessEmpty(deletion), colours: rules?.colours, guests: rules?.guests, invitations: rules?.invitations, deletedInvitation: rules?.deletedInvitation, eventTypes: unlessEmpty(eventTypes),
  });
  return given({ conflictPolicy, privateContent, descriptionFields, rules: unlessEmpty(set) });
}

/**
 * What a document says that was saved when nothing could be inherited: everything stood in it. What equals the product's default
 * was as good as never anybody's choice, and is inherited from now on; the rest somebody chose, and it stays the user's own.
 */
export function setInOlderVersion(settings: PolicySettings): PolicySettings {
  const { rules } = settings;
  const other = <Value>(value: Value | null | undefined, usual: Value): Value | undefined =>
    value === undefined || value === null || JSON.stringify(value) === JSON.stringify(usual) ? undefined : value;
  const type = (name: keyof AccountRules['eventTypes']) => other(rules?.eventTypes?.[name], DEFAULT_RULES.eventTypes[name]);
  return whatIsSet({
    conflictPolicy: other(settings.conflictPolicy, DEFAULT_POLICY.conflictPolicy),
    privateContent: other(settings.privateContent, DEFAULT_POLICY.privateContent),
    descriptionFields: other(settings.descriptionFields, [...DEFAULT_POLICY.descriptionFields]),
    rules: {
      deletion: { toInventive: other(rules?.deletion?.toInventive, DEFAULT_RULES.deletion.toInventive), toGoogle: other(rules?.deletion?.toGoogle, DEFAULT_RULES.deletion.toGoogle) },
      colours: other(rules?.colours, { ...DEFAULT_RULES.colours }),
      guests: other(rules?.guests, DEFAULT_RULES.guests),
      invitations: other(rules?.invitations, DEFAULT_RULES.invitations),
      deletedInvitation: other(rules?.deletedInvitation, DEFAULT_RULES.deletedInvitation),
      eventTypes: { birthday: type('birthday'), focusTime: type('focusTime'), outOfOffice: type('outOfOffice'), workingLocation: type('workingLocation'), fromGmail: type('fromGmail') },
    },
  });
}

type Given<Group> = { [Key in keyof Group]?: NonNullable<Group[Key]> };
const given = <Group extends object>(group: Group): Given<Group> =>
  Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined && value !== null)) as Given<Group>;
const unlessEmpty = <Group extends object>(group: Group): Group | undefined => (Object.keys(group).length === 0 ? undefined : group);
