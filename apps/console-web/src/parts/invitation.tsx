import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/language';

export interface InvitationLink {
  readonly name: string;
  readonly url: string;
  readonly expiresAt: string;
}

export function Invitation({ invitation, onClose }: { readonly invitation: InvitationLink; readonly onClose: () => void }) {
  const { t, date } = useWords();
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), [invitation.url]);
  const copy = async (): Promise<void> => {
    field.current?.select();
    // Without https there is no clipboard; the text is selected, so the keyboard copies it.
    await navigator.clipboard?.writeText(invitation.url);
    setCopied(true);
  };
  return (
    <section className="card invitation" aria-labelledby="invitation-title">
      <h2 id="invitation-title">{t('link.invitation', { name: invitation.name })}</h2>
      <p>{t('link.invitation-hint', { date: date(invitation.expiresAt) })}</p>
      <div className="row">
        <input ref={field} readOnly value={invitation.url} aria-labelledby="invitation-title" />
        <button type="button" onClick={() => void copy()}>{copied ? t('link.copied') : t('link.copy')}</button>
        <button type="button" className="plain" onClick={onClose}>{t('link.close')}</button>
      </div>
    </section>
  );
}
