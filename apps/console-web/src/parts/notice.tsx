import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/client';
import { useWords } from '../i18n/language';

interface NoticeProps {
  readonly tone: 'good' | 'bad' | 'warn';
  readonly children: ReactNode;
}

/** Said aloud by screen readers: at once where something went wrong, else when they are ready. */
export function Notice({ tone, children }: NoticeProps) {
  return <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>{children}</div>;
}

export function ProblemNotice({ problem, onRetry }: { readonly problem: ApiProblem; readonly onRetry?: () => void }) {
  const { t } = useWords();
  return (
    <Notice tone="bad">
      <strong>{problem.title || t('app.failed')}</strong>
      <p>{problem.detail || t('app.unreachable')}</p>
      {onRetry !== undefined && <button type="button" onClick={onRetry}>{t('app.retry')}</button>}
    </Notice>
  );
}
