/** As much of a browser as the flows need: cookies per host, redirects by hand, forms, the CSRF token of the session. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  csrfToken = '';

  constructor(private readonly home: string) {}

  async request(method: string, address: string, options: { readonly json?: unknown; readonly form?: URLSearchParams; readonly headers?: Record<string, string> } = {}): Promise<Response> {
    const url = new URL(address, this.home);
    const jar = this.#cookies.get(url.host) ?? new Map<string, string>();
    const headers: Record<string, string> = {
      'accept-language': 'en',
      ...(jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(this.csrfToken === '' || url.origin !== this.home ? {} : { 'x-csrf-token': this.csrfToken }),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    };
    const body = options.json === undefined ? options.form : JSON.stringify(options.json);
    const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie) || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    this.#cookies.set(url.host, jar);
    return response;
  }

  get(address: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.request('GET', address, { headers });
  }

  async login(password: string, username = 'beheer'): Promise<Response> {
    const response = await this.request('POST', '/api/session', { json: { username, password } });
    if (response.ok) this.csrfToken = ((await response.clone().json()) as { csrfToken: string }).csrfToken;
    return response;
  }

  /** Presses a button on Google's consent page; answers the address that Google sends the browser back to. */
  async consent(consentUrl: string, choice: { readonly email?: string; readonly without?: string; readonly decision?: 'allow' | 'cancel' } = {}): Promise<string> {
    const page = await this.get(consentUrl);
    const html = await page.text();
    if (page.status !== 200) throw new Error(`the consent page answered ${page.status}: ${html.slice(0, 500)}`);
    const values = (name: string): string[] => [...html.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map((match) => decode(match[1] ?? ''));
    const form = new URLSearchParams({ request: values('request')[0] ?? '', decision: choice.decision ?? 'allow' });
    const checked = /name="account" value="([^"]*)" checked/.exec(html)?.[1];
    form.set('account', choice.email === undefined ? decode(checked ?? 'other') : 'other');
    form.set('other_email', choice.email ?? values('other_email')[0] ?? '');
    for (const scope of values('scope')) if (scope !== choice.without) form.append('scope', scope);
    const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? '';
    const answer = await this.request('POST', new URL(action, consentUrl).href, { form });
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the consent page did not send the browser back (${answer.status}): ${(await answer.text()).slice(0, 500)}`);
    return location;
  }
}

const decode = (html: string): string => html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&');
