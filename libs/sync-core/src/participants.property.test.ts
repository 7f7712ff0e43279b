import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attendee, Participant, Reply } from '@calsync/calendar-model';
import { settleEach, type ParticipantChange, type PeopleContext } from './participants.js';
import type { AgreedPeople } from './plan-types.js';
import { anAttendee, aParticipant, myself, OWNER, peopleOf } from './testing/people.js';

const REPLIES: readonly Reply[] = ['none', 'accepted', 'declined', 'maybe'];
const OF_GOOGLE: Readonly<Record<string, Reply>> = { accepted: 'accepted', declined: 'declined', tentative: 'maybe', needsAction: 'none' };
const EMAILS = ['anna@elders.nl', 'bob@elders.nl', 'cas@elders.nl', OWNER.email];
const room = anAttendee('zaal@resource.calendar.google.com', 'accepted', { kind: 'resource' });
const { email: _none, ...nobody } = anAttendee('', 'none', { name: 'Iemand', raw: { id: 'x' } });

type Step =
  | { readonly at: 'inventive' | 'google'; readonly does: 'add' | 'remove'; readonly email: string; readonly reply: Reply }
  | { readonly at: 'inventive' | 'google'; readonly does: 'answer'; readonly email: string; readonly reply: Reply }
  | { readonly at: 'us'; readonly does: 'work' | 'crash-after-call' };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ at: fc.constantFrom('inventive' as const, 'google' as const), does: fc.constantFrom('add' as const, 'remove' as const, 'answer' as const), email: fc.constantFrom(...EMAILS), reply: fc.constantFrom(...REPLIES) }) },
  { weight: 3, arbitrary: fc.record({ at: fc.constant('us' as const), does: fc.constantFrom('work' as const, 'work' as const, 'crash-after-call' as const) }) },
);

/** Both lists, and us between them: each of our acts changes one side and then, unless we die, what is agreed on. */
class Lists {
  rows: readonly Participant[] = [];
  guests: readonly Attendee[] = [myself(), room, nobody];
  base: AgreedPeople | undefined;
  mails = 0;
  /** Of an act whose answer was lost. */
  open: { readonly at: 'inventive' | 'google'; readonly settled: AgreedPeople; readonly changes: readonly ParticipantChange[] } | undefined;

  constructor(readonly context: Partial<PeopleContext>) {}

  do(step: Step): void {
    if (step.at === 'us') {
      this.work(step.does === 'crash-after-call');
      return;
    }
    const { at, does, email, reply } = step;
    if (at === 'inventive') {
      const there = this.rows.some((row) => row.email === email);
      if (does === 'remove') this.rows = this.rows.filter((row) => row.email !== email);
      else if (does === 'add' && !there) this.rows = [...this.rows, aParticipant(email, reply)];
      else if (does === 'answer') this.rows = this.rows.map((row) => (row.email === email ? { ...row, reply } : row));
      return;
    }
    const there = this.guests.some((guest) => guest.email === email);
    if (does === 'remove') this.guests = this.guests.filter((guest) => guest.email !== email);
    else if (does === 'add' && !there) this.guests = [...this.guests, email === OWNER.email ? myself(reply) : anAttendee(email, reply)];
    else if (does === 'answer') this.guests = this.guests.map((guest) => (guest.email === email ? { ...(guest.self ? myself(reply) : anAttendee(email, reply)) } : guest));
  }

  /** True where there was something to do. */
  work(dies = false): boolean {
    this.settle();
    const plan = peopleOf({ ...(this.base ? { base: this.base } : {}), rows: this.rows, guests: this.guests, context: this.context });
    this.base = plan.base;
    for (const change of plan.inventive?.changes ?? []) {
      if (change.kind === 'create') this.rows = [...this.rows, aParticipant(change.email, change.reply, { name: change.name, ...(change.userId ? { userId: change.userId } : {}) })];
      else if (change.kind === 'delete') this.rows = this.rows.filter((row) => row.id !== change.id);
      else this.rows = this.rows.map((row) => (row.id === change.id ? { ...row, reply: change.reply } : row));
    }
    if (plan.google !== undefined) {
      const before = new Map(this.guests.map((guest) => [guest.email, guest] as const));
      this.guests = plan.google.attendees.map((raw) => {
        const email = raw['email'] === undefined || raw['email'] === '' ? undefined : String(raw['email']);
        const known = before.get(email);
        return known === undefined ? anAttendee(email ?? '', OF_GOOGLE[String(raw['responseStatus'])] ?? 'none') : { ...known, reply: OF_GOOGLE[String(raw['responseStatus'])] ?? 'none', raw };
      });
      if (plan.google.tell === 'all') this.mails += 1;
    }
    const act = plan.inventive ?? plan.google;
    if (act === undefined) return false;
    if (dies) this.open = { at: plan.inventive === undefined ? 'google' : 'inventive', settled: act.settled, changes: plan.inventive?.changes ?? [] };
    else this.base = act.settled;
    return true;
  }

  /** By reading the side that was written, as it stands by now. */
  private settle(): void {
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    const rows = new Map(this.rows.map((row) => [row.email, row.reply] as const));
    const guests = new Map(this.guests.map((guest) => [guest.email, guest.reply] as const));
    this.base = settleEach(this.base, open.settled, (email, meant) => (open.at === 'google' ? guests.get(email) === meant : open.changes.filter((change) => change.email === email).every((change) =>
      change.kind === 'delete' ? !rows.has(email) : change.kind === 'create' ? rows.has(email) : rows.get(email) === change.reply)));
  }

  quiesce(): number {
    for (let acts = 0; acts < 20; acts += 1) if (!this.work()) return acts;
    throw new Error('no end');
  }

  people(): { rows: Record<string, Reply>; guests: Record<string, Reply> } {
    const others = <One extends { readonly email?: string; readonly reply: Reply }>(list: readonly One[]) =>
      Object.fromEntries(list.filter(({ email }) => email !== undefined && email !== '' && email !== OWNER.email).map(({ email, reply }) => [email ?? '', reply] as const).toSorted(([a], [b]) => a.localeCompare(b)));
    return { rows: others(this.rows), guests: others(this.guests.filter(({ kind }) => kind === 'person')) };
  }
}

const histories = (context: Partial<PeopleContext>, check: (lists: Lists, steps: readonly Step[]) => void) =>
  fc.assert(fc.property(fc.array(aStep, { maxLength: 14 }), (steps) => {
    const lists = new Lists(context);
    for (const step of steps) lists.do(step);
    lists.quiesce();
    check(lists, steps);
  }), { numRuns: 2_000 });

describe('[A3] [A4] [A5] [A9] [A14] random histories of two lists', () => {
  it('[I1] [I2] [I5] with guests written both lists end alike, and then nothing is left to do', () => {
    histories({ guests: 'silent' }, (lists) => {
      const { rows, guests } = lists.people();
      expect(rows).toEqual(guests);
      expect(lists.work()).toBe(false);
    });
  });

  it('[A14] a guest who came in just before a crash, and was taken out in Google since, is not added again (seed 435174967)', () => {
    const lists = new Lists({ guests: 'mail' });
    lists.do({ at: 'google', does: 'add', email: 'cas@elders.nl', reply: 'none' });
    lists.do({ at: 'us', does: 'crash-after-call' });
    lists.do({ at: 'google', does: 'remove', email: 'cas@elders.nl', reply: 'none' });
    lists.quiesce();
    expect([lists.people(), lists.mails]).toEqual([{ rows: {}, guests: {} }, 0]);
  });

  it('[A6] [I5] with guests off Google stays as its people left it, and nothing is left to do', () => {
    histories({ guests: 'off' }, (lists, steps) => {
      const alone = new Lists({});
      for (const step of steps) if (step.at === 'google') alone.do(step);
      expect(lists.guests).toEqual(alone.guests);
      expect(lists.work()).toBe(false);
    });
  });

  it('[A7] [I1] of an invitation everybody whom the organiser lists is in the row, and only the own reply ever changes in Google', () => {
    histories({ invitation: true, guests: 'mail' }, (lists, steps) => {
      const { rows, guests } = lists.people();
      expect(rows).toMatchObject(guests);
      const alone = new Lists({});
      for (const step of steps) if (step.at === 'google') alone.do(step);
      const others = (list: readonly Attendee[]) => list.filter(({ self }) => !self);
      expect(others(lists.guests)).toEqual(others(alone.guests));
    });
  });

  it('[I4] nobody whom somebody added, and nobody took out, is missing anywhere', () => {
    histories({ guests: 'silent' }, (lists, steps) => {
      const { rows, guests } = lists.people();
      const did = (what: 'add' | 'remove', email: string) => steps.some((step) => step.at !== 'us' && step.does === what && step.email === email);
      const wanted = EMAILS.filter((email) => email !== OWNER.email && did('add', email) && !did('remove', email));
      expect(wanted.filter((email) => !(email in rows) || !(email in guests))).toEqual([]);
    });
  });

  it('[A1] rooms and who has no address are there as they were, whatever was written', () => {
    for (const guests of ['off', 'silent', 'mail'] as const) histories({ guests }, (lists) => expect(lists.guests.filter((one) => one.kind === 'resource' || one.email === undefined).map(({ raw }) => raw)).toEqual([room.raw, nobody.raw]));
  });

  it('[A11] nobody is told but by mail, and by that only of what is to come and was added or taken out in Inventive', () => {
    histories({ guests: 'silent' }, ({ mails }) => expect(mails).toBe(0));
    histories({ guests: 'mail', isAhead: false }, ({ mails }) => expect(mails).toBe(0));
    histories({ guests: 'mail' }, ({ mails }, steps) => expect(mails === 0 || steps.some((step) => step.at === 'inventive')).toBe(true));
  });

  it('[A6] turned on after any history, the first comparison takes nobody out of Google and tells nobody', () => {
    fc.assert(fc.property(fc.array(aStep, { maxLength: 14 }), (steps) => {
      const off = new Lists({ guests: 'off' });
      for (const step of steps) off.do(step);
      off.quiesce();
      const on = new Lists({ guests: 'mail' });
      Object.assign(on, { rows: off.rows, guests: off.guests, base: off.base });
      on.quiesce();
      expect(Object.keys(on.people().guests)).toEqual(expect.arrayContaining(Object.keys(off.people().guests)));
      expect(on.people().rows).toEqual(on.people().guests);
      expect(on.mails).toBe(0);
    }), { numRuns: 2_000 });
  });
});
