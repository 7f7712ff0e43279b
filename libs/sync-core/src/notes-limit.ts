/** What Google keeps of a description. Not documented; third parties measured about 8192 characters. */
export const LIMIT = 8192;
export const CUT_MARK = '… (ingekort)';

export interface FittedNotes {
  /** Undefined where nothing was cut. */
  readonly head: string | undefined;
  readonly shown: string;
}

/** The longest beginning of `notes` that fits with the mark behind it; `lengthOf` says how long a text is once written for Google. */
export function fitNotes(notes: string, lengthOf: (notes: string) => number): FittedNotes {
  if (lengthOf(notes) <= LIMIT) return { head: undefined, shown: notes };
  // Written out a text is never shorter: mostly, plain text, no more has to be tried.
  const most = LIMIT - CUT_MARK.length;
  let fits = lengthOf(notes.slice(0, most) + CUT_MARK) <= LIMIT ? most : 0;
  let tooLong = fits === most ? most + 1 : Math.min(notes.length, most);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (lengthOf(notes.slice(0, middle) + CUT_MARK) <= LIMIT) fits = middle;
    else tooLong = middle;
  }
  // Half a surrogate pair is no character.
  const head = notes.slice(0, /[\uD800-\uDBFF]/.test(notes.charAt(fits - 1)) ? fits - 1 : fits);
  return { head, shown: head + CUT_MARK };
}

export function cutMarkAt(notes: string): { from: number; to: number } | undefined {
  const from = notes.lastIndexOf(CUT_MARK);
  return from < 0 ? undefined : { from, to: from + CUT_MARK.length };
}
