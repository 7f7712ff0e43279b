import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { chromiumPath } from '../chromium.js';
import { consoleUnderTest, type ConsoleUnderTest } from '../console-under-test.js';

/** Seals what the console stores: the tests store beside it. */
export const MASTER_KEYS = `1:${Buffer.alloc(32, 5).toString('base64')}`;
/** What the rules of our pages can't see: the size of a phone. */
export const NARROW = { width: 380, height: 800 };

/** One console and one browser for all pages; a fresh page for each test. Members are there while a test runs. */
export class PagesUnderTest {
  under!: ConsoleUnderTest;
  browser!: Browser;
  page!: Page;
  #context!: BrowserContext;
  #session: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
  #troubles: string[] = [];
  /** Refusals that a test brings about are no trouble. */
  expected: RegExp | undefined;

  /** Call where the tests are described. */
  begin(): void {
    beforeAll(async () => {
      if (!existsSync(new URL('../../../../console-web/dist/index.html', import.meta.url))) throw new Error('the pages are not built: npx nx build @calsync/console-web');
      this.under = await consoleUnderTest({ MASTER_KEYS });
      this.browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
    }, 120_000);
    afterAll(async () => {
      await this.browser?.close();
      await this.under?.close();
    }, 60_000);
    beforeEach(async () => {
      this.#troubles = [];
      this.expected = undefined;
      this.#context = await this.browser.newContext({ locale: 'nl-NL', viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Amsterdam', ...(this.#session === undefined ? {} : { storageState: this.#session }) });
      this.page = await this.#context.newPage();
      this.page.setDefaultTimeout(10_000);
      // A refused script or style shows here, an exception of a page too. The 401 that asks whether somebody is logged in is no trouble.
      this.page.on('console', (message) => {
        const ours = message.location().url.startsWith(this.under.url);
        if (ours && message.type() === 'error' && !message.text().includes('401') && this.expected?.test(message.text()) !== true) this.#troubles.push(message.text());
      });
      this.page.on('pageerror', (error) => this.#troubles.push(error.message));
    });
    afterEach(async () => {
      if (this.#troubles.length > 0) throw new Error(`the browser complained: ${this.#troubles.join('; ')}`);
      await this.#context.close();
    });
  }

  /** At the list, logged in. Once for all tests: the console lets nobody log in all the time. */
  async login(): Promise<void> {
    await this.page.goto(this.under.url);
    if (this.#session === undefined) {
      await this.page.getByLabel('Wachtwoord').fill(this.under.printed[0] ?? '');
      await this.page.getByRole('button', { name: 'Aanmelden' }).click();
    }
    await this.page.getByRole('table').first().waitFor();
    this.#session ??= await this.#context.storageState();
  }

  /** The session has ended: the next test logs in again. */
  forgetSession(): void {
    this.#session = undefined;
  }

  row(loginName: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: loginName }) });
  }

  /** From where the keyboard stands to what is looked for, by Tab alone; the names on the way where it isn't reached. */
  async tabTo(target: Locator, most = 60): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < most; step += 1) {
      await this.page.keyboard.press('Tab');
      if ((await target.and(this.page.locator(':focus')).count()) === 1) return;
      passed.push(await this.page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.slice(0, 60) ?? ""'));
    }
    throw new Error(`not reached by Tab: ${String(target)}; passed ${passed.join(' | ')}`);
  }

  /** Nothing sticks out of the page on a phone. */
  async widthOfPage(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth');
  }

  async shoot(name: string, { fullPage = true } = {}): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  }
}
