import { expect, it } from 'vitest';
import { agendaOf } from './agenda.js';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

export function describeCalendars(at: PagesUnderTest): void {
  it('[R6.8] another Google calendar is chosen once it was read what will happen', async () => {
    const agenda = await agendaOf(at.under, 'visser');
    await at.login();
    await at.page.goto(agenda.address());
    await at.page.getByText('“visser@example.com” blijft gelijk met Inventive.', { exact: false }).waitFor();
    await newCalendar(at.under.google.url, 'visser@example.com', 'Werk');
    await at.page.reload();
    const choose = at.page.getByRole('button', { name: 'Andere agenda gelijk houden' });
    await choose.waitFor();
    expect([await at.page.getByRole('radio', { name: /visser@example.com/ }).isChecked(), await choose.isDisabled()]).toEqual([true, true]);
    await at.page.getByRole('radio', { name: 'Werk' }).check();
    await choose.click();
    await at.page.getByText('In “visser@example.com” wordt niets verwijderd of gewijzigd', { exact: false }).waitFor();
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('calendar-chosen');
    await at.page.getByRole('button', { name: 'Ja, deze agenda' }).click();
    // Read anew: what is chosen is what Google and the console say, not what was pressed.
    await at.page.getByRole('button', { name: 'Ja, deze agenda' }).waitFor({ state: 'detached' });
    await at.page.reload();
    await choose.waitFor();
    expect(await at.page.getByRole('radio', { name: 'Werk' }).isChecked()).toBe(true);
  });
}

async function newCalendar(google: string, email: string, summary: string): Promise<void> {
  const asJson = (body: object) => ({ method: 'POST', body: JSON.stringify(body) });
  const granted = (await (await fetch(`${google}/_emulator/tokens`, { ...asJson({ email }), headers: { 'content-type': 'application/json' } })).json()) as { access_token: string };
  const made = await fetch(`${google}/calendar/v3/calendars`, { ...asJson({ summary }), headers: { 'content-type': 'application/json', authorization: `Bearer ${granted.access_token}` } });
  if (!made.ok) throw new Error(`making a calendar answered ${made.status}`);
}
