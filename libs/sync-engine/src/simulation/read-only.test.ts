import { describe, expect, it } from 'vitest';
import type { GoogleEventRecord } from '@calsync/calendar-model';
import { DEFAULT_RULES } from '../ports/account.js';
import { aWorld, eventId, fullEvent } from './reconcile-world.js';

const invitation: Partial<GoogleEventRecord> = { ownedByUser: false, organizerEmail: 'klant@elders.example' };

async function invited(rules: Partial<typeof DEFAULT_RULES> = {}, event: Partial<GoogleEventRecord> = invitation) {
  const world = aWorld({ account: { rules: { ...DEFAULT_RULES, ...rules } } });
  world.google.receive(eventId(1), fullEvent({ subject: 'Kennismaking', description: 'Neem uw plannen mee' }), event);
  await world.quiesce();
  return { ...world, row: () => [...world.inventive.rows.values()][0], pair: async () => world.pairs.byEvent(world.account().id, world.account().calendarId, eventId(1)) };
}

describe('[R5.5] invitations of others', () => {
  it('come in as a row, follow their organiser, and nothing is written to Google', async () => {
    const world = await invited();
    expect(world.row()?.fields).toMatchObject({ subject: 'Kennismaking', notes: 'Neem uw plannen mee' });
    world.google.edit(eventId(1), { subject: 'Kennismaking verzet' });
    await world.quiesce();
    expect(world.row()?.fields.subject).toBe('Kennismaking verzet');
    expect(world.google.writes).toBe(0);
  });

  it('[R5.6] an edit of the row is put back, visibly, and what was typed stands in history', async () => {
    const world = await invited();
    world.inventive.edit(world.row()!.id, { subject: 'Mijn titel', location: 'Thuis' });
    await world.quiesce();
    expect(world.row()?.fields).toMatchObject({ subject: 'Kennismaking', location: '' });
    const pair = await world.pair();
    expect(pair?.reasons).toEqual(['read-only-event-restored']);
    expect(pair?.lostValues.map(({ field, lost }) => [field, lost])).toEqual([['subject', 'Mijn titel'], ['location', 'Thuis']]);
    expect(world.google.writes).toBe(0);
  });

  it('[R5.7] the row deleted: the event stays, and stays without a row however often it is told', async () => {
    const world = await invited();
    world.inventive.remove(world.row()!.id);
    await world.quiesce();
    world.google.edit(eventId(1), { subject: 'Kennismaking verzet' });
    await world.quiesce();
    expect([world.row(), world.google.writes, (await world.pair())?.reasons]).toEqual([undefined, 0, ['deletion-kept']]);
  });

  it('[R5.8] cancelled by the organiser the row goes', async () => {
    const world = await invited();
    world.google.remove(eventId(1));
    await world.quiesce();
    expect([world.row(), (await world.pair())?.status]).toEqual([undefined, 'closed']);
  });

  it('are left alone by rule, each with its reason', async () => {
    const world = await invited({ invitations: 'skip' });
    expect(world.row()).toBeUndefined();
    expect(await world.unpaired.find(world.account().id, 'google', eventId(1))).toMatchObject({ reason: 'foreign-organizer' });
  });

  it('that become the user’s own are merged like any other', async () => {
    const world = await invited();
    world.google.receive(eventId(1), fullEvent({ subject: 'Kennismaking', description: 'Neem uw plannen mee' }), { ownedByUser: true });
    await world.quiesce();
    world.inventive.edit(world.row()!.id, { subject: 'Van mij' });
    await world.quiesce();
    expect(world.google.events.get(eventId(1))?.fields.subject).toBe('Van mij');
  });
});

describe('[R11.1] types of Google’s own', () => {
  it('[R11.2] out of office comes in as Afwezig', async () => {
    const world = await invited({}, { eventType: 'outOfOffice' });
    expect([world.row()?.fields.showAs, world.google.writes]).toEqual(['away', 0]);
  });

  it.each(['birthday', 'focusTime', 'workingLocation', 'inventedTomorrow'])('%s stays in Google, with its reason', async (eventType) => {
    const world = await invited({}, { eventType });
    expect(world.row()).toBeUndefined();
    expect(await world.unpaired.find(world.account().id, 'google', eventId(1))).toMatchObject({ reason: 'event-type-not-synchronised' });
  });

  it('[R11.4] what Gmail made comes in and follows Google', async () => {
    const world = await invited({ invitations: 'skip' }, { eventType: 'fromGmail', ownedByUser: false });
    world.google.edit(eventId(1), { location: 'Gate D7' });
    await world.quiesce();
    expect([world.row()?.fields.location, world.google.writes]).toEqual(['Gate D7', 0]);
  });

  it('[R11.3] focus time comes in where the administration wants it, and is only followed', async () => {
    const world = await invited({ eventTypes: { ...DEFAULT_RULES.eventTypes, focusTime: 'import' } }, { eventType: 'focusTime' });
    world.inventive.edit(world.row()!.id, { subject: 'Anders' });
    await world.quiesce();
    expect([world.row()?.fields.subject, world.google.writes]).toEqual(['Kennismaking', 0]);
  });
});
