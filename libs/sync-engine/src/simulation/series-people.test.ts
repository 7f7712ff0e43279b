import { describe, expect, it } from 'vitest';
import { asGoogleEventId, asInventiveId, type Attendee, type InventiveFields, type Participant, type Reply } from '@calsync/calendar-model';
import { DEFAULT_RULES, type AccountRules } from '../ports/account.js';
import { ACCOUNT, anEvent } from '../testing/records.js';
import { aGuest } from './model-guests.js';
import { at } from './rolling-world.js';
import { aWorld, fullEvent, fullRow, rowId } from './reconcile-world.js';

const ANNA = 'anna@elders.nl';
const BOB = 'bob@elders.nl';
const CAS = 'cas@elders.nl';
const ID = asGoogleEventId('weekly');
const DAYS = ['2026-11-25', '2026-12-02', '2026-12-09', '2026-12-16'];
const me = (reply: Reply = 'accepted'): Attendee => aGuest(ACCOUNT.email, reply, { self: true });
const aSeat = (n: number, email: string, reply: Reply = 'none'): Participant => ({ id: asInventiveId(String(n).padStart(32, 'E')), name: email.split('@')[0] ?? '', email, reply, entityStamp: 1 });
const inShort = (people: readonly { readonly email?: string; readonly reply: Reply }[] | undefined): string => (people ?? []).map(({ email, reply }) => `${(email ?? '?').split('@')[0]} ${reply}`).sort().join(', ');
const startOf = ({ when }: InventiveFields) => (when?.kind === 'timed' ? when.start : when?.firstOn) ?? '';
const on = (day: string, time = 'T090000Z') => asGoogleEventId(`${ID}_${day.replaceAll('-', '')}${time}`);

async function aSeries(attendees: readonly Attendee[], rules: Partial<AccountRules> = { guests: 'silent' }, ownedByUser = true) {
  const world = aWorld({ account: { rules: { ...DEFAULT_RULES, ...rules } } });
  const fields = fullEvent({ subject: 'Werkoverleg', when: at('2026-11-25T10:00', '2026-11-25T11:00') });
  world.google.series.create(ID, fields, { every: 'week', interval: 1, count: 4 }, { ...anEvent({ fields }), ownedByUser, ...(ownedByUser ? {} : { organizerEmail: 'chef@elders.nl' }), attendees });
  await world.quiesce();
  const rows = () => [...world.inventive.rows.values()].toSorted((a, b) => (startOf(a.fields) < startOf(b.fields) ? -1 : 1));
  const events = () => world.google.series.occurrences().toSorted((a, b) => (startOf(a.fields) < startOf(b.fields) ? -1 : 1));
  return { ...world, world, rows, events, inRows: () => rows().map(({ participants }) => inShort(participants)), inGoogle: () => events().map((event) => inShort(event.attendees)) };
}

const each = (text: string): readonly string[] => DAYS.map(() => text);
/** The text of all four times, but for this one. */
const but = (text: string, n: number, other: string): readonly string[] => each(text).with(n, other);
const seat = ({ inventive, rows }: Awaited<ReturnType<typeof aSeries>>, n: number, change: (people: readonly Participant[]) => readonly Participant[]) => inventive.seat(rows()[n]!.id, change(rows()[n]!.participants));
const answer = (email: string, reply: Reply) => (people: readonly Participant[]) => people.map((one) => (one.email === email ? { ...one, reply } : one));

describe('[R5.1] participants of the user’s own series', () => {
  it('added to, taken out of and answered in one row: one time in Google, in one write each, and nobody is mailed', async () => {
    const world = await aSeries([me(), aGuest(ANNA)]);
    expect([world.inRows(), world.google.writes]).toEqual([each('anna none'), 0]);
    seat(world, 1, (people) => [...people, aSeat(1, BOB)]);
    await world.quiesce();
    expect([world.inGoogle(), world.google.writes]).toEqual([but('anna none, jansen accepted', 1, 'anna none, bob none, jansen accepted'), 1]);
    seat(world, 1, () => [aSeat(1, BOB)]);
    seat(world, 2, answer(ANNA, 'declined'));
    await world.quiesce();
    expect([world.inGoogle(), world.google.writes]).toEqual([['anna none, jansen accepted', 'bob none, jansen accepted', 'anna declined, jansen accepted', 'anna none, jansen accepted'], 3]);
    expect(world.google.mails).toEqual([]);
  });

  it('answered or added in Google for one time, and then for all: the rows follow', async () => {
    const world = await aSeries([me(), aGuest(ANNA)]);
    world.google.series.invite(on(DAYS[3]!), [me(), aGuest(ANNA, 'declined')]);
    await world.quiesce();
    expect(world.inRows()).toEqual(but('anna none', 3, 'anna declined'));
    world.google.series.invite(ID, [me(), aGuest(ANNA, 'accepted'), aGuest(CAS)]);
    await world.quiesce();
    expect([world.inRows(), world.google.writes]).toEqual([each('anna accepted, cas none'), 0]);
  });

  it('go along with "this and following", at the same time and at another, without a write to Google', async () => {
    const world = await aSeries([me(), aGuest(ANNA, 'accepted')]);
    const before = world.rows().map(({ id }) => id);
    world.google.series.following(on(DAYS[1]!), { fields: { subject: 'Tweede deel' } });
    await world.quiesce();
    world.google.series.following(on(DAYS[2]!), { shiftMinutes: 60 });
    await world.quiesce();
    expect([world.rows().map(({ id }) => id), world.inRows(), world.google.writes]).toEqual([before, each('anna accepted'), 0]);
    for (const n of DAYS.keys()) seat(world, n, (people) => [...people, aSeat(10 + n, BOB)]);
    await world.quiesce();
    expect([world.inGoogle(), world.google.writes]).toEqual([each('anna accepted, bob none, jansen accepted'), 4]);
  });

  it('are in it again where an edited row outlives its series', async () => {
    const world = await aSeries([me(), aGuest(ANNA, 'accepted')]);
    world.inventive.edit(world.rows()[2]!.id, { subject: 'Gaat door' });
    world.google.series.following(on(DAYS[1]!), 'delete');
    await world.quiesce();
    expect([world.google.living().map(({ fields, attendees }) => [fields.subject, inShort(attendees)]), world.inRows()]).toEqual([[['Gaat door', 'anna accepted']], ['anna accepted', 'anna accepted']]);
  });
});

describe('[R5.4] [R5.7] invitations that recur', () => {
  it.each([['decline', 'declined'], ['nothing', 'maybe']] as const)('are answered time by time; a deleted row: %s', async (deletedInvitation, left) => {
    const world = await aSeries([me('none'), aGuest(ANNA)], { deletedInvitation }, false);
    seat(world, 1, answer(ACCOUNT.email, 'accepted'));
    await world.quiesce();
    expect([world.inGoogle(), world.google.writes]).toEqual([but('anna none, jansen none', 1, 'anna none, jansen accepted'), 1]);
    world.google.series.invite(ID, [me('maybe'), aGuest(ANNA)]);
    await world.quiesce();
    world.inventive.remove(world.rows()[2]!.id);
    await world.quiesce();
    world.google.series.editAll(ID, { subject: 'Verzet' }, 60);
    await world.quiesce();
    expect([world.inRows().length, world.inGoogle()]).toEqual([3, but('anna none, jansen maybe', 2, `anna none, jansen ${left}`)]);
    expect(world.rows().map(({ fields }) => fields.subject)).toEqual(['Verzet', 'Verzet', 'Verzet']);
    world.google.series.removeAll(ID);
    await world.quiesce();
    expect([world.inRows(), world.google.mails]).toEqual([[], []]);
  });

  it('[R5.9] of which Google shows only the user: nobody is taken out, and the reply goes to that time alone', async () => {
    const world = await aSeries([me('none'), aGuest(ANNA)], {}, false);
    world.google.series.showOnlySelf(ID);
    world.google.series.invite(ID, [me('none')]);
    await world.quiesce();
    seat(world, 1, answer(ACCOUNT.email, 'accepted'));
    await world.quiesce();
    expect([world.inRows(), world.inGoogle()]).toEqual([but('anna none, jansen none', 1, 'anna none, jansen accepted'), but('jansen none', 1, 'jansen accepted')]);
  });
});

describe('[R4.7] an appointment with a relation that becomes a series', () => {
  it('keeps its block; the other times have no part in it, neither as notes nor as an exception', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg', notes: 'Agenda', when: at('2026-11-25T10:00', '2026-11-25T11:00') }));
    world.inventive.relate(rowId(1), [{ field: 'relation.name', label: 'Relatie', value: 'Elders BV' }]);
    await world.quiesce();
    const [event] = world.google.living();
    const [text, before] = [event!.fields.description, world.google.writes];
    world.google.toSeries(event!.id, { every: 'week', interval: 1, count: 4 });
    await world.quiesce();
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.notes)).toEqual(each('Agenda'));
    expect([world.google.writes - before, world.google.series.occurrences().map(({ fields }) => fields.description)]).toEqual([0, each(text!)]);
    world.inventive.edit([...world.inventive.rows.keys()][1]!, { notes: 'Eigen' });
    await world.quiesce();
    expect(world.google.series.occurrences().map(({ fields }) => fields.description)).toEqual(but(text!, 1, 'Eigen'));
  });
});
