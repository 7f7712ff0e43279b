import { useEffect, useState } from 'react';
import type { Change } from '../api/types';
import { useWords } from '../i18n/language';
import { FailureText } from './failure-text';
import { useSession } from '../session';
import { ProblemNotice } from './notice';
import { useResource } from './resource';

/** The last changes, newest on top, and every new one as it happens. */
export function ChangesList({ limit }: { readonly limit: number }) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, reload } = useResource(() => api.changes(limit));
  const { live, connected } = useLiveChanges();
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const changes = newestFirst([...live, ...resource.value], limit);
  return (
    <>
      <p className={connected ? 'live on' : 'live'} role="status">{connected ? t('changes.live') : t('changes.paused')}</p>
      {changes.length === 0 ? <p className="quiet">{t('changes.empty')}</p> : <ChangesTable changes={changes} />}
    </>
  );
}

function ChangesTable({ changes }: { readonly changes: readonly Change[] }) {
  const { t, time, date } = useWords();
  const today = new Date().toDateString();
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">{t('changes.title')}</caption>
        <thead><tr><th scope="col">{t('changes.time')}</th><th scope="col">{t('changes.who')}</th><th scope="col">{t('changes.what')}</th><th scope="col" className="number">{t('changes.took')}</th></tr></thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.id}>
              <td><time dateTime={change.at}>{new Date(change.at).toDateString() === today ? time(change.at) : date(change.at)}</time></td>
              <td>{change.user ?? '–'}</td>
              <td><What change={change} /></td>
              <td className="number">{change.latencyMs === undefined ? '' : `${Math.round(change.latencyMs)} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ change }: { readonly change: Change }) {
  const { t, tMaybe } = useWords();
  const fieldName = (field: string): string => tMaybe(`field.${field}`) ?? field;
  switch (change.kind) {
    case 'applied':
      return (
        <>
          <span className={`badge ${change.side === 'google' ? 'google' : 'inventive'}`}>{change.side === 'google' ? '→ Google' : '→ Inventive'}</span>{' '}
          {tMaybe(`changes.applied.${change.side}.${change.act}`)}
          {change.act === 'update' && change.fields !== undefined && change.fields.length > 0 && <small> {[...new Set(change.fields.map(fieldName))].join(', ')}</small>}
        </>
      );
    case 'conflict':
      return <><span className="badge busy">≠</span> {t('changes.conflict', { field: fieldName(change.field ?? ''), winner: change.winner === 'google' ? 'Google' : 'Inventive' })}</>;
    case 'failed':
      return <><span className="badge bad">!</span> {t('changes.failed', { attempts: change.attempts ?? 0 })}<FailureText kind={change.failure} cause={change.cause} /></>;
    case 'held':
      return <><span className="badge quiet">–</span> {t('changes.held', { reason: tMaybe(`reason.${change.reason ?? ''}`) ?? change.reason ?? '' })}</>;
  }
}

const KEPT = 500;

/** The browser reconnects by itself and says by Last-Event-ID what it has; the console sends the rest. */
function useLiveChanges(): { readonly live: readonly Change[]; readonly connected: boolean } {
  const [live, setLive] = useState<readonly Change[]>([]);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const stream = new EventSource('/api/changes/stream');
    stream.addEventListener('open', () => setConnected(true));
    stream.addEventListener('error', () => setConnected(false));
    stream.addEventListener('change', (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as Change;
      setLive((before) => [change, ...before].slice(0, KEPT));
    });
    return () => stream.close();
  }, []);
  return { live, connected };
}

function newestFirst(changes: readonly Change[], limit: number): readonly Change[] {
  const byId = new Map(changes.map((change) => [change.id, change]));
  return [...byId.values()].sort((one, other) => Number(other.position) - Number(one.position)).slice(0, limit);
}
