import type { Dataclass, Values } from '../catalog/dataclass.js';
import type { Row } from '../datastore/table.js';

export interface RuleContext {
  /** Whose session saves. */
  readonly user: string;
  readonly now: string;
  find(dataclass: string, key: string): Row | undefined;
  first(dataclass: string): Row | undefined;
  userId(user: string): string | undefined;
  /** The appointment of this owner that was made last. */
  lastAppointmentOf(ownerId: string): Row | undefined;
}

const SHOWN_AS = ['Bezet', 'Vrij', 'Voorlopig', 'Afwezig'];
const STATUSES = ['Gepland', 'Afgerond', 'Vervallen'];
const REPLIES = ['Geen', 'Geaccepteerd', 'Afgewezen', 'Misschien'];

/** Written by the server at each save of an appointment, whatever the client sent: they make no change by themselves. */
const SERVER_WRITTEN: Readonly<Record<string, readonly string[]>> = { Afspraak: ['GewijzigdOp', 'GewijzigdDoor'] };

export function isServerWritten(dataclass: string, attribute: string): boolean {
  return attribute === '__GlobalStamp' || (SERVER_WRITTEN[dataclass]?.includes(attribute) ?? false);
}

/** What Inventive fills in for a new row. */
export function withDefaults(dataclass: Dataclass, values: Values, context: RuleContext): Values {
  switch (dataclass.name) {
    case 'Afspraak': {
      const ownerId = String(values['GebruikerID'] || (context.userId(context.user) ?? ''));
      return {
        ...values,
        // A user works in one administration at a time: the one in which he made his last appointment.
        AdministratieID: values['AdministratieID'] || (context.lastAppointmentOf(ownerId)?.values['AdministratieID'] ?? context.first('Administratie')?.key ?? ''),
        GebruikerID: ownerId,
        EindDatum: values['EindDatum'] ?? values['BeginDatum'] ?? null,
        ToonAls: values['ToonAls'] || 'Bezet',
        Status: values['Status'] || 'Gepland',
        Soort: values['Soort'] || 'Afspraak',
      };
    }
    case 'AfspraakDeelnemer':
      return { ...values, Reactie: values['Reactie'] || 'Geen' };
    default:
      return values;
  }
}

/** Why the row can't be saved; empty where it can. */
export function validate(dataclass: Dataclass, values: Values, context: RuleContext): string[] {
  switch (dataclass.name) {
    case 'Afspraak':
      return validateAppointment(values, context);
    case 'AfspraakDeelnemer':
      return [
        ...(exists('Afspraak', values['AfspraakID'], context) ? [] : ['AfspraakID verwijst niet naar een afspraak']),
        ...oneOf('Reactie', values['Reactie'], REPLIES),
      ];
    case 'Gebruiker':
      return values['Inlognaam'] === '' ? ['Inlognaam is verplicht'] : [];
    default:
      return [];
  }
}

/** What the server's own trigger writes, once it is sure that the row changes. */
export function withTriggers(dataclass: Dataclass, values: Values, context: RuleContext): Values {
  return dataclass.name === 'Afspraak' ? { ...values, GewijzigdOp: context.now, GewijzigdDoor: context.user } : values;
}

function validateAppointment(values: Values, context: RuleContext): string[] {
  const problems: string[] = [];
  if (!exists('Administratie', values['AdministratieID'], context)) problems.push('AdministratieID verwijst niet naar een administratie');
  if (!exists('Gebruiker', values['GebruikerID'], context)) problems.push('GebruikerID verwijst niet naar een gebruiker');
  problems.push(...oneOf('ToonAls', values['ToonAls'], SHOWN_AS), ...oneOf('Status', values['Status'], STATUSES));
  const [begin, end] = [values['BeginDatum'], values['EindDatum']];
  if (typeof begin !== 'string') problems.push('BeginDatum is verplicht');
  if (typeof end !== 'string') problems.push('EindDatum is verplicht');
  if (typeof begin !== 'string' || typeof end !== 'string') return problems;
  if (end < begin) problems.push('EindDatum ligt voor BeginDatum');
  else if (end === begin && values['HeleDag'] !== true && Number(values['EindTijd']) < Number(values['BeginTijd'])) problems.push('EindTijd ligt voor BeginTijd');
  const reminder = values['HerinneringMinuten'];
  if (typeof reminder === 'number' && reminder < 0) problems.push('HerinneringMinuten mag niet negatief zijn');
  return problems;
}

const exists = (dataclass: string, key: unknown, context: RuleContext): boolean => typeof key === 'string' && context.find(dataclass, key) !== undefined;

const oneOf = (attribute: string, value: unknown, allowed: readonly string[]): string[] =>
  allowed.includes(String(value)) ? [] : [`${attribute} moet een van ${allowed.join(', ')} zijn`];
