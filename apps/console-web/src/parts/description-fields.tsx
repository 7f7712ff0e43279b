import { useEffect, useRef, useState } from 'react';
import type { DescriptionField, Sourced } from '../api/policy';
import { useWords } from '../i18n/language';
import { inheritedKey } from './rules-draft';

interface DescriptionFieldsProps {
  /** What this Inventive server has, in the order of its mapping file. */
  readonly offered: readonly DescriptionField[];
  readonly inherited: Sourced<readonly string[]>;
  readonly fields: readonly string[] | undefined;
  readonly wrong: string | undefined;
  readonly onChange: (fields: readonly string[] | undefined) => void;
}

/** Which fields stand in the description, and in which order: a list of one's own, or the inherited one as a whole. */
export function DescriptionFields({ offered, inherited, fields, wrong, onChange }: DescriptionFieldsProps) {
  const { t } = useWords();
  const nameOf = useFieldName(offered);
  const list = useRef<HTMLOListElement>(null);
  const own = useRef<HTMLInputElement>(null);
  const [moved, setMoved] = useState<{ readonly field: string; readonly by: 1 | -1 }>();
  // A row that changes places takes the keyboard along; at the end of the list its other button has it.
  useEffect(() => {
    if (moved === undefined) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button[data-by]') ?? [])].filter(({ dataset, disabled }) => dataset['field'] === moved.field && !disabled);
    (buttons.find(({ dataset }) => dataset['by'] === String(moved.by)) ?? buttons[0])?.focus();
  }, [moved]);
  const remove = (field: string): void => {
    onChange(fields?.filter((one) => one !== field));
    // The button goes with its row.
    own.current?.focus();
  };
  const move = (field: string, by: 1 | -1): void => {
    const others = fields?.filter((one) => one !== field) ?? [];
    onChange(others.toSpliced((fields?.indexOf(field) ?? 0) + by, 0, field));
    setMoved({ field, by });
  };
  const theirs = inherited.value.map(nameOf).join(', ');
  const left = offered.filter(({ field }) => fields?.includes(field) === false);
  return (
    <fieldset aria-describedby={wrong === undefined ? undefined : 'description-fields-wrong'}>
      <legend>{t('rules.fields')}</legend>
      <small>{t('rules.fields-hint')}</small>
      <div className="rules">
        <label className="check"><input type="checkbox" ref={own} checked={fields !== undefined} onChange={(event) => onChange(event.target.checked ? inherited.value : undefined)} /> {t('rules.fields-own')}</label>
        {fields === undefined && <small>{t(inheritedKey(inherited), { value: theirs === '' ? t('rules.none') : theirs })}</small>}
        {fields?.length === 0 && <small>{t('rules.fields-empty')}</small>}
        {fields !== undefined && fields.length > 0 && (
          <ol className="ordered" ref={list}>
            {fields.map((field, place) => (
              <li key={field}>
                <span>{nameOf(field)}</span>
                <button type="button" className="plain small" data-field={field} data-by="-1" disabled={place === 0} onClick={() => move(field, -1)} aria-label={t('rules.field-up', { field: nameOf(field) })}>↑</button>
                <button type="button" className="plain small" data-field={field} data-by="1" disabled={place === fields.length - 1} onClick={() => move(field, 1)} aria-label={t('rules.field-down', { field: nameOf(field) })}>↓</button>
                <button type="button" className="plain small" onClick={() => remove(field)}>{t('rules.field-remove')}<span className="hidden"> {nameOf(field)}</span></button>
              </li>
            ))}
          </ol>
        )}
        {fields !== undefined && left.length > 0 && (
          <label className="field">{t('rules.field-add')}
            <select value="" onChange={(event) => onChange([...fields, event.target.value])}>
              <option value="" disabled>{t('rules.field-choose')}</option>
              {left.map(({ field }) => <option key={field} value={field}>{nameOf(field)}</option>)}
            </select>
          </label>
        )}
        {wrong !== undefined && <small id="description-fields-wrong" className="trouble">{wrong}</small>}
      </div>
    </fieldset>
  );
}

/** In Dutch its name in Inventive, in another language what that means too; one that isn't offered (any more) by its key. */
function useFieldName(offered: readonly DescriptionField[]): (field: string) => string {
  const { language, tMaybe } = useWords();
  return (field) => {
    const label = offered.find((one) => one.field === field)?.label;
    if (label === undefined) return field;
    const meaning = language === 'nl' ? undefined : tMaybe(`description.${field}`);
    return meaning === undefined || meaning === label ? label : `${meaning} (${label})`;
  };
}
