import { useEffect, useState, type MouseEvent, type ReactNode } from 'react';

export type Route =
  | { readonly page: 'users' }
  | { readonly page: 'changes' }
  | { readonly page: 'questions' }
  | { readonly page: 'administrations'; /** The one that is shown. */ readonly chosen?: { readonly source: string; readonly administrationId: string } }
  | { readonly page: 'user'; readonly source: string; readonly userId: string; readonly tab: UserTab; /** One of the tab's list. */ readonly item?: string };

/** The last part of each tab's address; the first tab has none. */
const TAB_PATHS = { settings: '', questions: 'vragen', appointments: 'afspraken', comparison: 'vergelijking' } as const;
export type UserTab = keyof typeof TAB_PATHS;

export function routeOf(path: string): Route {
  const [, source, userId, last = '', item] = /^\/gebruikers\/([^/]+)\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(path) ?? [];
  if (source !== undefined && userId !== undefined) return { page: 'user', source: decodeURIComponent(source), userId: decodeURIComponent(userId), tab: tabOf(last), ...(item === undefined ? {} : { item: decodeURIComponent(item) }) };
  const [, ofSource, administrationId] = /^\/administraties\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (ofSource !== undefined && administrationId !== undefined) return { page: 'administrations', chosen: { source: decodeURIComponent(ofSource), administrationId: decodeURIComponent(administrationId) } };
  if (path === '/administraties') return { page: 'administrations' };
  return path === '/wijzigingen' ? { page: 'changes' } : path === '/vragen' ? { page: 'questions' } : { page: 'users' };
}

export const userAddress = (source: string, userId: string, tab: UserTab = 'settings', item = ''): string =>
  ['/gebruikers', encodeURIComponent(source), encodeURIComponent(userId), TAB_PATHS[tab], encodeURIComponent(item)].filter((part) => part !== '').join('/');

export const administrationAddress = (source: string, administrationId: string): string => `/administraties/${encodeURIComponent(source)}/${encodeURIComponent(administrationId)}`;

const tabOf = (last: string): UserTab => (Object.keys(TAB_PATHS) as UserTab[]).find((tab) => TAB_PATHS[tab] === last) ?? 'settings';

const MOVED = 'console:moved';

export function goTo(address: string): void {
  history.pushState(null, '', address);
  dispatchEvent(new Event(MOVED));
}

export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = (): void => setPath(location.pathname);
    addEventListener('popstate', follow);
    addEventListener(MOVED, follow);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener(MOVED, follow);
    };
  }, []);
  return routeOf(path);
}

interface LinkProps {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly current?: boolean;
  readonly label?: string;
}

/** A real link: opens in a new tab where the person asks for one. */
export function Link({ to, children, className, current, label }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  };
  return <a href={to} onClick={follow} className={className} aria-current={current === true ? 'page' : undefined} aria-label={label}>{children}</a>;
}
