import {
  asAccountId, asCalendarId, asGoogleEventId, asInstallationId, asInventiveId, asSourceName,
  type AppointmentRecord, type GoogleEventRecord, type InventiveFields, type GoogleFields,
} from '@calsync/calendar-model';
import { DEFAULT_RULES, type Account } from '../ports/account.js';

const id = (digits: string) => asInventiveId(digits.padStart(32, '0'));

/** Builders of records: a test names only what matters to it. */
export const ACCOUNT: Account = {
  id: asAccountId('acc-1'),
  installation: asInstallationId('11111111-1111-4111-8111-111111111111'),
  source: asSourceName('demo'),
  userId: id('A1'),
  loginName: 'jansen',
  fullName: 'J. Jansen',
  administrationId: id('AD1'),
  zone: 'Europe/Amsterdam',
  email: 'jansen@example.com',
  sub: '100',
  calendarId: asCalendarId('jansen@example.com'),
  state: 'live',
  daysBefore: 30,
  daysAfter: 90,
  direction: 'both',
  conflictPolicy: 'latest-wins',
  privateContent: 'busy-only',
  descriptionFields: ['notes', 'relation.name', 'contact.name', 'project.name'],
  rules: DEFAULT_RULES,
};

export const WHEN = { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: 'Europe/Amsterdam' } as const;

export function anAppointment(overrides: Partial<Omit<AppointmentRecord, 'fields'>> & { readonly fields?: InventiveFields; readonly stamp?: number } = {}): AppointmentRecord {
  const { fields, stamp = 1, ...rest } = overrides;
  return {
    source: ACCOUNT.source,
    id: id('F1'),
    administrationId: ACCOUNT.administrationId,
    ownerId: ACCOUNT.userId,
    version: { epoch: 1, stamp: String(stamp) },
    rowStamp: String(stamp),
    entityStamp: stamp,
    zone: 'Europe/Amsterdam',
    fields: { subject: 'Overleg', when: WHEN, location: '', notes: '', showAs: 'busy', privacy: 'public', ...fields },
    reduced: false,
    blockLines: [],
    participants: [],
    status: 'planned',
    category: '',
    modifiedAt: new Date(1_795_500_000_000 + stamp * 1000).toISOString(),
    modifiedBy: 'jansen',
    ...rest,
  };
}

export function anEvent(overrides: Partial<Omit<GoogleEventRecord, 'fields'>> & { readonly fields?: GoogleFields; readonly version?: number } = {}): GoogleEventRecord {
  const { fields, version = 1, ...rest } = overrides;
  return {
    calendarId: ACCOUNT.calendarId,
    id: asGoogleEventId('event1'),
    etag: `"${version}"`,
    updated: new Date(1_795_500_000_000 + version * 1000).toISOString(),
    status: 'confirmed',
    shape: 'single',
    eventType: 'default',
    ownedByUser: true,
    fields: { subject: 'Overleg', when: WHEN, location: '', description: '', showAs: 'busy', privacy: 'public', ...fields },
    reduced: false,
    ...rest,
  };
}
