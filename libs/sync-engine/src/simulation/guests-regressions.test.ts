import { describe, expect, it } from 'vitest';
import { ACCOUNT } from '../testing/records.js';
import { differences } from './history-oracle.js';
import { changeSettings, comeToRest } from './history-trouble.js';
import { aGuest } from './model-guests.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const ANNA = 'anna@elders.nl';
const me = aGuest(ACCOUNT.email, 'none', { self: true });

/** Each was found by the random histories, and shrunk to this. */
describe('a guest who was invited in Google while nothing came in', () => {
  it('[R5.2] is in the row once it does again', async () => {
    const world = aWorld({ account: { direction: 'to-google' } });
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const event = world.google.living()[0]!;
    world.google.receive(event.id, event.fields, { attendees: [aGuest(ANNA)] });
    await world.quiesce();
    changeSettings(world, { direction: 'both' });
    await comeToRest(world);
    expect(world.inventive.rows.get(rowId(1))?.participants.map(({ email }) => email)).toEqual([ANNA]);
  });
});

describe('an invitation that was cancelled while the answer to the creation of its row was lost', () => {
  it('[R5.8] takes its row along, though that was edited; what was typed stands in the history', async () => {
    const world = aWorld();
    world.google.receive(eventId(1), fullEvent(), { ownedByUser: false, organizerEmail: 'klant@elders.example', attendees: [me] });
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    world.google.remove(eventId(1));
    world.inventive.edit([...world.inventive.rows.keys()][0]!, { subject: 'Getypt' });
    await comeToRest(world);
    expect(world.inventive.rows.size).toBe(0);
    expect(JSON.stringify(world.pairs.all().map(({ lostValues }) => lostValues))).toContain('Getypt');
    expect(differences(world)).toEqual([]);
  });
});
