import { beforeAll, expect, it } from 'vitest';
import { agendaOf, type Agenda } from './agenda.js';
import { NARROW, type PagesUnderTest } from './pages-under-test.js';

const COUNTS = { inventive: 1240, google: 1236, paired: 1230, matched: 2, toInventive: 3, toGoogle: 5, different: 1, ambiguous: 1, leftAlone: { 'outside-window': 12, 'foreign-organizer': 4 }, repaired: 0 };
const WELL = { ...COUNTS, matched: 0, toInventive: 0, toGoogle: 0, different: 0, ambiguous: 0, leftAlone: {} };

export function describeComparisons(at: PagesUnderTest): void {
  let agenda: Agenda;
  beforeAll(async () => {
    agenda = await agendaOf(at.under, 'jansen');
  });
  const open = async (): Promise<void> => {
    await at.login();
    await at.page.goto(agenda.address('vergelijking'));
    await at.page.getByRole('heading', { name: 'Beide agenda’s vergelijken' }).waitFor();
  };
  const asked = async (): Promise<string> => {
    await at.page.getByRole('progressbar').waitFor();
    const [newest] = await agenda.comparisons.last(agenda.account, 1);
    return newest?.commandId ?? '';
  };

  it('count first, show how far they are and what they found, with the keyboard', async () => {
    await open();
    await at.page.getByText('Er is nog niet vergeleken.').waitFor();
    await at.tabTo(at.page.getByRole('button', { name: 'Vergelijken' }));
    await at.page.keyboard.press('Enter');
    const commandId = await asked();
    expect(await agenda.comparisons.find(commandId)).toMatchObject({ mode: 'preview' });
    await at.page.getByText('Begint zo …').waitFor();
    // As the reconciler does it.
    await agenda.comparisons.start(commandId, new Date().toISOString());
    await agenda.comparisons.progress(commandId, 400, 1240);
    await at.page.getByText('400 van 1.240', { exact: false }).waitFor();
    expect(await at.page.getByRole('button', { name: 'Herstellen' }).isDisabled()).toBe(true);
    await at.shoot('comparison-running');
    await agenda.comparisons.end(commandId, new Date().toISOString(), { state: 'done', counts: COUNTS });
    const report = at.page.getByRole('table', { name: /Vergeleken op/ });
    await report.getByText('Herstellen zou 11 rechtzetten.').waitFor();
    expect(await report.getByRole('row').filter({ hasText: 'Alleen in Inventive: hoort ook in Google' }).getByRole('cell').last().textContent()).toBe('5');
    await report.getByText('Blijft aan één kant: valt buiten het ingestelde aantal dagen').waitFor();
    await at.shoot('comparison-preview');
  });

  it('mend after a confirmation only, and keep the earlier reports', async () => {
    await open();
    await at.page.getByRole('button', { name: 'Herstellen' }).click();
    expect(await at.page.evaluate<string>('document.activeElement.textContent')).toBe('Annuleren');
    expect(await agenda.comparisons.last(agenda.account, 9)).toHaveLength(1);
    await at.page.getByRole('button', { name: 'Ja, herstellen' }).click();
    const commandId = await asked();
    expect(await agenda.comparisons.find(commandId)).toMatchObject({ mode: 'repair' });
    await agenda.comparisons.end(commandId, new Date().toISOString(), { state: 'done', counts: { ...WELL, repaired: 11 } });
    await at.page.getByRole('table', { name: /Hersteld op/ }).getByText('11 rechtgezet.').waitFor();
    await at.page.getByRole('heading', { name: 'Eerdere verslagen' }).waitFor();
    await at.page.getByText(/vergeleken · klaar/).click();
    await at.page.getByRole('table', { name: /Vergeleken op/ }).waitFor();
    await at.shoot('comparison-repaired');
  });

  it('of somebody whose synchronisation is off is a preview only', async () => {
    await agenda.setState('off');
    await open();
    await at.page.getByText('er wordt niets geschreven', { exact: false }).waitFor();
    expect(await at.page.getByRole('button', { name: 'Herstellen' }).isDisabled()).toBe(true);
    expect(await at.page.getByRole('button', { name: 'Vergelijken' }).isEnabled()).toBe(true);
    await agenda.setState('live');
  });

  it('that were refused say why; one that finds nothing says that all is well, on a phone too', async () => {
    await open();
    await at.page.getByRole('button', { name: 'Vergelijken' }).click();
    await agenda.comparisons.end(await asked(), new Date().toISOString(), { state: 'refused', reason: 'needs-consent' });
    await at.page.getByRole('alert').getByText('toestemming bij Google nodig').waitFor();
    await at.shoot('comparison-refused');
    await at.page.getByRole('button', { name: 'Vergelijken' }).click();
    await agenda.comparisons.end(await asked(), new Date().toISOString(), { state: 'done', counts: WELL });
    await at.page.getByText('Alles is gelijk.').waitFor();
    await at.page.getByLabel('Taal').selectOption('en');
    await at.page.getByText('All is in step.').waitFor();
    await at.page.setViewportSize(NARROW);
    expect(await at.widthOfPage()).toBeLessThanOrEqual(NARROW.width);
    await at.shoot('comparison-narrow-english');
  });
}
