import { isBlank } from './comparison.js';
import { parseDescription, renderBlock } from './description.js';
import type { Plan, PlanInput } from './plan-types.js';

/** What a plan does that a person should look at when it happens to many appointments at once. */
export type BrakeKind = 'delete' | 'blank' | 'shift' | 'create';

export interface LedgerEntry {
  /** What counts as one: a pair, or a series with all its occurrences, for that is one act of a person. */
  readonly unit: string;
  readonly kind: BrakeKind;
  readonly atMs: number;
  /** Asked for by a person with a preview (window, link) or a refresh of descriptions: counted apart, never held. */
  readonly excepted?: true;
}

/** All that was planned for one account lately, by all replicas. */
export interface Ledger {
  readonly nowMs: number;
  /** How many units the account has: what the share is of. */
  readonly appointments: number;
  readonly entries: readonly LedgerEntry[];
}

export interface BrakeLimits {
  /** BRAKE_ITEMS and BRAKE_PERCENT: both have to be passed. */
  readonly items: number;
  readonly percent: number;
  readonly windowMs: number;
  readonly creations: number;
  /** BRAKE_MAX: holds by itself, however large the account. */
  readonly max: number;
}

export const BRAKE_DEFAULTS: BrakeLimits = { items: 10, percent: 20, windowMs: 600_000, creations: 100, max: 200 };

export type BrakeJudgement =
  | { readonly kind: 'free'; readonly destructive: number; readonly creations: number }
  | { readonly kind: 'hold'; readonly cause: 'share' | 'max' | 'creations'; readonly destructive: number; readonly creations: number };

/** Judged with the planned writes in the ledger and before the first of them is made. A unit counts once, however often it was planned. */
export function judge(ledger: Ledger, limits: BrakeLimits = BRAKE_DEFAULTS): BrakeJudgement {
  const recent = ledger.entries.filter((entry) => entry.excepted !== true && entry.atMs > ledger.nowMs - limits.windowMs);
  const unitsOf = (counts: (kind: BrakeKind) => boolean): number => new Set(recent.filter(({ kind }) => counts(kind)).map(({ unit }) => unit)).size;
  const destructive = unitsOf((kind) => kind !== 'create');
  const creations = unitsOf((kind) => kind === 'create');
  const counted = { destructive, creations };
  if (destructive > limits.max) return { kind: 'hold', cause: 'max', ...counted };
  if (destructive > limits.items && destructive * 100 > limits.percent * ledger.appointments) return { kind: 'hold', cause: 'share', ...counted };
  if (creations > limits.creations) return { kind: 'hold', cause: 'creations', ...counted };
  return { kind: 'free', ...counted };
}

/** What of a plan goes into the ledger. Marks, block, link and colour never do; what is marked as gone is as good as deleted. */
export function brakeKinds({ inventive, google }: Plan, input: PlanInput): BrakeKind[] {
  const kinds = new Set<BrakeKind>();
  for (const act of [inventive, google]) {
    if (act.kind === 'delete' || act.kind === 'create') kinds.add(act.kind);
  }
  if ((inventive.kind === 'update' && inventive.status === 'void') || (google.kind === 'patch' && google.settled.markedVoid === true && input.base?.markedVoid !== true)) kinds.add('delete');
  if (inventive.kind === 'update') {
    const before = input.inventive.kind === 'known' ? input.inventive.fields : {};
    if (inventive.fields.when !== undefined) kinds.add('shift');
    if ((['subject', 'location', 'notes'] as const).some((field) => blanks(before[field], inventive.fields[field]))) kinds.add('blank');
  }
  if (google.kind === 'patch') {
    const before = input.google.kind === 'known' ? input.google.fields : {};
    if (google.fields.when !== undefined) kinds.add('shift');
    // "Bezet" takes nothing away: what it hides stands in Inventive, and comes back when it may be seen again.
    const emptied = (['subject', 'location'] as const).some((field) => blanks(before[field], google.fields[field])) || blanksNotes(before.description, google.fields.description, input);
    if (!hides(input) && emptied) kinds.add('blank');
  }
  return [...kinds];
}

/** The row is private and its content may not cross. */
const hides = ({ base, inventive, context }: PlanInput): boolean =>
  context.privateContent === 'busy-only' && inventive.kind === 'known' && (inventive.fields.privacy ?? base?.fields.privacy) === 'private';

/** Of a description what people wrote: the block comes and goes with the settings, and beneath one that stays the notes may be gone. */
function blanksNotes(before: string | undefined, after: string | undefined, { base, context }: PlanInput): boolean {
  if (before === undefined || after === undefined) return false;
  const block = renderBlock(context.blockLines);
  return blanks(parseDescription(before, base?.block, block).notes, parseDescription(after, block).notes);
}

const blanks = (before: string | undefined, after: string | undefined): boolean =>
  before !== undefined && after !== undefined && !isBlank('notes', before) && isBlank('notes', after);
