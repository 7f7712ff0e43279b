import { useWords } from '../i18n/language';
import { ProblemNotice } from '../parts/notice';
import { useResource } from '../parts/resource';
import { RulesForm } from '../parts/rules-form';
import { administrationAddress, Link } from '../route';
import { useSession } from '../session';
import type { UserCardProps } from './user-cards';

/** A user's own rules, over those of the administration. */
export function RulesCard({ user, source, reload }: UserCardProps) {
  const { t } = useWords();
  const { api } = useSession();
  // Read anew when another administration was chosen: other rules are inherited then.
  const { resource, reload: again } = useResource(() => api.settings(user.source, user.userId), undefined, user.settings.administrationId ?? '');
  const administration = source?.administrations.find((one) => one.id === user.settings.administrationId);
  return (
    <section className="card" aria-labelledby="rules-title">
      <h2 id="rules-title">{t('rules.heading')}</h2>
      <p className="quiet">
        {t('rules.user-intro')}{' '}
        {administration !== undefined && <Link to={administrationAddress(user.source, administration.id)}>{t('rules.of-administration', { name: `${administration.code} – ${administration.name}` })}</Link>}
      </p>
      {resource.kind === 'loading' && <p className="quiet" role="status">{t('app.loading')}</p>}
      {resource.kind === 'failed' && <ProblemNotice problem={resource.problem} onRetry={() => void again()} />}
      {resource.kind === 'there' && (
        <RulesForm
          key={user.settings.administrationId ?? ''}
          settings={resource.value}
          inherited={resource.value.inherited}
          fieldsOffered={resource.value.fieldsOffered}
          onSave={async (edit) => {
            // Beside what the other form has saved meanwhile.
            const standing = await api.settings(user.source, user.userId);
            const settings = await api.saveSettings(user.source, user.userId, { ...standing, ...edit(standing) });
            await Promise.all([reload(), again()]);
            return { settings, text: t('settings.saved') };
          }}
        />
      )}
    </section>
  );
}
