import { useState } from 'react';
import type { AccountView, Comparison, ComparisonMode } from '../api/types';
import { useWords } from '../i18n/language';
import { useAttempt } from '../parts/attempt';
import { ComparisonReport } from '../parts/comparison-report';
import { Confirmation } from '../parts/confirmation';
import { Notice, ProblemNotice } from '../parts/notice';
import { useResource } from '../parts/resource';
import { useSession } from '../session';
import type { UserCardProps } from './user-cards';

const isOpen = ({ state }: Comparison): boolean => state === 'waiting' || state === 'running';

/** Both agendas laid side by side: only counted, or mended too. */
export function ComparisonCard({ user, reload }: UserCardProps) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="comparison-title">
      <h2 id="comparison-title">{t('comparison.heading')}</h2>
      {user.account === undefined ? <p className="quiet">{t('comparison.first-link')}</p> : <Comparisons account={user.account} reload={reload} />}
    </section>
  );
}

function Comparisons({ account, reload: reloadUser }: { readonly account: AccountView; readonly reload: () => Promise<void> }) {
  const { t } = useWords();
  const { api } = useSession();
  const [running, setRunning] = useState(false);
  const { resource, reload } = useResource(async () => {
    const found = await api.comparisons(account.id);
    const open = found.some(isOpen);
    if (running && !open) void reloadUser();
    setRunning(open);
    return found;
  }, running ? 1_000 : 10_000);
  const { busy, problem, attempt } = useAttempt();
  const [asking, setAsking] = useState(false);
  const compare = (mode: ComparisonMode): Promise<boolean> => attempt(async () => {
    setAsking(false);
    await api.compare(account.id, mode);
    setRunning(true);
    await reload();
  });
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const open = resource.value.find(isOpen);
  const ended = resource.value.filter((one) => !isOpen(one));
  const [latest, ...earlier] = ended;
  return (
    <>
      <p className="quiet">{t('comparison.intro')}</p>
      {account.state === 'off' && <Notice tone="warn">{t('comparison.off')}</Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {asking ? (
        <Confirmation yes={t('comparison.repair-yes')} busy={busy} onYes={() => void compare('repair')} onCancel={() => setAsking(false)}><p>{t('comparison.repair-sure')}</p></Confirmation>
      ) : (
        <div className="actions">
          <button type="button" disabled={busy || open !== undefined} onClick={() => void compare('preview')}>{t('comparison.preview')}</button>
          <button type="button" className="plain" disabled={busy || open !== undefined || account.state === 'off'} onClick={() => setAsking(true)}>{t('comparison.repair')}</button>
        </div>
      )}
      <div className="progress" aria-live="polite">{open !== undefined && <Progress comparison={open} />}</div>
      {latest === undefined ? open === undefined && <p className="quiet">{t('comparison.none')}</p> : <ComparisonReport comparison={latest} />}
      {earlier.length > 0 && (
        <>
          <h3>{t('comparison.earlier')}</h3>
          {earlier.map((one) => <details key={one.commandId}><summary><Summary comparison={one} /></summary><ComparisonReport comparison={one} /></details>)}
        </>
      )}
    </>
  );
}

function Progress({ comparison: { mode, state, progress: { done, total } } }: { readonly comparison: Comparison }) {
  const { t, number } = useWords();
  const counting = state === 'running' && total > 0;
  const text = state === 'waiting' ? t('comparison.waiting') : t(`comparison.running-${mode}`);
  return (
    <>
      <p>{text}{counting && <span aria-hidden="true"> {t('comparison.done-of', { done: number(done), total: number(total) })}</span>}</p>
      <progress aria-label={text} {...(counting ? { value: Math.min(done, total), max: total } : {})} />
    </>
  );
}

function Summary({ comparison: { mode, state, endedAt, requestedAt, counts } }: { readonly comparison: Comparison }) {
  const { t, date, number } = useWords();
  return <>{date(endedAt ?? requestedAt)} · {t(`comparison.mode-${mode}`)} · {state === 'done' && mode === 'repair' && counts !== undefined ? t('comparison.repaired', { count: number(counts.repaired) }) : t(`comparison.state-${state}`)}</>;
}
