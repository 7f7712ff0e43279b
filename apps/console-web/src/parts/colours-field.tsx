import { useId, useRef } from 'react';
import type { Colour, Colours, Sourced } from '../api/policy';
import { useWords } from '../i18n/language';
import { coloursDraft, inheritedKey, type ColourDraft } from './rules-draft';

interface ColoursFieldProps {
  readonly inherited: Sourced<Colours>;
  readonly colours: readonly ColourDraft[] | undefined;
  readonly wrong: string | undefined;
  readonly onChange: (colours: readonly ColourDraft[] | undefined) => void;
}

/** Google's own colours of events. */
const IDS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'] as const;

/** Which colour in Google goes with which *Soort*: a list of one's own, or the inherited one as a whole. */
export function ColoursField({ inherited, colours, wrong, onChange }: ColoursFieldProps) {
  const { t } = useWords();
  const id = useId();
  const nameOf = useColourName();
  const own = useRef<HTMLInputElement>(null);
  const remove = (place: number): void => {
    onChange(colours?.filter((_, at) => at !== place));
    // The button goes with its row.
    own.current?.focus();
  };
  const theirs = coloursDraft(inherited.value).map(({ category, colour }) => `${category}: ${nameOf(colour)}`).join(', ');
  const replace = (place: number, part: Partial<ColourDraft>): void => onChange(colours?.map((one, at) => (at === place ? { ...one, ...part } : one)));
  return (
    <fieldset>
      <legend>{t('rules.colours')}</legend>
      <small>{t('rules.colours-hint')}</small>
      <div className="rules">
        <label className="check"><input type="checkbox" ref={own} checked={colours !== undefined} onChange={(event) => onChange(event.target.checked ? coloursDraft(inherited.value) : undefined)} /> {t('rules.colours-own')}</label>
        {colours === undefined && <small>{t(inheritedKey(inherited), { value: theirs === '' ? t('rules.none') : theirs })}</small>}
        {colours?.length === 0 && <small>{t('rules.colours-empty')}</small>}
        {colours?.map((one, place) => (
          // Rows have no name of their own, and are only changed in place.
          <div className="row" key={place} role="group" aria-label={t('rules.colour-of', { category: one.category || String(place + 1) })}>
            <div className="field">
              <label htmlFor={`${id}-${place}-category`}>{t('rules.category')}</label>
              <input id={`${id}-${place}-category`} value={one.category} maxLength={80} onChange={(event) => replace(place, { category: event.target.value })} aria-invalid={wrong !== undefined} aria-describedby={wrong === undefined ? undefined : `${id}-wrong`} />
            </div>
            <div className="field">
              <label htmlFor={`${id}-${place}-colour`}>{t('rules.colour')}</label>
              <select id={`${id}-${place}-colour`} value={one.colour.kind === 'label' ? `label ${one.colour.id}` : one.colour.id} onChange={(event) => replace(place, { colour: colourOf(event.target.value) })}>
                {/* A label of the calendar, set through the API. */}
                {one.colour.kind === 'label' && <option value={`label ${one.colour.id}`}>{nameOf(one.colour)}</option>}
                {IDS.map((colour) => <option key={colour} value={colour}>{t(`rules.colour.${colour}`)}</option>)}
              </select>
            </div>
            <button type="button" className="plain" onClick={() => remove(place)}>{t('rules.colour-remove')}<span className="hidden"> {one.category}</span></button>
          </div>
        ))}
        {wrong !== undefined && <small id={`${id}-wrong`} className="trouble">{wrong}</small>}
        {colours !== undefined && <div><button type="button" className="plain" onClick={() => onChange([...colours, { category: '', colour: { kind: 'colour', id: '9' } }])}>{t('rules.colour-add')}</button></div>}
      </div>
    </fieldset>
  );
}

function useColourName(): (colour: Colour) => string {
  const { t, tMaybe } = useWords();
  return ({ kind, id }) => (kind === 'label' ? t('rules.label', { id }) : tMaybe(`rules.colour.${id}`) ?? id);
}

const colourOf = (value: string): Colour => (value.startsWith('label ') ? { kind: 'label', id: value.slice('label '.length) } : { kind: 'colour', id: value });
