import type { Recognised } from '../api/types';
import { useWords } from '../i18n/language';

/** When it takes place, on the clock of its own zone. */
export function When({ item: { start, end, zone } }: { readonly item: Recognised }) {
  const { when } = useWords();
  if (start === undefined || end === undefined) return null;
  return <span className="when">{when(start, end)}{zone !== undefined && zone !== HOME && <small>{zone.replaceAll('_', ' ')}</small>}</span>;
}

/** Its subject; of a private one that it is private, of one that needs nobody a dash. */
export function Subject({ item }: { readonly item: Recognised }) {
  const { t } = useWords();
  if (item.private === true) return <em className="quiet">{t('item.private')}</em>;
  return item.subject === undefined ? <span className="quiet">–</span> : <span className="subject">{item.subject || t('item.no-subject')}</span>;
}

const HOME = Intl.DateTimeFormat().resolvedOptions().timeZone;
