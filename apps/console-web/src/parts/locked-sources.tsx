import { useState } from 'react';
import { ApiProblem } from '../api/client';
import type { EnvironmentAnswer, SourceEnvironment } from '../api/types';
import { useWords } from '../i18n/language';
import { useSession } from '../session';
import { Notice, ProblemNotice } from './notice';
import { useResource } from './resource';

/** Above everything while an Inventive server is another than before: until somebody answers, nothing is written. */
export function LockedSources({ onAnswered }: { readonly onAnswered: () => Promise<void> }) {
  const { api } = useSession();
  const { resource, reload } = useResource(() => api.sources(), 10_000);
  const locked = resource.kind === 'there' ? resource.value.filter(({ state }) => state === 'locked') : [];
  return locked.map((source) => <LockedSource key={source.name} source={source} onAnswered={async () => { await Promise.all([reload(), onAnswered()]); }} />);
}

function LockedSource({ source, onAnswered }: { readonly source: SourceEnvironment; readonly onAnswered: () => Promise<void> }) {
  const { t } = useWords();
  const { api } = useSession();
  const [chosen, setChosen] = useState<EnvironmentAnswer>();
  const [problem, setProblem] = useState<ApiProblem>();
  const confirm = async (answer: EnvironmentAnswer): Promise<void> => {
    try {
      await api.answerEnvironment(source.name, answer);
      await onAnswered();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  return (
    <Notice tone="bad">
      <strong>{t('locked.title', { source: source.name })}</strong>
      <p>{t('locked.detail', { known: source.known?.address ?? '', found: source.found?.address ?? '' })}</p>
      {chosen === undefined ? (
        <div className="actions">
          <button type="button" onClick={() => setChosen('moved')}>{t('locked.moved')}</button>
          <button type="button" className="plain" onClick={() => setChosen('copy')}>{t('locked.copy')}</button>
        </div>
      ) : (
        <>
          <p>{t(`locked.${chosen}.means`)}</p>
          <div className="actions">
            <button type="button" onClick={() => void confirm(chosen)}>{t('locked.confirm')}</button>
            <button type="button" className="plain" onClick={() => setChosen(undefined)}>{t('locked.back')}</button>
          </div>
        </>
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </Notice>
  );
}
