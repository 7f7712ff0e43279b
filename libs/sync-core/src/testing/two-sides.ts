import { TOMBSTONE, UNKNOWN, known, type Decor, type DecorChange, type GoogleFields, type InventiveFields, type Snapshot } from '@calsync/calendar-model';
import { applySettled } from '../apply-settled.js';
import { noteChangeTimes } from '../google-view.js';
import type { Base, ChangeTimes, Conflict, Plan, PlanContext } from '../plan-types.js';
import { plan } from '../plan.js';
import { withoutContent } from '../private-content.js';
import { aContext, MARKS, ZONE } from './builders.js';

export type SideName = 'inventive' | 'google';
export interface Item {
  readonly id: string;
  readonly version: number;
  readonly fields: object | 'deleted';
  /** The call of ours that made this state; 0 for a person. */
  readonly call: number;
}

/** One side as its vendor keeps it: what stands under each id, and every state that it ever told about. */
export class Vendor<Fields extends object> {
  readonly items = new Map<string, Item>();
  readonly messages: Item[] = [];
  writes = 0;

  save(id: string, fields: Fields | 'deleted', call = 0): void {
    const item = { id, version: this.messages.length + 1, fields, call };
    this.items.set(id, item);
    this.messages.push(item);
    if (call > 0) this.writes += 1;
  }
  get alive(): { id: string; fields: Fields }[] {
    return [...this.items.values()].flatMap(({ id, fields }) => (fields === 'deleted' ? [] : [{ id, fields: fields as Fields }]));
  }
}

export type Crash = 'no' | 'before the call' | 'after the call' | 'after the save';
type Settings = Pick<PlanContext, 'conflictPolicy' | 'privateContent' | 'notesCross' | 'deletion' | 'direction'>;
/** What an item of a vendor has beside its fields. */
interface Beside {
  readonly status?: 'planned' | 'void';
  readonly decor?: Decor;
}
interface Seen {
  id: string;
  version: number;
  snapshot: Snapshot<never>;
  beside: Beside;
}

/** A small engine that keeps what the real one keeps: snapshots that only move forward, the intent before a call, the base after it. */
export class PairEngine {
  base: Base | undefined;
  history: Conflict[] = [];
  closed = false;
  private readonly seen: Record<SideName, Seen>;
  private times: Record<SideName, ChangeTimes> = { inventive: {}, google: {} };
  private intent: { side: SideName; id: string; call: number; planned: Base | undefined; settled: Base | undefined } | undefined;
  private generation = 0;
  private calls = 0;
  private clock = 0;

  constructor(
    private readonly vendors: { readonly inventive: Vendor<InventiveFields>; readonly google: Vendor<GoogleFields> },
    private readonly settings: Settings,
    public blockLines: PlanContext['blockLines'],
    public decor: Decor,
    private readonly onPlan: (plan: Plan, inventive: Snapshot<InventiveFields>) => void = () => undefined,
  ) {
    const unseen = (side: SideName): Seen => ({ id: vendors[side].alive[0]?.id ?? `${side}.0`, version: 0, snapshot: UNKNOWN, beside: {} });
    this.seen = { inventive: unseen('inventive'), google: unseen('google') };
    // Joining: a pair of two items is made only from two complete lists.
    if (vendors.inventive.alive.length + vendors.google.alive.length === 2) (['inventive', 'google'] as const).forEach((side) => this.read(side));
  }

  /** A message: older or equal ones are dropped. `reduced` as the topic holds it: no content of a private appointment. */
  take(side: SideName, item: Item | undefined, reduced = false): void {
    const seen = this.seen[side];
    if (item === undefined || item.id !== seen.id || item.version <= seen.version) return;
    seen.version = item.version;
    this.clock += 5000;
    if (item.fields === 'deleted') seen.snapshot = TOMBSTONE;
    else {
      const { status, decor, ...whole } = item.fields as InventiveFields & GoogleFields & Beside;
      seen.beside = { ...(status === undefined ? {} : { status }), ...(decor === undefined ? {} : { decor }) };
      const fields = reduced && side === 'inventive' && whole.privacy === 'private' && this.settings.privateContent === 'busy-only' ? withoutContent(whole) : whole;
      seen.snapshot = known(fields) as Snapshot<never>;
      this.times = { ...this.times, [side]: noteChangeTimes(this.base, fields, this.times[side], this.clock, ZONE) };
    }
  }

  read(side: SideName): void {
    this.seen[side].version = 0;
    this.take(side, this.vendors[side].items.get(this.seen[side].id));
  }

  plan(): Plan {
    const context = aContext({
      ...this.settings,
      blockLines: this.blockLines,
      inventiveChangedAt: this.times.inventive,
      googleChangedAt: this.times.google,
      inventiveVoid: this.seen.inventive.snapshot.kind === 'known' && this.seen.inventive.beside.status === 'void',
      marks: MARKS,
      marksFound: MARKS,
      decor: this.decor,
      decorFound: this.seen.google.beside.decor ?? {},
    });
    return plan({ base: this.base, inventive: this.seen.inventive.snapshot, google: this.seen.google.snapshot, context });
  }

  work(crash: Crash = 'no', order: readonly SideName[] = ['inventive', 'google']): void {
    this.settleIntent();
    if (this.closed) return;
    let whole = this.plan();
    if (whole.inventive.kind === 'delete' || whole.google.kind === 'delete') {
      // What is about to be destroyed is read in full first.
      order.forEach((side) => this.read(side));
      whole = this.plan();
    }
    this.onPlan(whole, this.seen.inventive.snapshot);
    this.base = whole.base;
    this.closed = whole.closed;
    for (const side of order) {
      if (whole[side].kind !== 'none' && this.act(side, whole, crash) === 'round ended') return;
    }
  }

  private act(side: SideName, whole: Plan, crash: Crash): 'done' | 'round ended' {
    const act = whole[side];
    if (act.kind === 'none') return 'done';
    const vendor = this.vendors[side] as Vendor<object>;
    const seen = this.seen[side];
    const burnt = act.kind === 'create' && vendor.items.get(seen.id)?.fields === 'deleted';
    if (burnt) this.generation += 1;
    const id = burnt ? `${side}.${this.generation}` : seen.id;
    this.calls += 1;
    // Before the call: what will be lost is in history, what will be true is in the intent. The bound id stays until the call is known to be done.
    this.history.push(...whole.conflicts.filter(({ winner }) => winner !== side));
    this.intent = { side, id, call: this.calls, planned: whole.base, settled: 'settled' in act ? act.settled : undefined };
    if (crash === 'before the call') return 'round ended';
    const present = vendor.items.get(id);
    if ((present?.version ?? 0) !== (burnt ? 0 : seen.version)) {
      this.intent = undefined;
      this.read(side);
      return 'round ended';
    }
    if (act.kind === 'delete') vendor.save(id, 'deleted', this.calls);
    else {
      const before: Beside = present === undefined || present.fields === 'deleted' ? {} : present.fields;
      const decor = 'decor' in act && act.decor !== undefined ? { decor: decorated(before.decor, act.decor) } : {};
      vendor.save(id, { ...before, ...act.fields, ...decor, ...('status' in act && act.status !== undefined ? { status: act.status } : {}) }, this.calls);
    }
    if (crash === 'after the call') return 'round ended';
    this.settleIntent();
    return crash === 'after the save' ? 'round ended' : 'done';
  }

  /** Is what was meant there, untouched since? Then the base moves. Else only the id is known, and the next plan sees what stands there. */
  private settleIntent(): void {
    const { intent } = this;
    this.intent = undefined;
    if (intent === undefined) return;
    const item = this.vendors[intent.side].items.get(intent.id);
    if (item === undefined) return;
    if (item.call === intent.call) this.base = intent.settled === undefined ? undefined : applySettled(this.base, intent.planned, intent.settled);
    this.seen[intent.side].id = intent.id;
    this.read(intent.side);
  }
}

function decorated(before: Decor | undefined, { link, colour }: DecorChange): Decor {
  const { colour: found, ...rest } = before ?? {};
  const now = colour === undefined ? found : colour.kind === 'none' ? undefined : colour;
  return { ...rest, ...(link === undefined ? {} : { link }), ...(now === undefined ? {} : { colour: now }) };
}
