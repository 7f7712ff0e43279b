import type { Browser } from './browser.js';
import type { ConsoleUnderTest } from './console-under-test.js';

export interface UserView {
  readonly source: string;
  readonly userId: string;
  readonly loginName: string;
  readonly settings: Record<string, unknown>;
  readonly account?: { readonly id: string; readonly email: string; readonly state: string; readonly lastSyncAt?: string };
}

export const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T;

/** The address of a user's resource in the API. */
export const path = (who: UserView, rest: string): string => `/api/users/${who.source}/${who.userId}/${rest}`;

/** How a journey to Google ended, from the address to which the browser is sent back. */
export const resultOf = (location: string | null): string | null => new URL(location ?? '', 'http://console').searchParams.get('koppeling');

/** Somebody logged in as beheer, with what such a person does most. */
export async function administratorOf(under: ConsoleUnderTest) {
  const beheer: Browser = under.browser();
  await beheer.login(under.printed[0] ?? '');
  const user = async (loginName: string): Promise<UserView> => {
    const { users } = await json<{ users: readonly UserView[] }>(beheer.get('/api/users'));
    const found = users.find((one) => one.loginName === loginName);
    if (found === undefined) throw new Error(`the console shows no user ${loginName}`);
    return found;
  };
  const beginLink = async (who: UserView, body: object = {}): Promise<string> => (await json<{ url: string }>(beheer.request('POST', path(who, 'link'), { json: body }))).url;
  const linkUser = async (loginName: string): Promise<Response> => beheer.get(await beheer.consent(await beginLink(await user(loginName))));
  return { beheer, user, beginLink, linkUser };
}
