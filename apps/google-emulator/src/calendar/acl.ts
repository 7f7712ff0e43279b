import { isObject, type JsonObject } from '../discovery/body.js';
import type { AclRecord, CalendarRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import { isRole, roleOf, rulesOf, type Role } from './access.js';
import { dropEntry } from './calendar-entry.js';
import { checkIfMatch, openCalendar, type Call, type Outcome } from './call.js';
import { etagOf } from './event-resource.js';
import { googleError, invalid, notFound, required } from './google-error.js';
import { mergePatch } from './merge-patch.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';

interface PageToken {
  readonly epoch: string;
  readonly listId: string;
  readonly afterSeq: number;
  readonly seq: number;
}

export function listAcl(call: Call): Outcome {
  const { world, parameters } = call;
  const calendar = openCalendar(call, 'writer');
  const listId = { id: `@acl ${calendar.id}` };
  if (parameters.has('syncToken') && parameters.flag('showDeleted') === false) throw invalid('Invalid Value. The parameter showDeleted cannot be false with a sync token.', 'showDeleted');
  const since = parameters.has('syncToken') ? openSyncToken(call, listId).seq : undefined;
  const page = readPage(call, listId.id);
  const deletedToo = since !== undefined || parameters.flag('showDeleted') === true;
  const size = Math.min(parameters.number('maxResults') ?? 100, 250);
  const found = allRules(world, calendar)
    .filter((rule) => (deletedToo || rule.role !== 'none') && rule.seq > (since ?? -1) && rule.seq > (page?.afterSeq ?? -1))
    .sort((a, b) => a.seq - b.seq);
  const items = found.slice(0, size);
  const seq = page?.seq ?? world.seq;
  const last = items.at(-1);
  const token = found.length > size && last !== undefined
    ? { nextPageToken: sealToken(world, { epoch: world.epoch, listId: listId.id, afterSeq: last.seq, seq } satisfies PageToken) }
    : { nextSyncToken: sealSyncToken(call, listId, seq, { singleEvents: false, eventTypes: [] }) };
  return { status: 200, body: { kind: 'calendar#acl', etag: `"p${Math.max(0, ...found.map((rule) => rule.etagMicros))}g"`, ...token, items: items.map(renderRule) } };
}

export function getAclRule(call: Call): Outcome {
  return { status: 200, body: renderRule(openRule(call, openCalendar(call, 'writer'))) };
}

/** Gives somebody a role; a rule for whom there is one already takes its place, as Google does it. */
export function insertAclRule(call: Call): Outcome {
  const calendar = openCalendar(call, 'owner');
  const scope = readScope(call.body);
  return write(call, calendar, scope, readRole(call.body));
}

export function patchAclRule(call: Call): Outcome {
  const calendar = openCalendar(call, 'owner');
  const rule = openRule(call, calendar);
  return change(call, calendar, rule, mergePatch(renderRule(rule), call.body));
}

export function updateAclRule(call: Call): Outcome {
  const calendar = openCalendar(call, 'owner');
  return change(call, calendar, openRule(call, calendar), call.body);
}

export function deleteAclRule(call: Call): Outcome {
  const calendar = openCalendar(call, 'owner');
  const rule = openRule(call, calendar);
  checkIfMatch(call, etagOf(rule.etagMicros));
  write(call, calendar, rule.scope, 'none');
  return { status: 204, write: { calendarId: calendar.id } };
}

function change(call: Call, calendar: CalendarRecord, rule: AclRecord, body: JsonObject): Outcome {
  checkIfMatch(call, etagOf(rule.etagMicros));
  const scope = readScope(body);
  if (idOf(scope) !== rule.id) throw invalid('Invalid Value. The scope of a rule cannot be changed.', 'scope');
  return write(call, calendar, scope, body['role'] == null ? rule.role : readRole(body));
}

function write(call: Call, calendar: CalendarRecord, scope: AclRecord['scope'], role: Role): Outcome {
  const { world, caller } = call;
  const id = idOf(scope);
  // The data owner keeps his access, and nobody takes his own.
  if (scope.type === 'user' && (scope.value === caller.email || scope.value === calendar.owner)) throw googleError(403, 'calendar', 'cannotChangeOwnAcl', 'Cannot change your own access level.');
  const key = `${calendar.id}\n${id}`;
  const before = world.acl.get(key);
  if (before?.role === role) return { status: 200, body: renderRule(before), write: { calendarId: calendar.id } };
  const had = new Map([...world.accounts.values()].map(({ email }) => [email, roleOf(world, email, calendar)]));
  const rule: AclRecord = { calendarId: calendar.id, id, scope, role, etagMicros: world.nextMicros(), seq: world.nextSeq() };
  world.acl.put(key, rule);
  for (const [email, old] of had) {
    const now = roleOf(world, email, calendar);
    if (now === old) continue;
    // Google: a change of the ACL ends the tokens that it concerns.
    world.expireTokens({ email, calendarId: calendar.id });
    if (now === 'none') dropEntry(world, email, calendar);
  }
  world.announce({ kind: 'acl', calendarId: calendar.id });
  if (role !== 'none' && scope.value !== undefined && (scope.type === 'user' || scope.type === 'group') && call.parameters.flag('sendNotifications') !== false) {
    world.mail({ at: world.clock.now().toISOString(), kind: 'sharing', to: scope.value, eventId: null, client: caller.client });
  }
  return { status: 200, body: renderRule(rule), write: { calendarId: calendar.id } };
}

/** The data owner's own rule is always there, and never changes. */
function allRules(world: World, calendar: CalendarRecord): AclRecord[] {
  const scope = { type: 'user', value: calendar.owner } as const;
  return [{ calendarId: calendar.id, id: idOf(scope), scope, role: 'owner', etagMicros: calendar.etagMicros, seq: 0 }, ...rulesOf(world, calendar.id)];
}

function openRule(call: Call, calendar: CalendarRecord): AclRecord {
  const id = call.parameters.text('ruleId') ?? '';
  const rule = allRules(call.world, calendar).find((one) => one.id === id && one.role !== 'none');
  if (rule === undefined) throw notFound();
  return rule;
}

function readScope(body: JsonObject): AclRecord['scope'] {
  const given = body['scope'];
  if (!isObject(given) || given['type'] == null) throw required('Required', 'scope.type');
  const { type, value } = given;
  if (type === 'default') return { type };
  if (type !== 'user' && type !== 'group' && type !== 'domain') throw invalid('Invalid scope type.', 'scope.type');
  if (typeof value !== 'string' || value === '') throw required('Required', 'scope.value');
  if (type !== 'domain' && !/^[^\s@]+@[^\s@]+$/.test(value)) throw invalid('Invalid scope value.', 'scope.value');
  return { type, value: value.toLowerCase() };
}

function readRole(body: JsonObject): Role {
  const { role } = body;
  if (role == null) throw required('Required', 'role');
  if (!isRole(role)) throw invalid('Invalid role value.', 'role');
  return role;
}

const idOf = (scope: AclRecord['scope']): string => (scope.value === undefined ? scope.type : `${scope.type}:${scope.value}`);

function renderRule(rule: AclRecord): JsonObject {
  return { kind: 'calendar#aclRule', etag: etagOf(rule.etagMicros), id: rule.id, scope: { ...rule.scope }, role: rule.role };
}

function readPage(call: Call, listId: string): PageToken | undefined {
  const text = call.parameters.text('pageToken');
  if (text === undefined) return undefined;
  const token = openToken<PageToken>(call.world, text);
  if (token === undefined || token.epoch !== call.world.epoch || token.listId !== listId) throw invalid('Invalid page token value.', 'pageToken');
  return token;
}
