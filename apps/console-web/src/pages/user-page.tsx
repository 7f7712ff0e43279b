import { useEffect, type ComponentType } from 'react';
import type { AccountView } from '../api/types';
import type { TextKey } from '../i18n/dutch';
import { useWords } from '../i18n/language';
import { Notice, ProblemNotice } from '../parts/notice';
import { useResource } from '../parts/resource';
import { Link, userAddress, type UserTab } from '../route';
import { useSession } from '../session';
import { AppointmentsCard } from './appointments-card';
import { CalendarCard } from './calendar-card';
import { ComparisonCard } from './comparison-card';
import { LeftAloneCard } from './left-alone-card';
import { LinkCard } from './link-card';
import { QuestionsCard } from './questions-card';
import { RulesCard } from './rules-card';
import { SettingsCard } from './settings-card';
import type { UserCardProps } from './user-cards';

/** The tabs of a user, each with its cards from top to bottom: a card is a file of its own and a name here. */
const CARDS: Readonly<Record<UserTab, readonly ComponentType<UserCardProps>[]>> = {
  settings: [LinkCard, CalendarCard, SettingsCard, RulesCard],
  questions: [QuestionsCard, LeftAloneCard],
  appointments: [AppointmentsCard],
  comparison: [ComparisonCard],
};
const TABS: readonly { readonly tab: UserTab; readonly title: TextKey }[] = [
  { tab: 'settings', title: 'tab.settings' },
  { tab: 'questions', title: 'tab.questions' },
  { tab: 'appointments', title: 'tab.appointments' },
  { tab: 'comparison', title: 'tab.comparison' },
];

interface UserPageProps {
  readonly source: string;
  readonly userId: string;
  readonly tab: UserTab;
  readonly item?: string | undefined;
}

export function UserPage({ source, userId, tab, item }: UserPageProps) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, reload } = useResource(() => api.user(source, userId), 10_000);
  const name = resource.kind === 'there' ? resource.value.user.fullName || resource.value.user.loginName : undefined;
  const part = TABS.find((one) => one.tab === tab)?.title ?? 'tab.settings';
  useEffect(() => {
    if (name !== undefined) document.title = `${name} – ${t(part)}`;
  }, [name, part, t]);
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') {
    return (
      <>
        <p><Link to="/">← {t('nav.back')}</Link></p>
        {resource.problem.code === 'unknown-user' ? <Notice tone="warn">{t('user.unknown')}</Notice> : <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />}
      </>
    );
  }
  const { user, source: from } = resource.value;
  return (
    <>
      <p><Link to="/">← {t('nav.back')}</Link></p>
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {from !== undefined && !from.reachable && <Notice tone="warn">{t('users.source-away', { source: from.name })}</Notice>}
      <dl className="card facts">
        <div><dt>{t('users.full-name')}</dt><dd>{user.fullName || '–'}</dd></div>
        <div><dt>{t('users.login-name')}</dt><dd>{user.loginName}</dd></div>
        {user.account !== undefined && <div><dt>{t('users.account')}</dt><dd>{user.account.email}</dd></div>}
      </dl>
      <nav className="tabs" aria-label={t('tab.parts', { name: user.fullName || user.loginName })}>
        {TABS.map((one) => <Link key={one.tab} to={userAddress(source, userId, one.tab)} current={one.tab === tab}>{t(one.title)}<ToDo tab={one.tab} account={user.account} /></Link>)}
      </nav>
      {CARDS[tab].map((Card, place) => <Card key={place} user={user} source={from} reload={reload} {...(item === undefined ? {} : { item })} />)}
    </>
  );
}

/** How much of a tab waits for a person. */
function ToDo({ tab, account }: { readonly tab: UserTab; readonly account: AccountView | undefined }) {
  const { t, number } = useWords();
  const waiting = tab === 'questions' ? account?.questions : tab === 'appointments' && account !== undefined ? account.pairs.failed + account.pairs.quarantined : 0;
  if (waiting === undefined || waiting === 0) return null;
  return <span className="count todo">{number(waiting)}<span className="hidden"> {t('tab.to-do')}</span></span>;
}
