import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));
type World = ReturnType<typeof aWorld>;
const inGoogle = (world: World) => world.google.living().map(({ fields }) => fields.subject ?? '').toSorted();
const inAgenda = (world: World) => [...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === world.account().userId).map(({ fields }) => fields.subject ?? '').toSorted();

/** An appointment that stands on both sides. */
async function aPairInStep(): Promise<{ world: World; event: ReturnType<typeof eventId> }> {
  const world = aWorld();
  world.inventive.edit(rowId(1), fullRow());
  await world.quiesce();
  return { world, event: world.google.living()[0]!.id };
}

describe('an edit that beats a delete', () => {
  it('revives the event under its own id where Google allows it', async () => {
    const { world, event } = await aPairInStep();
    world.google.remove(event);
    world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await world.quiesce();
    expect(world.google.living().map(({ id, fields }) => [id, fields.subject])).toEqual([[event, 'Toch door']]);
  });

  for (const step of ['reconcile:after-intent-before-call', 'reconcile:after-call-before-save'] as const) {
    it(`survives a kill at ${step}: the deleted event is not taken for a deletion of the edit`, async () => {
      const { world, event } = await aPairInStep();
      world.google.remove(event);
      world.inventive.edit(rowId(1), { subject: 'Toch door' });
      world.kill(step);
      await world.quiesce();
      expect([inGoogle(world), inAgenda(world)]).toEqual([['Toch door'], ['Toch door']]);
    });
  }

  it('is not overwritten by the old values of an event that its owner revives just before us', async () => {
    const { world, event } = await aPairInStep();
    world.google.remove(event);
    world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await world.deliverAll();
    world.kill('reconcile:after-intent-before-call');
    await world.workOnce();
    world.google.restore(event);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Toch door'], ['Toch door']]);
  });
});

describe('a key that was made and deleted', () => {
  it('is not used a second time: its deletion would be taken for that of the new appointment', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.remove(rowId(1));
    world.google.edit(event, { subject: 'Eerst' });
    await world.deliverAll();
    world.fates.push('applies-then-fails');
    await world.workOnce();
    world.inventive.remove([...world.inventive.rows.keys()][0]!);
    world.google.edit(event, { subject: 'Daarna' });
    await world.deliverAll();
    world.kill('reconcile:after-intent-before-call');
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Daarna'], ['Daarna']]);
  });
});

describe('what comes back after a deletion', () => {
  it('an event restored from the bin, before the pair was closed, is not deleted again', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    world.google.restore(event);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Overleg'], ['Overleg']]);
  });

  it('an event restored later is made in Inventive again', async () => {
    const { world, event } = await aPairInStep();
    world.google.remove(event);
    await world.quiesce();
    expect(world.inventive.rows.size).toBe(0);
    world.google.restore(event);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Overleg'], ['Overleg']]);
    expect(world.pairs.all().map(({ status }) => status)).toEqual(['active']);
  });

  it('news from before the deletion revives nothing', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    // Edited and deleted by its owner before our own deletion arrives: Google answers "gone".
    world.google.edit(event, { location: 'Elders' });
    world.google.remove(event);
    await world.workOnce();
    await world.workOnce();
    const before = [world.google.writes, world.inventive.writes];
    await world.quiesce();
    expect([world.google.living(), world.inventive.rows.size]).toEqual([[], 0]);
    expect([world.google.writes, world.inventive.writes]).toEqual(before);
  });
});

describe('news that come while a call is under way', () => {
  it('a deletion told before the answer to our create is not taken back by that answer', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverAll();
    await world.workAndStall('after');
    world.google.remove(world.google.living()[0]!.id);
    await world.deliverAll();
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([[], []]);
  });

  it('a restoration told before the answer to our delete is kept', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    await world.workAndStall('after');
    world.google.restore(event);
    await world.deliverAll();
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Overleg'], ['Overleg']]);
  });
});

describe('a worker that hung and creates after all', () => {
  it('with older values does not overwrite the newer ones', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent({ subject: 'Oud' }));
    await world.deliverAll();
    await world.workAndStall('before');
    world.google.edit(eventId(1), { subject: 'Nieuw' });
    await world.deliverAll();
    world.fates.push('works', 'fails');
    await world.workOnce();
    await world.quiesce();
    const history = world.pairs.all().flatMap(({ lostValues }) => lostValues.map(({ lost }) => lost));
    expect([...inGoogle(world), ...inAgenda(world), ...history]).toContain('Nieuw');
  });
});

describe('[R6.1] an appointment handed to another user', () => {
  it('leaves the agenda of the first one, and stays with the other', async () => {
    const { world } = await aPairInStep();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    await world.quiesce();
    expect(inGoogle(world)).toEqual([]);
    expect(world.inventive.rows.get(rowId(1))?.ownerId).toBe(COLLEAGUE);
    expect(world.pairs.all().flatMap(({ reasons }) => reasons)).toContain('left-agenda');
  });

  it('that was edited in Google meanwhile is made anew for the first one, under a key of its own', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    world.google.edit(event, { subject: 'Van mij' });
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Van mij'], ['Van mij']]);
    expect(world.inventive.rows.get(rowId(1))).toMatchObject({ ownerId: COLLEAGUE, fields: { subject: 'Overleg' } });
  });

  it('and handed back after its event lived on with another appointment gets an event again', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    world.google.edit(event, { subject: 'Van mij' });
    await world.quiesce();
    world.inventive.handTo(rowId(1), world.account().userId);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Overleg', 'Van mij'], ['Overleg', 'Van mij']]);
  });

  it('and handed back is shown again', async () => {
    const { world } = await aPairInStep();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    world.inventive.handTo(rowId(1), world.account().userId);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Overleg'], ['Overleg']]);
  });
});

describe('what can not be found for a while', () => {
  it('is looked for again with the next news, which cross then', async () => {
    const { world, event } = await aPairInStep();
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    world.google.hidden.add(event);
    await world.quiesce();
    world.google.hidden.delete(event);
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    await world.quiesce();
    expect(inGoogle(world)).toEqual(['Nieuw']);
  });

  it('stays deleted where it was said to be deleted', async () => {
    const { world, event } = await aPairInStep();
    world.google.remove(event);
    await world.quiesce();
    world.google.hidden.add(event);
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    await world.quiesce();
    expect(world.pairs.all().map(({ status, google }) => [status, google.state])).toEqual([['closed', 'tombstone']]);
  });
});

describe('the history', () => {
  it('holds an overwritten value once, however often the write is tried', async () => {
    const { world, event } = await aPairInStep();
    world.google.edit(event, { subject: 'Van Google' });
    world.inventive.edit(rowId(1), { subject: 'Van Inventive' });
    world.fates.push('works', 'fails', 'fails', 'fails');
    await world.quiesce();
    expect(inGoogle(world)).toEqual(['Van Inventive']);
    expect(world.pairs.all().flatMap(({ lostValues }) => lostValues.map(({ lost }) => lost))).toEqual(['Van Google']);
  });
});

describe('[R6.6] [lesson 16] a copied event', () => {
  it('gets an appointment and marks of its own, and the original keeps both', async () => {
    const { world, event } = await aPairInStep();
    world.google.copy(event, eventId(9));
    await world.quiesce();
    expect(inAgenda(world)).toEqual(['Overleg', 'Overleg']);
    world.google.remove(eventId(9));
    await world.quiesce();
    expect(world.google.living().map(({ id }) => id)).toEqual([event]);
    expect([...world.inventive.rows.keys()]).toEqual([rowId(1)]);
  });
});

describe('[R13.4] [lesson 18] an event of another installation', () => {
  it('is left alone, marks and all', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent(), { inventiveInstallation: '99999999-9999-4999-8999-999999999999', inventiveAppointment: rowId(5), inventiveEvent: `${eventId(1)}.0` });
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes]).toEqual([0, 0]);
    expect(world.unpaired.all().map(({ reason }) => reason)).toEqual(['marked-by-other-installation']);
  });
});

describe('somebody who is faster than us', () => {
  it('four times in a row is followed without a pause', async () => {
    const { world, event } = await aPairInStep();
    const patch = world.google.patch;
    let faster = 4;
    world.google.patch = async (...call) => {
      if (faster > 0) {
        faster -= 1;
        world.google.edit(event, { location: `Zaal ${faster}` });
        // Slow enough for the pace of two writes a second.
        world.pass(600);
      }
      return patch(...call);
    };
    world.pass(5_000);
    world.inventive.edit(rowId(1), { subject: 'Verzet' });
    await world.deliverAll();
    // No other time passes: what is put off would never be done here.
    while (await world.workOnce());
    expect(world.google.events.get(event)?.fields).toMatchObject({ subject: 'Verzet', location: 'Zaal 0' });
    expect(world.inventive.rows.get(rowId(1))?.fields).toMatchObject({ subject: 'Verzet', location: 'Zaal 0' });
  });
});

describe('a pair that is gone on both sides', () => {
  it('keeps no content, and comes back whole when its event is taken from the bin', async () => {
    const { world, event } = await aPairInStep();
    world.inventive.edit(rowId(1), { subject: 'Vertrouwelijk', notes: 'Niet bewaren' });
    await world.quiesce();
    world.inventive.remove(rowId(1));
    await world.quiesce();
    expect(world.pairs.all().map(({ status }) => status)).toEqual(['closed']);
    expect(JSON.stringify(world.pairs.all())).not.toMatch(/Vertrouwelijk|Niet bewaren/);
    world.google.restore(event);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Vertrouwelijk'], ['Vertrouwelijk']]);
  });
});
