import type { Account } from '../state/records.js';
import type { AuthorizationError, AuthorizationRequest } from './authorization-request.js';
import { isSignIn, scopeDescriptions } from './scopes.js';

export interface ConsentPage {
  readonly request: AuthorizationRequest;
  /** The request, sealed: comes back with the form. */
  readonly sealed: string;
  readonly accounts: readonly Account[];
  readonly problem: string | undefined;
}

/** One page for what Google spreads over several: account, ticks, decision. Works with the keyboard (Enter continues) and without scripts. */
export function renderConsentPage(page: ConsentPage): string {
  const { request, accounts } = page;
  const hinted = accounts.find((account) => account.email === request.loginHint?.toLowerCase() || account.sub === request.loginHint);
  const other = hinted === undefined && request.loginHint?.includes('@') === true ? request.loginHint : '';
  const chosen = hinted ?? (other === '' ? accounts[0] : undefined);
  const signIn = request.scopes.filter(isSignIn);
  const ticks = request.scopes.filter((scope) => !isSignIn(scope));
  return layout(
    'Sign in',
    `<h1>Choose an account</h1>
<p class="sub">to continue to <strong>${escape(request.client)}</strong></p>
${page.problem === undefined ? '' : `<p class="problem" role="alert">${escape(page.problem)}</p>`}
<form method="post" action="/o/oauth2/v2/auth/consent">
<input type="hidden" name="request" value="${escape(page.sealed)}">
<fieldset><legend>Account</legend>
${accounts.map((account) => choice(account, account === chosen)).join('\n')}
<label class="row"><input type="radio" name="account" value="other"${chosen === undefined ? ' checked' : ''}>
<span>Another e-mail<br><input type="email" name="other_email" aria-label="Another e-mail" value="${escape(other)}" placeholder="name@example.com" oninput="this.form.account.value='other'"></span></label>
</fieldset>
${signIn.length === 0 ? '' : `<p class="sub">${escape(request.client)} will learn your name and e-mail address.</p>`}
${ticks.length === 0 ? '' : `<fieldset><legend>What ${escape(request.client)} may do</legend>\n${ticks.map(tick).join('\n')}\n</fieldset>`}
<div class="buttons"><button class="main" name="decision" value="allow">Continue</button><button name="decision" value="cancel">Cancel</button></div>
</form>`,
  );
}

export function renderErrorPage(error: AuthorizationError): string {
  return layout('Error', `<h1>Access blocked</h1><p class="problem" role="alert">${escape(error.message)}</p><p class="sub">Error ${error.status}: ${escape(error.code)}</p>`);
}

function choice(account: Account, checked: boolean): string {
  return `<label class="row"><input type="radio" name="account" value="${escape(account.email)}"${checked ? ' checked' : ''}>
<span>${escape(account.name)}<br><small>${escape(account.email)}</small></span></label>`;
}

function tick(scope: string): string {
  return `<label class="row"><input type="checkbox" name="scope" value="${escape(scope)}" checked>
<span>${escape(scopeDescriptions[scope] ?? scope)}<br><small>${escape(scope)}</small></span></label>`;
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Google emulator</title>
<style>
:root{color-scheme:light dark}body{font:16px/1.45 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;background:light-dark(#f0f4f9,#1b1d21)}
main{box-sizing:border-box;width:min(32rem,100vw);padding:2rem;border-radius:1.25rem;background:light-dark(#fff,#25282e)}
h1{font-size:1.6rem;font-weight:500;margin:.2rem 0}.mark{font-size:.85rem;color:light-dark(#5f6368,#a8adb5)}.sub{color:light-dark(#474b50,#bcc1c9);margin:.3rem 0 1rem}
fieldset{border:1px solid light-dark(#c9ced6,#474c55);border-radius:.75rem;margin:0 0 1rem;padding:.25rem .9rem .6rem}legend{padding:0 .4rem;font-size:.9rem}
.row{display:flex;gap:.8rem;align-items:flex-start;padding:.55rem 0}small{color:light-dark(#5f6368,#a8adb5);overflow-wrap:anywhere}
input[type=email]{font:inherit;margin-top:.25rem;padding:.35rem .6rem;width:16rem;max-width:100%;box-sizing:border-box}
.buttons{display:flex;flex-direction:row-reverse;gap:.75rem}button{font:inherit;padding:.55rem 1.3rem;border-radius:2rem;border:1px solid light-dark(#747980,#8a9099);background:none;color:inherit;cursor:pointer}
button.main{background:#0b57d0;border-color:#0b57d0;color:#fff}:focus-visible{outline:3px solid #7cacf8;outline-offset:2px}.problem{color:light-dark(#b3261e,#ff9c94)}
</style></head><body><main><div class="mark">Google Calendar emulator, for development only</div>
${body}
</main></body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
