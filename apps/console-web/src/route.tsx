import { useEffect, useState, type MouseEvent, type ReactNode } from 'react';

export type Route =
  | { readonly page: 'users' }
  | { readonly page: 'changes' }
  | { readonly page: 'user'; readonly source: string; readonly userId: string };

export function routeOf(path: string): Route {
  const [, source, userId] = /^\/gebruikers\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (source !== undefined && userId !== undefined) return { page: 'user', source: decodeURIComponent(source), userId: decodeURIComponent(userId) };
  return path === '/wijzigingen' ? { page: 'changes' } : { page: 'users' };
}

export const userAddress = (source: string, userId: string): string => `/gebruikers/${encodeURIComponent(source)}/${encodeURIComponent(userId)}`;

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
