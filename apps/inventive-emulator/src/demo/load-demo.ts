import type { Values } from '../catalog/dataclass.js';
import { dataclassNamed } from '../catalog/inventive-model.js';
import { saveEntities, type WriteCall, type WriteParts } from '../rest/write.js';
import { agenda, type DemoAppointment } from './agenda.js';
import { administrations, contacts, demoId, projects, relations, users } from './company.js';

const ZONE = 'Europe/Amsterdam';
const DAY_MS = 86_400_000;
const OF_ADVICE = ['bakker', 'visser'];

/** Fills an empty database by ordinary saves, so that stamps and server-written fields are as they always are. Days are counted from today in the Netherlands. */
export function loadDemo(parts: Omit<WriteParts, 'accepted'>): void {
  const today = Temporal.Instant.fromEpochMilliseconds(parts.now().getTime()).toZonedDateTimeISO(ZONE).toPlainDate();
  const save = (name: string, entities: readonly Values[]) => saveAll(name, entities, parts);
  parts.datastore.together(() => {
    save('Administratie', administrations);
    save('Gebruiker', users);
    save('Relatie', relations);
    save('Contactpersoon', contacts);
    save('Project', projects);
    save('Afspraak', agenda.map((appointment) => appointmentValues(appointment, today)));
    save('AfspraakDeelnemer', agenda.flatMap(participantValues));
  });
}

function saveAll(name: string, entities: readonly Values[], parts: Omit<WriteParts, 'accepted'>): void {
  const dataclass = dataclassNamed(name);
  if (!dataclass) throw new Error(`no dataclass ${name}`);
  const call: WriteCall = { session: { id: 'demo', user: 'beheer', origin: 'emulator' }, lockedByFault: false, slowCommitMs: undefined, nudge: () => undefined };
  const answer = saveEntities([...entities], dataclass, 'each', call, { ...parts, accepted: () => undefined });
  if (answer.refused) throw new Error(`the demo data of ${name} breaks a rule: ${JSON.stringify(answer.body)}`);
}

function appointmentValues(appointment: DemoAppointment, today: Temporal.PlainDate): Values {
  const begin = workday(today.add({ days: appointment.day }), appointment);
  const wholeDay = appointment.from === undefined;
  return {
    ID: demoId('Afspraak', appointment.name),
    AdministratieID: demoId('Administratie', OF_ADVICE.includes(appointment.user) ? '200' : '100'),
    GebruikerID: demoId('Gebruiker', appointment.user),
    Onderwerp: appointment.subject,
    Locatie: appointment.place ?? '',
    Opmerking: appointment.notes ?? '',
    BeginDatum: begin.toString(),
    EindDatum: begin.add({ days: appointment.lastDay ?? 0 }).toString(),
    BeginTijd: wholeDay ? 0 : milliseconds(appointment.from),
    EindTijd: wholeDay ? 0 : milliseconds(appointment.to),
    HeleDag: wholeDay,
    Prive: appointment.private ?? false,
    ToonAls: appointment.shownAs ?? 'Bezet',
    Status: appointment.status ?? 'Gepland',
    Soort: appointment.kind ?? 'Afspraak',
    RelatieID: appointment.relation === undefined ? null : demoId('Relatie', appointment.relation),
    ContactpersoonID: appointment.contact === undefined ? null : demoId('Contactpersoon', `${appointment.relation}/${appointment.contact}`),
    ProjectID: appointment.project === undefined ? null : demoId('Project', appointment.project),
    HerinneringMinuten: appointment.reminder ?? null,
  };
}

function participantValues(appointment: DemoAppointment): Values[] {
  return (appointment.participants ?? []).map((participant) => ({
    ID: demoId('AfspraakDeelnemer', `${appointment.name}/${participant.email}`),
    AfspraakID: demoId('Afspraak', appointment.name),
    Naam: participant.name,
    Email: participant.email,
    GebruikerID: participant.user === undefined ? null : demoId('Gebruiker', participant.user),
    Reactie: participant.reply ?? 'Geen',
  }));
}

function workday(day: Temporal.PlainDate, appointment: DemoAppointment): Temporal.PlainDate {
  return appointment.weekendToo || day.dayOfWeek < 6 ? day : day.add({ days: 8 - day.dayOfWeek });
}

function milliseconds(time: string | undefined): number {
  return time === undefined ? 0 : Temporal.PlainTime.from(time).since('00:00').total('milliseconds') % DAY_MS;
}
