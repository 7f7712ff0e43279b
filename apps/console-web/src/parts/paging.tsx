import { useWords } from '../i18n/language';

interface PagingProps {
  readonly offset: number;
  readonly limit: number;
  readonly found: number;
  readonly onOffset: (offset: number) => void;
}

/** Which part of a long list is shown, and the way to the others. Nothing where all of it is shown. */
export function Paging({ offset, limit, found, onOffset }: PagingProps) {
  const { t, number } = useWords();
  if (found <= limit && offset === 0) return null;
  const last = Math.min(offset + limit, found);
  return (
    <nav className="paging" aria-label={t('list.pages')}>
      <button type="button" className="plain" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - limit))}>{t('list.previous')}</button>
      <span role="status">{t('list.shown', { first: number(Math.min(offset + 1, found)), last: number(last), found: number(found) })}</span>
      <button type="button" className="plain" disabled={last >= found} onClick={() => onOffset(offset + limit)}>{t('list.next')}</button>
    </nav>
  );
}
