import type { Comparison, ComparisonCounts } from '../api/types';
import { useWords } from '../i18n/language';
import { FailureText } from './failure-text';
import { Notice } from './notice';

const KINDS = ['inventive', 'google', 'paired', 'matched', 'toGoogle', 'toInventive', 'different', 'ambiguous'] as const;
/** What a healthy agenda has none of. */
const DRIFT: readonly (typeof KINDS)[number][] = ['matched', 'toGoogle', 'toInventive', 'different', 'ambiguous'];

/** What a comparison found, by kind; of one that came to nothing, why. */
export function ComparisonReport({ comparison }: { readonly comparison: Comparison }) {
  const { t, tMaybe, date, number } = useWords();
  const { mode, state, counts, reason, cause, endedAt, requestedAt } = comparison;
  if (counts === undefined) {
    return <Notice tone="bad"><strong>{t(`comparison.state-${state}`)}</strong>{reason !== undefined && <p><span className="first-up">{tMaybe(`reason.${reason}`) ?? reason}.</span></p>}<FailureText kind={undefined} cause={cause} /></Notice>;
  }
  const leftAlone = Object.entries(counts.leftAlone).sort(([, one], [, other]) => other - one);
  return (
    <table className="report">
      <caption>{t(`comparison.report-${mode}`, { date: date(endedAt ?? requestedAt) })} <strong>{verdict(mode, counts)}</strong></caption>
      <tbody>
        {KINDS.map((kind) => <tr key={kind} className={DRIFT.includes(kind) && counts[kind] > 0 ? 'found' : ''}><th scope="row">{t(`comparison.count-${kind}`)}</th><td className="number">{number(counts[kind])}</td></tr>)}
        {mode === 'repair' && <tr className={counts.repaired > 0 ? 'found' : ''}><th scope="row">{t('comparison.count-repaired')}</th><td className="number">{number(counts.repaired)}</td></tr>}
        {leftAlone.map(([why, count]) => <tr key={why}><th scope="row">{t('comparison.left-alone', { reason: tMaybe(`reason.${why}`) ?? why })}</th><td className="number">{number(count)}</td></tr>)}
      </tbody>
    </table>
  );

  function verdict(how: Comparison['mode'], { repaired, ambiguous, ...found }: ComparisonCounts): string {
    const drift = found.matched + found.toGoogle + found.toInventive + found.different;
    const sum = how === 'repair' ? repaired : drift;
    if (sum === 0) return t(ambiguous > 0 ? 'comparison.only-questions' : 'comparison.all-well');
    return t(how === 'repair' ? 'comparison.mended' : 'comparison.would-mend', { count: number(sum) });
  }
}
