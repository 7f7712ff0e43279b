import { useState } from 'react';
import { useWords } from '../i18n/language';
import { Notice, ProblemNotice } from '../parts/notice';
import { Paging } from '../parts/paging';
import { QuestionList } from '../parts/question-list';
import { useResource } from '../parts/resource';
import { Link, userAddress } from '../route';
import { useSession } from '../session';

const USERS_SHOWN = 10;

/** The open questions of all users. A user stays on the page until it is left, so that the last answer can be read. */
export function QuestionsPage() {
  const { t } = useWords();
  const { api } = useSession();
  const [offset, setOffset] = useState(0);
  const { resource, reload } = useResource(() => api.users({ only: 'questions', offset, limit: USERS_SHOWN }), undefined, String(offset));
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const { users, found } = resource.value;
  return (
    <>
      <p className="quiet">{t('questions.page-intro')}</p>
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {users.length === 0 && <p className="card all-well">{t('questions.none-at-all')}</p>}
      {users.map(({ source, userId, fullName, loginName, account }) => account !== undefined && (
        <section key={`${source}/${userId}`} className="card" aria-label={fullName || loginName}>
          <h2><Link to={userAddress(source, userId, 'questions')}>{fullName || loginName}</Link></h2>
          <QuestionList account={account} onAnswered={async () => undefined} />
        </section>
      ))}
      <Paging offset={offset} limit={USERS_SHOWN} found={found} onOffset={setOffset} />
    </>
  );
}
