import type { AclRecord, CalendarRecord, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** What somebody may do with a calendar, from nothing to everything. */
export const roles = ['none', 'freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner'] as const;
export type Role = (typeof roles)[number];

export const isRole = (value: unknown): value is Role => roles.includes(value as Role);

export const atLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** The role of a person: the data owner's, or the highest that a rule gives to him, to his domain or to everybody. Nobody is in a group here. */
export function roleOf(world: World, email: string, calendar: CalendarRecord): Role {
  if (calendar.deleted === true) return 'none';
  if (calendar.owner === email) return 'owner';
  return highest(rulesOf(world, calendar.id).filter(({ scope }) => scope.type === 'default' || (scope.type === 'user' && scope.value === email) || (scope.type === 'domain' && scope.value === domainOf(email))));
}

/** What everybody may, known or not. */
export function publicRole(world: World, calendar: CalendarRecord): Role {
  return calendar.deleted === true ? 'none' : highest(rulesOf(world, calendar.id).filter(({ scope }) => scope.type === 'default'));
}

export function rulesOf(world: World, calendarId: string): readonly AclRecord[] {
  return [...world.acl.values()].filter((rule) => rule.calendarId === calendarId);
}

/** Whether all that this role sees of an event is when it is. */
export function isHidden(event: EventRecord, role: Role): boolean {
  if (role === 'freeBusyReader') return true;
  const { visibility } = event.fields.rest;
  return (role === 'reader' || role === 'writerWithoutPrivateAccess') && (visibility === 'private' || visibility === 'confidential');
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

function highest(rules: readonly AclRecord[]): Role {
  return rules.reduce<Role>((most, { role }) => (atLeast(role, most) ? role : most), 'none');
}
