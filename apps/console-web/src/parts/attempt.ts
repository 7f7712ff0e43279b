import { useState } from 'react';
import { ApiProblem } from '../api/client';

/** Does something that the console may refuse: `busy` while it is asked, `problem` what it said last. */
export function useAttempt(): { readonly busy: boolean; readonly problem: ApiProblem | undefined; readonly attempt: (act: () => Promise<void>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const attempt = async (act: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, attempt };
}
