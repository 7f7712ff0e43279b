import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../i18n/language';

interface ConfirmationProps {
  readonly yes: string;
  readonly busy: boolean;
  readonly onYes: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** What is about to happen, and whether to go on. The keyboard stands on the way back: nothing happens by an Enter too many. */
export function Confirmation({ yes, busy, onYes, onCancel, children }: ConfirmationProps) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const around = box.current?.parentElement?.closest('tr, li, section') ?? box.current?.parentElement;
    // Gone: the keyboard goes back to where it came from, unless it was put elsewhere.
    return () => queueMicrotask(() => {
      if (document.activeElement === document.body) around?.querySelector<HTMLElement>('button:not(:disabled), a')?.focus();
    });
  }, []);
  return (
    <div className="notice warn" role="group" aria-label={yes} ref={box}>
      {children}
      <div className="actions">
        <button type="button" disabled={busy} onClick={onYes}>{yes}</button>
        <button type="button" className="plain" onClick={onCancel} autoFocus>{t('link.cancel')}</button>
      </div>
    </div>
  );
}
