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
export interface Settings {
  readonly on: boolean;
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly administrationId?: string;
  readonly onlyAdministration?: boolean;
  readonly direction: 'both' | 'to-google' | 'to-inventive';
  readonly conflictPolicy: 'latest-wins' | 'inventive-wins' | 'google-wins';
  readonly privateContent: 'full' | 'busy-only';
  readonly descriptionFields: readonly string[];
  readonly sweepSeconds?: number;
}
export interface AccountView {
  readonly id: string;
  readonly email: string;
  readonly state: AccountState;
  readonly reason?: string;
  readonly lastSyncAt?: string;
  readonly pairs: { readonly active: number; readonly failed: number; readonly quarantined: number };
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
}
export interface Change {
  readonly id: string;
  readonly position: string;
  readonly at: string;
  readonly kind: 'applied' | 'conflict' | 'failed' | 'held';
  readonly accountId: string;
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
