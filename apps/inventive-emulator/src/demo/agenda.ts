/** One demo appointment; days are counted from the day of the reset. */
export interface DemoAppointment {
  /** Gives the stable key. */
  readonly name: string;
  readonly user: string;
  readonly day: number;
  /** `HH:MM`; absent: the whole day. */
  readonly from?: string;
  readonly to?: string;
  /** Counted from `day`; for a whole day the last day is included. */
  readonly lastDay?: number;
  readonly subject: string;
  readonly place?: string;
  readonly notes?: string;
  readonly private?: true;
  readonly shownAs?: 'Bezet' | 'Vrij' | 'Voorlopig' | 'Afwezig';
  readonly status?: 'Gepland' | 'Afgerond' | 'Vervallen';
  readonly kind?: string;
  readonly relation?: string;
  readonly contact?: string;
  readonly project?: string;
  readonly reminder?: number;
  readonly participants?: ReadonlyArray<{ name: string; email: string; user?: string; reply?: string }>;
  /** Not moved to a Monday where it would fall in a weekend. */
  readonly weekendToo?: true;
}

const jansen = { name: 'Anneke Jansen', email: 'jansen@example.com', user: 'jansen', reply: 'Geaccepteerd' };
const devries = { name: 'Pieter de Vries', email: 'devries@example.com', user: 'devries', reply: 'Geaccepteerd' };
const bakker = { name: 'Zoë Bakker', email: 'bakker@example.com', user: 'bakker', reply: 'Misschien' };
const visser = { name: 'Daniël Visser', email: 'visser@example.com', user: 'visser', reply: 'Geen' };

/** Two administrations' worth of ordinary weeks: every kind of row that the agenda knows stands in it at least once. */
export const agenda: readonly DemoAppointment[] = [
  { name: 'j1', user: 'jansen', day: -10, from: '09:00', to: '10:00', subject: 'Kwartaalcijfers doornemen', place: 'Vergaderzaal 2', status: 'Afgerond', notes: 'Cijfers zijn besproken.\nActie: marge op service-uren uitzoeken.' },
  { name: 'j2', user: 'jansen', day: -6, from: '13:30', to: '15:00', subject: 'Intake verpleeghuis', place: 'Kloosterlaan 88, Arnhem', status: 'Afgerond', kind: 'Bezoek', relation: 'R1003', contact: 'Noëlle Kuipers', project: 'P2601', notes: 'Rondgang met de facilitair manager.\n\n- ketelhuis\n- luchtbehandeling 2e verdieping\n- legionellabeheer' },
  { name: 'j3', user: 'jansen', day: -2, from: '08:30', to: '09:00', subject: 'Dagstart', status: 'Afgerond', participants: [devries] },
  { name: 'j4', user: 'jansen', day: 0, from: '09:30', to: '10:30', subject: 'Werkoverleg planning', place: 'Kantine', notes: 'Graag de urenstaten meenemen.', reminder: 15, participants: [devries, { name: 'Chloé van Loon', email: 'chloe@vanloon.example', reply: 'Geen' }] },
  { name: 'j5', user: 'jansen', day: 1, from: '11:00', to: '12:00', subject: 'Offerte koelcel bespreken ☕', place: 'Café ’t Hoekje, Markt 3, Breda', kind: 'Bezoek', relation: 'R1002', contact: 'René Smits', project: 'P2602', notes: 'René wil twee varianten zien:\n1. R290, geïntegreerd\n2. losse buitenunit' },
  { name: 'j6', user: 'jansen', day: 2, subject: 'Vrije dag', shownAs: 'Afwezig', kind: 'Verlof' },
  { name: 'j7', user: 'jansen', day: 3, from: '16:00', to: '16:45', subject: 'Tandarts', place: 'Praktijk Noorderlicht', private: true, notes: 'Verzekeringspas mee.' },
  { name: 'j8', user: 'jansen', day: 5, from: '10:00', to: '11:30', subject: 'Functioneringsgesprek Zoë', private: true, shownAs: 'Bezet', place: 'Spreekkamer' },
  { name: 'j9', user: 'jansen', day: 9, lastDay: 2, subject: 'Vakbeurs Klimaat & Techniek 🌱', place: 'Jaarbeurs, Utrecht', shownAs: 'Afwezig', kind: 'Beurs' },
  { name: 'j10', user: 'jansen', day: 14, from: '14:00', to: '15:00', subject: 'Telefonisch: voortgang zonnepanelen', kind: 'Telefoon', relation: 'R1004', contact: 'Geert Hoekstra', project: 'P2603', shownAs: 'Voorlopig', reminder: 5 },
  { name: 'j11', user: 'jansen', day: 21, from: '19:30', to: '22:00', subject: 'Informatieavond bewoners', place: 'Gemeentehuis Veldhoven', relation: 'R1006', contact: 'Saskia Brouwer', project: 'P2604', notes: 'Presentatie staat op de gedeelde schijf.' },

  { name: 'd1', user: 'devries', day: -9, from: '07:30', to: '16:00', subject: 'Montage luchtkanalen', place: 'Industrieweg 14, Goirle', status: 'Afgerond', kind: 'Montage', relation: 'R1001', contact: 'Cor van Loon' },
  { name: 'd2', user: 'devries', day: -4, from: '10:00', to: '11:00', subject: 'Schouw dak', status: 'Vervallen', relation: 'R1004', project: 'P2603', notes: 'Vervallen wegens storm; nieuwe datum volgt.' },
  { name: 'd3', user: 'devries', day: -1, from: '15:00', to: '15:30', subject: 'Bellen met Jürgen', kind: 'Telefoon', relation: 'R1005', contact: 'Jürgen Müller', status: 'Afgerond', notes: 'Lieferzeit Verdichter: ± 6 weken. Größe prüfen!' },
  { name: 'd4', user: 'devries', day: 0, from: '13:00', to: '14:30', subject: 'Oplevering fase 1', place: 'Dijkstraat 201, Zwolle', kind: 'Bezoek', relation: 'R1004', contact: 'Geert Hoekstra', project: 'P2603', reminder: 60, participants: [jansen, { name: 'Geert Hoekstra', email: 'g.hoekstra@groeneweide.example', reply: 'Geaccepteerd' }] },
  { name: 'd5', user: 'devries', day: 1, from: '22:00', to: '02:30', lastDay: 1, subject: 'Storingsdienst: omschakelen warmtepomp', place: 'Kloosterlaan 88, Arnhem', kind: 'Storing', relation: 'R1003', contact: 'Noëlle Kuipers', project: 'P2601', notes: 'Buiten kantooruren in verband met bewoners.\nSleutel ophalen bij de nachtdienst (tst. 4).', weekendToo: true },
  { name: 'd6', user: 'devries', day: 4, lastDay: 6, subject: 'Consignatiedienst', shownAs: 'Vrij', kind: 'Dienst', weekendToo: true },
  { name: 'd7', user: 'devries', day: 6, from: '08:00', to: '09:00', subject: 'Toolbox: veilig werken op hoogte', place: 'Werkplaats', participants: [jansen, bakker, visser] },
  { name: 'd8', user: 'devries', day: 8, from: '12:00', to: '13:00', subject: 'Lunch met Cor 🥪', shownAs: 'Voorlopig', relation: 'R1001', contact: 'Cor van Loon' },
  { name: 'd9', user: 'devries', day: 11, from: '17:00', to: '18:00', subject: 'Ouderavond', private: true, shownAs: 'Afwezig' },
  { name: 'd10', user: 'devries', day: 17, from: '09:00', to: '12:00', subject: 'Inmeten oveninstallatie', place: 'Kanaalstraat 45, Utrecht', kind: 'Bezoek', relation: 'R1007', contact: 'Aylin Özdemir', project: 'P2605', notes: 'Vóór 9 uur is de bakkerij in bedrijf: eerst bellen.' },
  { name: 'd11', user: 'devries', day: 28, subject: 'Bedrijfsuitje ⛵', place: 'Loosdrechtse Plassen', shownAs: 'Afwezig' },

  { name: 'b1', user: 'bakker', day: -8, from: '10:30', to: '12:00', subject: 'Adviesgesprek energiescan', place: 'Meiveld 1, Veldhoven', status: 'Afgerond', kind: 'Bezoek', relation: 'R1006', contact: 'Saskia Brouwer', project: 'P2604', notes: 'Verslag verstuurd.' },
  { name: 'b2', user: 'bakker', day: -3, from: '09:00', to: '09:30', subject: 'Stand-up advies', status: 'Afgerond' },
  { name: 'b3', user: 'bakker', day: 0, from: '11:00', to: '11:45', subject: 'Kennismaking Noëlle Kuipers', place: 'Teams', kind: 'Online', relation: 'R1003', contact: 'Noëlle Kuipers', notes: 'Link volgt per e-mail.\n\nVoorbereiden:\n• organogram\n• energierekening 2025' },
  { name: 'b4', user: 'bakker', day: 1, from: '09:00', to: '17:00', subject: 'Cursus BRL 9500', place: 'Ede', shownAs: 'Afwezig', kind: 'Opleiding' },
  { name: 'b5', user: 'bakker', day: 2, from: '14:00', to: '15:30', subject: 'Conceptrapport gemeentelijk vastgoed', kind: 'Intern', relation: 'R1006', project: 'P2604', participants: [visser, { name: 'Saskia Brouwer', email: 's.brouwer@veldhoven.example', reply: 'Misschien' }] },
  { name: 'b6', user: 'bakker', day: 4, from: '18:30', to: '20:00', subject: 'Yoga 🧘‍♀️', private: true, shownAs: 'Bezet' },
  { name: 'b7', user: 'bakker', day: 7, subject: 'Thuiswerkdag', shownAs: 'Vrij' },
  { name: 'b8', user: 'bakker', day: 10, from: '13:00', to: '13:00', subject: 'Deadline subsidieaanvraag', shownAs: 'Vrij', reminder: 1440, project: 'P2603', relation: 'R1004' },
  { name: 'b9', user: 'bakker', day: 15, lastDay: 4, subject: 'Vakantie Málaga ☀️', private: true, shownAs: 'Afwezig', kind: 'Verlof', weekendToo: true },
  { name: 'b10', user: 'bakker', day: 24, from: '10:00', to: '11:00', subject: 'Evaluatie café-project', place: 'Markt 3, Breda', relation: 'R1002', contact: 'René Smits', project: 'P2602', shownAs: 'Voorlopig' },

  { name: 'v1', user: 'visser', day: -7, from: '08:30', to: '10:00', subject: 'Acquisitie: Bakkerij Özdemir', place: 'Utrecht', status: 'Afgerond', relation: 'R1007', contact: 'Aylin Özdemir' },
  { name: 'v2', user: 'visser', day: -5, from: '14:00', to: '15:00', subject: 'Belastingadviseur', status: 'Vervallen', private: true },
  { name: 'v3', user: 'visser', day: 0, from: '15:30', to: '16:30', subject: 'Maandafsluiting', notes: 'Openstaande posten > 60 dagen nabellen.' },
  { name: 'v4', user: 'visser', day: 1, from: '10:00', to: '10:30', subject: 'Sollicitatiegesprek (monteur)', private: true, place: 'Spreekkamer', participants: [jansen] },
  { name: 'v5', user: 'visser', day: 3, from: '23:00', to: '01:00', lastDay: 1, subject: 'Serveronderhoud', notes: 'Inventive is dan even niet bereikbaar.', shownAs: 'Vrij', weekendToo: true },
  { name: 'v6', user: 'visser', day: 6, from: '09:30', to: '11:00', subject: 'Contractbespreking “De Groene Weide”', relation: 'R1004', contact: 'Geert Hoekstra', project: 'P2603', participants: [{ name: 'Geert Hoekstra', email: 'g.hoekstra@groeneweide.example', reply: 'Geen' }] },
  { name: 'v7', user: 'visser', day: 12, subject: 'Verjaardag Daniël 🎂', shownAs: 'Vrij', weekendToo: true },
  { name: 'v8', user: 'visser', day: 18, from: '13:30', to: '14:15', subject: 'Reünie-commissie', shownAs: 'Voorlopig' },
  { name: 'v9', user: 'visser', day: 26, from: '11:00', to: '12:30', subject: 'Jaargesprek Müller', place: 'Kleve', kind: 'Bezoek', relation: 'R1005', contact: 'Jürgen Müller', notes: 'Staffelprijzen 2027; levertijd ≤ 4 weken.' },
  { name: 'v10', user: 'visser', day: 30, from: '16:00', to: '17:00', subject: 'Vrijdagmiddagborrel', place: 'Kantine', weekendToo: true },
];
