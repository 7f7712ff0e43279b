import type { Administrations, ChangedAdministration, PolicySettings } from './policy';
import type {
  Change, Comparison, ComparisonMode, EnvironmentAnswer, GoogleCalendar, History, OneUser, Overview, PairPage, PairsQuery, Session, Settings, SettingsView, SourceEnvironment, UnpairedPage, UsersQuery,
} from './types';

/** The console refused, with a text for the person and perhaps one for each field. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fields: Readonly<Record<string, string>>,
  ) {
    super(detail);
  }
}

const TIMEOUT_MS = 20_000;

/** One client per login: it knows the CSRF token and the language of the answers. */
export class ConsoleApi {
  csrfToken = '';
  language = 'nl';
  /** Called when the session has ended. */
  onLoggedOut: () => void = () => undefined;

  session = (): Promise<Session> => this.#remember(this.#call('GET', '/api/session'));
  login = (username: string, password: string): Promise<Session> => this.#remember(this.#call('POST', '/api/session', { username, password }));
  logout = (): Promise<void> => this.#call('DELETE', '/api/session');
  users = (query: UsersQuery = {}): Promise<Overview> => this.#call('GET', `/api/users${asQuery(query)}`);
  user = (source: string, userId: string): Promise<OneUser> => this.#call('GET', userPath(source, userId));
  settings = (source: string, userId: string): Promise<SettingsView> => this.#call('GET', `${userPath(source, userId)}/settings`);
  saveSettings = (source: string, userId: string, settings: Settings): Promise<SettingsView> => this.#call('PUT', `${userPath(source, userId)}/settings`, settings);
  link = (source: string, userId: string, confirmedEmail?: string): Promise<{ url: string }> => this.#call('POST', `${userPath(source, userId)}/link`, { confirmedEmail });
  invite = (source: string, userId: string): Promise<{ url: string; expiresAt: string }> => this.#call('POST', `${userPath(source, userId)}/invitation`, {});
  release = (source: string, userId: string): Promise<void> => this.#call('POST', `${userPath(source, userId)}/release`);
  unlink = (source: string, userId: string): Promise<void> => this.#call('DELETE', `${userPath(source, userId)}/link`);
  calendars = async (source: string, userId: string): Promise<readonly GoogleCalendar[]> => (await this.#call<{ calendars: readonly GoogleCalendar[] }>('GET', `${userPath(source, userId)}/calendars`)).calendars;
  chooseCalendar = (source: string, userId: string, calendarId: string): Promise<void> => this.#call('PUT', `${userPath(source, userId)}/calendar`, { calendarId });
  sources = async (): Promise<readonly SourceEnvironment[]> => (await this.#call<{ sources: readonly SourceEnvironment[] }>('GET', '/api/sources')).sources;
  answerEnvironment = (source: string, answer: EnvironmentAnswer): Promise<void> => this.#call('POST', `/api/sources/${encodeURIComponent(source)}/environment`, { answer });
  administrations = (source: string): Promise<Administrations> => this.#call('GET', `/api/sources/${encodeURIComponent(source)}/administrations`);
  saveAdministration = (source: string, id: string, settings: PolicySettings): Promise<ChangedAdministration> => this.#call('PUT', `/api/sources/${encodeURIComponent(source)}/administrations/${encodeURIComponent(id)}/settings`, settings);
  changes = async (limit: number): Promise<readonly Change[]> => (await this.#call<{ changes: readonly Change[] }>('GET', `/api/changes?limit=${limit}`)).changes;

  questions = (account: string, after?: string): Promise<UnpairedPage> => this.#call('GET', `${accountPath(account)}/unpaired${asQuery({ reason: 'ambiguous-match', after })}`);
  resolve = (account: string, answer: { readonly inventiveId?: string; readonly eventId?: string }): Promise<{ pairId: string }> => this.#call('POST', `${accountPath(account)}/unpaired/resolve`, answer);
  pairs = (account: string, query: PairsQuery, after?: string): Promise<PairPage> => this.#call('GET', `${accountPath(account)}/pairs${asQuery({ ...query, after, limit: 50 })}`);
  retry = (account: string, pair: string): Promise<void> => this.#call('POST', `${pairPath(account, pair)}/retry`);
  history = (account: string, pair: string): Promise<History> => this.#call('GET', `${pairPath(account, pair)}/history`);
  restore = (account: string, pair: string, index: number): Promise<void> => this.#call('POST', `${pairPath(account, pair)}/history/${index}/restore`);
  comparisons = async (account: string): Promise<readonly Comparison[]> => (await this.#call<{ comparisons: readonly Comparison[] }>('GET', `${accountPath(account)}/comparisons`)).comparisons;
  compare = (account: string, mode: ComparisonMode): Promise<{ commandId: string }> => this.#call('POST', `${accountPath(account)}/comparisons`, { mode });

  async #remember(answer: Promise<Session>): Promise<Session> {
    const session = await answer;
    this.csrfToken = session.csrfToken;
    return session;
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers: {
          accept: 'application/json',
          'accept-language': this.language,
          ...(this.csrfToken === '' ? {} : { 'x-csrf-token': this.csrfToken }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiProblem(0, 'console-unreachable', '', '', {});
    }
    const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (response.ok) return answer as T;
    const problem = problemOf(response.status, answer);
    if (problem.code === 'not-logged-in' && path !== '/api/session') this.onLoggedOut();
    throw problem;
  }
}

function problemOf(status: number, answer: unknown): ApiProblem {
  const { code = 'unexpected', title = '', detail = '', errors = [] } = (answer ?? {}) as {
    code?: string; title?: string; detail?: string; errors?: readonly { path: string; message: string }[];
  };
  return new ApiProblem(status, code, title, detail, Object.fromEntries(errors.map((one) => [one.path, one.message])));
}

const userPath = (source: string, userId: string): string => `/api/users/${encodeURIComponent(source)}/${encodeURIComponent(userId)}`;
const accountPath = (account: string): string => `/api/accounts/${encodeURIComponent(account)}`;
const pairPath = (account: string, pair: string): string => `${accountPath(account)}/pairs/${encodeURIComponent(pair)}`;

function asQuery(values: object): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
