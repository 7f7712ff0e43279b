import type { DescriptionField, EffectivePolicy, PolicySettings } from './policy';

/** What the console answers; described in full at /api/docs. */
export interface Session {
  readonly username: string;
  readonly csrfToken: string;
  readonly linkResult?: LinkResult;
}
export interface LinkResult {
  readonly code: string;
  readonly source: string;
  readonly userId: string;
  readonly values: Readonly<Record<string, string>>;
}
export type AccountState = 'joining' | 'live' | 'needs-consent' | 'needs-calendar' | 'held' | 'off' | 'locked';
export interface Settings extends PolicySettings {
  readonly on: boolean;
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly administrationId?: string;
  readonly onlyAdministration?: boolean;
  readonly direction: 'both' | 'to-google' | 'to-inventive';
  readonly sweepSeconds?: number;
}
/** With what the policy comes to, and what would go where nothing was set for the user. */
export interface SettingsView extends Settings {
  readonly effective: EffectivePolicy;
  readonly inherited: EffectivePolicy;
  readonly fieldsOffered: readonly DescriptionField[];
}
export interface AccountView {
  readonly id: string;
  readonly email: string;
  readonly state: AccountState;
  readonly reason?: string;
  readonly lastSyncAt?: string;
  readonly pairs: { readonly active: number; readonly failed: number; readonly quarantined: number };
  readonly questions: number;
}
export interface UserView {
  readonly source: string;
  readonly userId: string;
  readonly loginName: string;
  readonly fullName: string;
  readonly email: string;
  readonly active: boolean;
  readonly settings: Settings;
  readonly account?: AccountView;
}
export interface GoogleCalendar {
  readonly id: string;
  readonly name: string;
  readonly primary: boolean;
  readonly chosen: boolean;
}
export interface SourceView {
  readonly name: string;
  readonly reachable: boolean;
  readonly administrations: readonly { readonly id: string; readonly code: string; readonly name: string }[];
}
export type EnvironmentAnswer = 'moved' | 'copy';
export interface SourceEnvironment {
  readonly name: string;
  readonly state: 'unseen' | 'known' | 'locked';
  readonly known?: { readonly address: string; readonly database?: string };
  readonly found?: { readonly address: string; readonly database?: string };
  readonly since?: string;
}
export interface Overview {
  readonly sources: readonly SourceView[];
  readonly users: readonly UserView[];
  readonly found: number;
  readonly total: number;
  readonly attention: number;
  readonly questions: number;
}
export interface UsersQuery {
  readonly search?: string;
  readonly only?: 'attention' | 'questions';
  readonly offset?: number;
  readonly limit?: number;
}
export interface OneUser {
  readonly user: UserView;
  readonly source?: SourceView;
}
/** By what a person recognises an appointment; never the content of a private one. Wall times, or days. */
export interface Recognised {
  readonly subject?: string;
  readonly private?: boolean;
  readonly start?: string;
  readonly end?: string;
  readonly zone?: string;
}
export type Side = 'inventive' | 'google';
export interface UnpairedItem extends Recognised {
  readonly side: Side;
  readonly itemId: string;
  readonly reason: string;
  readonly seenAt: string;
  readonly group?: string;
  readonly location?: string;
}
export interface UnpairedPage {
  readonly items: readonly UnpairedItem[];
  readonly next?: string;
  readonly counts: Readonly<Record<string, number>>;
}
export type PairState = 'active' | 'failed' | 'quarantined' | 'closed';
export interface PairView extends Recognised {
  readonly pairId: string;
  readonly state: PairState;
  readonly waiting: boolean;
  readonly reasons: readonly string[];
  readonly failure?: { readonly kind: string; readonly cause: string };
  readonly attempts: number;
  readonly changedAt: string;
  readonly overwritten: number;
}
export interface PairPage {
  readonly pairs: readonly PairView[];
  readonly next?: string;
  readonly counts: Readonly<Record<PairState | 'overwritten', number>>;
}
export interface PairsQuery {
  readonly state?: PairState;
  readonly overwritten?: 'true';
}
export interface LostValue {
  readonly index: number;
  readonly field: string;
  readonly at: string;
  readonly winner: Side;
  readonly kept?: unknown;
  readonly lost?: unknown;
  readonly restoring: boolean;
  readonly restorable: boolean;
  readonly stands: boolean;
}
export interface History {
  readonly appointment: Recognised;
  readonly state: PairState;
  /** Why nothing can be put back for now. */
  readonly waits?: 'quarantined-loop' | 'other-administration';
  readonly lostValues: readonly LostValue[];
}
export type ComparisonMode = 'repair' | 'preview';
export interface ComparisonCounts {
  readonly inventive: number;
  readonly google: number;
  readonly paired: number;
  readonly matched: number;
  readonly toInventive: number;
  readonly toGoogle: number;
  readonly different: number;
  readonly ambiguous: number;
  readonly leftAlone: Readonly<Record<string, number>>;
  readonly repaired: number;
}
export interface Comparison {
  readonly commandId: string;
  readonly mode: ComparisonMode;
  readonly state: 'waiting' | 'running' | 'done' | 'refused' | 'failed';
  readonly requestedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts?: ComparisonCounts;
  readonly reason?: string;
  readonly cause?: string;
}
export interface Change {
  readonly id: string;
  readonly position: string;
  readonly at: string;
  readonly kind: 'applied' | 'conflict' | 'failed' | 'held';
  readonly accountId: string;
  readonly user?: string;
  readonly source: string;
  readonly side?: 'inventive' | 'google';
  readonly act?: 'create' | 'update' | 'delete';
  readonly fields?: readonly string[];
  readonly latencyMs?: number;
  readonly field?: string;
  readonly winner?: 'inventive' | 'google';
  readonly failure?: string;
  readonly cause?: string;
  readonly attempts?: number;
  readonly reason?: string;
}
