import { useWords } from '../i18n/language';
import { useResource } from '../parts/resource';
import { useSession } from '../session';
import type { UserCardProps } from './user-cards';

/** What stands on one side only and stays so, by reason: nobody has to do anything, but somebody may ask. */
export function LeftAloneCard({ user: { account } }: UserCardProps) {
  return account === undefined ? null : <LeftAlone accountId={account.id} />;
}

function LeftAlone({ accountId }: { readonly accountId: string }) {
  const { t, tMaybe, number } = useWords();
  const { api } = useSession();
  const { resource } = useResource(() => api.questions(accountId), 10_000);
  if (resource.kind !== 'there') return null;
  const counts = Object.entries(resource.value.counts).filter(([reason]) => reason !== 'ambiguous-match').sort(([, one], [, other]) => other - one);
  if (counts.length === 0) return null;
  return (
    <section className="card" aria-labelledby="left-title">
      <h2 id="left-title">{t('left.heading')}</h2>
      <p className="quiet">{t('left.intro')}</p>
      <table className="report">
        <caption className="hidden">{t('left.heading')}</caption>
        <tbody>{counts.map(([reason, count]) => <tr key={reason}><th scope="row"><span className="first-up">{tMaybe(`reason.${reason}`) ?? reason}</span></th><td className="number">{number(count)}</td></tr>)}</tbody>
      </table>
    </section>
  );
}
