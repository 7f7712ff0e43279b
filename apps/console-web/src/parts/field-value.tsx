import { useWords } from '../i18n/language';

interface Times {
  readonly kind: 'timed' | 'all-day';
  readonly start?: string;
  readonly end?: string;
  readonly firstOn?: string;
  readonly lastOn?: string;
  readonly zone?: string;
}

/** A value of a field in words, whatever field it is of. Absent: its content isn't shown here. */
export function FieldValue({ value }: { readonly value: unknown }) {
  const { t, tMaybe, when } = useWords();
  if (value === undefined || value === null) return <em className="quiet">{t('value.hidden')}</em>;
  if (value === '') return <em className="quiet">{t('value.empty')}</em>;
  if (typeof value === 'number') return <>{t('value.minutes', { minutes: value })}</>;
  if (typeof value === 'string') return <span className="text">{tMaybe(`value.${value}`) ?? value}</span>;
  if (isTimes(value)) return <>{value.kind === 'all-day' ? when(value.firstOn ?? '', value.lastOn ?? '') : when(value.start ?? '', value.end ?? '')}{value.zone !== undefined && <small>{value.zone.replaceAll('_', ' ')}</small>}</>;
  return <span className="text">{JSON.stringify(value)}</span>;
}

const isTimes = (value: unknown): value is Times => typeof value === 'object' && value !== null && 'kind' in value && ('start' in value || 'firstOn' in value);
