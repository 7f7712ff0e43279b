import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PagesUnderTest } from './pages-under-test.js';

export function describeUsersPage(at: PagesUnderTest): void {
  it('a wrong password is refused in words, the right one opens the list', async () => {
    await at.page.goto(at.under.url);
    await at.page.getByLabel('Wachtwoord').fill('verkeerd');
    await at.page.getByRole('button', { name: 'Aanmelden' }).click();
    await at.page.getByRole('alert').getByText('Aanmelden mislukt').waitFor();
    await at.shoot('login-refused');
    await at.login();
    expect(await at.page.getByRole('heading', { level: 1 }).textContent()).toBe('Google Agenda Instellingen');
    expect(await at.row('visser').getByText('Niet gekoppeld').count()).toBe(1);
    await at.shoot('users-unlinked');
  });

  it('an account is linked through Google’s own page, and its state shows', async () => {
    await at.login();
    await at.row('jansen').getByRole('button', { name: /Koppel Google-account/ }).click();
    await at.page.getByRole('heading', { name: 'Choose an account' }).waitFor();
    await at.page.getByRole('button', { name: 'Continue' }).click();
    await at.page.getByText('Gekoppeld aan jansen@example.com. De agenda’s worden nu naast elkaar gelegd.').waitFor();
    await at.shoot('user-linked');
    await at.page.getByRole('link', { name: /Terug naar de lijst/ }).click();
    await at.row('jansen').getByText('Wordt ingelezen').first().waitFor();
    expect(await at.page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
  });

  it('another address is explained and linked after a confirmation', async () => {
    await at.login();
    await at.row('bakker').getByRole('button', { name: /Koppel Google-account/ }).click();
    await at.page.getByLabel('Another e-mail').last().fill('zoe@prive.example');
    await at.page.locator('input[name=account][value=other]').check();
    await at.page.getByRole('button', { name: 'Continue' }).click();
    await at.page.getByText('Gekozen is zoe@prive.example, verwacht werd bakker@example.com', { exact: false }).waitFor();
    await at.shoot('user-unexpected-address');
    await at.page.getByRole('button', { name: 'Toch koppelen aan zoe@prive.example' }).click();
    await at.page.getByRole('button', { name: 'Continue' }).click();
    await at.page.getByText('Gekoppeld aan zoe@prive.example. De agenda', { exact: false }).waitFor();
  });

  it('a personal link is made here and followed in another browser', async () => {
    await at.login();
    await at.row('visser').getByRole('button', { name: /Maak koppelverzoek/ }).click();
    const url = await at.page.getByLabel(/Persoonlijke link voor/).last().inputValue();
    await at.shoot('invitation');
    const guestContext = await at.browser.newContext({ locale: 'nl-NL' });
    const guest = await guestContext.newPage();
    await guest.goto(url);
    await guest.getByText('Kies bij Google het account visser@example.com', { exact: false }).waitFor();
    if (process.env['SCREENSHOTS'] !== undefined) await guest.screenshot({ path: join(process.env['SCREENSHOTS'], 'guest.png') });
    await guest.getByRole('button', { name: 'Koppel Google-account' }).click();
    await guest.getByRole('button', { name: 'Continue' }).click();
    await guest.getByText('Gelukt: uw Inventive-agenda is gekoppeld aan visser@example.com', { exact: false }).waitFor();
    if (process.env['SCREENSHOTS'] !== undefined) await guest.screenshot({ path: join(process.env['SCREENSHOTS'], 'guest-done.png') });
    await guestContext.close();
    await at.page.reload();
    await at.row('visser').getByText('Wordt ingelezen').first().waitFor();
  });

  it('English, dark and narrow work as well', async () => {
    await at.page.emulateMedia({ colorScheme: 'dark' });
    await at.login();
    await at.page.getByLabel('Taal').selectOption('en');
    await at.page.getByRole('heading', { name: 'Google Calendar settings' }).waitFor();
    expect(await at.page.evaluate<string>('document.documentElement.lang')).toBe('en');
    await at.shoot('users-dark-english');
    await at.page.setViewportSize({ width: 380, height: 800 });
    expect(await at.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
    await at.shoot('users-narrow');
    await at.page.getByRole('button', { name: 'Log out' }).click();
    await at.page.getByRole('heading', { name: 'Log in' }).waitFor();
    at.forgetSession();
  });
}
