import type { CanonicalFields, GoogleFields } from '@calsync/calendar-model';
import { projectShowAs } from './comparison.js';
import type { Base } from './plan-types.js';

/** What stands before the subject of an event whose appointment is gone, where the settings keep it. */
export const VOID_PREFIX = 'Vervallen: ';

type Marked = Pick<CanonicalFields, 'subject' | 'showAs'>;
type Shown = Omit<GoogleFields, 'description' | 'reminders'>;

/** The event marked as gone: its subject says so and it takes no time. */
export const markedFields = ({ subject, showAs }: GoogleFields): GoogleFields => ({
  ...(subject === undefined ? {} : { subject: `${VOID_PREFIX}${subject}` }),
  ...(showAs === undefined || showAs === 'free' ? {} : { showAs: 'free' }),
});

/** What the event says apart from our marking, which is nobody's edit. Whoever took the prefix away edited nothing either. */
export function beneathMark(shown: Shown, base: Base | undefined): Partial<CanonicalFields> {
  if (base?.markedVoid !== true) return shown;
  return { ...shown, ...fieldsBeneath(shown, base) };
}

/** What has to be written to take the marking back. */
export function unmarkedFields(shown: Shown, base: Base | undefined): GoogleFields {
  if (base?.markedVoid !== true) return {};
  const { subject, showAs } = fieldsBeneath(shown, base);
  return {
    ...(subject === undefined || subject === shown.subject ? {} : { subject }),
    ...(showAs === undefined || projectShowAs(showAs) === shown.showAs ? {} : { showAs: projectShowAs(showAs) }),
  };
}

function fieldsBeneath({ subject, showAs }: Shown, base: Base): Partial<Marked> {
  const agreed = base.fields.showAs;
  // Of an event without a subject the prefix is all there is, and whoever keeps it may have trimmed it.
  const isMarked = subject !== undefined && `${subject} `.startsWith(VOID_PREFIX);
  return {
    ...(isMarked ? { subject: subject.slice(VOID_PREFIX.length) } : {}),
    ...(showAs === 'free' && agreed !== undefined ? { showAs: agreed } : {}),
  };
}
