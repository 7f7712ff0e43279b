import type { AppointmentRecord, GoogleEventRecord, Reason } from '@calsync/calendar-model';
import { marksCount, overlapsWindow } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import { whyEventIsElsewhere, whyRowIsElsewhere } from './place.js';
import { whyTypeIsLeftAlone } from './read-only-event.js';

/** What must hold before an item gets a pair of its own; existing pairs never ask this. Undefined: nothing stands in the way. */
export function whyNoPairForAppointment(record: AppointmentRecord, account: Account, todayOn: string): Reason | undefined {
  const state = whyAccountWaits(account);
  if (state !== undefined) return state;
  const elsewhere = whyRowIsElsewhere(record, account);
  if (elsewhere !== undefined) return elsewhere;
  if (record.status === 'void') return 'appointment-void';
  if (account.direction === 'to-inventive') return 'direction-excludes-side';
  return inWindow(record.fields.when, account, todayOn, record.zone) ? undefined : 'outside-window';
}

export function whyNoPairForEvent(record: GoogleEventRecord, account: Account, todayOn: string, zone: string): Reason | undefined {
  const state = whyAccountWaits(account);
  if (state !== undefined) return state;
  const kind = whyEventIsLeftAlone(record, account);
  if (kind !== undefined) return kind;
  if (isMarkedByAnother(record, account)) return 'marked-by-other-installation';
  const elsewhere = whyEventIsElsewhere(record, account);
  if (elsewhere !== undefined) return elsewhere;
  if (account.direction === 'to-google') return 'direction-excludes-side';
  return inWindow(record.fields.when, account, todayOn, zone) ? undefined : 'outside-window';
}

/** Events that are recognised and left as they are, whether paired before or not. */
export function whyEventIsLeftAlone(record: GoogleEventRecord, { rules }: Pick<Account, 'rules'>): Reason | undefined {
  // A pair that stands on a master is bound to its first occurrence before anything is planned.
  if (record.shape === 'master') return 'series-not-supported';
  return whyTypeIsLeftAlone(record, rules);
}

/** Another installation keeps this event: two that write to it would undo each other. */
const isMarkedByAnother = (record: GoogleEventRecord, account: Account): boolean =>
  marksCount(record.id, record.marks) && record.marks?.inventiveInstallation !== account.installation;

/** Undefined only where the account is at work. */
export function whyAccountWaits(account: Account): Reason | undefined {
  switch (account.state) {
    case 'live':
      return undefined;
    case 'joining':
      return 'account-joining';
    case 'needs-consent':
      return 'needs-consent';
    case 'needs-calendar':
      return 'needs-calendar';
    case 'held':
      return 'held-by-brake';
    case 'off':
      return 'account-off';
    case 'locked':
      return 'source-write-locked';
  }
}

function inWindow(when: AppointmentRecord['fields']['when'], account: Account, todayOn: string, zone: string): boolean {
  return when !== undefined && overlapsWindow(when, { zone, todayOn, daysBefore: account.daysBefore, daysAfter: account.daysAfter });
}
