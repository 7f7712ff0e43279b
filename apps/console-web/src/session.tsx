import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { ApiProblem, ConsoleApi } from './api/client';
import type { Session } from './api/types';
import { useWords } from './i18n/language';

type State = { readonly kind: 'asking' } | { readonly kind: 'out' } | { readonly kind: 'in'; readonly session: Session } | { readonly kind: 'unreachable' };

interface SessionAccess {
  readonly api: ConsoleApi;
  readonly state: State;
  readonly entered: (session: Session) => void;
  readonly leave: () => Promise<void>;
  readonly ask: () => Promise<void>;
}

const SessionContext = createContext<SessionAccess | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const { language } = useWords();
  const api = useMemo(() => new ConsoleApi(), []);
  api.language = language;
  const [state, setState] = useState<State>({ kind: 'asking' });
  const ask = useCallback(async () => {
    try {
      setState({ kind: 'in', session: await api.session() });
    } catch (error) {
      setState({ kind: error instanceof ApiProblem && error.status === 401 ? 'out' : 'unreachable' });
    }
  }, [api]);
  useEffect(() => {
    api.onLoggedOut = () => setState({ kind: 'out' });
    void ask();
  }, [api, ask]);
  const access = useMemo((): SessionAccess => ({
    api,
    state,
    entered: (session) => setState({ kind: 'in', session }),
    // Also where the console is away: this browser shows nothing any more.
    leave: async () => {
      await api.logout().catch(() => undefined);
      api.csrfToken = '';
      setState({ kind: 'out' });
    },
    ask,
  }), [api, state, ask]);
  return <SessionContext value={access}>{children}</SessionContext>;
}

export function useSession(): SessionAccess {
  const access = useContext(SessionContext);
  if (access === undefined) throw new Error('useSession outside SessionProvider');
  return access;
}
