import { beforeAll, expect, it } from 'vitest';
import { agendaOf, type Agenda } from './agenda.js';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

const BOTH = /\b(?:404|409)\b/;

export function describeQuestions(at: PagesUnderTest): void {
  let agenda: Agenda;
  beforeAll(async () => {
    agenda = await agendaOf(at.under, 'jansen');
  });
  const question = (subject: string) => at.page.getByRole('region', { name: subject });
  const open = async (): Promise<void> => {
    await at.login();
    await at.page.goto(agenda.address('vragen'));
    await at.page.getByRole('heading', { name: 'Wat hoort bij elkaar?' }).waitFor();
  };

  it('say that all is well where there are none', async () => {
    await open();
    await at.page.getByText('Alles in orde: van elke afspraak is duidelijk waar hij bij hoort.').waitFor();
    await at.shoot('questions-none');
    await at.page.getByRole('link', { name: 'Vragen', exact: true }).first().click();
    await at.page.getByText('Alles in orde: bij geen enkele gebruiker staat een vraag open.').waitFor();
  });

  it('are answered with the keyboard alone: these two belong together', async () => {
    await agenda.question('Overleg Noord', 1);
    await open();
    const group = question('Overleg Noord');
    await group.getByText('1 in Inventive, 2 in Google', { exact: false }).waitFor();
    expect(await group.getByRole('button', { name: 'Deze twee horen bij elkaar' }).isDisabled()).toBe(true);
    await at.shoot('question-open');
    await at.page.getByRole('heading', { level: 1 }).focus();
    // The row is the only one of its side; of the events the second one is chosen, by the arrow.
    await at.tabTo(group.getByRole('radio').nth(1));
    await at.page.keyboard.press('ArrowDown');
    expect(await group.getByRole('radio').nth(2).isChecked()).toBe(true);
    await at.tabTo(group.getByRole('button', { name: 'Deze twee horen bij elkaar' }));
    await at.shoot('question-chosen');
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('status').getByText('Vastgelegd: deze twee zijn nu één afspraak.').waitFor();
    expect(await agenda.questionsLeft()).toBe(1);
    // What is left of the group is asked about by itself.
    await question('Overleg Noord').getByText('De anderen zijn al gekozen.', { exact: false }).waitFor();
    await at.shoot('question-left');
    await question('Overleg Noord').getByRole('button', { name: 'Staat op zichzelf: zet ook in Inventive' }).click();
    await at.page.getByText('Vastgelegd: deze afspraak wordt ook in Inventive gezet.').waitFor();
    await at.page.getByText('Alles in orde', { exact: false }).waitFor();
    expect(await agenda.questionsLeft()).toBe(0);
  });

  it('are denied only after what that does was read', async () => {
    await agenda.question('Overleg Zuid', 2, { rows: 2, events: 1 });
    await open();
    await question('Overleg Zuid').getByRole('button', { name: 'Ze horen niet bij elkaar' }).click();
    await at.page.getByText('2 nieuwe in Google, 1 nieuwe in Inventive', { exact: false }).waitFor();
    expect(await at.page.evaluate<string>('document.activeElement.textContent')).toBe('Annuleren');
    await at.shoot('question-deny');
    await at.page.getByRole('button', { name: 'Annuleren' }).click();
    expect(await agenda.questionsLeft()).toBe(3);
    await question('Overleg Zuid').getByRole('button', { name: 'Ze horen niet bij elkaar' }).click();
    await at.page.getByRole('button', { name: 'Ja, allemaal apart' }).click();
    await at.page.getByText('Vastgelegd: ze horen niet bij elkaar.', { exact: false }).waitFor();
    expect(await agenda.questionsLeft()).toBe(0);
  });

  it('that somebody else has answered meanwhile say so, and a private one shows no subject', async () => {
    at.expected = BOTH;
    await agenda.question('Ziekenhuis', 3, { fields: { privacy: 'private' } });
    await open();
    const group = question('Privéafspraak');
    await group.waitFor();
    expect(await at.page.content()).not.toContain('Ziekenhuis');
    await agenda.unpaired.remove(agenda.account, 'google', 'question3x0');
    await group.getByRole('radio').nth(1).check();
    await group.getByRole('button', { name: 'Deze twee horen bij elkaar' }).click();
    await at.page.getByRole('alert').getByText('iemand anders kan al geantwoord hebben', { exact: false }).waitFor();
    await at.shoot('question-answered-elsewhere');
    expect(await agenda.questionsLeft()).toBe(2);
  });

  it('of all users stand on one page, and the list leads to them', async () => {
    const other = await agendaOf(at.under, 'devries');
    await other.question('Een heel lang onderwerp dat niemand ooit zo zou bedenken, met eenwoordzonderspatiesdatopeentelefoonnietpastennietmagwordenafgesneden '.repeat(2).trim(), 4, { events: 3 });
    await at.login();
    await at.page.getByRole('link', { name: 'Beantwoord de vragen' }).click();
    await at.page.getByRole('heading', { level: 1, name: 'Vragen' }).waitFor();
    await at.page.getByRole('region', { name: 'Pieter de Vries' }).getByRole('button', { name: 'Deze twee horen bij elkaar' }).waitFor();
    expect(await at.page.getByRole('region', { name: 'Anneke Jansen' }).getByRole('radio').count()).toBe(2);
    await at.shoot('questions-of-all');
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('questions-narrow');
    await at.page.getByLabel('Taal').selectOption('en');
    await at.page.getByRole('button', { name: 'These two belong together' }).first().waitFor();
    await at.shoot('questions-narrow-english');
  });
}
