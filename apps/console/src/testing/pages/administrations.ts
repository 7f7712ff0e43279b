import { expect, it } from 'vitest';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

export function describeAdministrations(at: PagesUnderTest): void {
  const openFirst = async (): Promise<void> => {
    await at.login();
    await at.page.getByRole('link', { name: 'Administraties' }).click();
    await at.page.getByRole('table').waitFor();
    await at.page.getByRole('rowheader').first().getByRole('link').click();
    await at.page.getByLabel('Verwijderd in Inventive', { exact: true }).waitFor();
  };
  const chosen = async (label: string): Promise<string> => (await at.page.getByLabel(label, { exact: true }).locator('option:checked').textContent()) ?? '';

  it('administrations are listed, and set with the keyboard alone', async () => {
    await at.login();
    await at.page.getByRole('link', { name: 'Administraties' }).click();
    await at.page.getByText('Alles standaard').first().waitFor();
    await at.shoot('administrations');
    const first = at.page.getByRole('rowheader').first().getByRole('link');
    await at.tabTo(first);
    await at.page.keyboard.press('Enter');
    const toGoogle = at.page.getByLabel('Verwijderd in Inventive', { exact: true });
    await at.tabTo(toGoogle);
    expect(await chosen('Verwijderd in Inventive')).toBe('Standaard: Verwijderen in Google');
    await at.page.keyboard.press('ArrowDown');
    await at.page.keyboard.press('ArrowDown');
    expect(await toGoogle.inputValue()).toBe('mark');
    await at.tabTo(at.page.getByLabel('Eigen kleuren'));
    await at.page.keyboard.press('Space');
    await at.page.getByText('Geen Soort krijgt een kleur.').waitFor();
    await at.tabTo(at.page.getByRole('button', { name: 'Soort toevoegen' }));
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Geef bij elke kleur een Soort.').waitFor();
    await at.shoot('administration-wrong');
    await at.page.getByLabel('Soort', { exact: true }).fill('Bezoek');
    await at.page.getByLabel('Kleur', { exact: true }).selectOption('11');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByText(/^Opgeslagen\./).waitFor();
    await at.shoot('administration-saved');
    await at.page.reload();
    expect(await at.page.getByLabel('Verwijderd in Inventive', { exact: true }).inputValue()).toBe('mark');
    expect([await at.page.getByLabel('Soort', { exact: true }).inputValue(), await at.page.getByLabel('Kleur', { exact: true }).inputValue()]).toEqual(['Bezoek', '11']);
    await at.page.getByRole('link', { name: /Alle administraties/ }).click();
    await at.page.getByText('Eigen regels: 2').waitFor();
    expect(await at.page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
  });

  it('the fields of the description are chosen and put in order by name, with the keyboard', async () => {
    await openFirst();
    await at.page.getByText('Standaard: Opmerking, Relatie, Contactpersoon, Project').waitFor();
    const own = at.page.getByLabel('Eigen keuze van velden');
    await own.press('Space');
    const fields = async () => at.page.locator('.ordered li > span:first-child').allTextContents();
    await at.page.getByRole('button', { name: 'Opmerking omlaag' }).press('Enter');
    await at.page.keyboard.press('Enter');
    expect(await fields()).toEqual(['Relatie', 'Contactpersoon', 'Opmerking', 'Project']);
    await at.page.getByRole('button', { name: 'Weghalen Contactpersoon' }).press('Enter');
    expect(await own.and(at.page.locator(':focus')).count()).toBe(1);
    await at.page.getByLabel('Veld toevoegen').selectOption({ label: 'Plaats' });
    await at.shoot('administration-fields');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).click();
    await at.page.getByText(/^Opgeslagen\./).waitFor();
    await at.page.reload();
    await own.waitFor();
    expect(await fields()).toEqual(['Relatie', 'Opmerking', 'Project', 'Plaats']);
    await own.uncheck();
    await at.page.getByRole('button', { name: 'Regels bewaren' }).click();
    await at.page.getByText(/^Opgeslagen\./).waitFor();
  });

  it('two who change different rules at once both keep what they changed', async () => {
    await openFirst();
    const other = await at.page.context().newPage();
    await other.goto(at.page.url());
    await other.getByLabel('Privéafspraken').selectOption('full');
    await at.page.getByLabel('Aan beide kanten gewijzigd').selectOption('google-wins');
    for (const page of [at.page, other]) {
      await page.getByRole('button', { name: 'Regels bewaren' }).click();
      await page.getByText(/^Opgeslagen\./).waitFor();
    }
    // The later one sees it too, without a reload.
    expect(await other.getByLabel('Aan beide kanten gewijzigd').inputValue()).toBe('google-wins');
    await other.close();
    await at.page.reload();
    expect(await at.page.getByLabel('Privéafspraken').inputValue()).toBe('full');
    expect(await at.page.getByLabel('Aan beide kanten gewijzigd').inputValue()).toBe('google-wins');
  });

  it('mail to guests is warned of, and what Inventive lost is said', async () => {
    await openFirst();
    await at.page.getByLabel('Deelnemers naar Google').selectOption('mail');
    await at.page.getByText(/Google stuurt dan e-mail/).waitFor();
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('administration-narrow');
    await at.page.goto(`${at.under.url}/administraties/demo/${'F'.repeat(32)}`);
    await at.page.getByText('Deze administratie staat niet in de lijst.', { exact: false }).waitFor();
  });

  it('a user’s rules show what the administration says, can differ, and go back to it', async () => {
    await openFirst();
    const administrationId = at.page.url().split('/').at(-1) ?? '';
    await at.page.getByLabel('Verwijderd in Google', { exact: true }).selectOption('keep');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).click();
    await at.page.getByText(/^Opgeslagen\./).waitFor();
    await at.page.getByRole('link', { name: 'Google Agenda Instellingen' }).click();
    await at.row('visser').getByRole('link', { name: /Instellingen van/ }).click();
    await at.page.getByLabel('Administratie', { exact: true }).selectOption(administrationId);
    await at.page.getByRole('button', { name: 'Opslaan' }).click();
    await at.page.getByText('Opgeslagen.').waitFor();
    await at.page.getByText('Zoals de administratie: In Inventive laten staan zoals hij is').first().waitFor({ state: 'attached' });
    expect(await chosen('Verwijderd in Google')).toBe('Zoals de administratie: In Inventive laten staan zoals hij is');
    await at.page.getByLabel('Verwijderd in Google', { exact: true }).selectOption('mark');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).click();
    await at.page.getByText('Opgeslagen.').last().waitFor();
    await at.page.reload();
    const own = at.page.getByLabel('Verwijderd in Google', { exact: true });
    await own.waitFor();
    expect(await own.inputValue()).toBe('mark');
    await at.shoot('user-rules');
    await own.selectOption('');
    await at.page.getByRole('button', { name: 'Regels bewaren' }).click();
    await at.page.getByText('Opgeslagen.').waitFor();
    await at.page.reload();
    await own.waitFor();
    expect(await chosen('Verwijderd in Google')).toBe('Zoals de administratie: In Inventive laten staan zoals hij is');
  });

  it('stand in English too', async () => {
    await openFirst();
    await at.page.getByLabel('Taal').selectOption('en');
    await at.page.getByRole('button', { name: 'Save rules' }).waitFor();
    await at.page.getByText('Default: As guests, without e-mail').or(at.page.getByText('Default: Not')).first().waitFor({ state: 'attached' });
    await at.page.getByLabel('Language').selectOption('nl');
  });
}
