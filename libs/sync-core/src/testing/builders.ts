import { known, TOMBSTONE, UNKNOWN, type CanonicalFields, type GoogleFields, type Marks, type When } from '@calsync/calendar-model';
import type { Base, Plan, PlanContext, PlanInput } from '../plan-types.js';
import { plan } from '../plan.js';

export const ZONE = 'Europe/Amsterdam';
export const at = (start: string, end: string, zone = ZONE): When => ({ kind: 'timed', start, end, zone });
export const TEN_TO_ELEVEN = at('2026-12-01T10:00:00', '2026-12-01T11:00:00');

export const someFields = (change: Partial<CanonicalFields> = {}): CanonicalFields => ({
  subject: 'Overleg',
  when: TEN_TO_ELEVEN,
  location: 'Zaal 1',
  notes: 'Neem de tekening mee',
  showAs: 'busy',
  privacy: 'public',
  reminder: 'default',
  ...change,
});

export const aGoogleEvent = (change: GoogleFields = {}): GoogleFields => ({
  subject: 'Overleg',
  when: TEN_TO_ELEVEN,
  location: 'Zaal 1',
  description: 'Neem de tekening mee',
  showAs: 'busy',
  privacy: 'public',
  reminders: { useDefault: true, overrides: [] },
  ...change,
});

export const aContext = (change: Partial<PlanContext> = {}): PlanContext => ({
  zone: ZONE,
  conflictPolicy: 'latest-wins',
  direction: 'both',
  privateContent: 'full',
  blockLines: [],
  notesCross: true,
  marks: undefined,
  marksFound: undefined,
  inventiveChangedAt: {},
  googleChangedAt: {},
  googleReadOnly: false,
  deletion: { toInventive: 'delete', toGoogle: 'delete' },
  inventiveVoid: false,
  decor: {},
  decorFound: {},
  ...change,
});

export const aBase = (change: Partial<CanonicalFields> = {}, block = ''): Base => ({ fields: someFields(change), block });

export const MARKS: Marks = {
  inventiveInstallation: 'installation',
  inventiveAdministration: 'administration',
  inventiveAppointment: 'appointment',
  inventiveEvent: 'event.0',
};

type SideOf<Fields> = Fields | 'gone' | 'unseen';
const snapshot = <Fields extends object>(side: SideOf<Fields>) => (side === 'gone' ? TOMBSTONE : side === 'unseen' ? UNKNOWN : known(side));

export function planOf(situation: {
  base?: Base | undefined;
  inventive: SideOf<Partial<CanonicalFields>>;
  google: SideOf<GoogleFields>;
  context?: Partial<PlanContext>;
}): Plan {
  const input: PlanInput = {
    base: situation.base,
    inventive: snapshot(situation.inventive),
    google: snapshot(situation.google),
    context: aContext(situation.context),
  };
  return plan(input);
}

/** Both acts in words: `update inventive: subject; delete google`. */
export function inWords({ inventive, google, closed }: Plan): string {
  const names = (fields: object): string => Object.keys(fields).sort().join(',');
  const said = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');
  const words = [];
  if (inventive.kind === 'update') words.push(said('update inventive', names(inventive.fields), inventive.status === undefined ? '' : `as ${inventive.status}`));
  else if (inventive.kind !== 'none') words.push(`${inventive.kind} inventive`);
  if (google.kind === 'patch') words.push(said('patch google', names(google.fields), names(google.decor ?? {})));
  else if (google.kind !== 'none') words.push(`${google.kind} google`);
  if (closed) words.push('close');
  return words.join('; ') || 'nothing';
}
