import { v5 } from 'uuid';
import type { Values } from '../catalog/dataclass.js';

const NAMESPACE = '6f1c1f0e-6d0b-5a51-9c3a-0d6b1f4e2a77';

/** The same name gives the same key at every reset, in the form in which 4D keeps uuids. */
export const demoId = (dataclass: string, name: string): string => v5(`${dataclass}/${name}`, NAMESPACE).replaceAll('-', '').toUpperCase();

export const administrations: readonly Values[] = [
  { ID: demoId('Administratie', '100'), Code: '100', Naam: 'De Vries Installatietechniek B.V.' },
  { ID: demoId('Administratie', '200'), Code: '200', Naam: 'Van Dam Advies' },
];

const user = (login: string, name: string): Values => ({ ID: demoId('Gebruiker', login), Inlognaam: login, VolledigeNaam: name, Email: `${login}@example.com`, Actief: true });

export const users: readonly Values[] = [user('jansen', 'Anneke Jansen'), user('devries', 'Pieter de Vries'), user('bakker', 'Zoë Bakker'), user('visser', 'Daniël Visser')];

const relation = (number: string, name: string, address: string, postcode: string, town: string, phone: string, email: string): Values => ({
  ID: demoId('Relatie', number),
  Nummer: number,
  Naam: name,
  Adres: address,
  Postcode: postcode,
  Plaats: town,
  Telefoon: phone,
  Email: email,
});

export const relations: readonly Values[] = [
  relation('R1001', 'Bouwbedrijf Van Loon & Zn.', 'Industrieweg 14', '5051 AB', 'Goirle', '013-5550101', 'info@vanloon.example'),
  relation('R1002', 'Café ’t Hoekje', 'Markt 3', '4811 XL', 'Breda', '076-5550102', 'hallo@hoekje.example'),
  relation('R1003', 'Zorggroep Sint-Daniël', 'Kloosterlaan 88', '6811 KP', 'Arnhem', '026-5550103', 'facilitair@sintdaniel.example'),
  relation('R1004', 'Coöperatie De Groene Weide U.A.', 'Dijkstraat 201', '8011 CD', 'Zwolle', '038-5550104', 'kantoor@groeneweide.example'),
  relation('R1005', 'Müller Kältetechnik GmbH', 'Bahnhofstraße 12', '47533', 'Kleve', '+49 2821 555010', 'kontakt@mueller.example'),
  relation('R1006', 'Gemeente Veldhoven', 'Meiveld 1', '5501 KA', 'Veldhoven', '040-5550106', 'vastgoed@veldhoven.example'),
  relation('R1007', 'Bakkerij Özdemir', 'Kanaalstraat 45', '3531 CB', 'Utrecht', '030-5550107', 'bestel@ozdemir.example'),
];

const contact = (relationNumber: string, name: string, phone: string, mobile: string, email: string): Values => ({
  ID: demoId('Contactpersoon', `${relationNumber}/${name}`),
  RelatieID: demoId('Relatie', relationNumber),
  Naam: name,
  Telefoon: phone,
  Mobiel: mobile,
  Email: email,
});

export const contacts: readonly Values[] = [
  contact('R1001', 'Cor van Loon', '013-5550111', '06-55501001', 'cor@vanloon.example'),
  contact('R1001', 'Chloé van Loon', '013-5550112', '06-55501002', 'chloe@vanloon.example'),
  contact('R1002', 'René Smits', '076-5550121', '06-55501003', 'rene@hoekje.example'),
  contact('R1003', 'Noëlle Kuipers', '026-5550131', '06-55501004', 'n.kuipers@sintdaniel.example'),
  contact('R1004', 'Geert Hoekstra', '038-5550141', '06-55501005', 'g.hoekstra@groeneweide.example'),
  contact('R1005', 'Jürgen Müller', '+49 2821 555011', '+49 171 5550106', 'juergen@mueller.example'),
  contact('R1006', 'Saskia Brouwer', '040-5550161', '06-55501007', 's.brouwer@veldhoven.example'),
  contact('R1007', 'Aylin Özdemir', '030-5550171', '06-55501008', 'aylin@ozdemir.example'),
];

const project = (number: string, description: string): Values => ({ ID: demoId('Project', number), Nummer: number, Omschrijving: description });

export const projects: readonly Values[] = [
  project('P2601', 'Renovatie klimaatinstallatie verpleeghuis'),
  project('P2602', 'Koelcel en ventilatie café'),
  project('P2603', 'Zonnepanelen melkveehouderij, fase 2'),
  project('P2604', 'Energiescan gemeentelijk vastgoed'),
  project('P2605', 'Oveninstallatie bakkerij'),
];
