import { PROBLEMS, type ProblemCode } from './problem-texts.js';

export type Language = 'nl' | 'en';

/** Refused, with a text that says what to do (RFC 9457). Controllers throw it; the filter renders it in the caller's language. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly values: Readonly<Record<string, string | number>> = {},
    readonly errors: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    super(code);
  }
}

export function renderProblem(problem: Problem, language: Language): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } {
  const { status, ...texts } = PROBLEMS[problem.code];
  const { title, detail } = texts[language];
  return {
    status,
    body: {
      type: `urn:calsync:problem:${problem.code}`,
      title,
      status,
      code: problem.code,
      detail: fill(detail, problem.values),
      ...(problem.errors.length === 0 ? {} : { errors: problem.errors }),
    },
  };
}

/** Dutch unless the browser prefers English above it. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality = 'q=1'] = part.trim().split(/\s*;\s*/);
      return { language: tag.slice(0, 2).toLowerCase(), quality: Number(quality.replace('q=', '')) };
    })
    .filter(({ language, quality }) => (language === 'nl' || language === 'en') && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wanted[0]?.language === 'en' ? 'en' : 'nl';
}

const fill = (text: string, values: Readonly<Record<string, string | number>>): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
