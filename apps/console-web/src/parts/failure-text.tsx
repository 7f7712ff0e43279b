import { useWords } from '../i18n/language';

/** What went wrong and what to do, by kind in the reader's language; below it the cause as the program says it, in English. */
export function FailureText({ kind, cause, after }: { readonly kind: string | undefined; readonly cause: string | undefined; readonly after?: string }) {
  const { t, tMaybe } = useWords();
  const said = tMaybe(`failure.${kind ?? ''}`) ?? kind;
  return (
    <>
      {said !== undefined && <small className="trouble">{said} {after}</small>}
      {cause !== undefined && cause !== '' && <small>{t('failure.cause')} <span lang="en">{cause}</span></small>}
    </>
  );
}
