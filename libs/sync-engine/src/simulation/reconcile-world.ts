import { asGoogleEventId, asInventiveId, type GoogleFields, type InventiveFields, type PairId } from '@calsync/calendar-model';
import { AccountBrake, JoinAccounts, RollWindows, SeriesWrites, TakeIn, WorkPair, WorkSeries, type ReconcileStep, type RollEvent, type SeriesKey } from '../reconcile/index.js';
import { Failure } from '../failures/failure.js';
import { ACCOUNT, WHEN } from '../testing/records.js';
import type { Account } from '../ports/account.js';
import { createMemoryBrakeLedger, createMemoryJoinings, createMemoryPairs, createMemoryUnpaired } from './memory-stores.js';
import { createMemorySeries } from './memory-series.js';
import { createMemoryWindowDays } from './memory-window-days.js';
import { ModelGoogle } from './model-google.js';
import { ModelInventive } from './model-inventive.js';
import type { CallFate } from './call-fate.js';
import { eachCall, Killed, Stall } from './interrupted-calls.js';
import { linkCalendars, ofCalendar } from './two-calendars.js';

/** The production reconcile code over models of both vendors, driven step by step. */
export function aWorld(settings: { account?: Partial<Account>; colleague?: Partial<Account> } = {}) {
  let now = Date.parse('2026-11-24T09:00:00Z');
  let account: Account = { ...ACCOUNT, ...settings.account };
  const fates: CallFate[] = [];
  const fate = (): CallFate => fates.shift() ?? 'works';
  let pull = 1;
  const asked: string[] = [];
  const failures: string[] = [];
  const forgotten: unknown[] = [];
  let databasesLost = 0;
  let killAt: ReconcileStep | undefined;
  const inventive = new ModelInventive(() => now, fate);
  const google = new ModelGoogle(() => now, fate);
  /** Somebody else of the same Inventive who is linked as well: their calendar gets its copies of meetings, as Google keeps them. */
  const colleague: Account | undefined = settings.colleague === undefined ? undefined : { ...ACCOUNT, ...settings.colleague };
  const theirs = new ModelGoogle(() => now, fate, colleague?.calendarId);
  if (colleague !== undefined) linkCalendars({ google, email: account.email }, { google: theirs, email: colleague.email });
  const googles = ofCalendar(({ accountId }) => (accountId === colleague?.id ? theirs : google));
  const linked = () => (colleague === undefined ? [account] : [account, colleague]);
  const pairs = createMemoryPairs(() => now);
  const unpaired = createMemoryUnpaired();
  const joining = createMemoryJoinings();
  const windowDays = createMemoryWindowDays();
  const series = createMemorySeries(() => now);
  const rolled: RollEvent[] = [];
  const clock = { now: () => now, sleep: async () => undefined };
  const accounts = {
    byUser: async (_source: string, userId: string) => linked().find((one) => one.userId === userId),
    byId: async (id?: string) => linked().find((one) => one.id === id) ?? account,
    current: async (id?: string) => linked().find((one) => one.id === id) ?? account,
    isLinked: async () => true,
    all: async () => linked(),
    joining: async () => linked().filter(({ state }) => state === 'joining'),
    changeState: async (_id: string, from: readonly string[], to: Account['state'], _reason?: string, revision?: number) => {
      if (!from.includes(account.state) || (revision !== undefined && revision !== (account.revision ?? 0))) return false;
      account = { ...account, state: to };
      return true;
    },
  };
  const todayIn = (zone: string) => Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();
  /** Calls of the stores that still go well; then the process dies, before or after the next one. */
  let death: { in: number; when: 'before' | 'after' } | undefined;
  const mayDie = async (call: () => Promise<unknown>) => {
    if (death === undefined || (death.in -= 1) >= 0) return call();
    const { when } = death;
    death = undefined;
    if (when === 'after') await call();
    throw new Killed(`${when} a call of a store`);
  };
  const dying = {
    pairs: eachCall(pairs, mayDie), unpaired: eachCall(unpaired, mayDie), joining: eachCall(joining, mayDie), windowDays: eachCall(windowDays, mayDie), series: eachCall(series, mayDie),
  };
  let stall: Stall | undefined;
  const stalling = async (call: () => Promise<unknown>) => {
    const mine = stall;
    stall = undefined;
    if (mine?.when === 'before') await mine.wait();
    const answer = await call();
    if (mine?.when === 'after') await mine.wait();
    return answer;
  };
  const brakeLedger = createMemoryBrakeLedger(pairs.size);
  const startWorker = () => new WorkPair({
    pairs: dying.pairs, accounts, clock, todayIn,
    vendors: { inventive: eachCall(inventive, stalling), google: eachCall(googles, stalling) },
    brake: new AccountBrake(brakeLedger),
    series: new SeriesWrites({ ...dying, leases, clock, wakeSeries: () => undefined }),
    reached: (step) => {
      if (step !== killAt) return;
      killAt = undefined;
      throw new Killed(step);
    },
  });
  const heldByOthers = new Set<string>();
  const leases = {
    acquire: async (name: string) => (heldByOthers.has(name) ? undefined : { name, holder: 'test', fencingToken: 1, remainingMs: () => 60_000 }),
    renew: async () => undefined,
    release: async () => undefined,
  };
  const startTakeIn = () => new TakeIn({ ...dying, accounts, clock, todayIn, wakeSeries: () => undefined });
  const startJoins = (takeIn: TakeIn) => new JoinAccounts({ ...dying, accounts, inventive, google: googles, publisher: { publish: async (messages) => void asked.push(...messages.map(({ type }) => type)) }, leases, clock, takeIn, todayIn, report: (event) => { if (event.kind === 'failed') failures.push(event.cause); } });
  /** A roll of the window dies before it saves how far it came. */
  let rollDies = false;
  const startRolling = (takeIn: TakeIn) => new RollWindows({
    ...dying, accounts, inventive, google: googles, leases, clock, takeIn, random: () => 0, report: (event) => void rolled.push(event),
    windowDays: {
      all: dying.windowDays.all, find: dying.windowDays.find, set: dying.windowDays.set,
      advance: async (...args) => {
        if (!rollDies) return dying.windowDays.advance(...args);
        rollDies = false;
        throw new Killed('before the window days are saved');
      },
    },
  });
  const startSeries = () => new WorkSeries({ ...dying, accounts, google: eachCall(googles, stalling), leases, clock, todayIn });
  /** The processes that run now; what they keep in memory is lost when they start again. */
  const start = () => {
    const takeIn = startTakeIn();
    return { takeIn, worker: startWorker(), series: startSeries(), joins: startJoins(takeIn), rolling: startRolling(takeIn) };
  };
  let running = start();
  const deliveredTo = { inventive: 0, google: 0, colleague: 0 };
  const newsOf = { inventive: inventive.news, google: google.news, colleague: theirs.news };
  const calendar = { accountId: account.id, calendarId: account.calendarId };

  const deliverInventive = async (at: number) => {
    const news = inventive.news[at];
    if (news === undefined) return;
    if (news.kind === 'changed') await running.takeIn.appointment(news.record);
    else await running.takeIn.appointmentDeleted(account.source, news.id, news.version);
  };
  const deliverGoogle = async (at: number) => {
    const record = google.news[at];
    if (record !== undefined) await running.takeIn.event(calendar, record, { pull: String(pull) });
  };
  const deliverColleague = async (at: number) => {
    const record = theirs.news[at];
    if (record !== undefined && colleague !== undefined) await running.takeIn.event({ accountId: colleague.id, calendarId: colleague.calendarId }, record, { pull: String(pull) });
  };
  const deliver = { inventive: deliverInventive, google: deliverGoogle, colleague: deliverColleague };
  /** One due pair, as the pool does it; a kill or a lost answer leaves the claim to run out. */
  const workOnce = async (): Promise<boolean> => {
    const [id] = await pairs.due(1);
    return id === undefined ? false : workOn(id);
  };
  const workOn = async (id: PairId): Promise<boolean> => {
    const claimed = await pairs.claim(id, 60_000);
    if (claimed === undefined) return true;
    try {
      const worked = await running.worker.work(claimed);
      if (worked.kind === 'done') await pairs.finish(id, worked.dueSeq);
      else await pairs.postpone(id, 'notBefore' in worked ? worked.notBefore : 0);
    } catch (error) {
      if (error instanceof Killed || error instanceof Failure) now += 61_000;
      else throw error;
    }
    return true;
  };
  /** One due series, as its pool does it. */
  const workSeriesOnce = async (): Promise<boolean> => {
    const [key] = await series.due(1);
    if (key === undefined) return false;
    try {
      const worked = await running.series.work(key);
      if (worked.kind === 'waits') await series.postpone(key, worked.notBefore);
    } catch (error) {
      if (error instanceof Killed || error instanceof Failure) now += 61_000;
      else throw error;
    }
    return true;
  };
  const deliverNext = async (side: keyof typeof deliver) => {
    if (deliveredTo[side] >= newsOf[side].length) return;
    try {
      await deliver[side](deliveredTo[side]);
      deliveredTo[side] += 1;
    } catch (error) {
      // The broker gives what wasn't committed once more.
      if (!(error instanceof Killed)) throw error;
    }
  };
  const hanging = new Set<Promise<unknown>>();
  const stalls = new Set<Stall>();
  /** A process that hangs in its next call of a vendor, for so long that its claim runs out and another takes the pair. */
  const workAndStall = async (when: 'before' | 'after'): Promise<void> => {
    const mine = new Stall(when);
    stall = mine;
    stalls.add(mine);
    const work: Promise<unknown> = workOnce().finally(() => hanging.delete(work));
    hanging.add(work);
    await Promise.race([work, mine.reached]);
    stall = undefined;
    now += 61_000;
  };
  const goOn = async () => {
    for (const one of stalls) one.goOn();
    stalls.clear();
    await Promise.all(hanging);
  };
  const deliverAll = async () => {
    while (deliveredTo.inventive < inventive.news.length) await deliverNext('inventive');
    while (deliveredTo.google < google.news.length) await deliverNext('google');
    while (deliveredTo.colleague < theirs.news.length) await deliverNext('colleague');
  };
  const sides = ['inventive', 'google', 'colleague'] as const;
  /** Until nothing moves: all news delivered, nothing due. */
  const quiesce = async () => {
    await goOn();
    death = undefined;
    for (let round = 0; round < 60; round += 1) {
      await deliverAll();
      while ((await workSeriesOnce()) || (await workOnce()));
      if (sides.every((side) => deliveredTo[side] === newsOf[side].length)) {
        now += 120_000;
        if ((await pairs.due(1)).length === 0 && (await series.due(1)).length === 0) return;
      }
    }
    throw new Error('no end: the two sides write to and fro');
  };
  return {
    inventive, google, theirs, colleague, pairs, unpaired, joining, windowDays, rolled, heldByOthers, calendar, fates, deliverInventive, deliverGoogle, deliverNext, deliverAll, workOnce, workSeriesOnce, workSeries: (key: SeriesKey) => running.series.work(key), series, workAndStall, goOn, quiesce,
    get takeIn() { return running.takeIn; },
    get joins() { return running.joins; },
    get rolling() { return running.rolling; },
    clock, accounts, leases,
    account: () => account,
    setAccount: (changes: Partial<Account>) => { account = { ...account, ...changes }; },
    /** Commands that joining sent, and what it reported of failures. */
    asked, failures,
    /** A full list in one go: everything that Google has now, then its end. */
    listCalendar: async () => {
      pull += 1;
      for (const record of google.fullList()) await running.takeIn.event(calendar, record, { pull: String(pull) });
      await running.takeIn.calendarListed(calendar, String(pull));
    },
    nextPull: () => String((pull += 1)),
    rewind: (side: keyof typeof deliver, to: number) => { deliveredTo[side] = Math.min(deliveredTo[side], to); },
    /** Told by nobody: only a comparison finds it. */
    loseNext: (side: 'inventive' | 'google') => { deliveredTo[side] = Math.min(deliveredTo[side] + 1, newsOf[side].length); },
    /** All that we knew of pairs; who is linked is known, and linked anew. */
    loseDatabase: () => {
      databasesLost += 1;
      forgotten.push(...pairs.all().map(({ lostValues }) => lostValues));
      pairs.lose();
      unpaired.lose();
      account = { ...account, state: 'joining', revision: (account.revision ?? 0) + 1 };
    },
    /** Histories that went with a database. */
    forgotten,
    databaseWasLost: () => databasesLost > 0,
    killIn: (calls: number, when: 'before' | 'after') => { death = { in: calls, when }; },
    todayIn,
    /** What a process does until it dies; what it was told or had to do comes again. */
    alive: async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    },
    restart: () => { running = start(); },
    kill: (step: ReconcileStep) => { killAt = step; },
    now: () => now,
    pass: (ms: number) => { now += ms; },
    /** Before anything has happened. */
    rewindClock: (instant: string) => { now = Date.parse(instant); },
    /** Until this moment, which lies ahead. */
    passUntil: (instant: string) => { now = Math.max(now, Date.parse(instant)); },
    /** Drops what is told of the items, as if it had been told before the window reached them and turned away. */
    dropNews: () => { deliveredTo.inventive = inventive.news.length; deliveredTo.google = google.news.length; },
    killRoll: () => { rollDies = true; },
  };
}

export const rowId = (n: number) => asInventiveId(String(n).padStart(32, '0'));
export const eventId = (n: number) => asGoogleEventId(`born${n}`);
export const fullRow = (fields: InventiveFields = {}): InventiveFields => ({ subject: 'Overleg', when: WHEN, location: '', notes: '', showAs: 'busy', privacy: 'public', ...fields });
export const fullEvent = (fields: GoogleFields = {}): GoogleFields => ({ subject: 'Tandarts', when: WHEN, location: '', description: '', showAs: 'busy', privacy: 'public', ...fields });
