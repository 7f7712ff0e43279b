import { useEffect, useState } from 'react';
import { ApiProblem } from '../api/client';
import type { UserView } from '../api/types';
import { useWords } from '../i18n/language';
import { ChangesList } from '../parts/changes-list';
import { Invitation, type InvitationLink } from '../parts/invitation';
import { Notice, ProblemNotice } from '../parts/notice';
import { Paging } from '../parts/paging';
import { useResource } from '../parts/resource';
import { StateBadge } from '../parts/state-badge';
import { Link, userAddress } from '../route';
import { useSession } from '../session';

const SHOWN = 100;

export function UsersPage() {
  const { t, number } = useWords();
  const { api } = useSession();
  const [wanted, setWanted] = useState('');
  const [attention, setAttention] = useState(false);
  const [offset, setOffset] = useState(0);
  const search = useSettled(wanted.trim(), 250);
  const { resource, reload } = useResource(() => api.users({ search, offset, limit: SHOWN, ...(attention ? { only: 'attention' } : {}) }), 10_000, `${offset} ${attention} ${search}`);
  const [invitation, setInvitation] = useState<InvitationLink>();
  const [problem, setProblem] = useState<ApiProblem>();
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  const link = (user: UserView): Promise<void> => attempt(async () => location.assign((await api.link(user.source, user.userId)).url));
  const invite = (user: UserView): Promise<void> => attempt(async () => setInvitation({ name: user.fullName || user.loginName, ...(await api.invite(user.source, user.userId)) }));

  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const { users, sources, found, total, questions } = resource.value;
  const filtered = search !== '' || attention;
  return (
    <>
      <p className="quiet">{t('users.intro')}</p>
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {sources.filter((source) => !source.reachable).map((source) => <Notice key={source.name} tone="warn">{t('users.source-away', { source: source.name })}</Notice>)}
      {questions > 0 && <Notice tone="warn">{t(questions === 1 ? 'users.question-of-one' : 'users.questions-of', { count: number(questions) })} <Link to="/vragen">{t('users.to-questions')}</Link></Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {invitation !== undefined && <Invitation invitation={invitation} onClose={() => setInvitation(undefined)} />}
      {total > 8 && (
        <div className="row filter-row">
          <label className="filter">{t('users.filter')}<input type="search" value={wanted} onChange={(event) => { setWanted(event.target.value); setOffset(0); }} /></label>
          <label className="check"><input type="checkbox" checked={attention} onChange={(event) => { setAttention(event.target.checked); setOffset(0); }} />{t('users.attention', { count: number(resource.value.attention) })}</label>
        </div>
      )}
      {total === 0 ? <p className="card quiet">{t('users.empty')}</p>
        : users.length === 0 && filtered ? <p className="card quiet" role="status">{t(search === '' ? 'users.no-attention' : 'users.none-found')}</p>
        : <UsersTable users={users} onLink={(user) => void link(user)} onInvite={(user) => void invite(user)} />}
      <Paging offset={offset} limit={SHOWN} found={found} onOffset={setOffset} />
      <section className="card" aria-labelledby="changes-title">
        <div className="heading"><h2 id="changes-title">{t('changes.title')}</h2><Link to="/wijzigingen">{t('changes.all')}</Link></div>
        <ChangesList limit={12} />
      </section>
    </>
  );
}

/** What is typed, once nothing was typed for a moment: a question for each letter is too many. */
function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}

interface UsersTableProps {
  readonly users: readonly UserView[];
  readonly onLink: (user: UserView) => void;
  readonly onInvite: (user: UserView) => void;
}

function UsersTable({ users, onLink, onInvite }: UsersTableProps) {
  const { t, date } = useWords();
  return (
    <div className="card scroll">
      <table className="users">
        <caption className="hidden">{t('users.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('users.login-name')}</th><th scope="col">{t('users.full-name')}</th><th scope="col">{t('users.account')}</th>
            <th scope="col">{t('users.state')}</th><th scope="col">{t('users.last-sync')}</th><th scope="col" className="number">{t('users.pairs')}</th><th scope="col">{t('users.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => {
            const name = user.fullName || user.loginName;
            return (
              <tr key={`${user.source}/${user.userId}`}>
                <th scope="row"><Link to={userAddress(user.source, user.userId)}>{user.loginName}</Link></th>
                <td data-label={t('users.full-name')}>{user.fullName}{!user.active && <small>{t('users.inactive')}</small>}</td>
                <td className="address" data-label={t('users.account')}>{user.account?.email ?? <span className="quiet">{user.email}</span>}</td>
                <td data-label={t('users.state')}><StateBadge account={user.account} /></td>
                <td data-label={t('users.last-sync')}>{user.account === undefined ? '' : user.account.lastSyncAt === undefined ? <span className="quiet">{t('users.never')}</span> : <time dateTime={user.account.lastSyncAt}>{date(user.account.lastSyncAt)}</time>}</td>
                <td className="number" data-label={t('users.pairs')}><Pairs user={user} /></td>
                <td><div className="actions">
                  {(user.account === undefined || user.account.state === 'needs-consent') && (
                    <>
                      <button type="button" onClick={() => onLink(user)} aria-label={t('link.link-of', { name })}>{t('link.link')}</button>
                      <button type="button" className="plain" onClick={() => onInvite(user)} aria-label={t('link.invite-of', { name })}>{t('link.invite')}</button>
                    </>
                  )}
                  <Link to={userAddress(user.source, user.userId)} className="button plain" label={t('users.settings-of', { name })}>{t('users.settings')}</Link>
                </div></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Pairs({ user }: { readonly user: UserView }) {
  const { t, number } = useWords();
  if (user.account === undefined) return null;
  const { pairs: { active, failed, quarantined }, questions } = user.account;
  const name = user.fullName || user.loginName;
  const appointments = userAddress(user.source, user.userId, 'appointments');
  return (
    <>
      {number(active)}
      {failed > 0 && <small><Link to={appointments} className="trouble" label={t('users.failed-of', { count: failed, name })}>{t('users.failed', { count: number(failed) })}</Link></small>}
      {quarantined > 0 && <small><Link to={appointments} className="trouble" label={t('users.quarantined-of', { count: quarantined, name })}>{t('users.quarantined', { count: number(quarantined) })}</Link></small>}
      {questions > 0 && <small><Link to={userAddress(user.source, user.userId, 'questions')} className="trouble" label={t('users.questions-of-user', { count: questions, name })}>{t('users.questions', { count: number(questions) })}</Link></small>}
    </>
  );
}
