import type { Attendee, InventiveId, Participant, Reply } from '@calsync/calendar-model';
import type { AgreedPeople, Conflict, ConflictPolicy, Direction } from './plan-types.js';

/** What the two sides hold of the people of one appointment, both being there. */
export interface PeopleInput {
  readonly base: AgreedPeople | undefined;
  readonly participants: readonly Participant[];
  readonly attendees: readonly Attendee[];
  /** Google showed only the user's own attendee: who is missing may well be there. */
  readonly attendeesOmitted: boolean;
  readonly context: PeopleContext;
}

export interface PeopleContext {
  readonly guests: 'off' | 'silent' | 'mail';
  readonly direction: Direction;
  readonly conflictPolicy: ConflictPolicy;
  /** The user in whose agenda it stands. */
  readonly user: { readonly id: InventiveId; readonly email: string };
  /** Addresses of linked colleagues by their key: at the desk a colleague is often chosen, not spelled out. */
  readonly colleagues?: ReadonlyMap<InventiveId, string>;
  /** Somebody else organises it: the list of guests is theirs, only the own reply is the user's. */
  readonly invitation: boolean;
  /** What Google may tell the guests at all: it begins in the future. */
  readonly isAhead: boolean;
  /** It was made a moment ago and not by a first import: also those who are in it at the first comparison are told. */
  readonly isNew: boolean;
}

/** One row of the list of participants; `email` says whose, `expected` is the reply that the decision was made on. */
export type ParticipantChange =
  | { readonly kind: 'create'; readonly email: string; readonly name: string; readonly userId?: InventiveId; readonly reply: Reply }
  | { readonly kind: 'update'; readonly email: string; readonly id: InventiveId; readonly expected: Reply; readonly reply: Reply }
  | { readonly kind: 'delete'; readonly email: string; readonly id: InventiveId; readonly expected: Reply };

export interface AttendeesChange {
  /** The whole list as it is to be, in Google's own form; who isn't changed stands in it as Google had them. */
  readonly attendees: readonly Readonly<Record<string, unknown>>[];
  /** Google showed only the user's own attendee, and takes only that. */
  readonly onlyOwn: boolean;
  readonly tell: 'all' | 'none';
}

/** At most one of both sides has something to do; after it, plan again. `settled` is what is agreed on once that was accepted. */
export interface PeoplePlan {
  readonly base: AgreedPeople;
  readonly inventive?: { readonly changes: readonly ParticipantChange[]; readonly settled: AgreedPeople };
  readonly google?: AttendeesChange & { readonly settled: AgreedPeople };
  /** Somebody in Inventive isn't in Google, or says something else there, and may not cross. */
  readonly withheld: boolean;
  /** Somebody changed the organiser's list in Inventive: it is put back. */
  readonly restored: boolean;
  /** Replies that were changed since both agreed, and give way: they go to history. */
  readonly conflicts: readonly Conflict[];
}

/** One person as the sides have them. Several rows can name one address. */
interface Person {
  readonly email: string;
  readonly own: boolean;
  readonly agreed: Reply | undefined;
  readonly left: boolean;
  readonly rows: readonly Participant[];
  readonly guest: Attendee | undefined;
  /** Known by name: their row has no address, or had none and may be one that has another name now. */
  readonly byName: boolean;
}

type GuestChange = { readonly kind: 'add'; readonly name: string } | { readonly kind: 'remove' } | { readonly kind: 'reply' };
type Verdict =
  /** On both sides alike, or on neither (`agreed` undefined). */
  | { readonly kind: 'settled'; readonly agreed: Reply | undefined }
  /** Differs, and what was agreed on stands. `left`: for good, by the rules. */
  | { readonly kind: 'stands'; readonly left: boolean; readonly withheld?: true; readonly agreed: Reply | undefined }
  | { readonly kind: 'to-inventive'; readonly changes: readonly ParticipantChange[]; readonly agreed: Reply | undefined; readonly restored?: true }
  | { readonly kind: 'to-google'; readonly change: GuestChange; readonly agreed: Reply | undefined; readonly tell: 'all' | 'none' };

/**
 * Who is in an appointment, merged by person as fields are merged by name: added, taken out or answered on either side since both
 * agreed. Rooms, groups and whoever has no address pass through untouched. Rules: SPEC.md, under the numbers of the comments here.
 */
export function planPeople(input: PeopleInput): PeoplePlan {
  const decided = peopleOf(input).map((person) => ({ person, verdict: decide(person, input) }));
  const base = agreedOn(decided, (verdict) => (verdict.kind === 'settled' || verdict.kind === 'stands' ? verdict.agreed : undefined));
  const result = {
    base,
    withheld: decided.some(({ verdict }) => verdict.kind === 'stands' && verdict.withheld === true),
    restored: decided.some(({ verdict }) => verdict.kind === 'to-inventive' && verdict.restored === true),
    conflicts: decided.flatMap(lostReply),
  };
  const changes = decided.flatMap(({ verdict }) => (verdict.kind === 'to-inventive' ? verdict.changes : []));
  if (changes.length > 0) return { ...result, inventive: { changes, settled: after(decided, ({ kind }) => kind === 'to-inventive') } };
  const google = guestList(decided, input);
  return google === undefined ? result : { ...result, google };
}

type Decided = readonly { readonly person: Person; readonly verdict: Verdict }[];

/** [A1] A person is an e-mail address. Who has none stays where they are. */
function peopleOf({ base, participants, attendees, context }: PeopleInput): readonly Person[] {
  const guests = new Map(attendees.filter(({ kind, email }) => kind === 'person' && email !== undefined).map((guest) => [guest.email ?? '', guest] as const));
  const own = [...guests.values()].find(({ self }) => self)?.email ?? context.user.email.toLowerCase();
  const named = Map.groupBy([...guests.values()], ({ name }) => nameKey(name));
  const rows = Map.groupBy(participants, (row) => {
    if (row.userId === context.user.id) return own;
    const email = (row.email.trim() || (row.userId === undefined ? '' : (context.colleagues?.get(row.userId) ?? ''))).toLowerCase();
    if (email !== '') return email === context.user.email.toLowerCase() ? own : email;
    // [A2] A row without an address is that guest whose name it has, if only one has it, or only one of those had it before.
    const alike = nameKey(row.name) === '' ? [] : (named.get(nameKey(row.name)) ?? []);
    const before = alike.filter(({ email: theirs }) => base?.byName?.includes(theirs ?? ''));
    const [guest, another] = before.length === 0 ? alike : before;
    return guest !== undefined && another === undefined ? (guest.email ?? '') : '';
  });
  const isUnknown = rows.has('');
  const emails = new Set([...Object.keys(base?.agreed ?? {}), ...(base?.left ?? []), ...guests.keys(), ...rows.keys()]);
  emails.delete('');
  return [...emails].sort().map((email) => ({
    email,
    own: email === own,
    agreed: base?.agreed[email],
    left: base?.left.includes(email) === true,
    rows: rows.get(email) ?? [],
    guest: guests.get(email),
    byName: rows.has(email) ? rows.get(email)?.every(({ email: named, userId }) => named.trim() === '' && userId !== context.user.id) === true : isUnknown && base?.byName?.includes(email) === true,
  }));
}

function decide(person: Person, input: PeopleInput): Verdict {
  // Of several rows for one address that one speaks which somebody changed.
  const row = person.rows.find(({ reply }) => isNews(person, reply)) ?? person.rows[0];
  // Google didn't show everybody: nothing follows from who isn't in the list.
  if (person.guest === undefined && input.attendeesOmitted) return { kind: 'stands', left: person.left, agreed: person.agreed };
  if (row !== undefined && person.guest !== undefined) return decideReply(person, row.reply, person.guest.reply, input.context);
  if (row !== undefined) return decideRowAlone(person, row, input);
  if (person.guest !== undefined) return decideGuestAlone(person, person.guest, input);
  return { kind: 'settled', agreed: undefined };
}

/** [A3] In it on both sides: the reply crosses from the side that changed it. */
function decideReply(person: Person, mine: Reply, theirs: Reply, context: PeopleContext): Verdict {
  const rows = person.rows.filter(({ reply, id }) => reply !== theirs && id !== undefined);
  const fromGoogle: Verdict = mayFollow(context)
    ? { kind: 'to-inventive', changes: rows.flatMap(({ id, reply }) => (id === undefined ? [] : [{ kind: 'update', email: person.email, id, expected: reply, reply: theirs }])), agreed: theirs }
    : { kind: 'stands', left: true, agreed: person.agreed };
  if (mine === theirs) return rows.length > 0 && mayFollow(context) ? fromGoogle : { kind: 'settled', agreed: mine };
  if (!isNews(person, mine)) return fromGoogle;
  // [A7] The organiser's list: what was answered for somebody else is put back.
  if (context.invitation && !person.own) return fromGoogle.kind === 'to-inventive' ? { ...fromGoogle, restored: true } : fromGoogle;
  const mayAnswer = context.invitation ? context.direction !== 'to-inventive' : mayInvite(context);
  // Both changed it: who answered for themselves in Google knows best, unless the administration says that Inventive does.
  if (isNews(person, theirs) && !(mayAnswer && context.conflictPolicy === 'inventive-wins')) return fromGoogle;
  if (!mayAnswer) return { kind: 'stands', left: true, withheld: true, agreed: person.agreed };
  // [A1] Their other rows say it first: else what those say would be news against it afterwards.
  const others = person.rows.filter(({ reply }) => reply !== mine);
  const aligned = mayFollow(context) ? others.flatMap(({ id, reply }): ParticipantChange[] => (id === undefined ? [] : [{ kind: 'update', email: person.email, id, expected: reply, reply: mine }])) : [];
  if (aligned.length > 0) return { kind: 'to-inventive', changes: aligned, agreed: person.agreed };
  // They can't be: while one of them says what Google says, nobody knows which of them counts.
  if (others.some(({ reply }) => reply === theirs)) return { kind: 'settled', agreed: theirs };
  const tell = context.invitation && context.guests === 'mail' && context.isAhead ? 'all' : 'none';
  return { kind: 'to-google', change: { kind: 'reply' }, agreed: mine, tell };
}

const isNews = ({ agreed }: Person, reply: Reply): boolean => (agreed === undefined ? reply !== 'none' : reply !== agreed);

/** In Inventive only. */
function decideRowAlone(person: Person, row: Participant, { base, context }: PeopleInput): Verdict {
  // The user is in it by owning it; nobody invites or takes out themselves by a row.
  if (person.own) return { kind: 'stands', left: person.left, agreed: person.agreed };
  // [A4] Agreed on, and gone in Google: taken out there.
  if (person.agreed !== undefined) {
    const changes = person.rows.flatMap(({ id, reply }): ParticipantChange[] => (id === undefined ? [] : [{ kind: 'delete', email: person.email, id, expected: reply }]));
    return mayFollow(context) && changes.length > 0 ? { kind: 'to-inventive', changes, agreed: undefined } : { kind: 'stands', left: true, agreed: person.agreed };
  }
  // [A5] Added in Inventive. [A6] Who was known when nothing could cross, or was in it before the first comparison, is told by nobody.
  if (context.invitation || !mayInvite(context) || !isAddress(person.email)) return { kind: 'stands', left: true, withheld: true, agreed: undefined };
  return { kind: 'to-google', change: { kind: 'add', name: row.name.trim() }, agreed: row.reply, tell: person.left ? 'none' : telling(base, context) };
}

/** In Google only. */
function decideGuestAlone(person: Person, guest: Attendee, { base, context }: PeopleInput): Verdict {
  const comesIn: Verdict = mayFollow(context)
    ? { kind: 'to-inventive', changes: [{ kind: 'create', email: person.email, name: guest.name.trim() || person.email, reply: guest.reply, ...(person.own ? { userId: context.user.id } : {}) }], agreed: guest.reply }
    // Not left for good: once something comes in again, so do they.
    : { kind: 'stands', left: person.left, agreed: person.agreed };
  // [A8] The user themselves: of an invitation a row to answer in, once; of an event of their own none.
  if (person.own) return context.invitation && person.agreed === undefined && !person.left ? comesIn : { kind: 'stands', left: person.left, agreed: person.agreed };
  if (person.agreed === undefined && !(person.left && !mayInvite(context))) return comesIn;
  // [A2] Their row may be the one that has another name now: nobody is taken out on a guess.
  if (person.byName) return { kind: 'stands', left: true, withheld: true, agreed: person.agreed };
  // [A4] Agreed on, and gone in Inventive: taken out there.
  if (context.invitation) return comesIn.kind === 'to-inventive' ? { ...comesIn, restored: true } : comesIn;
  if (!mayInvite(context)) return { kind: 'stands', left: true, agreed: undefined };
  return { kind: 'to-google', change: { kind: 'remove' }, agreed: undefined, tell: telling(base, context) };
}

const mayFollow = ({ direction }: PeopleContext): boolean => direction !== 'to-google';
const mayInvite = ({ guests, direction }: PeopleContext): boolean => guests !== 'off' && direction !== 'to-inventive';
const telling = (base: AgreedPeople | undefined, { guests, isAhead, isNew }: PeopleContext): 'all' | 'none' => (guests === 'mail' && isAhead && (base !== undefined || isNew) ? 'all' : 'none');
const isAddress = (email: string): boolean => /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/.test(email);
const nameKey = (name: string): string => name.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();

/** Those who are told nothing go first, in a write of their own: no invitation is mailed because somebody else is told. */
function guestList(decided: Decided, { attendees, attendeesOmitted }: PeopleInput): PeoplePlan['google'] {
  const wanted = decided.flatMap(({ person, verdict }) => (verdict.kind === 'to-google' ? [{ person, verdict }] : []));
  const tell = wanted.some(({ verdict }) => verdict.tell === 'none') ? 'none' : 'all';
  const now = new Map(wanted.filter(({ verdict }) => verdict.tell === tell).map((one) => [one.person.email, one] as const));
  if (now.size === 0) return undefined;
  const kept = attendees.flatMap((attendee): Readonly<Record<string, unknown>>[] => {
    const one = attendee.kind === 'person' && attendee.email !== undefined ? now.get(attendee.email) : undefined;
    if (one === undefined) return [attendee.raw];
    if (one.verdict.change.kind === 'remove') return [];
    return [{ ...attendee.raw, responseStatus: GOOGLE_REPLIES[one.verdict.agreed ?? 'none'] }];
  });
  const added = [...now.values()].flatMap(({ person, verdict }) =>
    verdict.change.kind === 'add' ? [{ email: person.email, ...(verdict.change.name === '' || verdict.change.name === person.email ? {} : { displayName: verdict.change.name }), responseStatus: GOOGLE_REPLIES[verdict.agreed ?? 'none'] }] : []);
  const settled = after(decided, (verdict) => verdict.kind === 'to-google' && verdict.tell === tell);
  return { attendees: [...kept, ...added], onlyOwn: attendeesOmitted, tell, settled };
}

export const GOOGLE_REPLIES: Readonly<Record<Reply, string>> = { none: 'needsAction', accepted: 'accepted', declined: 'declined', maybe: 'tentative' };

/** [A13] What somebody answered on the side that gives way, unless the other side says the same. */
function lostReply({ person, verdict }: Decided[number]): Conflict[] {
  if (verdict.kind !== 'to-inventive' && verdict.kind !== 'to-google') return [];
  const said = (reply: Reply | undefined): string | undefined => (reply === undefined ? undefined : `${person.email}: ${reply}`);
  if (verdict.kind === 'to-google') {
    const [mine, theirs] = [verdict.agreed, person.guest?.reply];
    return theirs !== undefined && isNews(person, theirs) ? [{ field: 'participants', winner: 'inventive', kept: said(mine), lost: said(theirs) }] : [];
  }
  const replaced = verdict.changes.find((change) => change.kind !== 'create' && isNews(person, change.expected));
  if (replaced === undefined || replaced.kind === 'create') return [];
  return [{ field: 'participants', winner: 'google', kept: replaced.kind === 'update' ? said(replaced.reply) : undefined, lost: said(replaced.expected) }];
}

/** [A9] What an accepted act agrees on, and nothing of what is still to be done. */
const after = (decided: Decided, isDone: (verdict: Verdict) => boolean): AgreedPeople =>
  agreedOn(decided, (verdict, person) => (verdict.kind === 'settled' || verdict.kind === 'stands' || isDone(verdict) ? verdict.agreed : person.agreed), isDone);

function agreedOn(decided: Decided, reply: (verdict: Verdict, person: Person) => Reply | undefined, isDone: (verdict: Verdict) => boolean = () => false): AgreedPeople {
  const agreed: Record<string, Reply> = {};
  const left: string[] = [];
  const byName: string[] = [];
  for (const { person, verdict } of decided) {
    const open = (verdict.kind === 'to-inventive' || verdict.kind === 'to-google') && !isDone(verdict);
    const value = open ? person.agreed : reply(verdict, person);
    if (value !== undefined) agreed[person.email] = value;
    if (value !== undefined && person.byName) byName.push(person.email);
    if (open ? person.left : verdict.kind === 'stands' && verdict.left) left.push(person.email);
  }
  return { agreed, left, ...(byName.length === 0 ? {} : { byName }) };
}

/**
 * What is agreed on after an act whose answer was lost, person by person: who stands on the written side as was meant (`isAsMeant`)
 * counts as written, for somebody may have changed another meanwhile.
 */
export function settleEach(base: AgreedPeople | undefined, settled: AgreedPeople, isAsMeant: (email: string, meant: Reply | undefined) => boolean): AgreedPeople {
  const before: AgreedPeople = base ?? { agreed: {}, left: [] };
  const agreed: Record<string, Reply> = {};
  const left: string[] = [];
  const byName: string[] = [];
  for (const email of new Set([...Object.keys(before.agreed), ...before.left, ...Object.keys(settled.agreed), ...settled.left])) {
    const from = isAsMeant(email, settled.agreed[email]) ? settled : before;
    const reply = from.agreed[email];
    if (reply !== undefined) agreed[email] = reply;
    if (from.left.includes(email)) left.push(email);
    if (from.byName?.includes(email) === true) byName.push(email);
  }
  return { agreed, left: left.sort(), ...(byName.length === 0 ? {} : { byName: byName.sort() }) };
}

/** [A10] The row of an invitation was deleted: the user's own answer to the organiser, if it isn't given already. */
export function planDecline(base: AgreedPeople | undefined, attendees: readonly Attendee[], attendeesOmitted: boolean, context: Pick<PeopleContext, 'guests' | 'direction' | 'isAhead'>): PeoplePlan['google'] {
  const own = attendees.find(({ self }) => self);
  if (own === undefined || own.reply === 'declined' || context.direction === 'to-inventive') return undefined;
  const written = attendees.map((attendee) => (attendee === own ? { ...attendee.raw, responseStatus: GOOGLE_REPLIES.declined } : attendee.raw));
  return {
    attendees: written,
    onlyOwn: attendeesOmitted,
    tell: context.guests === 'mail' && context.isAhead ? 'all' : 'none',
    settled: { ...base, agreed: { ...base?.agreed, ...(own.email === undefined ? {} : { [own.email]: 'declined' as const }) }, left: base?.left ?? [] },
  };
}
