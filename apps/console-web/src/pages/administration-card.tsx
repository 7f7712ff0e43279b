import type { AdministrationView, EffectivePolicy } from '../api/policy';
import { useWords } from '../i18n/language';
import { Notice } from '../parts/notice';
import { RulesForm } from '../parts/rules-form';
import { useSession } from '../session';

interface AdministrationCardProps {
  readonly source: string;
  readonly administration: AdministrationView;
  readonly defaults: EffectivePolicy;
  readonly reload: () => Promise<void>;
}

export function AdministrationCard({ source, administration, defaults, reload }: AdministrationCardProps) {
  const { t, number } = useWords();
  const { api } = useSession();
  const { id, code, name, settings, accountsAhead } = administration;
  return (
    <section className="card" aria-labelledby="administration-title">
      <h2 id="administration-title">{code} – {name}</h2>
      <p className="quiet">{t('administrations.form-intro')}</p>
      {accountsAhead > 0 && <Notice tone="warn">{t('administrations.ahead', { count: number(accountsAhead) })}</Notice>}
      <RulesForm
        settings={settings}
        inherited={defaults}
        onSave={async (rules) => {
          const { affectedUsers } = await api.saveAdministration(source, id, rules);
          await reload();
          return affectedUsers === 0 ? t('administrations.saved-for-nobody') : t('administrations.saved', { count: number(affectedUsers) });
        }}
      />
    </section>
  );
}
