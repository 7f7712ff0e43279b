import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../api/client';

export type Resource<T> = { readonly kind: 'loading' } | { readonly kind: 'failed'; readonly problem: ApiProblem } | { readonly kind: 'there'; readonly value: T; /** It could not be read again: what is shown may be old. */ readonly stale?: true };

/**
 * Reads now, on `reload`, whenever `about` is another, and every `everyMs` while the page is visible. What was read stays on
 * the page while it is read again; an answer that comes later than that to a newer question is not shown.
 */
export function useResource<T>(read: () => Promise<T>, everyMs?: number, about = ''): { readonly resource: Resource<T>; readonly reload: () => Promise<void> } {
  const [resource, setResource] = useState<Resource<T>>({ kind: 'loading' });
  const latest = useRef(read);
  latest.current = read;
  const asked = useRef(0);
  const reload = useCallback(async () => {
    const question = ++asked.current;
    const answer = await latest.current().then((value) => ({ value }), (error: unknown) => ({ error }));
    if (question !== asked.current) return;
    if ('value' in answer) return setResource({ kind: 'there', value: answer.value });
    const { error } = answer;
    if (!(error instanceof ApiProblem)) throw error;
    setResource((before) => (before.kind === 'there' ? { ...before, stale: true } : { kind: 'failed', problem: error }));
  }, []);
  useEffect(() => {
    void reload();
  }, [reload, about]);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  return { resource, reload };
}
