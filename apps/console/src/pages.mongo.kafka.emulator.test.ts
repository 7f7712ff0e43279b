import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KafkaMessagePublisher } from '@calsync/event-log';
import { consoleUnderTest, type ConsoleUnderTest } from './testing/console-under-test.js';
import { chromiumPath } from './testing/chromium.js';

if (chromiumPath === undefined) console.warn('no Chromium on this machine (CHROMIUM may name one): the pages are not tried');

describe.skipIf(chromiumPath === undefined)('the pages, in a browser', () => {
  let under: ConsoleUnderTest;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];

  beforeAll(async () => {
    if (!existsSync(new URL('../../console-web/dist/index.html', import.meta.url))) throw new Error('the pages are not built: npx nx build @calsync/console-web');
    under = await consoleUnderTest();
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await under?.close();
  }, 60_000);

  beforeEach(async () => {
    troubles = [];
    context = await browser.newContext({ locale: 'nl-NL', viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Amsterdam' });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    // A refused script or style shows here, an exception of a page too. The 401 that asks whether somebody is logged in is no trouble.
    page.on('console', (message) => {
      const ours = message.location().url.startsWith(under.url);
      if (ours && message.type() === 'error' && !message.text().includes('401')) troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
  });
  afterEach(async () => {
    if (troubles.length > 0) throw new Error(`the browser complained: ${troubles.join('; ')}`);
    await context.close();
  });

  const shoot = async (name: string): Promise<void> => {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };
  const login = async (): Promise<void> => {
    await page.goto(under.url);
    await page.getByLabel('Wachtwoord').fill(under.printed[0] ?? '');
    await page.getByRole('button', { name: 'Aanmelden' }).click();
    await page.getByRole('table').first().waitFor();
  };
  const row = (loginName: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: loginName }) });

  it('a wrong password is refused in words, the right one opens the list', async () => {
    await page.goto(under.url);
    await page.getByLabel('Wachtwoord').fill('verkeerd');
    await page.getByRole('button', { name: 'Aanmelden' }).click();
    await page.getByRole('alert').getByText('Aanmelden mislukt').waitFor();
    await shoot('login-refused');
    await login();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Google Agenda Instellingen');
    expect(await row('visser').getByText('Niet gekoppeld').count()).toBe(1);
    await shoot('users-unlinked');
  });

  it('an account is linked through Google’s own page, and its state shows', async () => {
    await login();
    await row('jansen').getByRole('button', { name: /Koppel Google-account/ }).click();
    await page.getByRole('heading', { name: 'Choose an account' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Gekoppeld aan jansen@example.com. De agenda’s worden nu naast elkaar gelegd.').waitFor();
    await shoot('user-linked');
    await page.getByRole('link', { name: /Terug naar de lijst/ }).click();
    await row('jansen').getByText('Wordt ingelezen').first().waitFor();
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
  });

  it('another address is explained and linked after a confirmation', async () => {
    await login();
    await row('bakker').getByRole('button', { name: /Koppel Google-account/ }).click();
    await page.getByLabel('Another e-mail').last().fill('zoe@prive.example');
    await page.locator('input[name=account][value=other]').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Gekozen is zoe@prive.example, verwacht werd bakker@example.com', { exact: false }).waitFor();
    await shoot('user-unexpected-address');
    await page.getByRole('button', { name: 'Toch koppelen aan zoe@prive.example' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Gekoppeld aan zoe@prive.example. De agenda', { exact: false }).waitFor();
  });

  it('settings are checked and saved, with the keyboard alone', async () => {
    await login();
    await row('devries').getByRole('link', { name: /Instellingen van/ }).focus();
    await page.keyboard.press('Enter');
    const before = page.getByLabel('Dagen voor vandaag');
    await before.waitFor();
    await before.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('veel');
    await page.keyboard.press('Enter');
    await page.getByText('Geef een heel getal van 0 tot en met 3650.').waitFor();
    expect(await before.getAttribute('aria-invalid')).toBe('true');
    await shoot('settings-wrong');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('14');
    // On to the next fields by Tab, in the order in which they stand.
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('60');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SELECT');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.type')).toBe('checkbox');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByLabel('Richting').inputValue()).toBe('to-google');
    await page.getByRole('button', { name: 'Opslaan' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Opgeslagen.').waitFor();
    await page.reload();
    expect(await page.getByLabel('Dagen voor vandaag').inputValue()).toBe('14');
    expect(await page.getByLabel('Dagen na vandaag').inputValue()).toBe('60');
    expect(await page.getByLabel('Richting').inputValue()).toBe('to-google');
    await shoot('settings-saved');
  });

  it('a personal link is made here and followed in another browser', async () => {
    await login();
    await row('visser').getByRole('button', { name: /Maak koppelverzoek/ }).click();
    const url = await page.getByLabel(/Persoonlijke link voor/).last().inputValue();
    await shoot('invitation');
    const guestContext = await browser.newContext({ locale: 'nl-NL' });
    const guest = await guestContext.newPage();
    await guest.goto(url);
    await guest.getByText('Kies bij Google het account visser@example.com', { exact: false }).waitFor();
    if (process.env['SCREENSHOTS'] !== undefined) await guest.screenshot({ path: join(process.env['SCREENSHOTS'], 'guest.png') });
    await guest.getByRole('button', { name: 'Koppel Google-account' }).click();
    await guest.getByRole('button', { name: 'Continue' }).click();
    await guest.getByText('Gelukt: uw Inventive-agenda is gekoppeld aan visser@example.com', { exact: false }).waitFor();
    if (process.env['SCREENSHOTS'] !== undefined) await guest.screenshot({ path: join(process.env['SCREENSHOTS'], 'guest-done.png') });
    await guestContext.close();
    await page.reload();
    await row('visser').getByText('Wordt ingelezen').first().waitFor();
  });

  it('a change that crosses shows without a reload, by the user’s name', async () => {
    await login();
    await page.getByText('Live', { exact: true }).waitFor();
    const account = await under.connection.collection('accounts').findOne({ loginName: 'jansen' });
    const publisher = new KafkaMessagePublisher({ brokers: under.brokers, clientId: 'test', topicPrefix: under.prefix });
    const outcome = { pairId: 'pair', revision: 1, accountId: String(account?._id), source: 'demo', at: new Date().toISOString() };
    await publisher.connect();
    await publisher.publish([
      { type: 'nl.inventive.sync.applied.v1', id: 'live-1', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, side: 'google', act: 'update', fields: ['subject', 'when'], latencyMs: 84.2 } },
      { type: 'nl.inventive.sync.held.v1', id: 'live-2', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, reason: 'series-not-supported' } },
      { type: 'nl.inventive.sync.conflict.v1', id: 'live-3', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, field: 'location', winner: 'google' } },
      { type: 'nl.inventive.sync.applied.v1', id: 'live-4', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, side: 'inventive', act: 'create', fields: [], latencyMs: 120 } },
    ]);
    await publisher.close();
    const line = page.getByRole('row').filter({ hasText: 'Bijgewerkt in Google' });
    await line.waitFor();
    expect(await line.textContent()).toMatch(/Anneke Jansen.*onderwerp, tijd.*84 ms/);
    await page.getByText('herhaalreeks die niet te lezen of te groot is', { exact: false }).waitFor();
    await shoot('users-changes');
  });

  it('English, dark and narrow work as well', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await login();
    await page.getByLabel('Taal').selectOption('en');
    await page.getByRole('heading', { name: 'Google Calendar settings' }).waitFor();
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('en');
    await shoot('users-dark-english');
    await page.setViewportSize({ width: 380, height: 800 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
    await shoot('users-narrow');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  it('the API’s own page works under the same policy', async () => {
    await login();
    await page.goto(`${under.url}/api/docs`);
    await page.getByText('Begin linking a Google account', { exact: false }).waitFor();
    await shoot('api-docs');
  });
});
