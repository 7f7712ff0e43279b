import { setTimeout as delay } from 'node:timers/promises';
import { accountAtConsole } from '../system/comparisons.js';
import { startProduct } from '../system/product.js';
import { waitUntil } from '../system/wait-until.js';
import { compareAgendas } from './agendas-agree.js';
import { atDesk, atGoogle, DESK_KINDS, GOOGLE_KINDS, keepEditing, MARK, Typed, type Edits } from './editing-person.js';
import { Random } from './random.js';

/**
 * Rule R8.5 over minutes: three users, each edited at the desk and on a phone at once, over the real parts. In the middle the
 * reconciler is killed and Google answers many of its calls with 503 and 429. Then everybody stops, and both sides must come to
 * say the same, item by item, and stay so without another write. Ends with a non-zero code on any difference.
 */
const MINUTES = Number(process.env['MINUTES'] ?? 5);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const CONVERGE_MS = 120_000;
const USERS = ['jansen', 'devries', 'bakker'] as const;

const began = performance.now();
const say = (line: string) => console.log(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
say(`${MINUTES} minutes of editing on both sides, seed ${SEED} (SEED=${SEED} makes the same choices again; how they meet differs)`);

// So many deletions and moves in so few appointments are what the brake is for; here they are meant.
const product = await startProduct({ env: { BRAKE_ITEMS: '100000', BRAKE_MAX: '100000', BRAKE_CREATIONS: '100000' } });
const failures: string[] = [];
try {
  const people: Awaited<ReturnType<typeof settle>>[] = [];
  for (const [at, name] of USERS.entries()) people.push(await settle(name, at));
  const differences = async () => {
    const perUser = await Promise.all(people.map(async ({ name, desk, phone }) => ({ name, ...(await compareAgendas(desk, phone)) })));
    return { items: perUser.reduce((sum, { items }) => sum + items, 0), found: perUser.flatMap(({ name, differences: of }) => of.map((line) => `${name}: ${line}`)) };
  };
  const allSame = (limitMs: number) => waitUntil('both sides say the same', async () => {
    const { found } = await differences();
    if (found.length > 0) throw new Error(`${found.length} differences, as ${found[0]}`);
    return true;
  }, limitMs, 250);
  const written = async () => ({ google: (await product.googleWrites()).length, inventive: (await product.inventiveWrites()).length });

  await allSame(60_000);
  await product.quiet();
  const before = await written();
  say(`linked ${USERS.join(', ')}; both sides show the same ${(await differences()).items} items; editing begins`);

  const stop = new AbortController();
  const editing = people.flatMap(({ deskActs, googleActs, deskChoices, googleChoices, edits }) => [
    keepEditing(deskActs, deskChoices, stop.signal, DESK_KINDS, edits.desk),
    keepEditing(googleActs, googleChoices, stop.signal, GOOGLE_KINDS, edits.google),
  ]);
  const trouble = (async () => {
    await delay(MINUTES * 60_000 * 0.4);
    say('kill -9 of the reconciler');
    await product.kill9('reconciler');
    await delay(3_000);
    await product.restart('reconciler');
    say('the reconciler is back');
    await delay(MINUTES * 60_000 * 0.1);
    const match = { client: 'inventive-calendar-sync' };
    const faults = [{ status: 503 }, { status: 429, reason: 'rateLimitExceeded' }].map((error, at) => ({ match, action: { error }, probability: 0.3, seed: SEED + at }));
    const ids = await Promise.all(faults.map(async (fault) => ((await product.emulator('google', 'faults', fault)) as { id: string }).id));
    say('Google answers about half of the calls with 503 or 429');
    await delay(MINUTES * 60_000 * 0.1);
    for (const id of ids) await product.emulator('google', `faults/${id}`, undefined, 'DELETE');
    say('Google is well again');
  })();
  const ending = delay(MINUTES * 60_000).then(() => stop.abort());
  await Promise.all([...editing, trouble, ending]);

  const lastEditMs = Math.max(...people.flatMap(({ edits }) => [edits.desk.lastMs, edits.google.lastMs]));
  say('everybody stopped');
  await allSame(CONVERGE_MS).catch(() => undefined);
  const convergedMs = performance.now() - lastEditMs;
  await product.quiet();
  const { items, found } = await differences();
  failures.push(...found);
  const after = await written();
  // Two sweeps of the receiver and the capture's own readings pass; what would still move them shows here.
  await delay(12_000);
  await product.quiet();
  const later = await written();
  const [lateGoogle, lateInventive] = [later.google - after.google, later.inventive - after.inventive];
  if (lateGoogle + lateInventive > 0) failures.push(`${lateGoogle} writes to Google and ${lateInventive} to Inventive after all was quiet`);
  failures.push(...(await differences()).found.filter((line) => !found.includes(line)));
  const mails = await product.mails();
  if (mails.length > 0) failures.push(`${mails.length} mails were sent`);

  let lost = 0;
  for (const { name, desk, typed } of people) {
    const state = await product.accountState(name);
    if (state !== 'live') failures.push(`${name} is ${state}`);
    const pairs = (await (await product.console()).users()).find(({ loginName }) => loginName === name)?.account?.pairs;
    if (pairs === undefined || pairs.failed + pairs.quarantined > 0) failures.push(`${name}: ${JSON.stringify(pairs)}, where none should have failed or been set aside`);
    const account = await accountAtConsole(product, name);
    for (const row of (await desk.agenda()).filter(({ Onderwerp }) => Onderwerp.startsWith(MARK))) {
      for (const loss of await account.history(row.ID)) {
        lost += 1;
        if (typeof loss.lost === 'string' && ['subject', 'location', 'notes'].includes(loss.field) && loss.lost !== '' && !typed.texts.has(loss.lost)) failures.push(`${name}: the history of ${row.ID} holds a ${loss.field} that nobody typed: ${loss.lost}`);
      }
    }
  }
  const sum = (of: (edits: (typeof people)[number]['edits']) => number) => people.reduce((total, { edits }) => total + of(edits), 0);
  say('');
  console.log(`edits          ${sum(({ desk }) => desk.made)} at the desk, ${sum(({ google }) => google.made)} in Google (${sum(({ desk, google }) => desk.late + google.late)} came too late or had no room)`);
  console.log(`writes         ${after.inventive - before.inventive} to Inventive, ${after.google - before.google} to Google; after quiet ${lateInventive} and ${lateGoogle}`);
  console.log(`conflicts      ${lost} values lost, kept in the history of the items that are left`);
  console.log(`convergence    ${found.length === 0 ? `${(convergedMs / 1_000).toFixed(1)} s after the last edit` : `not within ${CONVERGE_MS / 1_000} s`}`);
  console.log(`items          ${items} compared on both sides, ${mails.length} mails, seed ${SEED}`);
} finally {
  await product.stop();
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
else console.log('Both sides say the same.');
process.exitCode = failures.length === 0 ? 0 : 1;

/** Links a user and gives both sides something to edit: single items of either side's making, and a series. */
async function settle(name: string, at: number) {
  await product.link(name);
  const [desk, phone, typed] = [await product.desk(name), await product.phone(name), new Typed()];
  const edits: { desk: Edits; google: Edits } = { desk: { made: 0, late: 0, lastMs: 0 }, google: { made: 0, late: 0, lastMs: 0 } };
  const [deskChoices, googleChoices] = [new Random(SEED * 31 + at * 2), new Random(SEED * 31 + at * 2 + 1)];
  const [deskActs, googleActs] = [atDesk(desk, deskChoices, typed), atGoogle(phone, googleChoices, typed)];
  for (let n = 0; n < 6; n += 1) await deskActs('create');
  for (let n = 0; n < 4; n += 1) await googleActs('create');
  const day = Temporal.Now.plainDateISO('Europe/Amsterdam').add({ days: 3 }).toString();
  await phone.insert({
    summary: typed.text('telefoon'), recurrence: ['RRULE:FREQ=DAILY;COUNT=8'],
    start: { dateTime: `${day}T09:00:00`, timeZone: 'Europe/Amsterdam' }, end: { dateTime: `${day}T09:45:00`, timeZone: 'Europe/Amsterdam' },
  });
  return { name, desk, phone, typed, edits, deskActs, googleActs, deskChoices, googleChoices };
}
