import type { Datastore } from '../datastore/datastore.js';
import type { Row } from '../datastore/table.js';

/** One appointment for a person to look at, as Inventive's own screen would show it: where a link in a calendar leads. */
export function appointmentPage(id: string, datastore: Datastore): string | undefined {
  const row = datastore.table('Afspraak').get(id.replaceAll('-', '').toUpperCase());
  if (row === undefined) return undefined;
  const participants = datastore.table('AfspraakDeelnemer').rows({ attribute: 'AfspraakID', oneOf: [row.key] });
  const lines = [
    ...SHOWN.map((name) => [name, shown(row, name)] as const),
    ...REFERENCES.map(([label, attribute, dataclass, name]) => [label, shown(datastore.table(dataclass).get(String(row.values[attribute])), name)] as const),
    ['Deelnemers', participants.map((one) => `${shown(one, 'Naam') || shown(one, 'Email')} (${shown(one, 'Reactie')})`).join(', ')] as const,
  ];
  const title = escape(shown(row, 'Onderwerp') || 'Afspraak');
  const body = lines.filter(([, value]) => value !== '').map(([label, value]) => `<tr><th>${escape(label)}</th><td>${escape(value)}</td></tr>`).join('\n');
  return `<!doctype html>
<html lang="nl"><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px system-ui;margin:2rem}th{text-align:left;vertical-align:top;padding-right:2rem}td{white-space:pre-wrap}</style>
<h1>${title}</h1><p>Inventive (emulator)</p>
<table>
${body}
</table></html>
`;
}

const SHOWN = ['BeginDatum', 'BeginTijd', 'EindDatum', 'EindTijd', 'HeleDag', 'Locatie', 'Opmerking', 'ToonAls', 'Status', 'Soort', 'Prive', 'HerinneringMinuten', 'GewijzigdOp', 'GewijzigdDoor'] as const;
const REFERENCES = [
  ['Administratie', 'AdministratieID', 'Administratie', 'Naam'],
  ['Gebruiker', 'GebruikerID', 'Gebruiker', 'VolledigeNaam'],
  ['Relatie', 'RelatieID', 'Relatie', 'Naam'],
  ['Contactpersoon', 'ContactpersoonID', 'Contactpersoon', 'Naam'],
  ['Project', 'ProjectID', 'Project', 'Omschrijving'],
] as const;

function shown(row: Row | undefined, name: string): string {
  const value = row?.values[name] ?? '';
  if (typeof value === 'boolean') return value ? 'ja' : 'nee';
  if (name.endsWith('Tijd')) return new Date(Number(value)).toISOString().slice(11, 16);
  return String(value);
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
