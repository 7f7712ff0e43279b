import { describe, expect, it } from 'vitest';
import type { GoogleReminders, Reminder } from '@calsync/calendar-model';
import { canonicalReminder, EARLIEST_MINUTES, remindersWith } from './reminders.js';
import { aBase, aGoogleEvent, inWords, planOf, someFields } from './testing/builders.js';

const DEFAULT: GoogleReminders = { useDefault: true, overrides: [] };
const only = (...overrides: GoogleReminders['overrides']): GoogleReminders => ({ useDefault: false, overrides });
const popup = (minutes: number) => ({ method: 'popup', minutes });
const email = (minutes: number) => ({ method: 'email', minutes });

describe('[N1] [R1.6] which of Google’s reminders is the one of Inventive', () => {
  it.each<[string, GoogleReminders, Reminder | undefined, Reminder | undefined]>([
    ['the calendar’s own', DEFAULT, undefined, 'default'],
    ['surely silent', only(), undefined, 'none'],
    ['e-mails only', only(email(60)), undefined, 'none'],
    ['one popup', only(popup(10)), undefined, 10],
    ['the nearest of several', only(popup(60), popup(10), email(5)), undefined, 10],
    ['at the start itself', only(popup(0)), undefined, 0],
    ['the agreed one beside a nearer one', only(popup(10), popup(60)), 60, 60],
    ['the nearest where the agreed one is gone', only(popup(10), popup(30)), 60, 10],
    ['an agreed one that Google could hold only in part', only(popup(EARLIEST_MINUTES)), 100_000, 100_000],
    ['no popup where one was agreed on', only(email(60)), 10, 'none'],
  ])('%s', (_what, found, agreed, expected) => expect(canonicalReminder(found, agreed)).toBe(expected));

  it('[C6] none of its own and surely silent are the same to Inventive, numbers are not', () => {
    const silent = planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ reminders: only() }) });
    expect(inWords(silent)).toBe('nothing');
    expect(inWords(planOf({ base: aBase(), inventive: someFields(), google: aGoogleEvent({ reminders: only(popup(15)) }) }))).toBe('update inventive reminder');
    const far = planOf({ base: aBase({ reminder: 100_000 }), inventive: someFields({ reminder: 100_000 }), google: aGoogleEvent({ reminders: only(popup(EARLIEST_MINUTES)) }) });
    expect(inWords(far)).toBe('nothing');
  });
});

describe('[N2] [R1.7] [lesson 14] what is written beside what stands there', () => {
  it.each<[string, Reminder, GoogleReminders | undefined, Reminder | undefined, GoogleReminders]>([
    ['a first popup', 15, DEFAULT, 'default', only(popup(15))],
    ['a first popup beside e-mails', 15, only(email(60)), 'none', only(email(60), popup(15))],
    ['another in its place', 15, only(popup(10), email(60)), 10, only(email(60), popup(15))],
    ['another beside a further one', 30, only(popup(10), popup(60)), 10, only(popup(60), popup(30))],
    ['the agreed one moved past a nearer one', 90, only(popup(10), popup(60)), 60, only(popup(10), popup(90))],
    ['one that stands there already', 60, only(popup(10), popup(60)), 10, only(popup(60))],
    ['taken away: the defaults again', 'default', only(popup(10)), 10, DEFAULT],
    ['taken away beside an e-mail', 'default', only(popup(10), email(60)), 10, only(email(60))],
    ['surely none', 'none', only(popup(10)), 10, only()],
    ['in a new event', 15, undefined, undefined, only(popup(15))],
    ['none in a new event', 'default', undefined, undefined, DEFAULT],
    ['what is too early for Google', 100_000, undefined, undefined, only(popup(EARLIEST_MINUTES))],
  ])('%s', (_what, reminder, found, agreed, expected) => expect(remindersWith(reminder, found, agreed)).toEqual(expected));

  it('crosses in both directions, and what was written is quiet', () => {
    const toGoogle = planOf({ base: aBase({ reminder: 10 }), inventive: someFields({ reminder: 90 }), google: aGoogleEvent({ reminders: only(popup(10), popup(60), email(5)) }) });
    expect(toGoogle.google).toMatchObject({ kind: 'patch', fields: { reminders: only(popup(60), email(5), popup(90)) }, settled: aBase({ reminder: 90 }) });
    const after = planOf({ base: aBase({ reminder: 90 }), inventive: someFields({ reminder: 90 }), google: aGoogleEvent({ reminders: only(popup(60), email(5), popup(90)) }) });
    expect([inWords(after), after.base]).toEqual(['nothing', aBase({ reminder: 90 })]);
    const toInventive = planOf({ base: aBase({ reminder: 10 }), inventive: someFields({ reminder: 10 }), google: aGoogleEvent({ reminders: only(email(5), popup(45)) }) });
    expect(toInventive.inventive).toMatchObject({ kind: 'update', fields: { reminder: 45 } });
  });
  it('a change of anything else names no reminders', () => {
    const plan = planOf({ base: aBase({ reminder: 10 }), inventive: someFields({ reminder: 10, subject: 'Nieuw' }), google: aGoogleEvent({ reminders: only(popup(10), email(5)) }) });
    expect(inWords(plan)).toBe('patch google subject');
  });
});

describe('[N3] no room', () => {
  const full = only(...[1, 2, 3, 4, 5].map(email));
  it('five e-mails: nothing is compared, written or deleted for it', () => {
    expect(canonicalReminder(full, 10)).toBeUndefined();
    const plan = planOf({ base: aBase({ reminder: 10 }), inventive: someFields({ reminder: 30 }), google: aGoogleEvent({ reminders: full }) });
    expect([inWords(plan), plan.base?.fields.reminder]).toEqual(['nothing', 10]);
  });
  it('four e-mails and a popup of ours are no problem', () => {
    const four = only(...[1, 2, 3, 4].map(email), popup(10));
    expect(remindersWith(20, four, 10).overrides).toHaveLength(5);
  });
});

describe('[N4] never agreed on', () => {
  const { reminder: _reminder, ...before } = someFields();
  const base = { fields: before, block: '' };
  it('a number beats none of its own, on either side', () => {
    expect(inWords(planOf({ base, inventive: someFields(), google: aGoogleEvent({ reminders: only(popup(10)) }) }))).toBe('update inventive reminder');
    expect(inWords(planOf({ inventive: someFields({ reminder: 10 }), google: aGoogleEvent() }))).toBe('patch google reminders');
    expect(planOf({ inventive: someFields({ reminder: 10 }), google: aGoogleEvent({ reminders: only(popup(20)) }) }).conflicts).toEqual([{ field: 'reminder', winner: 'inventive', kept: 10, lost: 20 }]);
  });
  it('it keeps no deleted item alive', () => {
    expect(inWords(planOf({ base, inventive: someFields({ reminder: 10 }), google: 'gone' }))).toBe('delete inventive');
    expect(inWords(planOf({ base, inventive: 'gone', google: aGoogleEvent({ reminders: only(popup(10)) }) }))).toBe('delete google');
  });
  it('agreed on, an edit of it does', () => {
    expect(planOf({ base: aBase(), inventive: someFields({ reminder: 10 }), google: 'gone' }).google).toMatchObject({ kind: 'create', fields: { reminders: only(popup(10)) } });
    expect(inWords(planOf({ base: aBase(), inventive: 'gone', google: aGoogleEvent({ reminders: only(popup(10)) }) }))).toBe('create inventive');
  });
});
