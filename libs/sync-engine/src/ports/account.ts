import type { AccountId, CalendarId, EventColour, InstallationId, InventiveId, Reason, SourceName, ZoneName } from '@calsync/calendar-model';
import type { ConflictPolicy, DeletionPolicy, Direction } from '@calsync/sync-core';

/**
 * `joining`: what stands on both sides is being matched, no pairs are made from messages. `live`: at work.
 * `needs-consent`, `needs-calendar`, `held`: waits for a person. `off`: switched off in the settings. `locked`: whatever it is
 * otherwise, its source is another Inventive server than before, and a person has to say which; the directory says it, nobody stores it.
 */
export type AccountState = 'joining' | 'live' | 'needs-consent' | 'needs-calendar' | 'held' | 'off' | 'locked';

/** Event types of Google beside ordinary ones. */
export const SPECIAL_EVENT_TYPES = ['birthday', 'focusTime', 'outOfOffice', 'workingLocation', 'fromGmail'] as const;
export type SpecialEventType = (typeof SPECIAL_EVENT_TYPES)[number];

/** What is to happen with what people really do in calendars; docs/rules.md says each for users. */
export interface AccountRules {
  readonly deletion: { readonly toInventive: DeletionPolicy; readonly toGoogle: DeletionPolicy };
  /** By *Soort*; case says nothing. */
  readonly colours: Readonly<Record<string, EventColour>>;
  /** `off`: attendees are never written. `silent`: written, nobody is e-mailed. `mail`: Google tells the guests, of future events only. */
  readonly guests: 'off' | 'silent' | 'mail';
  /** Events that somebody else organises. */
  readonly invitations: 'import' | 'skip';
  /** What the deletion of such a row answers to the organiser. */
  readonly deletedInvitation: 'decline' | 'nothing';
  readonly eventTypes: Readonly<Record<SpecialEventType, 'import' | 'skip'>>;
}

/** Nobody is mailed, nothing is answered, and what isn't a meeting of people stays in Google; being away shows in Inventive. */
export const DEFAULT_RULES: AccountRules = {
  deletion: { toInventive: 'delete', toGoogle: 'delete' },
  colours: {},
  guests: 'off',
  invitations: 'import',
  deletedInvitation: 'nothing',
  eventTypes: { birthday: 'skip', focusTime: 'skip', outOfOffice: 'import', workingLocation: 'skip', fromGmail: 'import' },
};

/** How appointments of one administration are kept in one user's agenda. */
export interface AgendaPolicy {
  readonly conflictPolicy: ConflictPolicy;
  readonly privateContent: 'full' | 'busy-only';
  /** Keys of the description block in order; `notes` stands for *Opmerking*. */
  readonly descriptionFields: readonly string[];
  readonly rules: AccountRules;
}

/** For an agenda that holds appointments of several administrations: what goes for those that aren't of the account's own. */
export interface PoliciesElsewhere {
  /** By administration: those for which something was set. */
  readonly of: Readonly<Record<string, AgendaPolicy>>;
  /** Every other. */
  readonly otherwise: AgendaPolicy;
}

/** A linked user, with the settings that decide how the agenda is kept; the policy is that of the account's own administration. */
export interface Account extends AgendaPolicy {
  readonly id: AccountId;
  readonly installation: InstallationId;
  readonly source: SourceName;
  readonly userId: InventiveId;
  readonly loginName: string;
  readonly fullName: string;
  /** Appointments born in Google go to this administration. */
  readonly administrationId: InventiveId;
  /** Somebody chose it: rows of other administrations stay out of this agenda. Until then all of the user's rows are in it. */
  readonly onlyAdministration?: true;
  /** IANA zone of the source's administrations, `Europe/Amsterdam` by default: for what Google gives birth to. */
  readonly zone: ZoneName;
  readonly email: string;
  readonly sub: string;
  readonly calendarId: CalendarId;
  readonly state: AccountState;
  readonly stateReason?: Reason;
  /** Grows with every act of a person that asks for another comparison of both sides: a link, settings, a release. */
  readonly revision?: number;
  /** Epoch ms until which another calendar of this user was kept in step instead; absent where this one always was. */
  readonly keptElsewhereUntil?: number;
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly direction: Direction;
  /** Absent where all that is in this agenda goes by one policy. */
  readonly elsewhere?: PoliciesElsewhere;
  /** Upper bound of the sweep for this user, in seconds. */
  readonly sweepSeconds?: number;
}

/** Reads answer from a short-lived cache where they say so; writes are seen by others at once. */
export interface AccountDirectory {
  /** Cached, unlinked users too (at most 5 s): a message about somebody who isn't linked costs nothing. */
  byUser(source: SourceName, userId: InventiveId): Promise<Account | undefined>;
  /** Cached for at most 5 s. */
  byId(id: AccountId): Promise<Account | undefined>;
  /** Read now, whatever the cache holds, and remembered: where a state of seconds ago would lose something. */
  current(id: AccountId): Promise<Account | undefined>;
  /** Read now, and cheaply: asked before each write, for somebody may have unlinked the account or chosen another calendar a moment ago. */
  isLinked(id: AccountId): Promise<boolean>;
  all(): Promise<readonly Account[]>;
  /** Read now, and cheaply, however many accounts there are: asked twice a second. */
  joining(): Promise<readonly Account[]>;
  /**
   * Compare-and-set: does nothing and answers false where the state is another by now, or, with a `revision`, where a person has
   * changed the account since it was read with that one: what was compared under older settings must not end a joining.
   */
  changeState(id: AccountId, from: readonly AccountState[], to: AccountState, reason?: Reason, revision?: number): Promise<boolean>;
}

/** Access tokens for one account's Google calls. One refresh at a time per account, over all replicas. */
export interface AccessTokens {
  /** Throws `Failure('authorization')` after `invalid_grant`; the account is then in `needs-consent`. */
  tokenFor(accountId: AccountId): Promise<string>;
  /** Google refused this token (401): the next call fetches another. */
  discard(accountId: AccountId, token: string): Promise<void>;
}
