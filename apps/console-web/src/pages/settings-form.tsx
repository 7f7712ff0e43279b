import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ApiProblem } from '../api/client';
import type { Settings, SourceView, UserView } from '../api/types';
import type { TextKey } from '../i18n/dutch';
import { useWords } from '../i18n/language';
import { over } from '../parts/edited';
import { Notice, ProblemNotice } from '../parts/notice';
import { useSession } from '../session';

interface SettingsFormProps {
  readonly user: UserView;
  readonly source: SourceView | undefined;
  readonly onSaved: () => Promise<void>;
}

/** Numbers stay text until they are checked: an empty field is no zero. */
interface Draft {
  readonly on: boolean;
  readonly daysBefore: string;
  readonly daysAfter: string;
  readonly administrationId: string;
  readonly onlyAdministration: boolean;
  readonly direction: Settings['direction'];
}
type Outcome = { readonly kind: 'none' } | { readonly kind: 'saving' } | { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly problem: ApiProblem } | { readonly kind: 'wrong' };

const draftOf = ({ on, daysBefore, daysAfter, administrationId, onlyAdministration, direction }: Settings): Draft => ({
  on, daysBefore: String(daysBefore), daysAfter: String(daysAfter), administrationId: administrationId ?? '', onlyAdministration: onlyAdministration === true, direction,
});

export const isDays = (text: string): boolean => /^\d{1,4}$/.test(text.trim()) && Number(text) <= 3650;

export function SettingsForm({ user, source, onSaved }: SettingsFormProps) {
  const { t } = useWords();
  const { api } = useSession();
  const [opened, setOpened] = useState(() => draftOf(user.settings));
  const [draft, setDraft] = useState(opened);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const change = (part: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setOutcome({ kind: 'none' });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isDays(draft.daysBefore) || !isDays(draft.daysAfter)) return setOutcome({ kind: 'wrong' });
    setOutcome({ kind: 'saving' });
    try {
      // The user's rules are another form's, which may have saved meanwhile; so may this one in another tab.
      const standing = await api.settings(user.source, user.userId);
      const { administrationId, daysBefore, daysAfter, ...rest } = over(draftOf(standing), { opened, filled: draft });
      const { administrationId: _, ...kept } = standing;
      const saved = draftOf(await api.saveSettings(user.source, user.userId, { ...kept, ...rest, daysBefore: Number(daysBefore), daysAfter: Number(daysAfter), ...(administrationId === '' ? {} : { administrationId }) }));
      setOpened(saved);
      setDraft(saved);
      setOutcome({ kind: 'saved' });
      await onSaved();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setOutcome({ kind: 'refused', problem: error });
    }
  };
  const complaints = outcome.kind === 'refused' ? outcome.problem.fields : {};
  const wrongDays = (text: string, field: string): string | undefined => (outcome.kind === 'wrong' && !isDays(text) ? t('settings.days-wrong') : complaints[field]);

  return (
    <form className="settings" onSubmit={(event) => void submit(event)} noValidate>
      <label className="check"><input type="checkbox" checked={draft.on} onChange={(event) => change({ on: event.target.checked })} /> {t('settings.on')}</label>
      <fieldset>
        <legend>{t('settings.window')}</legend>
        <div className="row">
          <DaysField label={t('settings.days-before')} value={draft.daysBefore} wrong={wrongDays(draft.daysBefore, 'daysBefore')} onChange={(daysBefore) => change({ daysBefore })} />
          <DaysField label={t('settings.days-after')} value={draft.daysAfter} wrong={wrongDays(draft.daysAfter, 'daysAfter')} onChange={(daysAfter) => change({ daysAfter })} />
        </div>
        <small>{t('settings.days-hint')}</small>
      </fieldset>
      <Choice label={t('settings.administration')} hint={t('settings.administration-hint')} value={draft.administrationId} onChange={(administrationId) => change({ administrationId, onlyAdministration: true })}>
        {opened.administrationId === '' && <option value="">{t('settings.administration-first')}</option>}
        {(source?.administrations ?? []).map((one) => <option key={one.id} value={one.id}>{one.code} – {one.name}</option>)}
      </Choice>
      <label className="check"><input type="checkbox" checked={draft.onlyAdministration} onChange={(event) => change({ onlyAdministration: event.target.checked })} /> {t('settings.only-administration')}</label>
      <Choice label={t('settings.direction')} value={draft.direction} onChange={(direction) => change({ direction: direction as Draft['direction'] })}>
        <Options of="settings.direction" values={['both', 'to-google', 'to-inventive']} />
      </Choice>
      {outcome.kind === 'saved' && <Notice tone="good">{t('settings.saved')}</Notice>}
      {outcome.kind === 'wrong' && <Notice tone="bad">{t('settings.check')}</Notice>}
      {outcome.kind === 'refused' && <ProblemNotice problem={outcome.problem} />}
      <button type="submit" disabled={outcome.kind === 'saving'}>{t('settings.save')}</button>
    </form>
  );
}

interface DaysFieldProps {
  readonly label: string;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly onChange: (text: string) => void;
}

function DaysField({ label, value, wrong, onChange }: DaysFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} inputMode="numeric" value={value} onChange={(event) => onChange(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={wrong === undefined ? undefined : `${id}-wrong`} />
      {wrong !== undefined && <small id={`${id}-wrong`} className="trouble">{wrong}</small>}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

function Choice({ label, hint, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)} aria-describedby={hint === undefined ? undefined : `${id}-hint`}>{children}</select>
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

function Options<Of extends string, Value extends string>({ of, values }: { readonly of: Of; readonly values: readonly (`${Of}.${Value}` extends TextKey ? Value : never)[] }) {
  const { tMaybe } = useWords();
  return values.map((value) => <option key={value} value={value}>{tMaybe(`${of}.${value}`)}</option>);
}
