import type {
  BlockLine, CanonicalFields, Decor, DecorChange, EventColour, FieldName, GoogleFields, InventiveFields, Marks, Reason, Reply, Snapshot, ZoneName,
} from '@calsync/calendar-model';

/** The people of an appointment as both sides agreed on them last, by e-mail address in lower case. */
export interface AgreedPeople {
  readonly agreed: Readonly<Record<string, Reply>>;
  /** Who differs between the sides and may not cross: known, and left so. */
  readonly left: readonly string[];
  /** Those of `agreed` whose row has no address, and was known by its name. */
  readonly byName?: readonly string[];
}

/** What both sides agreed on last. `block` is the description block as we last wrote it, to recognise it without its marks. */
export interface Base {
  readonly fields: Partial<CanonicalFields>;
  readonly block: string;
  /** The appointment became private by Google: its content there came from its owner, so `busy-only` never replaces it. */
  readonly googleOwnsContent?: true;
  /** The colour that we gave the event: another one was chosen by a person, and stays. */
  readonly colour?: EventColour;
  /** The address of the link that we gave it: Google shows it to the event's creator only. */
  readonly link?: string;
  /** The part of the notes that Google doesn't show, where an edit there made it another than we would cut. */
  readonly unseen?: string;
  /** The block that stands there is its series', written for another appointment: it is left until the text is written anyway. */
  readonly blockOfSeries?: true;
  /** The event was marked as gone and stays: the mark in its subject and its free time are ours. */
  readonly markedVoid?: true;
  /** Who both sides had in it; absent until they were first compared. */
  readonly people?: AgreedPeople;
}

/** For each field: the instant (epoch ms, corrected for that server's clock) at which a side first differed from the base. */
export type ChangeTimes = Partial<Record<FieldName, number>>;

export type ConflictPolicy = 'latest-wins' | 'inventive-wins' | 'google-wins';
export type Direction = 'both' | 'to-google' | 'to-inventive';

/**
 * What the deletion of one side does to the other, where that wasn't edited. `mark`: the row becomes *Vervallen*; the event
 * stays, its subject marked and its time free. `keep`: it stays as it is.
 */
export type DeletionPolicy = 'delete' | 'mark' | 'keep';

export interface PlanContext {
  readonly zone: ZoneName;
  readonly conflictPolicy: ConflictPolicy;
  readonly direction: Direction;
  /** What crosses to Google of a private appointment. `busy-only` shows "Bezet" there, a rendering that never comes back. */
  readonly privateContent: 'full' | 'busy-only';
  /** The chosen extra fields with their present values. */
  readonly blockLines: readonly BlockLine[];
  /** Without *Opmerking* in the field list notes stay in Inventive, untouched, and Google's own text stays Google's. */
  readonly notesCross: boolean;
  /** The marks that the Google event should carry; undefined where the event is not ours to mark. */
  readonly marks: Marks | undefined;
  /** The marks that it carries. */
  readonly marksFound: Partial<Marks> | undefined;
  readonly inventiveChangedAt: ChangeTimes;
  readonly googleChangedAt: ChangeTimes;
  /** True where Google's event may only be read (another organiser, a type of Google's own): nothing is written there. */
  readonly googleReadOnly: boolean;
  /** Google's event is an occurrence of a series of the user's own: its text, and what stands in it of ours, came from the series. */
  readonly ofSeries?: true;
  /** Google's event says that its user is away: *Afwezig*, which an ordinary event can't say. */
  readonly googleAway?: true;
  /** Of an invitation whose row was deleted: the user's own reply becomes "declined". */
  readonly declines?: true;
  /** Of an invitation: the user has taken it up in Google since, so a deleted row is wanted again. */
  readonly rowWanted?: true;
  /** What a deletion in Google does in Inventive, and the other way round. */
  readonly deletion: { readonly toInventive: DeletionPolicy; readonly toGoogle: DeletionPolicy };
  /** The row stands there, but as *Vervallen*: to Google it is gone. */
  readonly inventiveVoid: boolean;
  /** What the event should carry beside its fields, and what it carries. */
  readonly decor: Decor;
  readonly decorFound: Decor;
}

export interface PlanInput {
  readonly base: Base | undefined;
  readonly inventive: Snapshot<InventiveFields>;
  readonly google: Snapshot<GoogleFields>;
  readonly context: PlanContext;
}

/** `settled` is the base once this act was accepted, and only then: a crash before that leaves the old one. */
export type InventiveAct =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly fields: InventiveFields; readonly settled: Base }
  /** `status` makes the row *Vervallen*, or planned again. */
  | { readonly kind: 'update'; readonly fields: InventiveFields; readonly status?: 'void' | 'planned'; readonly settled: Base }
  | { readonly kind: 'delete' };

export type GoogleAct =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly fields: GoogleFields; readonly decor?: Decor; readonly settled: Base }
  /** `fields` names only what changes; it may be empty where only the marks are missing. */
  | { readonly kind: 'patch'; readonly fields: GoogleFields; readonly marks?: Marks; readonly decor?: DecorChange; readonly settled: Base }
  | { readonly kind: 'delete' };

/** A value that was overwritten; it goes to the pair's history, from where a person can restore it. */
export interface Conflict {
  /** `participants`: what somebody said of one of them, as a text that names the person. */
  readonly field: FieldName | 'participants';
  readonly winner: 'inventive' | 'google';
  readonly kept: unknown;
  readonly lost: unknown;
  /** `lost` is a single line that somebody wrote into our block, not the whole of the notes. */
  readonly line?: true;
}

export interface Plan {
  readonly inventive: InventiveAct;
  readonly google: GoogleAct;
  /** The base now, before any act: what both sides already hold alike. */
  readonly base: Base | undefined;
  readonly conflicts: readonly Conflict[];
  readonly reasons: readonly Reason[];
  /** True where both sides are gone, or one is gone and the other was never made: the pair is closed. */
  readonly closed: boolean;
}
