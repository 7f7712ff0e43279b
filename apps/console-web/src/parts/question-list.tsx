import { useRef, useState } from 'react';
import type { AccountView, UnpairedItem } from '../api/types';
import { useWords } from '../i18n/language';
import { useSession } from '../session';
import { useAttempt } from './attempt';
import { Notice, ProblemNotice } from './notice';
import { usePages } from './pages';
import { Question, type Answer } from './question';

/** What the matching left to a person, by groups of what could belong together. An answered one goes away, and what was done is said. */
export function QuestionList({ account, onAnswered }: { readonly account: AccountView; readonly onAnswered: () => Promise<void> }) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, more, reload } = usePages((after) => api.questions(account.id, after), account.id);
  const { busy, problem, attempt } = useAttempt();
  const [answered, setAnswered] = useState<string>();
  const top = useRef<HTMLDivElement>(null);
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const groups = groupsOf(resource.value.flatMap(({ items }) => items));
  const answer = async ({ pairs, said }: Answer): Promise<void> => {
    setAnswered(undefined);
    const done = await attempt(async () => {
      for (const pair of pairs) await api.resolve(account.id, pair);
    });
    if (done) setAnswered(said);
    // The question with its buttons is gone: the keyboard goes to what is said of it.
    top.current?.focus();
    await Promise.all([reload(), onAnswered()]);
  };
  return (
    <>
      <div ref={top} tabIndex={-1} className="said">
        {answered !== undefined && <Notice tone="good">{answered}</Notice>}
        {problem !== undefined && <ProblemNotice problem={problem} />}
      </div>
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {groups.length === 0 ? <p className="all-well">{t('questions.none')}</p> : (
        <>
          <p className="quiet">{t('questions.intro')}</p>
          {account.state !== 'live' && <Notice tone="warn">{t('questions.not-live')}</Notice>}
          {groups.map((items) => <Question key={keyOf(items)} items={items} busy={busy || account.state !== 'live'} onAnswer={(given) => void answer(given)} />)}
          {resource.value.at(-1)?.next !== undefined && <button type="button" className="plain" onClick={() => void more()}>{t('list.more')}</button>}
        </>
      )}
    </>
  );
}

function groupsOf(items: readonly UnpairedItem[]): readonly (readonly UnpairedItem[])[] {
  // In an order that another answer doesn't change: nothing jumps under a person's hand.
  const inOrder = [...items].sort((one, other) => one.itemId.localeCompare(other.itemId));
  return [...Map.groupBy(inOrder, ({ group, itemId }) => group ?? itemId).values()].sort((one, other) => (one[0]?.start ?? '').localeCompare(other[0]?.start ?? ''));
}

/** With an item less it is another question: what was chosen in it counts no more. */
const keyOf = (items: readonly UnpairedItem[]): string => items.map(({ side, itemId }) => `${side} ${itemId}`).sort().join();
