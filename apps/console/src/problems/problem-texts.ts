interface Texts {
  readonly title: string;
  readonly detail: string;
}
interface ProblemDeclaration {
  readonly status: number;
  readonly nl: Texts;
  readonly en: Texts;
}

/** Every refusal of the console: its status, and what the person can do about it. */
export const PROBLEMS = {
  'not-logged-in': {
    status: 401,
    nl: { title: 'Niet aangemeld', detail: 'Meld u aan en probeer het opnieuw.' },
    en: { title: 'Not logged in', detail: 'Log in and try again.' },
  },
  'wrong-password': {
    status: 401,
    nl: { title: 'Aanmelden mislukt', detail: 'De gebruikersnaam of het wachtwoord klopt niet. Controleer beide en probeer het opnieuw.' },
    en: { title: 'Login failed', detail: 'The user name or the password is wrong. Check both and try again.' },
  },
  'too-many-attempts': {
    status: 429,
    nl: { title: 'Te veel pogingen', detail: 'Wacht {seconds} seconden en probeer het dan opnieuw.' },
    en: { title: 'Too many attempts', detail: 'Wait {seconds} seconds, then try again.' },
  },
  'insecure-connection': {
    status: 400,
    nl: { title: 'Geen beveiligde verbinding', detail: 'De console hoort via https te worden bezocht. Gebruik het adres uit CONSOLE_PUBLIC_URL, en laat de proxy de kop X-Forwarded-Proto meesturen.' },
    en: { title: 'No secure connection', detail: 'The console should be visited by https. Use the address in CONSOLE_PUBLIC_URL, and let the proxy send the header X-Forwarded-Proto.' },
  },
  'csrf-token': {
    status: 403,
    nl: { title: 'Verlopen pagina', detail: 'Deze pagina is verlopen. Laad haar opnieuw en herhaal de handeling (kop x-csrf-token uit GET /api/session).' },
    en: { title: 'Page out of date', detail: 'This page is out of date. Reload it and repeat the action (header x-csrf-token from GET /api/session).' },
  },
  'not-allowed': {
    status: 403,
    nl: { title: 'Niet toegestaan', detail: 'Dit adres is alleen bereikbaar vanaf de machine zelf, of met het juiste token (METRICS_TOKEN).' },
    en: { title: 'Not allowed', detail: 'This address is served only to the machine itself, or with the right token (METRICS_TOKEN).' },
  },
  invalid: {
    status: 400,
    nl: { title: 'Ongeldige gegevens', detail: 'Een of meer velden kloppen niet; zie de lijst bij de velden.' },
    en: { title: 'Invalid input', detail: 'One or more fields are wrong; see the list by field.' },
  },
  'malformed-request': {
    status: 400,
    nl: { title: 'Onleesbaar verzoek', detail: 'Het verzoek kon niet worden gelezen. Controleer de vorm ervan aan de hand van /api/docs.' },
    en: { title: 'Unreadable request', detail: 'The request could not be read. Check its form against /api/docs.' },
  },
  'not-found': {
    status: 404,
    nl: { title: 'Niet gevonden', detail: 'Dit adres bestaat niet. Ga terug naar de lijst.' },
    en: { title: 'Not found', detail: 'There is nothing at this address. Go back to the list.' },
  },
  'unknown-user': {
    status: 404,
    nl: { title: 'Onbekende gebruiker', detail: 'Deze gebruiker bestaat niet (meer) in Inventive. Ververs de lijst.' },
    en: { title: 'Unknown user', detail: 'This user is not (or no longer) in Inventive. Refresh the list.' },
  },
  'unknown-source': {
    status: 404,
    nl: { title: 'Onbekende bron', detail: 'Deze Inventive-server staat niet in de instellingen van de console.' },
    en: { title: 'Unknown source', detail: "This Inventive server is not in the console's settings." },
  },
  'unknown-administration': {
    status: 400,
    nl: { title: 'Onbekende administratie', detail: 'Deze administratie bestaat niet in Inventive. Kies er een uit de lijst.' },
    en: { title: 'Unknown administration', detail: 'This administration is not in Inventive. Choose one from the list.' },
  },
  'source-locked': {
    status: 409,
    nl: { title: 'Inventive-server vergrendeld', detail: 'Deze Inventive-server is een andere dan voorheen. Geef eerst aan of hij verhuisd is of een kopie (bovenaan de lijst).' },
    en: { title: 'Inventive server locked', detail: 'This Inventive server is another than before. First say whether it has moved or is a copy (above the list).' },
  },
  'not-locked': {
    status: 409,
    nl: { title: 'Niet vergrendeld', detail: 'Deze Inventive-server is de bekende: er valt niets te kiezen. Ververs de lijst.' },
    en: { title: 'Not locked', detail: 'This Inventive server is the known one: there is nothing to decide. Refresh the list.' },
  },
  'not-linked': {
    status: 404,
    nl: { title: 'Niet gekoppeld', detail: 'Deze gebruiker heeft geen gekoppeld Google-account.' },
    en: { title: 'Not linked', detail: 'This user has no linked Google account.' },
  },
  'needs-consent': {
    status: 409,
    nl: { title: 'Toestemming verlopen', detail: 'Google accepteert de toestemming van deze gebruiker niet meer. Koppel het Google-account opnieuw; daarbij kan de agenda worden gekozen.' },
    en: { title: 'Consent has ended', detail: "Google no longer accepts this user's consent. Link the Google account again; the calendar can be chosen then." },
  },
  'unknown-calendar': {
    status: 400,
    nl: { title: 'Agenda niet te kiezen', detail: 'Deze agenda staat niet (meer) bij het Google-account, of is alleen-lezen. Ververs de lijst en kies een andere.' },
    en: { title: 'Calendar cannot be chosen', detail: 'This calendar is not (or no longer) with the Google account, or is read-only. Refresh the list and choose another.' },
  },
  'calendar-taken': {
    status: 409,
    nl: { title: 'Agenda van een ander', detail: 'Deze gedeelde agenda blijft al gelijk voor een andere gebruiker. Twee gebruikers in één agenda zouden elkaars afspraken krijgen: kies een andere, of laat eerst bij die gebruiker een andere kiezen.' },
    en: { title: 'Calendar of another user', detail: "This shared calendar is kept in step for another user already. Two users in one calendar would get each other's appointments: choose another, or have another one chosen for that user first." },
  },
  'no-calendars': {
    status: 409,
    nl: { title: 'Agenda’s niet te lezen', detail: 'Google weigert de lijst van agenda’s van dit account. Controleer of Google Agenda voor het account aan staat.' },
    en: { title: 'Calendars cannot be read', detail: "Google refuses the list of this account's calendars. Check that Google Calendar is on for the account." },
  },
  'not-held': {
    status: 409,
    nl: { title: 'Er wordt niets tegengehouden', detail: 'Deze koppeling wordt niet door de rem tegengehouden; er is niets te bevestigen.' },
    en: { title: 'Nothing is held', detail: 'The brake does not hold this account; there is nothing to agree to.' },
  },
  'account-not-live': {
    status: 409,
    nl: { title: 'Koppeling niet actief', detail: 'Dit kan pas als de koppeling actief is. Zet haar aan of los op wat haar ophoudt, en probeer het opnieuw.' },
    en: { title: 'Account not live', detail: 'This is possible once the account is live. Switch it on, or settle what it waits for, and try again.' },
  },
  'no-open-question': {
    status: 404,
    nl: { title: 'Al beantwoord', detail: 'Over dit item hoeft niets meer te worden beslist: iemand anders kan al geantwoord hebben. Wat er nog te kiezen is, staat in de lijst.' },
    en: { title: 'Answered already', detail: 'There is nothing more to decide about this item: somebody else may have answered. What is left to choose stands in the list.' },
  },
  'already-paired': {
    status: 409,
    nl: { title: 'Al gekoppeld', detail: 'Een van deze items hoort inmiddels bij een ander. Wat er nog te kiezen is, staat in de lijst.' },
    en: { title: 'Already joined', detail: 'One of these items belongs to another by now. What is left to choose stands in the list.' },
  },
  'not-restorable': {
    status: 409,
    nl: { title: 'Niet terug te zetten', detail: 'Dit kan niet vanzelf worden teruggezet. Voer het zelf opnieuw in, in Inventive of in Google.' },
    en: { title: 'Cannot be restored', detail: 'This cannot be put back by itself. Enter it again, in Inventive or in Google.' },
  },
  'nothing-to-restore-in': {
    status: 409,
    nl: { title: 'Afspraak bestaat niet meer', detail: 'De afspraak staat niet (meer) in Inventive, dus er kan niets in worden teruggezet.' },
    en: { title: 'Appointment is gone', detail: 'The appointment is not (or no longer) in Inventive, so nothing can be put back in it.' },
  },
  'restore-in-quarantine': {
    status: 409,
    nl: { title: 'Afspraak staat stil', detail: 'Deze afspraak werd steeds heen en weer geschreven en is stilgezet. Geef haar eerst vrij in de lijst van afspraken, en zet de waarde daarna terug.' },
    en: { title: 'Appointment is stopped', detail: 'This appointment was written to and fro and has been stopped. Release it first in the list of appointments, then put the value back.' },
  },
  'restore-in-other-administration': {
    status: 409,
    nl: { title: 'Andere administratie', detail: 'Deze afspraak hoort bij een andere administratie dan de gekozen. Zet de gebruiker terug naar die administratie, of verander de waarde in Inventive zelf.' },
    en: { title: 'Other administration', detail: 'This appointment belongs to another administration than the chosen one. Set the user back to that one, or change the value in Inventive itself.' },
  },
  'inventive-unreachable': {
    status: 503,
    nl: { title: 'Inventive niet bereikbaar', detail: 'Inventive-server {source} antwoordt niet. Controleer of hij draait en probeer het opnieuw.' },
    en: { title: 'Inventive unreachable', detail: 'Inventive server {source} does not answer. Check that it runs, then try again.' },
  },
  'google-unreachable': {
    status: 503,
    nl: { title: 'Google niet bereikbaar', detail: 'Google antwoordt niet. Probeer het over een minuut opnieuw.' },
    en: { title: 'Google unreachable', detail: 'Google does not answer. Try again in a minute.' },
  },
  unavailable: {
    status: 503,
    nl: { title: 'Tijdelijk niet beschikbaar', detail: 'De gegevensopslag antwoordt niet. Probeer het over een minuut opnieuw; blijft het zo, bekijk dan /health.' },
    en: { title: 'Temporarily unavailable', detail: 'The data store does not answer. Try again in a minute; if it stays so, look at /health.' },
  },
  unexpected: {
    status: 500,
    nl: { title: 'Onverwachte fout', detail: 'Er ging iets mis dat niet had mogen gebeuren. Probeer het opnieuw; de oorzaak staat in het logboek van de console.' },
    en: { title: 'Unexpected error', detail: "Something went wrong that should not. Try again; the cause is in the console's log." },
  },
} as const satisfies Record<string, ProblemDeclaration>;

export type ProblemCode = keyof typeof PROBLEMS;
