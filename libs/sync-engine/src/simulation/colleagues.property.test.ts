import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asGoogleEventId, asInventiveId, type Reply } from '@calsync/calendar-model';
import { DEFAULT_RULES } from '../ports/account.js';
import { oneIn, RUNS, SEED } from '../testing/history-end.js';
import { ACCOUNT } from '../testing/records.js';
import type { CallFate } from './call-fate.js';
import { aGuest } from './model-guests.js';
import { aWorld, fullEvent, fullRow, rowId } from './reconcile-world.js';

const DEVRIES = { id: asAccountId('acc-2'), userId: asInventiveId('B2'.padStart(32, '0')), email: 'devries@example.com', calendarId: asCalendarId('devries@example.com') };
const LATER = { kind: 'timed', start: '2026-11-26T10:00:00', end: '2026-11-26T11:00:00', zone: 'Europe/Amsterdam' } as const;
const NEXT = { kind: 'timed', start: '2026-11-27T14:00:00', end: '2026-11-27T15:00:00', zone: 'Europe/Amsterdam' } as const;

type Step =
  | { readonly do: 'made'; readonly at: 'desk' | 'google' }
  | { readonly do: 'edit'; readonly at: 'desk' | 'google'; readonly item: number; readonly text: string; readonly when: 'same' | 'next' }
  | { readonly do: 'answer'; readonly at: 'desk' | 'own-calendar'; readonly item: number; readonly reply: Reply }
  | { readonly do: 'remove'; readonly at: 'desk' | 'google' | 'own-calendar'; readonly item: number }
  | { readonly do: 'out' | 'in-again'; readonly item: number }
  | { readonly do: 'deliver'; readonly side: 'inventive' | 'google' | 'colleague' }
  | { readonly do: 'work' }
  | { readonly do: 'kill'; readonly calls: number; readonly when: 'before' | 'after' }
  | { readonly do: 'stall'; readonly when: 'before' | 'after' }
  | { readonly do: 'fate'; readonly fate: CallFate };

const item = fc.nat(3);
const moment = fc.constantFrom('before' as const, 'after' as const);
const peoples: fc.WeightedArbitrary<Step>[] = [
  { weight: 3, arbitrary: fc.record({ do: fc.constant('made' as const), at: fc.constantFrom('desk' as const, 'google' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.constantFrom('desk' as const, 'google' as const), item, text: fc.constantFrom('Een', 'Twee'), when: fc.constantFrom('same' as const, 'next' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), at: fc.constantFrom('desk' as const, 'own-calendar' as const), item, reply: fc.constantFrom('none' as const, 'accepted' as const, 'declined' as const, 'maybe' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.constantFrom('desk' as const, 'google' as const, 'own-calendar' as const), item }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('out' as const, 'in-again' as const), item }) },
];
const product: fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), side: fc.constantFrom('inventive' as const, 'google' as const, 'colleague' as const) }) },
  { weight: 6, arbitrary: fc.constant({ do: 'work' as const }) },
];
/** Each lets a minute pass, and so more than the moment that a colleague's own message is waited for. */
const trouble: fc.WeightedArbitrary<Step>[] = [
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), calls: fc.nat(6), when: moment }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), when: moment }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom<CallFate>('fails', 'applies-then-fails') }) },
];
const historyOf = (steps: readonly fc.WeightedArbitrary<Step>[]) => fc.array(fc.oneof(...steps), { maxLength: 35, size: 'max' });

async function lived(steps: readonly Step[]) {
  const world = aWorld({ account: { rules: { ...DEFAULT_RULES, guests: 'silent' } }, colleague: { ...DEVRIES, rules: { ...DEFAULT_RULES, guests: 'silent' } } });
  const { inventive, google, theirs } = world;
  const me = aGuest(ACCOUNT.email, 'accepted', { self: true });
  const own = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];
  const rowAt = (at: number) => own([...inventive.rows.values()], at);
  let seats = 0;
  const aSeat = (reply: Reply = 'none') => ({ id: asInventiveId(String((seats += 1)).padStart(32, 'E')), name: '', email: DEVRIES.email, reply, entityStamp: 1 });
  for (const step of steps) {
    switch (step.do) {
      case 'made':
        if (step.at === 'google') google.receive(asGoogleEventId(`meeting${google.news.length}`), fullEvent({ subject: `Bespreking ${google.news.length}`, when: LATER }), { attendees: [me, aGuest(DEVRIES.email)] });
        else {
          const id = rowId(100 + inventive.news.length);
          inventive.edit(id, fullRow({ subject: `Overleg ${inventive.news.length}`, when: LATER }));
          inventive.seat(id, [aSeat()]);
        }
        break;
      case 'edit': {
        const [row, event] = [rowAt(step.item), own(google.living(), step.item)];
        const change = { subject: step.text, when: step.when === 'next' ? NEXT : LATER };
        if (step.at === 'desk' && row !== undefined) inventive.edit(row.id, change);
        if (step.at === 'google' && event !== undefined) google.edit(event.id, change);
        break;
      }
      case 'answer': {
        const [row, copy] = [rowAt(step.item), own(theirs.living(), step.item)];
        if (step.at === 'desk' && row !== undefined) inventive.seat(row.id, row.participants.map((one) => (one.email === DEVRIES.email ? { ...one, reply: step.reply } : one)));
        if (step.at === 'own-calendar' && copy !== undefined) theirs.receive(copy.id, copy.fields, { attendees: (copy.attendees ?? []).map((one) => (one.self ? { ...aGuest(DEVRIES.email, step.reply), self: true } : one)) });
        break;
      }
      case 'remove': {
        const [row, event, copy] = [rowAt(step.item), own(google.living(), step.item), own(theirs.living(), step.item)];
        if (step.at === 'desk' && row !== undefined) inventive.remove(row.id);
        if (step.at === 'google' && event !== undefined) google.remove(event.id);
        if (step.at === 'own-calendar' && copy !== undefined) theirs.remove(copy.id);
        break;
      }
      case 'out':
      case 'in-again': {
        const event = own(google.living(), step.item);
        if (event === undefined) break;
        const others = (event.attendees ?? []).filter(({ email }) => email !== DEVRIES.email);
        google.receive(event.id, event.fields, { attendees: step.do === 'out' ? others : [...others, aGuest(DEVRIES.email)] });
        break;
      }
      case 'deliver':
        await world.deliverNext(step.side);
        break;
      case 'work':
        await world.workOnce();
        break;
      case 'kill':
        world.killIn(step.calls, step.when);
        await world.workOnce();
        break;
      case 'stall':
        await world.workAndStall(step.when);
        break;
      case 'fate':
        world.fates.push(step.fate);
        break;
      default:
        step satisfies never;
    }
  }
  world.fates.length = 0;
  await world.quiesce();
  // Guests that were refused, and a colleague's message that is waited for.
  world.pass(3_700_000);
  await world.quiesce();
  return world;
}

type World = Awaited<ReturnType<typeof lived>>;

/** Row and event say the same, and the colleague's reply is one in the row, the event and the copy. */
function apart({ inventive, google, theirs, pairs }: World): readonly string[] {
  return google.living().flatMap((event) => {
    const pair = pairs.all().find(({ accountId, eventId }) => accountId === ACCOUNT.id && eventId === event.id);
    const row = pair === undefined ? undefined : inventive.rows.get(pair.appointmentId);
    if (row === undefined) return [`${event.id} has no row`];
    const guest = event.attendees?.find(({ email }) => email === DEVRIES.email);
    const copy = theirs.events.get(event.id);
    const said = [
      row.participants.find(({ email }) => email === DEVRIES.email)?.reply, guest?.reply,
      ...(copy === undefined || copy.status === 'cancelled' ? [] : [copy.attendees?.find(({ self }) => self)?.reply]),
    ];
    return [
      ...(row.fields.subject === event.fields.subject ? [] : [`${event.id} is called ${event.fields.subject} and ${row.fields.subject}`]),
      ...(new Set(said).size === 1 ? [] : [`${event.id} is answered ${said.join(', ')}`]),
    ];
  });
}

async function isQuiet(world: World): Promise<void> {
  const writes = () => [world.google.writes, world.theirs.writes, world.inventive.writes];
  const before = writes();
  for (const side of ['inventive', 'google', 'colleague'] as const) world.rewind(side, 0);
  await world.quiesce();
  expect(writes()).toEqual(before);
}

describe(`random histories of a meeting of two colleagues who are both linked (${Math.ceil(RUNS / 5)} each, SIMULATION_SEED=${SEED})`, () => {
  it('[R5.10] it stands in Inventive once, in the agenda of who organises it, whoever’s news comes first', async () => {
    await fc.assert(
      fc.asyncProperty(historyOf([...peoples, ...product]), async (steps) => {
        const world = await lived(steps);
        expect(apart(world)).toEqual([]);
        expect([...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === DEVRIES.userId)).toEqual([]);
        expect([world.theirs.writes, world.theirs.trespasses, world.google.trespasses, world.google.mails]).toEqual([0, [], [], []]);
        await isQuiet(world);
      }),
      oneIn(5),
    );
  }, 3_600_000);

  it('[R5.10] [I1] [I5] with crashes, hanging calls and lost answers the copy is left as it is, and both sides agree', async () => {
    await fc.assert(
      fc.asyncProperty(historyOf([...peoples, ...product, ...trouble]), async (steps) => {
        const world = await lived(steps);
        expect(apart(world)).toEqual([]);
        expect([world.theirs.trespasses, world.google.trespasses, world.google.mails]).toEqual([[], [], []]);
        await isQuiet(world);
      }),
      oneIn(5),
    );
  }, 3_600_000);
});
