import type { Language } from '../problems/problem.js';
import type { LinkResultCode } from './link-journey.js';

type Text = Readonly<Record<Language, string>>;

/** What the page says to the person who followed a personal link; the console's own pages have the same in their dictionary. */
export const LINK_TEXTS: Readonly<Record<LinkResultCode, Text>> = {
  linked: { nl: 'Gelukt: uw Inventive-agenda is gekoppeld aan {email}. U kunt dit venster sluiten.', en: 'Done: your Inventive agenda is linked to {email}. You can close this window.' },
  resumed: { nl: 'Gelukt: de koppeling met {email} loopt weer. U kunt dit venster sluiten.', en: 'Done: the link with {email} is running again. You can close this window.' },
  denied: { nl: 'U hebt bij Google geen toestemming gegeven. Open de persoonlijke link opnieuw als u alsnog wilt koppelen.', en: 'You did not give consent at Google. Open the personal link again if you want to link after all.' },
  'missing-scopes': { nl: 'Bij Google is niet alles aangevinkt wat nodig is. Open de link opnieuw en vink beide agendarechten aan (ontbreekt: {scopes}).', en: 'Not every needed box was ticked at Google. Open the link again and tick both calendar permissions (missing: {scopes}).' },
  'unexpected-address': { nl: 'U koos het Google-account {actual}, maar verwacht werd {expected}. Open de link opnieuw en kies het juiste account, of vraag uw beheerder om {actual} toe te staan.', en: 'You chose the Google account {actual}, but {expected} was expected. Open the link again and choose the right account, or ask your administrator to allow {actual}.' },
  'user-has-other-account': { nl: 'Uw agenda is al gekoppeld aan {email}. Vraag uw beheerder die koppeling eerst te verbreken.', en: 'Your agenda is linked to {email} already. Ask your administrator to end that link first.' },
  'google-account-taken': { nl: 'Dit Google-account is al gekoppeld aan {by}. Kies een ander account.', en: 'This Google account is linked to {by} already. Choose another account.' },
  'calendar-taken': { nl: 'Deze Google-agenda is gedeeld en blijft al gelijk voor {by}. Open de link opnieuw en kies een andere agenda.', en: 'This Google calendar is shared and is kept in step for {by} already. Open the link again and choose another calendar.' },
  'no-refresh-token': { nl: 'Google gaf geen blijvende toestemming. Open de link opnieuw.', en: 'Google gave no lasting consent. Open the link again.' },
  'no-calendar': { nl: 'De agenda van {email} kon niet worden gelezen. Controleer of Google Agenda voor dit account aan staat en open de link opnieuw.', en: 'The calendar of {email} could not be read. Check that Google Calendar is on for this account and open the link again.' },
  'google-refused': { nl: 'Google weigerde de koppeling ({error}). Open de link opnieuw; blijft het zo, waarschuw dan uw beheerder.', en: 'Google refused the link ({error}). Open the link again; if it stays so, tell your administrator.' },
  'google-unreachable': { nl: 'Google antwoordt niet. Probeer het over een minuut opnieuw.', en: 'Google does not answer. Try again in a minute.' },
  'inventive-unreachable': { nl: 'Inventive antwoordt niet. Probeer het over een minuut opnieuw.', en: 'Inventive does not answer. Try again in a minute.' },
  'unknown-user': { nl: 'Uw gebruiker is niet (meer) bekend in Inventive. Waarschuw uw beheerder.', en: 'Your user is not (or no longer) known in Inventive. Tell your administrator.' },
  'invitation-spent': { nl: 'Deze persoonlijke link is al gebruikt of verlopen. Vraag uw beheerder om een nieuwe.', en: 'This personal link was used or has expired. Ask your administrator for a new one.' },
  expired: { nl: 'De koppeling duurde te lang. Begin opnieuw.', en: 'Linking took too long. Begin again.' },
  'unknown-state': { nl: 'Dit antwoord van Google hoort niet bij een lopende koppeling, of het is al gebruikt. Begin opnieuw.', en: "This answer of Google belongs to no link in progress, or was used already. Begin again." },
  'other-browser': { nl: 'Deze koppeling is in een andere browser begonnen. Begin opnieuw in deze browser.', en: 'This link was begun in another browser. Begin again in this browser.' },
};

export const PAGE_TEXTS = {
  title: { nl: 'Google Agenda koppelen', en: 'Link Google Calendar' },
  invitation: { nl: '{name}, met deze persoonlijke link koppelt u uw agenda in Inventive aan uw Google Agenda. Kies bij Google het account {email} en vink beide agendarechten aan.', en: '{name}, with this personal link you connect your agenda in Inventive to your Google Calendar. Choose the account {email} at Google and tick both calendar permissions.' },
  button: { nl: 'Koppel Google-account', en: 'Link Google account' },
  choose: { nl: 'Het Google-account {email} heeft meer dan één agenda. Kies welke gelijk blijft met uw agenda in Inventive; in de andere wordt niets gelezen of gewijzigd.', en: 'The Google account {email} has more than one calendar. Choose which one is kept in step with your agenda in Inventive; nothing is read or changed in the others.' },
  formerIsGone: { nl: 'De agenda van {email} die gelijk bleef met Inventive is er niet meer, of is alleen-lezen. Kies met welke u verdergaat; in de andere wordt niets gelezen of gewijzigd.', en: 'The calendar of {email} that was kept in step with Inventive is gone, or read-only. Choose which one to go on with; nothing is read or changed in the others.' },
  calendars: { nl: 'Google-agenda', en: 'Google calendar' },
  primary: { nl: 'hoofdagenda', en: 'primary calendar' },
  chooseButton: { nl: 'Deze agenda koppelen', en: 'Link this calendar' },
} as const satisfies Record<string, Text>;
