import { expect, it } from 'vitest';
import type { PagesUnderTest } from './pages-under-test.js';

export function describeSettings(at: PagesUnderTest): void {
  it('settings are checked and saved, with the keyboard alone', async () => {
    await at.login();
    await at.row('devries').getByRole('link', { name: /Instellingen van/ }).focus();
    await at.page.keyboard.press('Enter');
    const before = at.page.getByLabel('Dagen voor vandaag');
    await before.waitFor();
    await before.focus();
    await at.page.keyboard.press('ControlOrMeta+A');
    await at.page.keyboard.type('veel');
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Geef een heel getal van 0 tot en met 3650.').waitFor();
    expect(await before.getAttribute('aria-invalid')).toBe('true');
    await at.shoot('settings-wrong');
    await at.page.keyboard.press('ControlOrMeta+A');
    await at.page.keyboard.type('14');
    // On to the next fields by Tab, in the order in which they stand.
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('ControlOrMeta+A');
    await at.page.keyboard.type('60');
    await at.page.keyboard.press('Tab');
    expect(await at.page.evaluate<string>('document.activeElement.tagName')).toBe('SELECT');
    await at.page.keyboard.press('Tab');
    expect(await at.page.evaluate<string>('document.activeElement.type')).toBe('checkbox');
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('ArrowDown');
    expect(await at.page.getByLabel('Richting').inputValue()).toBe('to-google');
    await at.page.getByRole('button', { name: 'Opslaan' }).focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Opgeslagen.').waitFor();
    await at.page.reload();
    expect(await at.page.getByLabel('Dagen voor vandaag').inputValue()).toBe('14');
    expect(await at.page.getByLabel('Dagen na vandaag').inputValue()).toBe('60');
    expect(await at.page.getByLabel('Richting').inputValue()).toBe('to-google');
    await at.shoot('settings-saved');
  });
}
