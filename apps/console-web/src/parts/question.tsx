import { useId, useState } from 'react';
import type { Side, UnpairedItem } from '../api/types';
import { useWords } from '../i18n/language';
import { Confirmation } from './confirmation';
import { Subject, When } from './recognised';

export interface Answer {
  readonly pairs: readonly { readonly inventiveId?: string; readonly eventId?: string }[];
  readonly said: string;
}

interface QuestionProps {
  /** Of both sides, at least one item. */
  readonly items: readonly UnpairedItem[];
  readonly busy: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

/** Items that could belong together: two of them do, or one stands alone, or all of them do. */
export function Question({ items, busy, onAnswer }: QuestionProps) {
  const { t } = useWords();
  const id = useId();
  const ofSide = (side: Side): readonly UnpairedItem[] => items.filter((item) => item.side === side);
  const [inventive, google] = [ofSide('inventive'), ofSide('google')];
  const [chosen, setChosen] = useState<Readonly<Partial<Record<Side, string>>>>({});
  const [denying, setDenying] = useState(false);
  const [first] = items;
  if (first === undefined) return null;
  // Where a side has but one, there is nothing to choose on it.
  const chosenOf = (side: Side, of: readonly UnpairedItem[]): string | undefined => chosen[side] ?? (of.length === 1 ? of[0]?.itemId : undefined);
  const [inventiveId, eventId] = [chosenOf('inventive', inventive), chosenOf('google', google)];
  const bothSides = inventive.length > 0 && google.length > 0;
  const alone = ({ side, itemId }: UnpairedItem) => (side === 'inventive' ? { inventiveId: itemId } : { eventId: itemId });
  const standsAlone = (item: UnpairedItem): void => onAnswer({ pairs: [alone(item)], said: t(item.side === 'inventive' ? 'questions.said-create-google' : 'questions.said-create-inventive') });

  const list = (side: Side, of: readonly UnpairedItem[]) => of.length > 0 && (
    <fieldset>
      <legend>{side === 'inventive' ? 'Inventive' : 'Google'}</legend>
      {of.map((item) => (
        <div key={item.itemId} className="candidate">
          <label className="check">
            {bothSides && <input type="radio" name={`${id}-${side}`} checked={(side === 'inventive' ? inventiveId : eventId) === item.itemId} onChange={() => setChosen((before) => ({ ...before, [side]: item.itemId }))} disabled={busy} />}
            <span id={`${id}-${item.itemId}`}><Subject item={item} /><small><When item={item} />{item.location !== undefined && <> · {item.location}</>}</small></span>
          </label>
          <button type="button" className="plain small" disabled={busy} onClick={() => standsAlone(item)} aria-describedby={`${id}-${item.itemId}`}>{t(side === 'inventive' ? 'questions.create-google' : 'questions.create-inventive')}</button>
        </div>
      ))}
    </fieldset>
  );

  return (
    <section className="question" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}><Subject item={first} /> <span className="quiet"><When item={first} /></span></h3>
      <p className="quiet">{t(bothSides ? 'questions.why' : 'questions.why-left', { inventive: inventive.length, google: google.length })}</p>
      <div className="sides">{list('inventive', inventive)}{list('google', google)}</div>
      {bothSides && (denying ? (
        <Confirmation yes={t('questions.deny-yes')} busy={busy} onCancel={() => setDenying(false)} onYes={() => onAnswer({ pairs: items.map(alone), said: t('questions.said-denied') })}>
          <p>{t('questions.deny-sure', { inventive: inventive.length, google: google.length })}</p>
        </Confirmation>
      ) : (
        <div className="actions">
          <button type="button" disabled={busy || inventiveId === undefined || eventId === undefined}
            onClick={() => onAnswer({ pairs: [{ ...(inventiveId === undefined ? {} : { inventiveId }), ...(eventId === undefined ? {} : { eventId }) }], said: t('questions.said-joined') })}>{t('questions.join')}</button>
          <button type="button" className="plain" disabled={busy} onClick={() => setDenying(true)}>{t('questions.deny')}</button>
        </div>
      ))}
    </section>
  );
}
