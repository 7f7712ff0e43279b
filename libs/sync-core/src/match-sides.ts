import { toInstant, type GoogleEventId, type InstallationId, type InventiveId, type Marks, type When } from '@calsync/calendar-model';
import { heldLine, normaliseLine } from './held-in-inventive.js';

export interface InventiveItem {
  readonly id: InventiveId;
  readonly when: When;
  /** Absent where it may not be seen: such an item matches by marks only. */
  readonly subject?: string;
}

export interface GoogleItem {
  readonly id: GoogleEventId;
  readonly when: When;
  readonly subject?: string;
  readonly marks?: Partial<Marks>;
  /** The keys under which we make the appointment of this event, first and anew: a row that has one was made of it, whatever became of either since. */
  readonly madeAs?: readonly InventiveId[];
}

export interface Matching<I extends InventiveItem = InventiveItem, G extends GoogleItem = GoogleItem> {
  readonly pairs: readonly { readonly inventive: I; readonly google: G; readonly by: 'marks' | 'equal-keys' }[];
  /** Several that could belong together: a person has to say; nothing is made of them meanwhile. */
  readonly ambiguous: readonly { readonly inventive: readonly I[]; readonly google: readonly G[] }[];
  readonly inventiveSingles: readonly I[];
  readonly googleSingles: readonly G[];
  /**
   * Events whose own marks name an appointment that is not in the list (outside the days asked for, or deleted), or another
   * installation. Not singles: the first kind is read by key before anything is made of it, the second is somebody else's.
   */
  readonly leftAlone: readonly { readonly google: G; readonly why: 'appointment-not-listed' | 'other-installation' }[];
}

/** The one matching step of joining: marks that count, then equal times and subject, then singles. Both lists have to be complete. */
export function matchSides<I extends InventiveItem, G extends GoogleItem>(
  inventiveItems: readonly I[],
  googleItems: readonly G[],
  installation: InstallationId,
): Matching<I, G> {
  const byId = new Map(inventiveItems.map((item) => [String(item.id), item]));
  const groups = new Map<string, { inventive: I[]; google: G[]; by: 'marks' | 'equal-keys' }>();
  const leftAlone: { google: G; why: 'appointment-not-listed' | 'other-installation' }[] = [];
  const astray: G[] = [];
  const unnamed: G[] = [];
  const unmarked: G[] = [];
  const marked = new Set<I>();

  for (const google of googleItems) {
    const claim = claimOf(google, installation);
    const inventive = claim.kind === 'ours' ? byId.get(claim.appointment) : undefined;
    if (claim.kind === 'none') unnamed.push(google);
    else if (claim.kind === 'foreign') leftAlone.push({ google, why: 'other-installation' });
    else if (inventive === undefined) astray.push(google);
    else claimed(inventive, google);
  }
  // Occurrences never carry marks, and a crash may come between the row and the marks: then only the row's key tells. Where it was
  // made anew, the marks name the one that was deleted.
  for (const google of astray) if (!claimedAsMade(google)) leftAlone.push({ google, why: 'appointment-not-listed' });
  for (const google of unnamed) if (!claimedAsMade(google)) unmarked.push(google);
  const open = inventiveItems.filter((item) => !marked.has(item));
  for (const inventive of open) groupOf(groups, matchKeyOf(inventive, inventive.id), 'equal-keys').inventive.push(inventive);
  for (const google of unmarked) groupOf(groups, matchKeyOf(google, google.id), 'equal-keys').google.push(google);
  // Another installation's event that looks like one of ours: making a second one beside it would double what the user sees.
  const doubtful = new Set(leftAlone.filter(({ why }) => why === 'other-installation').map(({ google }) => matchKeyOf(google, google.id)));

  const pairs: { inventive: I; google: G; by: 'marks' | 'equal-keys' }[] = [];
  const ambiguous: { inventive: I[]; google: G[] }[] = [];
  const inventiveSingles: I[] = [];
  const googleSingles: G[] = [];
  for (const [key, { inventive, google, by }] of groups) {
    const [onlyInventive, onlyGoogle] = [inventive[0], google[0]];
    if (doubtful.has(key) && inventive.length > 0) ambiguous.push({ inventive, google });
    else if (inventive.length === 0) googleSingles.push(...google);
    else if (google.length === 0) inventiveSingles.push(...inventive);
    else if (inventive.length === 1 && google.length === 1 && onlyInventive && onlyGoogle) pairs.push({ inventive: onlyInventive, google: onlyGoogle, by });
    else ambiguous.push({ inventive, google });
  }
  return { pairs, ambiguous, inventiveSingles, googleSingles, leftAlone };

  function claimedAsMade(google: G): boolean {
    const inventive = google.madeAs?.map((key) => byId.get(key)).find((item) => item !== undefined && !marked.has(item));
    if (inventive !== undefined) claimed(inventive, google);
    return inventive !== undefined;
  }

  function claimed(inventive: I, google: G): void {
    marked.add(inventive);
    const group = groupOf(groups, `marks ${inventive.id}`, 'marks');
    if (group.inventive.length === 0) group.inventive.push(inventive);
    group.google.push(google);
  }
}

/** A mark counts only if it names the event that carries it: a copied event carries the marks of another. */
export function marksCount(eventId: GoogleEventId, marks: Partial<Marks> | undefined): boolean {
  const named = marks?.inventiveEvent;
  return named !== undefined && named.slice(0, named.lastIndexOf('.')) === eventId;
}

type Claim = { readonly kind: 'none' } | { readonly kind: 'foreign' } | { readonly kind: 'ours'; readonly appointment: string };

function claimOf({ id, marks }: GoogleItem, installation: InstallationId): Claim {
  if (!marksCount(id, marks) || marks?.inventiveAppointment === undefined) return { kind: 'none' };
  return marks.inventiveInstallation === installation ? { kind: 'ours', appointment: marks.inventiveAppointment } : { kind: 'foreign' };
}

function groupOf<I, G>(groups: Map<string, { inventive: I[]; google: G[]; by: 'marks' | 'equal-keys' }>, key: string, by: 'marks' | 'equal-keys'): { inventive: I[]; google: G[] } {
  const group = groups.get(key) ?? { inventive: [], google: [], by };
  groups.set(key, group);
  return group;
}

/** Equal moments and equal subject: what has the same key could belong together. An item without a subject that can be seen is like no other. */
export function matchKeyOf({ when, subject }: { readonly when: When; readonly subject?: string }, id: string): string {
  if (subject === undefined) return `id ${id}`;
  const times = when.kind === 'all-day' ? [when.firstOn, when.lastOn] : [toInstant(when.start, when.zone), toInstant(when.end, when.zone)];
  return JSON.stringify([when.kind, ...times, heldLine(normaliseLine(subject)).toLocaleLowerCase('nl')]);
}
