export interface CheckResult {
  readonly healthy: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One thing that /health asks. It answers within moments from what is known; it never begins a new client. */
export interface Check {
  readonly name: string;
  check(): Promise<CheckResult>;
}
