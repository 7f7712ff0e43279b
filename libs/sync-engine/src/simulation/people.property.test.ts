import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asInventiveId, type Reply } from '@calsync/calendar-model';
import { DEFAULT_RULES, type AccountRules } from '../ports/account.js';
import { OPTIONS, RUNS, SEED } from '../testing/history-end.js';
import { ACCOUNT } from '../testing/records.js';
import type { CallFate } from './call-fate.js';
import { aGuest } from './model-guests.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

const PEOPLE = ['anna@elders.nl', 'bob@elders.nl', 'cas@elders.nl'];
const REPLIES: readonly Reply[] = ['none', 'accepted', 'declined', 'maybe'];
const LATER = { kind: 'timed', start: '2026-11-26T10:00:00', end: '2026-11-26T11:00:00', zone: 'Europe/Amsterdam' } as const;
const room = aGuest('zaal@resource.calendar.google.com', 'accepted', { kind: 'resource' });
const me = aGuest(ACCOUNT.email, 'accepted', { self: true });

const aPerson = fc.constantFrom(...PEOPLE);
type Step =
  | { readonly do: 'desk' | 'phone'; readonly what: 'add' | 'remove' | 'answer'; readonly who: string; readonly reply: Reply }
  | { readonly do: 'rename-desk' | 'rename-phone'; readonly text: string }
  | { readonly do: 'deliver'; readonly side: 'inventive' | 'google' }
  | { readonly do: 'work' | 'refuse-guests' }
  | { readonly do: 'kill'; readonly calls: number; readonly when: 'before' | 'after' }
  | { readonly do: 'stall'; readonly when: 'before' | 'after' }
  | { readonly do: 'fate'; readonly fate: CallFate }
  | { readonly do: 'rewind'; readonly side: 'inventive' | 'google'; readonly to: number };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('desk' as const, 'phone' as const), what: fc.constantFrom('add' as const, 'remove' as const, 'answer' as const), who: aPerson, reply: fc.constantFrom(...REPLIES) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('rename-desk' as const, 'rename-phone' as const), text: fc.constantFrom('Een', 'Twee') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), side: fc.constantFrom('inventive' as const, 'google' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), calls: fc.nat(6), when: fc.constantFrom('before' as const, 'after' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), when: fc.constantFrom('before' as const, 'after' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom('fails' as const, 'applies-then-fails' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewind' as const), side: fc.constantFrom('inventive' as const, 'google' as const), to: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse-guests' as const) }) },
);

async function live(rules: Partial<AccountRules>, steps: readonly Step[]) {
  const world = aWorld({ account: { rules: { ...DEFAULT_RULES, ...rules } } });
  const id = rowId(1);
  world.inventive.edit(id, fullRow({ when: LATER }));
  await world.quiesce();
  const event = () => world.google.living()[0]!;
  world.google.receive(event().id, event().fields, { attendees: [me, room] });
  let seats = 0;
  const desk = (what: 'add' | 'remove' | 'answer', who: string, reply: Reply) => {
    const now = world.inventive.rows.get(id)?.participants ?? [];
    const there = now.some(({ email }) => email === who);
    if (what === 'remove') world.inventive.seat(id, now.filter(({ email }) => email !== who));
    else if (what === 'answer') world.inventive.seat(id, now.map((one) => (one.email === who ? { ...one, reply } : one)));
    else if (!there) world.inventive.seat(id, [...now, { id: asInventiveId(String((seats += 1)).padStart(32, 'E')), name: '', email: who, reply, entityStamp: 1 }]);
  };
  const phone = (what: 'add' | 'remove' | 'answer', who: string, reply: Reply) => {
    const now = event().attendees ?? [];
    const there = now.some(({ email }) => email === who);
    const attendees = what === 'remove' ? now.filter(({ email }) => email !== who) : what === 'answer' ? now.map((one) => (one.email === who ? aGuest(who, reply) : one)) : there ? now : [...now, aGuest(who, reply)];
    world.google.receive(event().id, event().fields, { attendees });
  };
  for (const step of steps) {
    if (step.do === 'desk') desk(step.what, step.who, step.reply);
    else if (step.do === 'phone') phone(step.what, step.who, step.reply);
    else if (step.do === 'rename-desk') world.inventive.edit(id, { subject: step.text });
    else if (step.do === 'rename-phone') world.google.receive(event().id, { ...event().fields, location: step.text }, {});
    else if (step.do === 'deliver') await world.deliverNext(step.side);
    else if (step.do === 'work') await world.workOnce();
    else if (step.do === 'stall') await world.workAndStall(step.when);
    else if (step.do === 'fate') world.fates.push(step.fate);
    else if (step.do === 'rewind') world.rewind(step.side, step.to);
    else if (step.do === 'refuse-guests') world.google.guestsRefused += 1;
    else if (step.do === 'kill') {
      world.killIn(step.calls, step.when);
      await world.workOnce();
    }
  }
  world.fates.length = 0;
  world.google.guestsRefused = 0;
  await world.quiesce();
  // Guests that were refused several times wait longest.
  world.pass(3_700_000);
  await world.quiesce();
  const others = (list: readonly { readonly email?: string; readonly reply: Reply }[]) => list.filter(({ email }) => PEOPLE.includes(email ?? '')).map(({ email, reply }) => `${email} ${reply}`).sort();
  return { world, rows: () => others(world.inventive.rows.get(id)?.participants ?? []), guests: () => others(event().attendees ?? []), event };
}

/** By somebody, and never taken out by anybody: whatever failed or died, they are to stand on both sides. */
const broughtIn = (steps: readonly Step[]): string[] =>
  PEOPLE.filter((email) => {
    const done = steps.flatMap((step) => ((step.do === 'desk' || step.do === 'phone') && step.who === email ? [step.what] : []));
    return done.includes('add') && !done.includes('remove');
  });

describe(`random histories of the people of one meeting, with crashes, hanging calls, lost answers and repeated news (${RUNS} each, SIMULATION_SEED=${SEED})`, () => {
  it('[R5.1] [R5.9] both lists end alike, the room stays, nobody is told, and then nothing is written', async () => {
    await fc.assert(fc.asyncProperty(fc.array(aStep, { maxLength: 25, size: 'max' }), async (steps) => {
      const { world, rows, guests, event } = await live({ guests: 'silent' }, steps);
      expect(rows()).toEqual(guests());
      expect(guests().map((one) => one.split(' ')[0])).toEqual(expect.arrayContaining(broughtIn(steps)));
      expect(event().attendees).toContainEqual(room);
      expect([world.google.living().length, world.inventive.rows.size, world.google.mails]).toEqual([1, 1, []]);
      const written = [world.google.writes, world.inventive.writes];
      world.rewind('inventive', 0);
      world.rewind('google', 0);
      await world.quiesce();
      expect([world.google.writes, world.inventive.writes]).toEqual(written);
    }), OPTIONS);
  }, 3_600_000);

  it('[R5.2] with guests off nobody in Google is ever touched, and everybody there is in the row', async () => {
    await fc.assert(fc.asyncProperty(fc.array(aStep, { maxLength: 25, size: 'max' }), async (steps) => {
      const { rows, guests } = await live({ guests: 'off' }, steps);
      const alone = await live({ guests: 'off' }, steps.filter((step) => step.do === 'phone'));
      expect(guests()).toEqual(alone.guests());
      // But whom the desk took out, or never answered alike.
      const touched = new Set(steps.flatMap((step) => (step.do === 'desk' ? [step.who] : [])));
      const others = (list: readonly string[]) => list.filter((one) => !touched.has(one.split(' ')[0] ?? ''));
      expect(others(rows())).toEqual(others(guests()));
    }), OPTIONS);
  }, 3_600_000);
});
