import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../api/client';
import type { Resource } from './resource';

interface Page {
  readonly next?: string;
}

/** A list that goes on from the last one shown: its pages so far, `more` for the next, `reload` from the first as far as it was read. */
export function usePages<P extends Page>(read: (after?: string) => Promise<P>, about: string): { readonly resource: Resource<readonly P[]>; readonly more: () => Promise<void>; readonly reload: () => Promise<void> } {
  const [resource, setResource] = useState<Resource<readonly P[]>>({ kind: 'loading' });
  const latest = useRef(read);
  latest.current = read;
  const shown = useRef<readonly P[]>([]);
  const asked = useRef(0);
  const show = useCallback(async (pages: number, before: readonly P[]): Promise<void> => {
    const question = ++asked.current;
    try {
      const found = [...before];
      while (found.length < pages && (found.length === 0 || found.at(-1)?.next !== undefined)) {
        found.push(await latest.current(found.at(-1)?.next));
        if (question !== asked.current) return;
      }
      shown.current = found;
      setResource({ kind: 'there', value: found });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (question === asked.current) setResource((known) => (known.kind === 'there' ? { ...known, stale: true } : { kind: 'failed', problem: error }));
    }
  }, []);
  useEffect(() => {
    shown.current = [];
    setResource({ kind: 'loading' });
    void show(1, []);
  }, [show, about]);
  const more = useCallback(() => show(shown.current.length + 1, shown.current), [show]);
  const reload = useCallback(() => show(Math.max(1, shown.current.length), []), [show]);
  return { resource, more, reload };
}
