import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
/** Three users, one for each policy of deletion. */
let deletes: Person;
let marks: Person;
let keeps: Person;
interface Person {
  readonly name: string;
  readonly desk: PersonAtDesk;
  readonly phone: PersonAtGoogle;
}

beforeAll(async () => {
  product = await startProduct();
  const person = async (name: string, policy: 'delete' | 'mark' | 'keep'): Promise<Person> => {
    await product.settings(name, { rules: { deletion: { toInventive: policy, toGoogle: policy } } });
    await product.link(name);
    return { name, desk: await product.desk(name), phone: await product.phone(name) };
  };
  [deletes, marks, keeps] = [await person('jansen', 'delete'), await person('devries', 'mark'), await person('bakker', 'keep')];
  await product.quiet();
}, 240_000);
afterAll(() => product?.stop(), 60_000);

const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const at = (hour: number, minute = 0) => ({ dateTime: `${today.toString()}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`, timeZone: 'Europe/Amsterdam' });
const inGoogle = ({ phone }: Person, summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const inInventive = ({ desk }: Person, subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const goneFromGoogle = ({ phone }: Person, id: string) => waitUntil('it is gone from Google', async () => (await phone.get(id)).status === 'cancelled');
const goneFromInventive = ({ desk }: Person, id: string) => waitUntil('it is gone from Inventive', async () => (await desk.get(id)) === undefined);
const cross = async (who: Person, subject: string, values: Record<string, unknown> = {}): Promise<{ row: SeenRow; event: SeenEvent }> => {
  const row = await who.desk.create({ Onderwerp: subject, ...values });
  const event = await inGoogle(who, subject);
  await product.quiet();
  return { row, event };
};
const crossBack = async (who: Person, summary: string): Promise<{ row: SeenRow; event: SeenEvent }> => {
  const event = await who.phone.insert({ summary, start: at(12), end: at(13) });
  const row = await inInventive(who, summary);
  await product.quiet();
  return { row, event };
};
const fault = async (side: 'google' | 'inventive', match: object, action: object): Promise<() => Promise<void>> => {
  const { id } = (await product.emulator(side, 'faults', { match, action })) as { id: string };
  return async () => void (await product.emulator(side, `faults/${id}`, undefined, 'DELETE'));
};

describe('the policies', () => {
  it('[R7.1] delete: what is deleted on one side goes on the other', async () => {
    const one = await cross(deletes, 'Weg in Inventive');
    await deletes.desk.delete(one.row.ID);
    await goneFromGoogle(deletes, one.event.id);
    const two = await crossBack(deletes, 'Weg in Google');
    await deletes.phone.delete(two.event.id);
    await goneFromInventive(deletes, two.row.ID);
  }, 60_000);

  it('[R7.2] [R7.3] mark: the event stays as gone and takes no time, the row becomes Vervallen', async () => {
    const one = await cross(marks, 'Gemarkeerd');
    await marks.desk.delete(one.row.ID);
    const marked = await inGoogle(marks, 'Vervallen: Gemarkeerd');
    expect([marked.id, marked.status, marked.transparency]).toEqual([one.event.id, 'confirmed', 'transparent']);
    const two = await crossBack(marks, 'Vervalt');
    await marks.phone.delete(two.event.id);
    await waitUntil('the row is Vervallen', async () => (await marks.desk.get(two.row.ID))?.Status === 'Vervallen');
    await product.quiet();
    // Marked once: the mark comes back to nobody, and nothing is made of it.
    expect([await marks.desk.withSubject('Vervallen: Gemarkeerd'), (await marks.phone.withSummary('Vervallen: Gemarkeerd')).length]).toEqual([[], 1]);
  }, 60_000);

  it('[R7.4] keep: it stays on the other side as it is', async () => {
    const [one, two] = [await cross(keeps, 'Blijft in Google'), await crossBack(keeps, 'Blijft in Inventive')];
    await keeps.desk.delete(one.row.ID);
    await keeps.phone.delete(two.event.id);
    await product.quiet();
    expect([(await keeps.phone.get(one.event.id)).status, (await keeps.desk.get(two.row.ID))?.Status]).toEqual(['confirmed', 'Gepland']);
    expect([(await keeps.phone.get(two.event.id)).status, await keeps.desk.get(one.row.ID)]).toEqual(['cancelled', undefined]);
    expect(await product.reasons('bakker', two.row.ID)).toContain('deletion-kept');
  }, 60_000);
});

describe('a series', () => {
  it('[R7.9] that is deleted as a whole is one act of a person: the brake does not mistake it for a disaster', async () => {
    const day = { start: at(17), end: at(18) };
    const series = await deletes.phone.insert({ summary: 'Dagelijkse ronde', recurrence: ['RRULE:FREQ=DAILY;COUNT=16'], ...day });
    const rows = async () => (await deletes.desk.withSubject('Dagelijkse ronde')).length;
    await waitUntil('all occurrences stand in Inventive', async () => (await rows()) === 16);
    await product.quiet();
    await deletes.phone.delete(series.id);
    await waitUntil('all are gone', async () => (await rows()) === 0);
    expect(await product.accountState('jansen')).toBe('live');
  }, 60_000);
});

describe('Vervallen', () => {
  it('[R7.5] [R7.6] counts as deleted for Google, the row stays; planned again it is back', async () => {
    const { row, event } = await cross(deletes, 'Misschien toch', { ToonAls: 'Voorlopig' });
    await deletes.desk.change(row.ID, { Status: 'Vervallen' });
    await goneFromGoogle(deletes, event.id);
    expect((await deletes.desk.get(row.ID))?.Status).toBe('Vervallen');
    await product.quiet();
    await deletes.desk.change(row.ID, { Status: 'Gepland' });
    await inGoogle(deletes, 'Misschien toch');
    await product.quiet();
    // Tentative as before: what is revived is confirmed unless it is told otherwise.
    expect([(await deletes.phone.get(event.id)).status, (await deletes.desk.get(row.ID))?.ToonAls]).toEqual(['tentative', 'Voorlopig']);
    expect([(await deletes.phone.withSummary('Misschien toch')).length, (await deletes.desk.withSubject('Misschien toch')).length]).toEqual([1, 1]);
  }, 60_000);

  it('[R7.12] from the start it does not come to Google', async () => {
    await deletes.desk.create({ Onderwerp: 'Nooit geweest', Status: 'Vervallen' });
    await product.quiet();
    expect(await deletes.phone.withSummary('Nooit geweest')).toEqual([]);
  }, 60_000);
});

describe('an edit against a deletion', () => {
  it('[R7.7] wins both ways, though the old id in Google is burnt and the bin was emptied', async () => {
    const [edited, binned, rewritten] = [await cross(deletes, 'Gewijzigd hier'), await cross(deletes, 'Gewijzigd, bak leeg'), await crossBack(deletes, 'Gewijzigd daar')];
    await deletes.phone.patch(binned.event.id, { colorId: '11', location: 'van de telefoon' });
    await waitUntil('the edit of the phone is in Inventive', async () => (await inInventive(deletes, 'Gewijzigd, bak leeg')).Locatie === 'van de telefoon');
    await product.kill9('reconciler');
    for (const { event } of [edited, binned]) await deletes.phone.delete(event.id);
    await deletes.phone.emptyBin();
    const late = await deletes.phone.insert({ summary: 'Na het legen', start: at(14), end: at(15) });
    await deletes.desk.change(edited.row.ID, { Locatie: 'Toch door' });
    await deletes.desk.change(binned.row.ID, { Locatie: 'Ook door' });
    await deletes.desk.delete(rewritten.row.ID);
    await deletes.phone.patch(rewritten.event.id, { location: 'Zeker door' });
    await product.restart('reconciler');
    await waitUntil('both stand in Google again', async () => (await inGoogle(deletes, 'Gewijzigd hier')).location === 'Toch door' && (await inGoogle(deletes, 'Gewijzigd, bak leeg')).location === 'Ook door');
    const again = await inInventive(deletes, 'Gewijzigd daar');
    expect([again.Locatie, again.ID === rewritten.row.ID]).toEqual(['Zeker door', false]);
    await inInventive(deletes, 'Na het legen');
    await product.quiet();
    for (const subject of ['Gewijzigd hier', 'Gewijzigd, bak leeg', 'Gewijzigd daar']) {
      expect([subject, (await deletes.phone.withSummary(subject)).length, (await deletes.desk.withSubject(subject)).length]).toEqual([subject, 1, 1]);
    }
    const anew = await inGoogle(deletes, 'Gewijzigd, bak leeg');
    expect([anew.id === binned.event.id, anew.colorId]).toEqual([false, '11']);
    for (const { ID } of [edited.row, binned.row, again]) expect(await product.reasons('jansen', ID)).toContain('edit-beats-delete');
    await deletes.phone.delete(late.id);
    await product.quiet();
  }, 120_000);
});

describe('what can not be reached', () => {
  it('[R7.11] a deletion waits for the other side, and goes there once it is back', async () => {
    const [one, two] = [await cross(deletes, 'Google is weg'), await crossBack(deletes, 'Inventive is weg')];
    const heal = [
      await fault('google', { email: 'jansen@example.com', client: 'inventive-calendar-sync' }, { error: { status: 503, reason: 'backendError' } }),
      await fault('inventive', { op: 'delete', user: 'sync' }, { error: { status: 503, errCode: 1 } }),
    ];
    await deletes.desk.delete(one.row.ID);
    await deletes.phone.delete(two.event.id);
    await waitUntil('Google was asked in vain', async () =>
      ((await product.emulator('google', 'stats')) as { calls: { client: string; status: number }[] }).calls.some(({ client, status }) => client === 'inventive-calendar-sync' && status === 503));
    expect([(await deletes.phone.get(one.event.id)).status, (await deletes.desk.get(two.row.ID))?.ID]).toEqual(['confirmed', two.row.ID]);
    await heal[0]?.();
    await goneFromGoogle(deletes, one.event.id);
    await heal[1]?.();
    await waitUntil('it is gone from Inventive', async () => (await deletes.desk.get(two.row.ID)) === undefined, 60_000);
  }, 120_000);

  it('[R7.10] [lesson 7] a calendar that is gone needs a person, and deletes nothing; once it is back it goes on by itself', async () => {
    const { row, event } = await cross(deletes, 'Agenda verdwijnt');
    const rows = (await deletes.desk.agenda()).length;
    const restore = await fault('google', { email: 'jansen@example.com', client: 'inventive-calendar-sync' }, { error: { status: 404, reason: 'notFound' } });
    await deletes.desk.change(row.ID, { Onderwerp: 'Agenda is terug' });
    await waitUntil('the account waits', async () => (await product.accountState('jansen')) === 'needs-calendar', 60_000);
    expect((await deletes.desk.agenda()).length).toBe(rows);
    await restore();
    await waitUntil('the account goes on', async () => (await product.accountState('jansen')) === 'live', 90_000);
    await waitUntil('what waited is written', async () => (await deletes.phone.get(event.id)).summary === 'Agenda is terug');
    await product.quiet();
    expect((await deletes.desk.agenda()).length).toBe(rows);
  }, 240_000);

  it('[R7.10] [lesson 6] a list that leaves out everything, and one that is empty, deletes nothing', async () => {
    const [rows, events] = [(await deletes.desk.agenda()).length, await deletes.phone.events()];
    const before = [(await product.googleWrites()).length, (await product.inventiveWrites()).length];
    const whole = await fault('google', { method: 'calendar.events.list', email: 'jansen@example.com', client: 'inventive-calendar-sync' }, { omit: events.map(({ id }) => id) });
    await product.emulator('google', 'faults', { match: { email: 'jansen@example.com', client: 'inventive-calendar-sync' }, action: { expireSyncTokens: true } });
    const probe = await deletes.phone.insert({ summary: 'Na de lege lijst', start: at(15), end: at(16) });
    await inInventive(deletes, 'Na de lege lijst');
    await product.quiet();
    await whole();
    expect((await deletes.desk.agenda()).length).toBe(rows + 1);
    expect([(await product.googleWrites()).length, (await product.inventiveWrites()).length]).toEqual([before[0]! + 1, before[1]! + 1]);
    await deletes.phone.delete(probe.id);
  }, 90_000);
});

describe('the brake', () => {
  const work = async () => ((await (await fetch(`${product.url('reconciler')}/health`)).json()) as { details: { work: { busy: number } } }).details.work;
  /** Sixteen appointments on both sides, more than a fifth of the agenda. */
  const sixteen = async (who: Person, name: string): Promise<readonly { row: SeenRow; event: SeenEvent }[]> => {
    const rows = await Promise.all(Array.from({ length: 16 }, (_, n) => who.desk.create({ Onderwerp: `${name} ${n}`, Locatie: 'Zaal 1' })));
    return Promise.all(rows.map(async (row) => ({ row, event: await inGoogle(who, row.Onderwerp) })));
  };
  const heldAndReleased = async (who: Person, act: () => Promise<void>, happened: () => Promise<number>): Promise<void> => {
    await act();
    await waitUntil('the account is held', async () => (await product.accountState(who.name)) === 'held');
    await waitUntil('nobody works on it any more', async () => (await work()).busy === 0);
    expect(await happened()).toBeLessThanOrEqual(10);
    await product.release(who.name);
    await waitUntil('the rest goes on', async () => (await happened()) === 16, 60_000);
  };

  it('[R7.8] holds rows that are deleted in bulk', async () => {
    await product.link('visser');
    const who: Person = { name: 'visser', desk: await product.desk('visser'), phone: await product.phone('visser') };
    const all = await sixteen(who, 'Bulk weg');
    await heldAndReleased(who, async () => { for (const { row } of all) await who.desk.delete(row.ID); },
      async () => 16 - (await who.phone.events()).filter(({ summary }) => summary?.startsWith('Bulk weg')).length);
  }, 150_000);

  it('[R7.8] holds events that are deleted in bulk', async () => {
    const all = await sixteen(deletes, 'Bulk kwijt');
    await heldAndReleased(deletes, async () => { for (const { event } of all) await deletes.phone.delete(event.id); },
      async () => 16 - (await deletes.desk.agenda()).filter(({ Onderwerp }) => Onderwerp.startsWith('Bulk kwijt')).length);
  }, 150_000);

  it('[R7.8] holds rows that are emptied in bulk', async () => {
    const all = await sixteen(marks, 'Bulk leeg');
    await heldAndReleased(marks, async () => { for (const { row } of all) await marks.desk.change(row.ID, { Locatie: '' }); },
      async () => (await marks.phone.events()).filter(({ summary, location }) => summary?.startsWith('Bulk leeg') && (location ?? '') === '').length);
  }, 150_000);

  it('[R7.8] holds events that are shifted in bulk', async () => {
    const all = await sixteen(keeps, 'Bulk later');
    await heldAndReleased(keeps, async () => { for (const { event } of all) await keeps.phone.patch(event.id, { start: at(20), end: at(21) }); },
      async () => (await keeps.desk.agenda()).filter(({ Onderwerp, BeginTijd }) => Onderwerp.startsWith('Bulk later') && BeginTijd === 72_000_000).length);
  }, 150_000);
});

describe('a user who is gone', () => {
  it('[R7.10] from Inventive, switched off or removed, loses nothing in Google', async () => {
    const { row, event } = await cross(keeps, 'Van een oud-collega');
    const user = (await keeps.desk.rows('Gebruiker')).find(({ Inlognaam }) => Inlognaam === 'bakker');
    await deletes.desk.saveIn('Gebruiker', { __KEY: user?.['__KEY'], __STAMP: user?.['__STAMP'], Actief: false });
    // The appointments stand, and stay in step until an administrator unlinks.
    await deletes.desk.change(row.ID, { Locatie: 'Overgenomen' });
    await waitUntil('it is in step', async () => (await keeps.phone.get(event.id)).location === 'Overgenomen');
    await product.quiet();
    const events = (await keeps.phone.events()).length;
    await deletes.desk.remove('Gebruiker', String(user?.['__KEY']));
    await keeps.phone.patch(event.id, { location: 'Nergens' });
    await waitUntil('Inventive takes nothing of that user, and it says so', async () => (await product.reasons('bakker', row.ID)).includes('refused-by-inventive'));
    await product.quiet();
    expect([(await keeps.phone.events()).length, (await keeps.phone.get(event.id)).status, (await keeps.desk.get(row.ID))?.Locatie]).toEqual([events, 'confirmed', 'Overgenomen']);
    expect((await (await product.console()).users()).find(({ loginName }) => loginName === 'bakker')?.account?.state).toBe('live');
  }, 90_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
