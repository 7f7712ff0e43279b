import { describe, expect, it } from 'vitest';
import { asInventiveId, type Reply } from '@calsync/calendar-model';
import { planDecline } from './participants.js';
import { agreedOn, anAttendee, aParticipant, aPeopleContext, myself, OWNER, peopleInWords, peopleOf } from './testing/people.js';
import { aBase, aGoogleEvent, planOf, someFields } from './testing/builders.js';

const ANNA = 'anna@elders.nl';
type Stand = 'absent' | 'none' | 'accepted' | 'declined';
type Expected = 'nothing' | 'create' | 'delete' | `update ${Reply}` | 'add' | 'remove' | `reply ${string}`;

/** base × row × guest, with guests written silently. The type demands every case. */
const TABLE: { readonly [B in 'absent' | 'none']: { readonly [R in Stand]: { readonly [G in Stand]: Expected } } } = {
  absent: {
    absent: { absent: 'nothing', none: 'create', accepted: 'create', declined: 'create' },
    none: { absent: 'add', none: 'nothing', accepted: 'update accepted', declined: 'update declined' },
    accepted: { absent: 'add', none: 'reply accepted', accepted: 'nothing', declined: 'update declined' },
    declined: { absent: 'add', none: 'reply declined', accepted: 'update accepted', declined: 'nothing' },
  },
  none: {
    absent: { absent: 'nothing', none: 'remove', accepted: 'remove', declined: 'remove' },
    none: { absent: 'delete', none: 'nothing', accepted: 'update accepted', declined: 'update declined' },
    accepted: { absent: 'delete', none: 'reply accepted', accepted: 'nothing', declined: 'update declined' },
    declined: { absent: 'delete', none: 'reply declined', accepted: 'update accepted', declined: 'nothing' },
  },
};
const cases = Object.entries(TABLE).flatMap(([base, rows]) => Object.entries(rows).flatMap(([row, guests]) => Object.entries(guests).map(([guest, expected]) => ({ base, row: row as Stand, guest: guest as Stand, expected }))));

const situationOf = ({ base, row, guest }: { base: string; row: Stand; guest: Stand }) => ({
  base: agreedOn(base === 'absent' ? {} : { [ANNA]: 'none' }),
  rows: row === 'absent' ? [] : [aParticipant(ANNA, row)],
  guests: guest === 'absent' ? [myself()] : [myself(), anAttendee(ANNA, guest)],
});
const inShort = (plan: ReturnType<typeof peopleOf>): string => {
  const [change] = plan.inventive?.changes ?? [];
  if (change !== undefined) return change.kind === 'update' ? `update ${change.reply}` : change.kind;
  if (plan.google === undefined) return 'nothing';
  const anna = plan.google.attendees.find(({ email }) => email === ANNA);
  return anna === undefined ? 'remove' : anna['comment'] === undefined ? 'add' : `reply ${String(anna['responseStatus'])}`;
};

describe('[A1] [A3] [A4] [A5] [R5.1] the table of one person: agreed × row × guest', () => {
  it.each(cases)('agreed $base, row $row, guest $guest: $expected', ({ expected, ...stand }) => {
    const plan = peopleOf(situationOf(stand));
    expect(inShort(plan)).toBe(expected);
    // Nothing that is still to be done is agreed on already.
    const done = plan.inventive?.settled ?? plan.google?.settled ?? plan.base;
    const [agreed, wanted] = expected === 'nothing' ? [done.agreed, stand.row] : [plan.base.agreed, stand.base];
    expect(agreed).toEqual(wanted === 'absent' ? {} : { [ANNA]: wanted });
  });

  it.each(cases)('[A6] [R5.2] guests off: agreed $base, row $row, guest $guest writes nothing to Google and still follows it', ({ expected, ...stand }) => {
    const plan = peopleOf({ ...situationOf(stand), context: { guests: 'off' } });
    expect(plan.google).toBeUndefined();
    const wouldCross = ['add', 'remove'].includes(expected) || expected.startsWith('reply');
    expect(inShort(plan)).toBe(wouldCross ? 'nothing' : expected);
    // Whoever looks at it again finds the same.
    expect(inShort(peopleOf({ ...situationOf(stand), base: plan.base, context: { guests: 'off' } }))).toBe(wouldCross ? 'nothing' : expected);
    expect(plan.withheld).toBe(wouldCross && expected !== 'remove');
  });

  it.each(cases)('[A7] [R5.6] an invitation: agreed $base, row $row, guest $guest is the organiser’s list', ({ expected, ...stand }) => {
    const plan = peopleOf({ ...situationOf(stand), guests: situationOf(stand).guests.filter(({ self }) => !self), context: { invitation: true, guests: 'mail' } });
    expect(plan.google).toBeUndefined();
    const back: Partial<Record<string, string>> = { remove: 'create', add: 'nothing', 'reply accepted': 'update none', 'reply declined': 'update none' };
    expect(inShort(plan)).toBe(back[expected] ?? expected);
  });

  it('[A3] changed on both sides, Inventive wins where the administration says so', () => {
    const both = situationOf({ base: 'none', row: 'accepted', guest: 'declined' });
    expect(inShort(peopleOf({ ...both, context: { conflictPolicy: 'inventive-wins' } }))).toBe('reply accepted');
    expect(inShort(peopleOf({ ...both, context: { conflictPolicy: 'inventive-wins', guests: 'off' } }))).toBe('update declined');
  });
});

describe('[A13] [R5.6] what somebody answered and gives way', () => {
  const stood = (base: string, row: Stand, guest: Stand) => situationOf({ base, row, guest });
  it.each([
    ['changed on both sides, Google wins', stood('none', 'accepted', 'declined'), {}, [{ field: 'participants', winner: 'google', kept: `${ANNA}: declined`, lost: `${ANNA}: accepted` }]],
    ['changed on both sides, Inventive wins', stood('none', 'accepted', 'declined'), { conflictPolicy: 'inventive-wins' }, [{ field: 'participants', winner: 'inventive', kept: `${ANNA}: accepted`, lost: `${ANNA}: declined` }]],
    ['put back on an invitation', stood('none', 'declined', 'none'), { invitation: true }, [{ field: 'participants', winner: 'google', kept: `${ANNA}: none`, lost: `${ANNA}: declined` }]],
    ['taken out in Google after it was answered in Inventive', stood('none', 'accepted', 'absent'), {}, [{ field: 'participants', winner: 'google', kept: undefined, lost: `${ANNA}: accepted` }]],
    ['changed on one side only', stood('none', 'none', 'declined'), {}, []],
    ['added on one side', stood('absent', 'accepted', 'absent'), {}, []],
  ] as const)('%s', (_what, situation, context, lost) => expect(peopleOf({ ...situation, context }).conflicts).toEqual(lost));
});

describe('[A1] [A2] [R5.9] who isn’t a person', () => {
  const room = anAttendee('zaal@resource.calendar.google.com', 'accepted', { kind: 'resource' });
  const group = anAttendee('team@group.calendar.google.com', 'none', { kind: 'group' });
  const { email: _none, ...nobody } = anAttendee('', 'none', { name: 'Iemand', raw: { id: 'x', displayName: 'Iemand' } });

  it('rooms, groups and attendees without an address get no row, and stand in a written list as Google had them', () => {
    const guests = [room, group, nobody, anAttendee(ANNA)];
    const plan = peopleOf({ base: agreedOn({ [ANNA]: 'none' }), rows: [aParticipant(ANNA), aParticipant('bob@elders.nl')], guests });
    expect(plan.inventive).toBeUndefined();
    expect(plan.google?.attendees.slice(0, 4)).toEqual(guests.map(({ raw }) => raw));
    expect(plan.google?.attendees[4]).toEqual({ email: 'bob@elders.nl', displayName: 'bob', responseStatus: 'needsAction' });
  });

  it('the case of an address says nothing, and one address is one guest however many rows name it', () => {
    const rows = [aParticipant('Anna@Elders.NL', 'none', { name: 'Anna' }), aParticipant(ANNA, 'none', { name: 'Anna 2' })];
    expect(peopleInWords(peopleOf({ rows, guests: [] }))).toBe(`list ${ANNA} needsAction (none)`);
    expect(peopleInWords(peopleOf({ base: agreedOn({ [ANNA]: 'none' }), rows, guests: [] }))).toBe('delete; delete');
  });

  it('[A1] of two rows for one address the one that was answered speaks, the other follows, and then both sides are quiet', () => {
    const rows = (first: Reply, second: Reply) => [aParticipant(ANNA, first, { name: 'Anna' }), aParticipant(ANNA, second, { id: asInventiveId('b'.repeat(32)), name: 'Anna 2' })];
    const base = agreedOn({ [ANNA]: 'none' });
    const answered = peopleOf({ base, rows: rows('none', 'accepted'), guests: [anAttendee(ANNA)] });
    expect([peopleInWords(answered), answered.conflicts]).toEqual(['update accepted', []]);
    expect(answered.inventive?.settled).toEqual(base);
    const next = peopleOf({ base, rows: rows('accepted', 'accepted'), guests: [anAttendee(ANNA)] });
    expect([peopleInWords(next), next.google?.settled]).toEqual([`list ${ANNA} accepted (none)`, agreedOn({ [ANNA]: 'accepted' })]);
    // Google says the same by itself, or Inventive may not be written: no reply goes to and fro.
    expect(peopleInWords(peopleOf({ base, rows: rows('none', 'accepted'), guests: [anAttendee(ANNA, 'accepted')] }))).toBe('update accepted');
    const oneWay = peopleOf({ base: agreedOn({ [ANNA]: 'accepted' }), rows: rows('none', 'accepted'), guests: [anAttendee(ANNA, 'accepted')], context: { direction: 'to-google' } });
    expect([peopleInWords(oneWay), oneWay.base]).toEqual(['nothing', agreedOn({ [ANNA]: 'accepted' })]);
  });

  it('[A2] a linked colleague who was chosen at the desk has the address of their account, and is not taken out when unlinked', () => {
    const id = asInventiveId('c'.repeat(32));
    const rows = [aParticipant('', 'none', { name: 'De Vries', userId: id })];
    const added = peopleOf({ base: agreedOn({}), rows, context: { colleagues: new Map([[id, 'DeVries@example.com']]) } });
    expect(peopleInWords(added)).toBe('list devries@example.com needsAction (none)');
    const guests = [anAttendee('devries@example.com', 'none', { name: '' })];
    const unlinked = peopleOf({ base: added.google!.settled, rows, guests });
    expect([peopleInWords(unlinked), unlinked.base.agreed]).toEqual(['nothing', { 'devries@example.com': 'none' }]);
  });

  it('[A2] who is known by name is not taken out of Google when the name is another, or no longer theirs alone', () => {
    const row = aParticipant('', 'none', { name: 'Anna de Boer' });
    const anna = anAttendee(ANNA, 'none', { name: 'Anna de Boer' });
    const { base } = peopleOf({ rows: [row], guests: [anna] });
    expect(base).toEqual({ agreed: { [ANNA]: 'none' }, left: [], byName: [ANNA] });
    // Renamed at the desk, or without a name in Google.
    for (const situation of [{ rows: [{ ...row, name: 'A. de Boer' }], guests: [anna] }, { rows: [row], guests: [{ ...anna, name: '' }] }]) {
      const plan = peopleOf({ base, ...situation });
      expect([peopleInWords(plan), plan.withheld, plan.base.agreed]).toEqual(['nothing', true, { [ANNA]: 'none' }]);
    }
    const namesake = anAttendee('a2@elders.nl', 'none', { name: 'Anna de Boer' });
    expect(peopleInWords(peopleOf({ base, rows: [row], guests: [anna, namesake] }))).toBe('create a2@elders.nl none');
    // Their row deleted, and no other that might be theirs: taken out.
    expect(peopleInWords(peopleOf({ base, rows: [], guests: [anna, anAttendee('cas@elders.nl')] }))).toBe('create cas@elders.nl none');
    expect(peopleInWords(peopleOf({ base, rows: [], guests: [anna] }))).toBe('list  (none)');
  });

  it('[A2] a row without an address is the guest of that name, if there is one such', () => {
    const rows = [aParticipant('', 'none', { name: ' Anna  de Boer ' })];
    const anna = anAttendee(ANNA, 'accepted', { name: 'Anna de Boer' });
    expect(peopleInWords(peopleOf({ rows, guests: [anna] }))).toBe('update accepted');
    expect(peopleInWords(peopleOf({ rows, guests: [] }))).toBe('nothing');
    expect(peopleInWords(peopleOf({ rows, guests: [anna, anAttendee('a2@elders.nl', 'none', { name: 'Anna de Boer' })] }))).toBe(`create a2@elders.nl none; create ${ANNA} accepted`);
  });

  it('what is no address is never invited', () => {
    for (const email of ['anna', 'anna@', '@elders.nl', 'anna@elders', 'a@b.nl, c@d.nl']) expect(peopleInWords(peopleOf({ rows: [aParticipant(email)], guests: [] }))).toBe('nothing');
  });
});

describe('[A7] [A8] [R5.4] the user themselves', () => {
  it('[A8] gets no row in an event of their own, and isn’t taken out of it by a deleted one', () => {
    expect(peopleInWords(peopleOf({ guests: [myself()] }))).toBe('nothing');
    expect(peopleInWords(peopleOf({ base: agreedOn({ [OWNER.email]: 'accepted' }), guests: [myself()] }))).toBe('nothing');
    expect(peopleInWords(peopleOf({ rows: [aParticipant(OWNER.email)], guests: [] }))).toBe('nothing');
  });

  it('[A8] a row with their key answers for them, whatever address it names', () => {
    const rows = [aParticipant('prive@elders.nl', 'none', { userId: OWNER.id })];
    expect(peopleInWords(peopleOf({ rows, guests: [myself('accepted')] }))).toBe('update accepted');
  });

  it('[A7] of an invitation they get a row, and what they answer in it goes to Google, also with guests off', () => {
    const invitation = { invitation: true, guests: 'off' } as const;
    expect(peopleOf({ guests: [myself('none')], context: invitation }).inventive?.changes).toEqual([{ kind: 'create', email: OWNER.email, name: 'jansen', reply: 'none', userId: OWNER.id }]);
    const answered = { base: agreedOn({ [OWNER.email]: 'none', [ANNA]: 'none' }), rows: [aParticipant(OWNER.email, 'accepted', { userId: OWNER.id }), aParticipant(ANNA)], guests: [anAttendee(ANNA), myself('none')] };
    const plan = peopleOf({ ...answered, context: invitation });
    expect(peopleInWords(plan)).toBe(`list ${ANNA} needsAction, ${OWNER.email} accepted (none)`);
    expect(plan.google?.settled.agreed).toEqual({ [OWNER.email]: 'accepted', [ANNA]: 'none' });
    expect(peopleOf({ ...answered, context: { invitation: true, guests: 'mail' } }).google?.tell).toBe('all');
    expect(peopleOf({ ...answered, context: { invitation: true, guests: 'mail', isAhead: false } }).google?.tell).toBe('none');
  });

  it('[A8] the deleted own row of an invitation isn’t made again', () => {
    expect(peopleInWords(peopleOf({ base: agreedOn({ [OWNER.email]: 'none' }), guests: [myself('none')], context: { invitation: true } }))).toBe('nothing');
  });
});

describe('[A9] [R5.9] a list that Google didn’t show whole', () => {
  const rows = [aParticipant(ANNA, 'accepted'), aParticipant(OWNER.email, 'declined', { userId: OWNER.id })];
  it('takes nobody out and adds nobody; only the own reply is written, alone', () => {
    const base = agreedOn({ [ANNA]: 'none', [OWNER.email]: 'none' });
    const plan = peopleOf({ base, rows, guests: [myself('none')], omitted: true, context: { invitation: true } });
    expect(plan.inventive).toBeUndefined();
    expect(plan.google).toMatchObject({ onlyOwn: true, attendees: [{ email: OWNER.email, responseStatus: 'declined' }] });
    expect(plan.base.agreed).toEqual(base.agreed);
  });
});

describe('[A6] [A11] [R5.3] who is told', () => {
  const added = { base: agreedOn({ [ANNA]: 'none' }), rows: [aParticipant(ANNA), aParticipant('bob@elders.nl')], guests: [anAttendee(ANNA)] };
  it.each([
    ['a guest added to what is still to come', {}, 'all'],
    ['a guest added to what is over', { isAhead: false }, 'none'],
    ['the same, with mail not turned on', { guests: 'silent' }, 'none'],
  ] as const)('[A11] %s', (_what, context, tell) => expect(peopleOf({ ...added, context: { guests: 'mail', ...context } }).google?.tell).toBe(tell));

  it('[A11] [lesson 2] nobody by a first import, and the guests of a new appointment', () => {
    const first = { rows: [aParticipant(ANNA)], guests: [] };
    expect(peopleOf({ ...first, context: { guests: 'mail', isNew: false } }).google?.tell).toBe('none');
    expect(peopleOf({ ...first, context: { guests: 'mail', isNew: true } }).google?.tell).toBe('all');
  });

  it('[A11] a reply typed for a guest tells nobody', () => {
    expect(peopleOf({ base: agreedOn({ [ANNA]: 'none' }), rows: [aParticipant(ANNA, 'accepted')], guests: [anAttendee(ANNA)], context: { guests: 'mail' } }).google?.tell).toBe('none');
  });

  it('[A6] [R5.2] whoever was invited in Google while nothing came in comes in once it does again', () => {
    const guests = [anAttendee(ANNA)];
    const away = peopleOf({ rows: [], guests, context: { guests: 'off', direction: 'to-google' } });
    expect([peopleInWords(away), away.base]).toEqual(['nothing', agreedOn({})]);
    expect(peopleInWords(peopleOf({ base: away.base, rows: [], guests, context: { guests: 'off' } }))).toBe(`create ${ANNA} none`);
  });

  it('[A6] turned on later: who was there before goes first and silently, who is new after them with a mail; nobody is taken out', () => {
    const off = peopleOf({ base: agreedOn({ [ANNA]: 'none' }), rows: [aParticipant('oud@elders.nl')], guests: [anAttendee(ANNA)], context: { guests: 'off' } });
    expect(off.base.left).toEqual([ANNA, 'oud@elders.nl']);
    const rows = [aParticipant('oud@elders.nl'), aParticipant('nieuw@elders.nl')];
    const on = { rows, context: { guests: 'mail' } } as const;
    const first = peopleOf({ ...on, base: off.base, guests: [anAttendee(ANNA)] });
    expect(peopleInWords(first)).toBe(`create ${ANNA} none`);
    const second = peopleOf({ ...on, base: first.inventive!.settled, rows: [...rows, aParticipant(ANNA)], guests: [anAttendee(ANNA)] });
    expect(peopleInWords(second)).toBe(`list ${ANNA} needsAction, oud@elders.nl needsAction (none)`);
    const third = peopleOf({ ...on, base: second.google!.settled, rows: [...rows, aParticipant(ANNA)], guests: [anAttendee(ANNA), anAttendee('oud@elders.nl')] });
    expect(peopleInWords(third)).toBe(`list ${ANNA} needsAction, oud@elders.nl needsAction, nieuw@elders.nl needsAction (all)`);
  });
});

describe('[A10] the deleted row of an invitation', () => {
  const decline = (reply: Reply, direction: 'both' | 'to-inventive' = 'both') => planDecline(undefined, [anAttendee(ANNA), myself(reply)], false, { guests: 'off', direction, isAhead: true });
  it('answers "declined" for the user, once, and touches nobody else', () => {
    expect(decline('accepted')).toMatchObject({ attendees: [anAttendee(ANNA).raw, { email: OWNER.email, responseStatus: 'declined' }], tell: 'none', settled: { agreed: { [OWNER.email]: 'declined' } } });
    expect([decline('declined'), decline('accepted', 'to-inventive')]).toEqual([undefined, undefined]);
  });
});

describe('[A12] [lesson 1] saving an appointment never removes its guests', () => {
  const base = { ...aBase(), people: agreedOn({ [ANNA]: 'accepted' }) };
  it('a patch of other fields names no attendee, and what is agreed on of people stands', () => {
    const plan = planOf({ base, inventive: someFields({ subject: 'Anders' }), google: aGoogleEvent() });
    expect(plan.google).toMatchObject({ kind: 'patch', fields: { subject: 'Anders' }, settled: { people: base.people } });
    expect(JSON.stringify(plan.google)).not.toMatch(/attendee/i);
    expect(plan.base?.people).toEqual(base.people);
  });

  it('an event that is made anew has no guests yet, and that takes nobody out of the row', () => {
    const plan = planOf({ base, inventive: someFields({ subject: 'Anders' }), google: 'gone' });
    if (plan.google.kind !== 'create') throw new Error('it is made again');
    expect(plan.google.settled.people).toBeUndefined();
    const people = peopleOf({ ...(plan.google.settled.people ? { base: plan.google.settled.people } : {}), rows: [aParticipant(ANNA, 'accepted')], guests: [], context: aPeopleContext() });
    expect(peopleInWords(people)).toBe(`list ${ANNA} accepted (none)`);
  });
});
