import { useRef, useState } from 'react';
import type { LostValue } from '../api/types';
import { useWords } from '../i18n/language';
import { useAttempt } from '../parts/attempt';
import { Confirmation } from '../parts/confirmation';
import { FieldValue } from '../parts/field-value';
import { Notice, ProblemNotice } from '../parts/notice';
import { Subject, When } from '../parts/recognised';
import { useResource } from '../parts/resource';
import { Link } from '../route';
import { useSession } from '../session';

interface HistoryCardProps {
  readonly accountId: string;
  readonly pairId: string;
  readonly back: string;
}

/** What was overwritten of one appointment, newest on top: both values, who won and when, and the way to have one back. */
export function HistoryCard({ accountId, pairId, back }: HistoryCardProps) {
  const { t } = useWords();
  const { api } = useSession();
  // Short, so that what was asked for is seen to be done.
  const { resource, reload } = useResource(() => api.history(accountId, pairId), 2_000);
  const { busy, problem, attempt } = useAttempt();
  const [asking, setAsking] = useState<number>();
  const [asked, setAsked] = useState<number>();
  const said = useRef<HTMLDivElement>(null);
  const restore = async (index: number): Promise<void> => {
    setAsked(undefined);
    if (await attempt(() => api.restore(accountId, pairId, index))) setAsked(index);
    setAsking(undefined);
    said.current?.focus();
    await reload();
  };
  return (
    <section className="card" aria-labelledby="history-title">
      <p><Link to={back}>← {t('history.back')}</Link></p>
      <h2 id="history-title">{t('history.heading')}</h2>
      {resource.kind === 'loading' && <p className="quiet" role="status">{t('app.loading')}</p>}
      {resource.kind === 'failed' && <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />}
      {resource.kind === 'there' && (
        <>
          <p className="about"><Subject item={resource.value.appointment} /> <span className="quiet"><When item={resource.value.appointment} /></span></p>
          {resource.value.appointment.private === true && <p className="quiet">{t('history.private')}</p>}
          <div ref={said} tabIndex={-1} className="said">
            <Asked loss={resource.value.lostValues.find(({ index }) => index === asked)} />
            {problem !== undefined && <ProblemNotice problem={problem} />}
          </div>
          {resource.value.waits !== undefined && resource.value.lostValues.some(({ restorable }) => restorable) && <Notice tone="warn">{t(`history.waits-${resource.value.waits}`)}</Notice>}
          {resource.value.lostValues.length === 0 && <p className="quiet">{t('history.none')}</p>}
          <ul className="losses">
            {resource.value.lostValues.toReversed().map((loss) => (
              <Loss key={loss.index} loss={loss} waits={resource.value.waits !== undefined} busy={busy} asking={asking === loss.index} onAsk={() => setAsking(loss.index)} onCancel={() => setAsking(undefined)} onRestore={() => void restore(loss.index)} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What became of the wish. */
function Asked({ loss }: { readonly loss: LostValue | undefined }) {
  const { t } = useWords();
  if (loss === undefined) return null;
  if (loss.restoring) return <Notice tone="good">{t('history.asked')}</Notice>;
  return loss.stands ? <Notice tone="good">{t('history.done')}</Notice> : <Notice tone="warn">{t('history.over')}</Notice>;
}

interface LossProps {
  readonly loss: LostValue;
  /** Nothing can be put back for now. */
  readonly waits: boolean;
  readonly busy: boolean;
  readonly asking: boolean;
  readonly onAsk: () => void;
  readonly onCancel: () => void;
  readonly onRestore: () => void;
}

function Loss({ loss, waits, busy, asking, onAsk, onCancel, onRestore }: LossProps) {
  const { t, tMaybe, date } = useWords();
  const field = tMaybe(`field.${loss.field}`) ?? loss.field;
  const [winner, loser] = loss.winner === 'google' ? ['Google', 'Inventive'] : ['Inventive', 'Google'];
  return (
    <li>
      <h3><span className="first-up">{field}</span> <small><time dateTime={loss.at}>{date(loss.at)}</time></small></h3>
      <dl className="values">
        <div><dt>{t('history.kept', { side: winner })}</dt><dd><FieldValue value={loss.kept} /></dd></div>
        <div><dt>{t('history.lost', { side: loser })}</dt><dd className="lost"><FieldValue value={loss.lost} /></dd></div>
      </dl>
      {asking && !waits ? (
        <Confirmation yes={t('history.restore-yes')} busy={busy} onYes={onRestore} onCancel={onCancel}><p>{t('history.restore-sure', { field })}</p></Confirmation>
      ) : loss.restoring ? <p role="status"><span className="badge busy">{t('history.waiting')}</span></p>
        : loss.stands ? <p><span className="badge good">{t('history.stands')}</span></p>
        : loss.restorable && waits ? null
        : loss.restorable ? <button type="button" className="small" onClick={onAsk} aria-label={t('history.restore-of', { field, date: date(loss.at) })}>{t('history.restore')}</button>
        : <p className="quiet">{t('history.not-restorable')}</p>}
    </li>
  );
}
