import { useState } from 'react';
import type { AccountView, PairPage, PairView } from '../api/types';
import { useWords } from '../i18n/language';
import { useAttempt } from '../parts/attempt';
import { Confirmation } from '../parts/confirmation';
import { Notice, ProblemNotice } from '../parts/notice';
import { PairBadge, Reasons } from '../parts/pair-state';
import { usePages } from '../parts/pages';
import { Subject, When } from '../parts/recognised';
import { Link, userAddress } from '../route';
import { useSession } from '../session';
import { HistoryCard } from './history-card';
import type { UserCardProps } from './user-cards';

const FILTERS = ['all', 'failed', 'quarantined', 'overwritten', 'active', 'closed'] as const;
type Filter = (typeof FILTERS)[number];

/** The appointments of a user that are kept the same, and why one isn't. One of them by its address: its history. */
export function AppointmentsCard({ user, reload, item }: UserCardProps) {
  const { t } = useWords();
  if (user.account === undefined) return <section className="card"><p className="quiet">{t('tab.not-linked')}</p></section>;
  if (item !== undefined) return <HistoryCard key={item} accountId={user.account.id} pairId={item} back={userAddress(user.source, user.userId, 'appointments')} />;
  return <Appointments account={user.account} addressOf={(pairId) => userAddress(user.source, user.userId, 'appointments', pairId)} onRetried={reload} />;
}

interface AppointmentsProps {
  readonly account: AccountView;
  readonly addressOf: (pairId: string) => string;
  readonly onRetried: () => Promise<void>;
}

function Appointments({ account, addressOf, onRetried }: AppointmentsProps) {
  const { t } = useWords();
  const { api } = useSession();
  const [filter, setFilter] = useState<Filter>(() => (account.pairs.failed > 0 ? 'failed' : account.pairs.quarantined > 0 ? 'quarantined' : 'all'));
  const { resource, more, reload } = usePages((after) => api.pairs(account.id, queryOf(filter), after), `${account.id} ${filter}`);
  const { busy, problem, attempt } = useAttempt();
  const [retried, setRetried] = useState(false);
  const retry = async (pair: PairView): Promise<void> => {
    setRetried(false);
    setRetried(await attempt(() => api.retry(account.id, pair.pairId)));
    await Promise.all([reload(), onRetried()]);
  };
  const counts = resource.kind === 'there' ? resource.value.at(-1)?.counts : undefined;
  return (
    <section className="card" aria-labelledby="appointments-title">
      <div className="heading"><h2 id="appointments-title">{t('appointments.heading')}</h2><button type="button" className="plain small" onClick={() => void reload()}>{t('list.refresh')}</button></div>
      <div className="filters" role="group" aria-label={t('appointments.filter')}>
        {FILTERS.map((one) => <button key={one} type="button" className="chip" aria-pressed={one === filter} onClick={() => { setFilter(one); setRetried(false); }}>{t(`appointments.${one}`)}<Count of={one} counts={counts} /></button>)}
      </div>
      <p className="quiet">{t('appointments.subject-where')}</p>
      {retried && <Notice tone="good">{t('appointments.retried')}</Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {resource.kind === 'loading' && <p className="quiet" role="status">{t('app.loading')}</p>}
      {resource.kind === 'failed' && <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />}
      {resource.kind === 'there' && resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {resource.kind === 'there' && <PairsTable pairs={resource.value.flatMap(({ pairs }) => pairs)} filter={filter} busy={busy} addressOf={addressOf} onRetry={(pair) => void retry(pair)} />}
      {resource.kind === 'there' && resource.value.at(-1)?.next !== undefined && <button type="button" className="plain" onClick={() => void more()}>{t('list.more')}</button>}
    </section>
  );
}

function queryOf(filter: Filter): Parameters<ReturnType<typeof useSession>['api']['pairs']>[1] {
  switch (filter) {
    case 'all':
      return {};
    case 'overwritten':
      return { overwritten: 'true' };
    default:
      return { state: filter };
  }
}

function Count({ of, counts }: { readonly of: Filter; readonly counts: PairPage['counts'] | undefined }) {
  const { number } = useWords();
  if (counts === undefined) return null;
  return <span className="count">{number(of === 'all' ? counts.active + counts.failed + counts.quarantined + counts.closed : counts[of])}</span>;
}

interface PairsTableProps {
  readonly pairs: readonly PairView[];
  readonly filter: Filter;
  readonly busy: boolean;
  readonly addressOf: (pairId: string) => string;
  readonly onRetry: (pair: PairView) => void;
}

function PairsTable({ pairs, filter, busy, addressOf, onRetry }: PairsTableProps) {
  const { t, date, when } = useWords();
  const [releasing, setReleasing] = useState<string>();
  if (pairs.length === 0) return <p className={filter === 'failed' || filter === 'quarantined' ? 'all-well' : 'quiet'}>{t(`appointments.none-${filter}`)}</p>;
  const nameOf = ({ subject, start, end }: PairView): string => [subject, start === undefined || end === undefined ? undefined : when(start, end)].filter((part) => part !== undefined).join(', ') || t('item.no-subject');
  return (
    <table className="stacked">
      <caption className="hidden">{t('appointments.heading')}</caption>
      <thead><tr><th scope="col">{t('appointments.when')}</th><th scope="col">{t('appointments.subject')}</th><th scope="col">{t('appointments.state')}</th><th scope="col">{t('appointments.changed')}</th><th scope="col">{t('users.actions')}</th></tr></thead>
      <tbody>
        {pairs.map((pair) => (
          <tr key={pair.pairId}>
            <th scope="row">{pair.start === undefined ? <span className="quiet">{t('appointments.unknown-time')}</span> : <When item={pair} />}</th>
            <td data-label={t('appointments.subject')}><Subject item={pair} /></td>
            <td data-label={t('appointments.state')}><PairBadge pair={pair} /><Reasons pair={pair} />
              {releasing === pair.pairId && <Confirmation yes={t('appointments.release-yes')} busy={busy} onYes={() => { setReleasing(undefined); onRetry(pair); }} onCancel={() => setReleasing(undefined)}><p>{t('appointments.release-sure', { name: nameOf(pair) })}</p></Confirmation>}
            </td>
            <td data-label={t('appointments.changed')}><time dateTime={pair.changedAt}>{date(pair.changedAt)}</time></td>
            <td><div className="actions">
              {(pair.state === 'failed' || (pair.state === 'quarantined' && releasing !== pair.pairId)) && <button type="button" className="small" disabled={busy} onClick={() => (pair.state === 'failed' ? onRetry(pair) : setReleasing(pair.pairId))} aria-label={t(`appointments.retry-${pair.state}-of`, { name: nameOf(pair) })}>{t(`appointments.retry-${pair.state}`)}</button>}
              {pair.overwritten > 0 && <Link to={addressOf(pair.pairId)} className="button plain small" label={t('appointments.history-of', { name: nameOf(pair) })}>{t('appointments.history', { count: pair.overwritten })}</Link>}
            </div></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
