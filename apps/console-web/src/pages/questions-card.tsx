import { useWords } from '../i18n/language';
import { QuestionList } from '../parts/question-list';
import type { UserCardProps } from './user-cards';

/** What a person has to say about this user's agenda. */
export function QuestionsCard({ user, reload }: UserCardProps) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="questions-title">
      <h2 id="questions-title">{t('questions.heading')}</h2>
      {user.account === undefined ? <p className="quiet">{t('tab.not-linked')}</p> : <QuestionList account={user.account} onAnswered={reload} />}
    </section>
  );
}
