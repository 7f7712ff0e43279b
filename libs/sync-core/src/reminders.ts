import type { CanonicalFields, GoogleReminders, Reminder } from '@calsync/calendar-model';

/** Google refuses more, and takes no reminder earlier than four weeks before the start. */
export const MOST_OVERRIDES = 5;
export const EARLIEST_MINUTES = 40_320;

type Override = GoogleReminders['overrides'][number];

/**
 * The one reminder of Google that Inventive knows: the popup that both agreed on while it stands there, else the one nearest
 * to the start. So a second popup, set earlier or later, is nobody's change of the first. Undefined where Google has none of
 * ours and no room for one: a field that a side can't store is no part of its snapshot.
 */
export function canonicalReminder(found: GoogleReminders, agreed: CanonicalFields['reminder'] | undefined): Reminder | undefined {
  if (found.useDefault) return 'default';
  const minutes = found.overrides.filter(isPopup).map((popup) => popup.minutes);
  if (typeof agreed === 'number' && minutes.includes(within(agreed))) return agreed;
  if (minutes.length > 0) return Math.min(...minutes);
  return found.overrides.length >= MOST_OVERRIDES ? undefined : 'none';
}

/**
 * Google's reminders with this one in the place of the one that Inventive knows; e-mails and further popups stay as they
 * are. A calendar's default ones come back only where nothing else was set: they and others exclude each other in Google.
 */
export function remindersWith(reminder: Reminder, found: GoogleReminders | undefined, agreed: CanonicalFields['reminder'] | undefined): GoogleReminders {
  const others = withoutOurs(found, agreed);
  if (typeof reminder === 'number') {
    const minutes = within(reminder);
    const rest = others.filter((other) => !(isPopup(other) && other.minutes === minutes));
    return { useDefault: false, overrides: [...rest, { method: 'popup', minutes }] };
  }
  return reminder === 'default' && others.length === 0 ? { useDefault: true, overrides: [] } : { useDefault: false, overrides: others };
}

/** What Google can hold of a number of minutes. */
export const within = (minutes: number): number => Math.min(EARLIEST_MINUTES, Math.max(0, Math.round(minutes)));

function withoutOurs(found: GoogleReminders | undefined, agreed: CanonicalFields['reminder'] | undefined): readonly Override[] {
  if (found === undefined || found.useDefault) return [];
  const ours = canonicalReminder(found, agreed);
  const at = typeof ours === 'number' ? found.overrides.findIndex((each) => isPopup(each) && each.minutes === within(ours)) : -1;
  return found.overrides.filter((_each, index) => index !== at);
}

const isPopup = ({ method }: Override): boolean => method === 'popup';
