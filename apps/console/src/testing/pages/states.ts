import { expect, it } from 'vitest';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

const LONG = 'Wilhelmina-Alexandra van Oldenbarnevelt-Schimmelpenninck tot Heerlijkheid Nieuwerkerk aan den IJssel';

/** What a page shows while it waits, where the console is away, and of a great many: the answers are made up here. */
export function describeStates(at: PagesUnderTest): void {
  const overview = async (): Promise<{ users: Record<string, unknown>[] }> => (await at.page.request.get(`${at.under.url}/api/users`)).json() as Promise<{ users: Record<string, unknown>[] }>;

  it('while it is read a list says so, without an answer it says what to do, and it comes when there is one', async () => {
    at.expected = /503|Failed to load/;
    await at.login();
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await at.page.route('**/api/users?*', async (route) => {
      await answered;
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Tijdelijk niet beschikbaar', detail: 'De gegevensopslag antwoordt niet. Probeer het over een minuut opnieuw.', code: 'unavailable' }) });
    });
    await at.page.reload();
    await at.page.getByRole('status').getByText('Wordt geladen …').waitFor();
    await at.shoot('users-loading');
    answer();
    await at.page.getByRole('alert').getByText('Tijdelijk niet beschikbaar').waitFor();
    await at.shoot('users-unavailable');
    await at.page.unroute('**/api/users?*');
    await at.page.getByRole('button', { name: 'Opnieuw proberen' }).press('Enter');
    await at.row('jansen').waitFor();
  });

  it('ten thousand users are searched and paged by the console, with the keyboard', async () => {
    await at.login();
    const { users: [first], ...rest } = await overview();
    const asked: URLSearchParams[] = [];
    await at.page.route('**/api/users?*', (route) => {
      const query = new URL(route.request().url()).searchParams;
      asked.push(query);
      const offset = Number(query.get('offset'));
      const search = query.get('search') ?? '';
      const [found, shown] = search === '' ? [10_000, 100] : search === 'niemand' ? [0, 0] : [1, 1];
      const users = Array.from({ length: shown }, (_, n) => ({ ...first, account: undefined, userId: String(offset + n), loginName: `gebruiker${offset + n}`, fullName: n === 1 ? LONG : `Gebruiker ${offset + n}`, email: `gebruiker${offset + n}@een-heel-lang-domein-dat-niemand-intikt.example` }));
      return route.fulfill({ json: { ...rest, users, found, total: 10_000, attention: 12, questions: 2 } });
    });
    await at.page.reload();
    await at.page.getByText('1–100 van 10.000').waitFor();
    expect(await at.page.getByRole('table', { name: 'Google Agenda Instellingen' }).getByRole('rowheader').count()).toBe(100);
    await at.shoot('users-many');
    await at.page.getByRole('button', { name: 'Volgende' }).press('Enter');
    await at.page.getByText('101–200 van 10.000').waitFor();
    // What is typed goes with the list from its beginning.
    await at.page.getByRole('searchbox', { name: 'Zoeken op naam' }).pressSequentially('bakker');
    await expect.poll(() => at.page.getByRole('table', { name: 'Google Agenda Instellingen' }).getByRole('rowheader').count()).toBe(1);
    expect(asked.at(-1)?.get('search')).toBe('bakker');
    expect(asked.at(-1)?.get('offset')).toBe('0');
    await at.page.getByRole('searchbox').fill('niemand');
    await at.page.getByRole('status').getByText('Geen gebruiker met deze naam.').waitFor();
    await at.page.getByRole('searchbox').fill('');
    await at.page.getByText('1–100 van 10.000').waitFor();
    await at.page.getByRole('checkbox', { name: 'Alleen wie aandacht vraagt (12)' }).press('Space');
    await expect.poll(() => asked.at(-1)?.get('only')).toBe('attention');
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('users-many-narrow', { fullPage: false });
  });

  it('every control has a name, every page one heading of the first order and its landmarks', async () => {
    await at.login();
    const { users } = await overview();
    const linked = users.find(({ account }) => account !== undefined);
    const user = `/gebruikers/${String(linked?.['source'])}/${String(linked?.['userId'])}`;
    for (const address of ['/', '/vragen', '/wijzigingen', user, `${user}/vragen`, `${user}/afspraken`, `${user}/vergelijking`]) {
      await at.page.goto(`${at.under.url}${address}`);
      await at.page.getByRole('main').getByRole('heading').first().waitFor();
      await expect.poll(() => at.page.getByText('Wordt geladen …').count()).toBe(0);
      expect(await at.page.getByRole('heading', { level: 1 }).count(), address).toBe(1);
      for (const landmark of ['banner', 'main'] as const) expect(await at.page.getByRole(landmark).count(), `${landmark} of ${address}`).toBe(1);
      expect(await at.page.getByRole('navigation', { name: 'Inventive Calendar Sync' }).getByRole('link').count()).toBeGreaterThanOrEqual(3);
      const nameless = await at.page.locator('body').ariaSnapshot();
      // A role without a name is followed by nothing, a colon, or what it can do.
      expect(nameless.split('\n').filter((line) => /^\s*- (?:button|link|textbox|combobox|checkbox|radio|searchbox|table|progressbar)(?:\s*\[[^\]]*\])*:?$/.test(line)), address).toEqual([]);
    }
  });
}
