import { useState } from 'react';
import { ApiProblem } from '../api/client';
import type { LinkResult, UserView } from '../api/types';
import { useWords } from '../i18n/language';
import { Invitation, type InvitationLink } from '../parts/invitation';
import { Notice, ProblemNotice } from '../parts/notice';
import { StateBadge } from '../parts/state-badge';
import { useSession } from '../session';
import type { UserCardProps } from './user-cards';

export function LinkCard({ user, reload }: UserCardProps) {
  const { t, tMaybe } = useWords();
  const { api, state } = useSession();
  const [problem, setProblem] = useState<ApiProblem>();
  const [asking, setAsking] = useState(false);
  const [unlinked, setUnlinked] = useState(false);
  const [invitation, setInvitation] = useState<InvitationLink>();
  const result = freshResult(state.kind === 'in' ? state.session.linkResult : undefined, user);
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    setUnlinked(false);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  const link = (confirmedEmail?: string): Promise<void> => attempt(async () => location.assign((await api.link(user.source, user.userId, confirmedEmail)).url));
  const invite = (): Promise<void> => attempt(async () => setInvitation({ name: user.fullName || user.loginName, ...(await api.invite(user.source, user.userId)) }));
  const release = (): Promise<void> => attempt(async () => {
    await api.release(user.source, user.userId);
    await reload();
  });
  const unlink = (): Promise<void> => attempt(async () => {
    setAsking(false);
    await api.unlink(user.source, user.userId);
    setUnlinked(true);
    await reload();
  });
  const stranger = result?.code === 'unexpected-address' ? result.values['actual'] : undefined;
  const good = result?.code === 'linked' || result?.code === 'resumed';

  return (
    <section className="card" aria-labelledby="link-title">
      <h2 id="link-title">{t('link.heading')}</h2>
      {result !== undefined && !unlinked && (
        <Notice tone={good ? 'good' : 'bad'}>
          <p>{tMaybe(`result.${result.code}`, result.values) ?? t('app.failed')}</p>
          {stranger !== undefined && user.account === undefined && <button type="button" onClick={() => void link(stranger)}>{t('link.anyway', { email: stranger })}</button>}
        </Notice>
      )}
      {unlinked && <Notice tone="good">{t('link.unlinked')}</Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <p>{user.account === undefined ? t('link.none', { email: user.email || '–' }) : t('link.with', { email: user.account.email })}</p>
      <StateBadge account={user.account} />
      {user.account?.state === 'held' && (
        <Notice tone="warn">
          <p>{t('link.held')}</p>
          <button type="button" onClick={() => void release()}>{t('link.release')}</button>
        </Notice>
      )}
      {invitation !== undefined && <Invitation invitation={invitation} onClose={() => setInvitation(undefined)} />}
      {asking && user.account !== undefined ? (
        <Notice tone="warn">
          <p>{t('link.unlink-sure', { email: user.account.email })}</p>
          <div className="row">
            <button type="button" className="danger" onClick={() => void unlink()}>{t('link.unlink-yes')}</button>
            <button type="button" className="plain" onClick={() => setAsking(false)} autoFocus>{t('link.cancel')}</button>
          </div>
        </Notice>
      ) : (
        <div className="row">
          <button type="button" onClick={() => void link(user.account?.email)}>{user.account === undefined ? t('link.link') : t('link.again')}</button>
          <button type="button" className="plain" onClick={() => void invite()}>{t('link.invite')}</button>
          {user.account !== undefined && <button type="button" className="plain" onClick={() => setAsking(true)}>{t('link.unlink')}</button>}
        </div>
      )}
    </section>
  );
}

/** Only right after Google sent the browser back; a later visit doesn't repeat old news. */
function freshResult(result: LinkResult | undefined, user: UserView): LinkResult | undefined {
  const code = new URLSearchParams(location.search).get('koppeling');
  return result !== undefined && result.code === code && result.userId === user.userId && result.source === user.source ? result : undefined;
}
