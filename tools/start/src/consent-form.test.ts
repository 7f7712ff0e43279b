import { describe, expect, it } from 'vitest';
import { agree } from './consent-form.js';

describe('agree', () => {
  it('chooses the account, leaves the scopes ticked and presses the button that allows', () => {
    const page = `<form method="post" action="/consent?a=1&amp;b=2"><input type="hidden" name="request" value="r&quot;1">
      <input type=radio name="account" value="devries@example.com"><input type="radio" name="account" value="jansen@example.com">
      <input type="checkbox" name="scope" value="calendar" checked><input type="checkbox" name="scope" value="email" checked>
      <button name="decision" value="deny">Annuleren</button><button name="decision" value="allow">Toestaan</button></form>`;
    const step = agree(page, 'jansen@example.com');
    expect(step).toMatchObject({ kind: 'post', action: '/consent?a=1&b=2' });
    expect(step?.kind === 'post' && [...step.fields]).toEqual([
      ['request', 'r"1'],
      ['account', 'jansen@example.com'],
      ['scope', 'calendar'],
      ['scope', 'email'],
      ['decision', 'allow'],
    ]);
  });

  it('follows the link of the account where the chooser is a list of links', () => {
    expect(agree('<a href="/x?u=devries%40example.com">D</a><a href="/x?u=jansen%40example.com&amp;n=1">J</a>', 'jansen@example.com')).toEqual({ kind: 'follow', href: '/x?u=jansen%40example.com&n=1' });
  });

  it('has nothing to say to a page that asks nothing', () => {
    expect(agree('<h1>Gekoppeld</h1>', 'jansen@example.com')).toBeUndefined();
  });
});
