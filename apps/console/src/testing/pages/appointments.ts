import { beforeAll, expect, it } from 'vitest';
import { agendaOf, type Agenda } from './agenda.js';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

export function describeAppointments(at: PagesUnderTest): void {
  let agenda: Agenda;
  beforeAll(async () => {
    agenda = await agendaOf(at.under, 'bakker');
  });
  const row = (text: string) => at.page.getByRole('row').filter({ hasText: text });
  const filter = (name: string) => at.page.getByRole('group', { name: 'Welke afspraken' }).getByRole('button', { name });
  const open = async (): Promise<void> => {
    await at.login();
    await at.page.goto(agenda.address('afspraken'));
    await at.page.getByRole('heading', { name: 'Afspraken' }).waitFor();
  };

  it('that failed or were stopped are listed with the cause, and opened again with the keyboard', async () => {
    const failed = await agenda.pair(1, { subject: 'Inspectie dak' }, { status: 'failed', attempts: 5, failure: { kind: 'permanent', cause: 'creating the appointment in Inventive: 4D answered 400 Bad Request, field EindTijd; correct it there, then try again', at: '2026-11-24T10:00:00.000Z' } });
    const stopped = await agenda.pair(2, { subject: 'Heen en weer' }, { status: 'quarantined', reasons: ['quarantined-loop'] });
    await agenda.pair(3, { subject: 'Geheim' });
    await open();
    // What needs somebody comes first.
    expect(await filter('Mislukt').getAttribute('aria-pressed')).toBe('true');
    await row('Inspectie dak').getByText('Inventive of Google weigerde deze wijziging.', { exact: false }).waitFor();
    // What the program says of it stands below that, in its own language.
    expect(await row('Inspectie dak').getByText('4D answered 400', { exact: false }).getAttribute('lang')).toBe('en');
    await at.shoot('appointments-failed');
    await at.tabTo(at.page.getByRole('button', { name: /Opnieuw proberen: Inspectie dak, di 24 nov 2026/ }));
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Beide kanten worden opnieuw gelezen.', { exact: false }).waitFor();
    await at.page.getByText('Alles in orde: er is niets mislukt.').waitFor();
    expect(await agenda.pairs.byId(failed.id)).toMatchObject({ status: 'active', attempts: 0 });
    await filter('Stilgezet').click();
    await row('Heen en weer').getByText('wijzigde steeds heen en weer').waitFor();
    const release = row('Heen en weer').getByRole('button', { name: /Vrijgeven: Heen en weer/ });
    await release.press('Enter');
    await row('Heen en weer').getByText('Zoek eerst op wie of wat haar telkens terugwijzigt', { exact: false }).waitFor();
    await at.shoot('appointments-release');
    await at.page.keyboard.press('Enter');
    // Cancelled: nothing happened, and the keyboard is where it was.
    await expect.poll(() => release.and(at.page.locator(':focus')).count()).toBe(1);
    expect(await agenda.pairs.byId(stopped.id)).toMatchObject({ status: 'quarantined' });
    await at.page.keyboard.press('Enter');
    await row('Heen en weer').getByRole('button', { name: 'Ja, vrijgeven' }).click();
    await at.page.getByText('Alles in orde: er is niets stilgezet.').waitFor();
    expect(await agenda.pairs.byId(stopped.id)).toMatchObject({ status: 'active' });
    await filter('Alle').click();
    await row('di 24 nov 2026').first().waitFor();
    // Who has nothing to act on shows by its time alone.
    expect(await at.page.content()).not.toContain('Geheim');
    await at.shoot('appointments-all');
  });

  it('show what was overwritten, and put it back after a confirmation, with the keyboard', async () => {
    const lost = [
      { field: 'notes' as const, winner: 'google' as const, kept: 'Kort', lost: `Een lange opmerking met ${'heel veel '.repeat(40)}tekst`, at: '2026-11-24T09:00:00.000Z' },
      { field: 'when' as const, winner: 'inventive' as const, kept: { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: 'Europe/Amsterdam' }, lost: { kind: 'all-day', firstOn: '2026-11-25', lastOn: '2026-11-26' }, at: '2026-11-24T10:00:00.000Z' },
      { field: 'subject' as const, winner: 'google' as const, kept: 'Bezoek', lost: 'Bezoek aan de fabriek', at: '2026-11-24T11:00:00.000Z' },
    ];
    const pair = await agenda.pair(4, { subject: 'Bezoek' }, { lostValues: lost });
    await open();
    await filter('Met overschreven waarden').click();
    await row('Bezoek').getByRole('link', { name: /Geschiedenis van Bezoek/ }).click();
    await at.page.getByRole('heading', { name: 'Overschreven waarden' }).waitFor();
    const loss = (name: string) => at.page.getByRole('listitem').filter({ has: at.page.getByRole('heading', { name }) });
    expect(await loss('tijd').textContent()).toMatch(/Gebleven, uit Inventive.*di 24 nov 2026, 10:00–11:00.*Overschreven, uit Google.*wo 25 nov 2026 – do 26 nov 2026/);
    await at.shoot('history');
    await at.tabTo(loss('onderwerp').getByRole('button', { name: /Terugzetten/ }));
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Wat er nu staat, komt in deze geschiedenis.', { exact: false }).waitFor();
    // The way back has the keyboard; the way on is one before it.
    expect(await at.page.evaluate<string>('document.activeElement.textContent')).toBe('Annuleren');
    await at.shoot('history-confirm');
    await at.page.keyboard.press('Shift+Tab');
    await at.page.keyboard.press('Enter');
    await loss('onderwerp').getByText('Wordt teruggezet', { exact: true }).waitFor();
    await at.shoot('history-waiting');
    expect(await agenda.pairs.byId(pair.id)).toMatchObject({ restoring: [2] });
    // As the reconciler does it.
    const asked = await agenda.pairs.byId(pair.id);
    if (asked?.inventive.record === undefined) throw new Error('the pair is gone');
    const record = { ...asked.inventive.record, fields: { ...asked.inventive.record.fields, subject: 'Bezoek aan de fabriek' } };
    await agenda.pairs.save(asked, { inventive: { ...asked.inventive, record }, restored: 2 });
    await loss('onderwerp').getByText('Staat er (weer)').waitFor();
    await at.page.getByRole('status').getByText('Teruggezet in Inventive.').waitFor();
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('history-narrow');
  });

  it('that can have nothing put back say why', async () => {
    at.expected = /\b409\b/;
    const pair = await agenda.pair(5, { subject: 'Vervallen bezoek' }, { lostValues: [{ field: 'location', winner: 'google', kept: 'Utrecht', lost: 'Zeist', at: '2026-11-24T11:00:00.000Z' }] });
    await at.login();
    await at.page.goto(agenda.address(`afspraken/${pair.id}`));
    await at.page.getByRole('button', { name: /Terugzetten: locatie/ }).click();
    const known = await agenda.pairs.byId(pair.id);
    if (known === undefined) throw new Error('the pair is gone');
    await agenda.pairs.putInventive(known, { ...known.inventive, state: 'tombstone', seq: known.inventive.seq + 1 }, false);
    await at.page.getByRole('button', { name: 'Ja, terugzetten' }).click();
    await at.page.getByRole('alert').getByText('De afspraak staat niet (meer) in Inventive', { exact: false }).waitFor();
    await at.page.getByText('Kan niet vanzelf worden teruggezet.', { exact: false }).waitFor();
    await at.shoot('history-refused');
  });

  it('that stand still offer nothing to put back, and say why', async () => {
    const pair = await agenda.pair(6, { subject: 'Stilgezet bezoek' }, { status: 'quarantined', reasons: ['quarantined-loop'], lostValues: [{ field: 'location', winner: 'google', kept: 'Utrecht', lost: 'Zeist', at: '2026-11-24T11:00:00.000Z' }] });
    await at.login();
    await at.page.goto(agenda.address(`afspraken/${pair.id}`));
    await at.page.getByText('Geef haar eerst vrij in de lijst van afspraken', { exact: false }).waitFor();
    expect(await at.page.getByRole('button', { name: /Terugzetten/ }).count()).toBe(0);
    await at.shoot('history-waits');
    await agenda.pairs.reopen(agenda.account, pair.id);
    await at.page.getByRole('button', { name: /Terugzetten: locatie/ }).waitFor();
  });

  it('in great number come page by page, in order and each once', async () => {
    for (let n = 100; n < 220; n += 1) await agenda.pair(n, { subject: `Veel ${n}` });
    await open();
    await filter('Gaan goed').click();
    const headers = at.page.getByRole('rowheader');
    await at.page.getByRole('button', { name: 'Meer tonen' }).waitFor();
    expect(await headers.count()).toBe(50);
    for (const shown of [100, 126]) {
      await at.page.getByRole('button', { name: 'Meer tonen' }).press('Enter');
      await expect.poll(() => headers.count()).toBe(shown);
    }
    expect(await at.page.getByRole('button', { name: 'Meer tonen' }).count()).toBe(0);
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.page.getByRole('heading', { name: 'Afspraken' }).scrollIntoViewIfNeeded();
    await at.shoot('appointments-narrow', { fullPage: false });
  });
}
