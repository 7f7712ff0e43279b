import { useState, type FormEvent } from 'react';
import { ApiProblem } from '../api/client';
import { useWords } from '../i18n/language';
import { ProblemNotice } from '../parts/notice';
import { useSession } from '../session';

export function LoginPage() {
  const { t } = useWords();
  const { api, entered } = useSession();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    try {
      entered(await api.login(String(form.get('username') ?? ''), String(form.get('password') ?? '')));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <main id="content" className="login card">
      <h1>{t('login.title')}</h1>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <form onSubmit={(event) => void submit(event)}>
        <label>{t('login.username')}<input name="username" defaultValue="beheer" autoComplete="username" required autoFocus /></label>
        <label>{t('login.password')}<input name="password" type="password" autoComplete="current-password" required /></label>
        <button type="submit" disabled={busy}>{t('login.submit')}</button>
      </form>
      <p className="quiet">{t('login.hint')}</p>
    </main>
  );
}
