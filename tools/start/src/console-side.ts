import { setTimeout as delay } from 'node:timers/promises';
import { agree } from './consent-form.js';
import { CookieJar } from './cookie-jar.js';
import { asJson, call } from './http.js';

export interface ConsoleUser {
  readonly source: string;
  readonly userId: string;
  readonly loginName: string;
  readonly account?: { readonly id: string; readonly email: string; readonly state: string; readonly reason?: string; readonly pairs: { readonly active: number; readonly failed: number; readonly quarantined: number } };
}

/** The administrator at the console, as a browser would do it: the session's cookie, the CSRF token, redirects followed. */
export class ConsoleSide {
  private csrfToken = '';

  private constructor(
    private readonly root: string,
    private readonly jar: CookieJar,
  ) {}

  static async open(root: string, password: string): Promise<ConsoleSide> {
    const side = new ConsoleSide(root, new CookieJar());
    const session = await side.request<{ csrfToken: string }>('Logging in to the console', '/api/session', { username: 'beheer', password });
    side.csrfToken = session.csrfToken;
    return side;
  }

  async users(): Promise<readonly ConsoleUser[]> {
    return (await this.request<{ users: readonly ConsoleUser[] }>("Reading the console's users", '/api/users?limit=500')).users;
  }

  /**
   * Links a user through the real OAuth flow: the console's link, Google's consent page, the console's callback. Where the person has
   * more calendars the primary one is linked, or the one that is named.
   */
  async link(user: ConsoleUser, email: string, calendarId?: string): Promise<void> {
    const { url } = await this.request<{ url: string }>(`Asking the link for ${user.loginName}`, `/api/users/${user.source}/${user.userId}/link`, {});
    const end = await this.walk(url, email, calendarId);
    const linked = (await this.users()).find(({ userId }) => userId === user.userId)?.account;
    if (linked?.email === email) return;
    throw new Error(`Linking ${user.loginName} to ${email} ended on ${new URL(end.url).pathname} (${end.status}) and left the user ${linked ? `linked to ${linked.email}` : 'unlinked'}: ${textOf(end.text)}`);
  }

  /** The user's Google calendars that can be written to, and which one is kept in step. */
  async calendars(user: ConsoleUser): Promise<readonly { readonly id: string; readonly name: string; readonly primary: boolean; readonly chosen: boolean }[]> {
    return (await this.request<{ calendars: readonly { id: string; name: string; primary: boolean; chosen: boolean }[] }>(`Reading the calendars of ${user.loginName}`, `/api/users/${user.source}/${user.userId}/calendars`)).calendars;
  }

  /** Keeps another of the user's Google calendars in step from now on. */
  async chooseCalendar(user: ConsoleUser, calendarId: string): Promise<void> {
    await this.request(`Choosing a calendar for ${user.loginName}`, `/api/users/${user.source}/${user.userId}/calendar`, { calendarId }, 'PUT');
  }

  /** Which Inventive server is the one that it was. */
  async sources(): Promise<readonly { readonly name: string; readonly state: 'unseen' | 'known' | 'locked' }[]> {
    return (await this.request<{ sources: readonly { name: string; state: 'unseen' | 'known' | 'locked' }[] }>('Reading the sources', '/api/sources')).sources;
  }

  /** Says what became of a locked source. */
  async answerEnvironment(source: string, answer: 'moved' | 'copy'): Promise<void> {
    await this.request(`Saying that ${source} is ${answer}`, `/api/sources/${source}/environment`, { answer });
  }

  /** An administrator agrees to what the brake held. */
  async release(user: ConsoleUser): Promise<void> {
    await this.request(`Releasing ${user.loginName}`, `/api/users/${user.source}/${user.userId}/release`, {});
  }

  /** What an administrator sets for a user, linked or not; services take it over within seconds. */
  async changeSettings(user: ConsoleUser, change: Readonly<Record<string, unknown>>): Promise<void> {
    const path = `/api/users/${user.source}/${user.userId}/settings`;
    const settings = await this.request<Record<string, unknown>>(`Reading the settings of ${user.loginName}`, path);
    await this.request(`Changing the settings of ${user.loginName}`, path, { ...settings, ...change }, 'PUT');
  }

  /** What is set for the administration with this code, in place of what was; answers for how many linked users something goes differently. */
  async changeAdministration(source: string, code: string, settings: Readonly<Record<string, unknown>>): Promise<number> {
    const path = `/api/sources/${source}/administrations`;
    const { administrations } = await this.request<{ administrations: readonly { id: string; code: string }[] }>('Reading the administrations', path);
    const id = administrations.find((one) => one.code === code)?.id;
    if (id === undefined) throw new Error(`${source} has no administration ${code}`);
    return (await this.request<{ affectedUsers: number }>(`Setting administration ${code}`, `${path}/${id}/settings`, settings, 'PUT')).affectedUsers;
  }

  /** Why something of a linked user isn't there, or not yet: the reasons that the console shows of one appointment. */
  async reasons(user: ConsoleUser, appointmentId: string): Promise<readonly string[]> {
    if (user.account === undefined) throw new Error(`${user.loginName} isn't linked`);
    const { pairs } = await this.request<{ pairs: readonly { appointmentId: string; reasons: readonly string[] }[] }>('Reading pairs', `/api/accounts/${user.account.id}/pairs?limit=500`);
    return pairs.find((pair) => pair.appointmentId === appointmentId)?.reasons ?? [];
  }

  /** Whatever else the console's API offers (see its /api/docs): a GET, or with a body a POST. */
  ask<T>(path: string, body?: unknown): Promise<T> {
    return this.request<T>(body === undefined ? 'Asking the console' : 'Telling the console', path, body);
  }

  /** Resolves once the account's agendas have been matched and changes cross. */
  async waitUntilLive(loginNames: readonly string[], limitMs = 60_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const waiting = (await this.users()).filter((user) => loginNames.includes(user.loginName) && user.account?.state !== 'live');
      if (waiting.length === 0) return;
      if (performance.now() > deadline) throw new Error(`${waiting.map((user) => `${user.loginName} is ${user.account?.state ?? 'unlinked'}`).join(', ')}: not live within ${limitMs / 1000} s of linking`);
      await delay(100);
    }
  }

  private async walk(start: string, email: string, calendarId = email): Promise<{ url: string; status: number; text: string }> {
    let url = start;
    let form: URLSearchParams | undefined;
    for (let step = 0; step < 12; step += 1) {
      const headers = { accept: 'text/html', ...this.jar.headerFor(url) };
      const answer = await call('Linking', url, { redirect: 'manual', headers, ...(form === undefined ? {} : { method: 'POST', body: form }) });
      this.jar.take(url, answer.headers);
      const location = answer.headers.get('location');
      if (answer.status >= 300 && answer.status < 400 && location !== null) {
        url = new URL(location, url).href;
        form = undefined;
        continue;
      }
      const asked = answer.status >= 400 ? undefined : url === `${this.root}/google/agenda` ? agree(answer.text, calendarId) : url.startsWith(this.root) ? undefined : agree(answer.text, email);
      if (asked === undefined) return { url, status: answer.status, text: answer.text };
      form = asked.kind === 'post' ? asked.fields : undefined;
      url = new URL(asked.kind === 'post' ? asked.action : asked.href, url).href;
    }
    throw new Error(`Linking to ${email} went round in circles; last page ${new URL(url).pathname}`);
  }

  private async request<T>(what: string, path: string, body?: unknown, method?: 'PUT'): Promise<T> {
    const url = `${this.root}${path}`;
    const headers = { ...this.jar.headerFor(url), ...(this.csrfToken === '' ? {} : { 'x-csrf-token': this.csrfToken }) };
    const answer = await call(what, url, body === undefined ? { headers } : { ...asJson(body, headers), ...(method === undefined ? {} : { method }) });
    this.jar.take(url, answer.headers);
    if (answer.status >= 300) throw new Error(`${what} failed: ${path} answered ${answer.status} ${answer.text.slice(0, 200)}`);
    return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
  }
}

const textOf = (html: string) => html.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
