import { useWords } from '../i18n/language';
import { SettingsForm } from './settings-form';
import type { UserCardProps } from './user-cards';

export function SettingsCard({ user, source, reload }: UserCardProps) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="settings-title">
      <h2 id="settings-title">{t('settings.heading')}</h2>
      <SettingsForm user={user} source={source} onSaved={reload} />
    </section>
  );
}
