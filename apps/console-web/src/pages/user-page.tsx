import type { ComponentType } from 'react';
import type { Overview } from '../api/types';
import type { TextKey } from '../i18n/dutch';
import { useWords } from '../i18n/language';
import { Notice, ProblemNotice } from '../parts/notice';
import type { Resource } from '../parts/resource';
import { Link, userAddress, type UserTab } from '../route';
import { LinkCard } from './link-card';
import { SettingsCard } from './settings-card';
import type { UserCardProps } from './user-cards';

/** The tabs of a user, each with its cards from top to bottom: a card is a file of its own and a name here. */
const CARDS: Readonly<Record<UserTab, readonly ComponentType<UserCardProps>[]>> = {
  settings: [LinkCard, SettingsCard],
};
const TABS: readonly { readonly tab: UserTab; readonly title: TextKey }[] = [{ tab: 'settings', title: 'tab.settings' }];

interface UserPageProps {
  readonly source: string;
  readonly userId: string;
  readonly tab: UserTab;
  readonly resource: Resource<Overview>;
  readonly reload: () => Promise<void>;
}

export function UserPage({ source, userId, tab, resource, reload }: UserPageProps) {
  const { t } = useWords();
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const user = resource.value.users.find((one) => one.source === source && one.userId === userId);
  return (
    <>
      <p><Link to="/">← {t('nav.back')}</Link></p>
      {user === undefined ? <Notice tone="warn">{t('user.unknown')}</Notice> : (
        <>
          <dl className="card facts">
            <div><dt>{t('users.login-name')}</dt><dd>{user.loginName}</dd></div>
            <div><dt>{t('users.full-name')}</dt><dd>{user.fullName}</dd></div>
          </dl>
          <nav className="tabs" aria-label={user.fullName || user.loginName}>
            {TABS.map((one) => <Link key={one.tab} to={userAddress(source, userId, one.tab)} current={one.tab === tab}>{t(one.title)}</Link>)}
          </nav>
          {CARDS[tab].map((Card) => <Card key={Card.name} user={user} source={resource.value.sources.find((one) => one.name === source)} reload={reload} />)}
        </>
      )}
    </>
  );
}
