import type { AdministrationView, DescriptionField, EffectivePolicy } from '../api/policy';
import { useWords } from '../i18n/language';
import { Notice } from '../parts/notice';
import { RulesForm } from '../parts/rules-form';
import { useSession } from '../session';

interface AdministrationCardProps {
  readonly source: string;
  readonly administration: AdministrationView;
  readonly defaults: EffectivePolicy;
  readonly fieldsOffered: readonly DescriptionField[];
  readonly reload: () => Promise<void>;
}

export function AdministrationCard({ source, administration, defaults, fieldsOffered, reload }: AdministrationCardProps) {
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
        fieldsOffered={fieldsOffered}
        onSave={async (edit) => {
          const standing = (await api.administrations(source)).administrations.find((one) => one.id === id)?.settings ?? settings;
          const { settings: saved, affectedUsers } = await api.saveAdministration(source, id, edit(standing));
          await reload();
          return { settings: saved, text: affectedUsers === 0 ? t('administrations.saved-for-nobody') : t('administrations.saved', { count: number(affectedUsers) }) };
        }}
      />
    </section>
  );
}
