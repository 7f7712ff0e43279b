import type { Administrations, AdministrationView } from '../api/policy';
import { useWords } from '../i18n/language';
import { Notice, ProblemNotice } from '../parts/notice';
import { useResource } from '../parts/resource';
import { countSet } from '../parts/rules-draft';
import { administrationAddress, Link } from '../route';
import { useSession } from '../session';
import { AdministrationCard } from './administration-card';

interface AdministrationsPageProps {
  /** The one that the address names. */
  readonly chosen: { readonly source: string; readonly administrationId: string } | undefined;
}

/** The rules of each administration, which its users inherit. */
export function AdministrationsPage({ chosen }: AdministrationsPageProps) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, reload } = useResource(() => api.sources());
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const sources = resource.value.filter(({ name }) => chosen === undefined || name === chosen.source);
  return (
    <>
      {chosen === undefined ? <p className="quiet">{t('administrations.intro')}</p> : <p><Link to="/administraties">← {t('administrations.back')}</Link></p>}
      {chosen !== undefined && sources.length === 0 && <Notice tone="warn">{t('administrations.unknown')}</Notice>}
      {sources.map(({ name }) => <OfSource key={name} source={name} named={resource.value.length > 1} administrationId={chosen?.administrationId} />)}
    </>
  );
}

interface OfSourceProps {
  readonly source: string;
  /** There are several Inventive servers. */
  readonly named: boolean;
  readonly administrationId: string | undefined;
}

function OfSource({ source, named, administrationId }: OfSourceProps) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, reload } = useResource(() => api.administrations(source), 10_000);
  if (resource.kind === 'loading') return <p className="quiet" role="status">{t('app.loading')}</p>;
  if (resource.kind === 'failed') return <ProblemNotice problem={resource.problem} onRetry={() => void reload()} />;
  const { administrations, defaults, fieldsOffered } = resource.value;
  const shown = administrations.find((one) => one.id === administrationId);
  return (
    <>
      {resource.stale && <Notice tone="warn">{t('app.stale')}</Notice>}
      {administrationId === undefined && <ListOf source={source} named={named} administrations={administrations} />}
      {administrationId !== undefined && shown === undefined && <Notice tone="warn">{t('administrations.unknown')}</Notice>}
      {shown !== undefined && <AdministrationCard key={shown.id} source={source} administration={shown} defaults={defaults} fieldsOffered={fieldsOffered} reload={reload} />}
    </>
  );
}

function ListOf({ source, named, administrations }: { readonly source: string; readonly named: boolean; readonly administrations: Administrations['administrations'] }) {
  const { t } = useWords();
  return (
    <section className="card" aria-label={t('administrations.of', { source })}>
      {named && <h2>{source}</h2>}
      {administrations.length === 0 ? <p className="quiet">{t('administrations.empty')}</p> : (
        <div className="scroll">
          <table>
            <thead><tr><th scope="col">{t('administrations.code')}</th><th scope="col">{t('administrations.name')}</th><th scope="col">{t('administrations.rules')}</th></tr></thead>
            <tbody>{administrations.map((one) => <Row key={one.id} source={source} administration={one} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ source, administration }: { readonly source: string; readonly administration: AdministrationView }) {
  const { t, number } = useWords();
  const { id, code, name, settings, accountsAhead } = administration;
  const set = countSet(settings);
  return (
    <tr>
      <td>{code}</td>
      <th scope="row"><Link to={administrationAddress(source, id)}>{name || code}</Link></th>
      <td>
        {set === 0 ? t('administrations.defaults') : t('administrations.set', { count: number(set) })}
        {accountsAhead > 0 && <small>{t('administrations.ahead', { count: number(accountsAhead) })}</small>}
      </td>
    </tr>
  );
}
