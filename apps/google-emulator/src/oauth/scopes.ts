import { calendarDocument, oauth2Document } from '../discovery/document.js';

const prefix = 'https://www.googleapis.com/auth/';
/** Short names that Google turns into the long ones. */
const short: Readonly<Record<string, string>> = { email: `${prefix}userinfo.email`, profile: `${prefix}userinfo.profile` };

export const scopeDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.entries(oauth2Document.auth.oauth2.scopes), ...Object.entries(calendarDocument.auth.oauth2.scopes)].map(([name, { description }]) => [name, description]),
);

const signIn: readonly string[] = ['openid', `${prefix}userinfo.email`, `${prefix}userinfo.profile`];

/** What the emulator's own tokens may do if nothing else is asked. */
export const fullScopes: readonly string[] = [...signIn, `${prefix}calendar`];

/** Google's long names, each once; undefined if one is unknown. */
export function readScopes(text: string): readonly string[] | undefined {
  const names = [...new Set(text.split(/\s+/).filter((name) => name !== '').map((name) => short[name] ?? name))];
  return names.every((name) => name in scopeDescriptions) ? names : undefined;
}

/** Sign-in scopes are given as a whole; the others each have their tick. */
export const isSignIn = (scope: string): boolean => signIn.includes(scope);
