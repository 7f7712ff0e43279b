import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { dutch, type TextKey } from './dutch';
import { english } from './english';

export type Language = 'nl' | 'en';
type Values = Readonly<Record<string, string | number>>;

interface Words {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  readonly t: (key: TextKey, values?: Values) => string;
  /** For keys that come from outside; undefined where there is no text for one. */
  readonly tMaybe: (key: string, values?: Values) => string | undefined;
  readonly time: (instant: string) => string;
  readonly date: (instant: string) => string;
  /** Of wall times, or of a first and last day: as they stand on the wall, in no zone of the reader's. */
  readonly when: (start: string, end: string) => string;
  readonly number: (count: number) => string;
}

const DICTIONARIES: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { nl: dutch, en: english };
const STORED = 'console-language';
const LanguageContext = createContext<Words | undefined>(undefined);

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem(STORED) === 'en' ? 'en' : 'nl'));
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(STORED, language);
  }, [language]);
  const words = useMemo((): Words => {
    const texts: Readonly<Record<string, string>> = DICTIONARIES[language];
    const locale = language === 'nl' ? 'nl-NL' : 'en-GB';
    const tMaybe = (key: string, values: Values = {}): string | undefined => texts[key]?.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
    return {
      language,
      choose: setLanguage,
      t: (key, values) => tMaybe(key, values) ?? key,
      tMaybe,
      time: (instant) => new Date(instant).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
      date: (instant) => new Date(instant).toLocaleString(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
      when: (start, end) => whenIn(locale, start, end),
      number: (count) => count.toLocaleString(locale),
    };
  }, [language]);
  return <LanguageContext value={words}>{children}</LanguageContext>;
}

export function useWords(): Words {
  const words = useContext(LanguageContext);
  if (words === undefined) throw new Error('useWords outside LanguageProvider');
  return words;
}

function whenIn(locale: string, start: string, end: string): string {
  const format = (wall: string, options: Intl.DateTimeFormatOptions): string => new Date(`${wall}${wall.length === 10 ? 'T00:00:00' : ''}Z`).toLocaleString(locale, { ...options, timeZone: 'UTC' });
  const day = (wall: string): string => format(wall, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const hour = (wall: string): string => format(wall, { hour: '2-digit', minute: '2-digit' });
  if (start.length === 10) return start === end ? day(start) : `${day(start)} – ${day(end)}`;
  if (start.slice(0, 10) === end.slice(0, 10)) return `${day(start)}, ${hour(start)}–${hour(end)}`;
  return `${day(start)}, ${hour(start)} – ${day(end)}, ${hour(end)}`;
}
