import type { AccountView } from '../api/types';
import { useWords } from '../i18n/language';

const TONES: Readonly<Record<AccountView['state'] | 'unlinked', string>> = {
  live: 'good', joining: 'busy', 'needs-consent': 'bad', 'needs-calendar': 'bad', held: 'bad', off: 'quiet', locked: 'bad', unlinked: 'quiet',
};

/** Colour and words: who can't tell the colours apart reads the same. */
export function StateBadge({ account }: { readonly account: AccountView | undefined }) {
  const { t, tMaybe } = useWords();
  const state = account?.state ?? 'unlinked';
  const reason = tMaybe(`state.${state}.hint`) ?? (account?.reason === undefined ? undefined : tMaybe(`reason.${account.reason}`));
  return (
    <div className="state">
      <span className={`badge ${TONES[state]}`}>{t(`state.${state}`)}</span>
      {reason !== undefined && <small>{reason}</small>}
    </div>
  );
}
