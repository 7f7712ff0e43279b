import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ApiProblem } from '../api/client';
import { EVENT_TYPES, type DescriptionField, type EffectivePolicy, type PolicySettings, type Sourced } from '../api/policy';
import type { TextKey } from '../i18n/dutch';
import { useWords } from '../i18n/language';
import { ColoursField } from './colours-field';
import { DescriptionFields } from './description-fields';
import { Notice, ProblemNotice } from './notice';
import { draftOf, inheritedKey, overStanding, settingsFrom, type RulesDraft, type Wrong } from './rules-draft';

interface RulesFormProps {
  /** What is set; the rest is inherited. */
  readonly settings: PolicySettings;
  /** What goes where nothing is set here. */
  readonly inherited: EffectivePolicy;
  readonly fieldsOffered: readonly DescriptionField[];
  readonly onSave: (edit: Edit) => Promise<Saved>;
}
/** What a person changed, over the rules that stand: in another tab, or at another desk, others of them may have been saved. */
export type Edit = (standing: PolicySettings) => PolicySettings;
export interface Saved {
  readonly settings: PolicySettings;
  /** What to tell the person. */
  readonly text: string;
}
type Outcome = { readonly kind: 'none' | 'saving' } | { readonly kind: 'saved'; readonly text: string } | { readonly kind: 'wrong'; readonly wrong: Wrong } | { readonly kind: 'refused'; readonly problem: ApiProblem };

const DELETION = ['delete', 'mark', 'keep'] as const;
const IMPORT = ['import', 'skip'] as const;

/** The rules of an administration, or of a user: each key is inherited until it is set here. */
export function RulesForm({ settings, inherited, fieldsOffered, onSave }: RulesFormProps) {
  const { t } = useWords();
  const [opened, setOpened] = useState(() => draftOf(settings));
  const [draft, setDraft] = useState(opened);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const change = (part: Partial<RulesDraft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setOutcome({ kind: 'none' });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const filled = settingsFrom(draft);
    if ('wrong' in filled) return setOutcome({ kind: 'wrong', wrong: filled.wrong });
    setOutcome({ kind: 'saving' });
    try {
      const saved = await onSave((standing) => {
        const merged = settingsFrom(overStanding(draftOf(standing), { opened, filled: draft }));
        return 'settings' in merged ? merged.settings : filled.settings;
      });
      setOpened(draftOf(saved.settings));
      setDraft(draftOf(saved.settings));
      setOutcome({ kind: 'saved', text: saved.text });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setOutcome({ kind: 'refused', problem: error });
    }
  };
  /** At the field itself, or at one inside it. */
  const complaint = (field: string): string | undefined => {
    const ours = outcome.kind === 'wrong' ? outcome.wrong[field] : undefined;
    if (ours !== undefined) return t(ours);
    return outcome.kind === 'refused' ? Object.entries(outcome.problem.fields).find(([path]) => path === field || path.startsWith(`${field}.`))?.[1] : undefined;
  };
  const { rules } = inherited;

  return (
    <form className="settings" onSubmit={(event) => void submit(event)} noValidate>
      <Group title={t('rules.deletion')} hint={t('rules.deletion-hint')}>
        <Inheritable label={t('rules.to-google')} of="rules.to-google" values={DELETION} inherited={rules.deletion.toGoogle} value={draft.toGoogle} wrong={complaint('rules.deletion.toGoogle')} onChange={(toGoogle) => change({ toGoogle })} />
        <Inheritable label={t('rules.to-inventive')} of="rules.to-inventive" values={DELETION} inherited={rules.deletion.toInventive} value={draft.toInventive} wrong={complaint('rules.deletion.toInventive')} onChange={(toInventive) => change({ toInventive })} />
      </Group>
      <Group title={t('rules.content')}>
        <Inheritable label={t('settings.private')} of="settings.private" values={['busy-only', 'full']} inherited={inherited.privateContent} value={draft.privateContent} wrong={complaint('privateContent')} onChange={(privateContent) => change({ privateContent })} />
        <Inheritable label={t('settings.conflict')} of="settings.conflict" values={['latest-wins', 'inventive-wins', 'google-wins']} inherited={inherited.conflictPolicy} value={draft.conflictPolicy} wrong={complaint('conflictPolicy')} onChange={(conflictPolicy) => change({ conflictPolicy })} />
      </Group>
      <DescriptionFields offered={fieldsOffered} inherited={inherited.descriptionFields} fields={draft.descriptionFields} wrong={complaint('descriptionFields')} onChange={(descriptionFields) => change({ descriptionFields })} />
      <Group title={t('rules.people')}>
        <Inheritable label={t('rules.guests')} of="rules.guests" values={['off', 'silent', 'mail']} inherited={rules.guests} value={draft.guests} wrong={complaint('rules.guests')} onChange={(guests) => change({ guests })} />
        {(draft.guests ?? rules.guests.value) === 'mail' && <Notice tone="warn">{t('rules.guests-warning')}</Notice>}
        <Inheritable label={t('rules.invitations')} of="rules.take" values={IMPORT} inherited={rules.invitations} value={draft.invitations} wrong={complaint('rules.invitations')} onChange={(invitations) => change({ invitations })} />
        <Inheritable label={t('rules.deleted-invitation')} of="rules.deleted-invitation" values={['nothing', 'decline']} inherited={rules.deletedInvitation} value={draft.deletedInvitation} wrong={complaint('rules.deletedInvitation')} onChange={(deletedInvitation) => change({ deletedInvitation })} />
      </Group>
      <Group title={t('rules.event-types')} hint={t('rules.event-types-hint')}>
        {EVENT_TYPES.map((type) => (
          <Inheritable key={type} label={t(`rules.type.${type}`)} of="rules.take" values={IMPORT} inherited={rules.eventTypes[type]} value={draft.eventTypes[type]} wrong={complaint(`rules.eventTypes.${type}`)}
            onChange={(value) => change({ eventTypes: { ...draft.eventTypes, [type]: value } })} />
        ))}
      </Group>
      <ColoursField inherited={rules.colours} colours={draft.colours} wrong={complaint('rules.colours')} onChange={(colours) => change({ colours })} />
      {outcome.kind === 'saved' && <Notice tone="good">{outcome.text}</Notice>}
      {outcome.kind === 'wrong' && <Notice tone="bad">{t('settings.check')}</Notice>}
      {outcome.kind === 'refused' && <ProblemNotice problem={outcome.problem} />}
      <button type="submit" disabled={outcome.kind === 'saving'}>{t('rules.save')}</button>
    </form>
  );
}

function Group({ title, hint, children }: { readonly title: string; readonly hint?: string; readonly children: ReactNode }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {hint !== undefined && <small>{hint}</small>}
      <div className="rules">{children}</div>
    </fieldset>
  );
}

interface InheritableProps<Of extends string, Value extends string> {
  readonly label: string;
  /** Of the texts of the values. */
  readonly of: Of;
  readonly values: readonly (`${Of}.${Value}` extends TextKey ? Value : never)[];
  readonly inherited: Sourced<Value>;
  readonly value: string | undefined;
  readonly wrong: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A choice whose first option is to say nothing, with what goes then. */
function Inheritable<Of extends string, Value extends string>({ label, of, values, inherited, value, wrong, onChange }: InheritableProps<Of, Value>) {
  const { t, tMaybe } = useWords();
  const id = useId();
  const text = (one: string): string => tMaybe(`${of}.${one}`) ?? one;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}>
        <option value="">{t(inheritedKey(inherited), { value: text(inherited.value) })}</option>
        {values.map((one) => <option key={one} value={one}>{text(one)}</option>)}
      </select>
      {/* On a phone the select cuts off what it says. */}
      {value === undefined && <small className="on-phone" aria-hidden="true">{t(inheritedKey(inherited), { value: text(inherited.value) })}</small>}
      {wrong !== undefined && <small id={`${id}-wrong`} className="trouble">{wrong}</small>}
    </div>
  );
}
