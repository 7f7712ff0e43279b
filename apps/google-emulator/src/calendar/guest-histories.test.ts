import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseOf } from '../recurrence/occurrence-id.js';
import { events, Follower, listOf, perform, series, seriesStep, type SeriesStep } from '../testing/series-steps.js';
import { startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
afterAll(() => emulator.stop());

const guest = 'devries@example.com';
const guestKinds = ['reply', 'reply to one', 'colour', 'colour one', 'uninvite', 'invite', 'uninvite from one', 'delete', 'delete one', 'take back', 'guest reads'] as const;
interface GuestStep {
  readonly kind: `guest: ${(typeof guestKinds)[number]}`;
  readonly which: number;
}
type Step = SeriesStep | GuestStep;
const guestStep: fc.Arbitrary<GuestStep> = fc.record({ kind: fc.constantFrom(...guestKinds.map((kind) => `guest: ${kind}` as const)), which: fc.nat(11) });
const isGuestStep = (step: Step): step is GuestStep => step.kind.startsWith('guest: ');

/** What organiser and guest see alike. */
const shared = (event: Loose): Loose =>
  Object.fromEntries(['id', 'iCalUID', 'status', 'summary', 'sequence', 'start', 'end', 'recurringEventId', 'originalStartTime', 'created'].map((name) => [name, event[name]]));
const repliesOf = (event: Loose): unknown => event['attendees']?.map((attendee: Loose) => [attendee['email'], attendee['responseStatus']]);

it('keeps a guest in step with the organiser, whatever both do to series', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(seriesStep, guestStep), { minLength: 3, maxLength: 20 }), async (steps: Step[]) => {
      await emulator.control('reset', {});
      const [organiser, other] = [await emulator.as('bakker@example.com'), await emulator.as(guest)];
      const attendees = { attendees: [{ email: guest }, { email: 'klant@elders.nl' }] };
      const stage = { emulator, who: organiser, follower: new Follower(organiser), ids: [(await organiser.insert(series(attendees)))['id'] as string], fields: attendees };
      const guestFollower = new Follower(other);
      const removed = new Set<string>();
      for (const step of steps) {
        if (!isGuestStep(step)) await perform(step, stage);
        else await performGuest(step, organiser, other, guestFollower, removed);
      }
      await guestFollower.readAll();

      const standing = await listOf(other);
      expect(Object.fromEntries(guestFollower.mirror)).toEqual(Object.fromEntries(standing.map((item) => [item['id'], item])));
      const versions = new Map<string, Set<string>>();
      for (const item of standing) versions.set(baseOf(item['id']), (versions.get(baseOf(item['id'])) ?? new Set()).add(item['etag']));
      for (const etags of versions.values()) expect(etags.size).toBe(1);

      const named = (await listOf(organiser, { singleEvents: 'true' })).filter((event) => event['attendees']?.some((attendee: Loose) => attendee['email'] === guest));
      const seen = await listOf(other, { singleEvents: 'true' });
      const theirs = new Map(named.map((event) => [event['id'] as string, event]));
      for (const copy of seen) {
        const original = theirs.get(copy['id']);
        expect([copy['id'], shared(copy), repliesOf(copy)]).toEqual([copy['id'], shared(original ?? {}), repliesOf(original ?? {})]);
      }
      // What he took out of his calendar himself may be missing, nothing else.
      const here = new Set(seen.map((copy) => copy['id']));
      const missing = [...theirs.keys()].filter((id) => !here.has(id) && ![...removed].some((gone) => gone === id || baseOf(gone) === baseOf(id)));
      expect(missing).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 120_000);

async function performGuest({ kind, which }: GuestStep, organiser: TestCaller, other: TestCaller, follower: Follower, removed: Set<string>): Promise<void> {
  const pick = (items: Loose[]): Loose | undefined => items[which % Math.max(1, items.length)];
  const masters = async (who: TestCaller): Promise<Loose[]> => (await listOf(who)).filter((event) => event['recurringEventId'] === undefined);
  const ones = (who: TestCaller): Promise<Loose[]> => listOf(who, { singleEvents: 'true' });
  const patch = async (who: TestCaller, event: Loose | undefined, body: (event: Loose) => object): Promise<void> => {
    if (event === undefined) return;
    const { status } = await who.call('PATCH', `${events}/${event['id']}`, { body: body(event) });
    if (status !== 200) throw new Error(`${kind}: ${status}`);
  };
  const replied = (event: Loose): object => ({ attendees: event['attendees'].map((attendee: Loose) => (attendee['self'] === true ? { ...attendee, responseStatus: ['accepted', 'declined', 'tentative'][which % 3] } : attendee)) });
  const without = (): object => ({ attendees: [{ email: 'klant@elders.nl' }] });
  switch (kind) {
    case 'guest: reply':
      return patch(other, pick(await masters(other)), replied);
    case 'guest: reply to one':
      return patch(other, pick(await ones(other)), replied);
    case 'guest: colour':
      return patch(other, pick(await masters(other)), () => ({ colorId: String(1 + (which % 11)) }));
    case 'guest: colour one':
      return patch(other, pick(await ones(other)), () => ({ colorId: String(1 + (which % 11)) }));
    case 'guest: uninvite':
      return patch(organiser, pick(await masters(organiser)), without);
    case 'guest: invite':
      return patch(organiser, pick(await masters(organiser)), () => ({ attendees: [{ email: guest }, { email: 'klant@elders.nl' }] }));
    case 'guest: uninvite from one':
      return patch(organiser, pick(await ones(organiser)), without);
    case 'guest: delete':
    case 'guest: delete one': {
      const event = pick(kind === 'guest: delete' ? await masters(other) : await ones(other));
      if (event === undefined) return;
      removed.add(event['id']);
      const { status } = await other.call('DELETE', `${events}/${event['id']}`);
      if (status !== 204) throw new Error(`${kind}: ${status}`);
      return;
    }
    case 'guest: take back': {
      const gone = [...removed][which % Math.max(1, removed.size)];
      if (gone !== undefined) await other.call('PATCH', `${events}/${gone}`, { body: { status: 'confirmed' } });
      return;
    }
    case 'guest: guest reads':
      return follower.readAll();
  }
}
