import type { PairView } from '../api/types';
import { useWords } from '../i18n/language';
import { FailureText } from './failure-text';

const TONES: Readonly<Record<PairView['state'], string>> = { active: 'good', failed: 'bad', quarantined: 'bad', closed: 'quiet' };

export function PairBadge({ pair: { state, waiting } }: { readonly pair: Pick<PairView, 'state' | 'waiting'> }) {
  const { t } = useWords();
  return state === 'active' && waiting ? <span className="badge busy">{t('pair.waiting')}</span> : <span className={`badge ${TONES[state]}`}>{t(`pair.${state}`)}</span>;
}

/** Why it isn't the same on both sides, or what was left out. */
export function Reasons({ pair: { reasons, failure, attempts } }: { readonly pair: Pick<PairView, 'reasons' | 'failure' | 'attempts'> }) {
  const { t, tMaybe } = useWords();
  return (
    <>
      {failure !== undefined && <FailureText kind={failure.kind} cause={failure.cause} after={t('pair.attempts', { attempts })} />}
      {[...new Set(reasons)].map((reason) => <small key={reason}>{tMaybe(`reason.${reason}`) ?? reason}</small>)}
    </>
  );
}
