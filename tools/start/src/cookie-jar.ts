/** Cookies by host and name, as far as a log-in needs them. */
export class CookieJar {
  private readonly kept = new Map<string, Map<string, string>>();

  take(url: string, headers: Headers): void {
    const host = new URL(url).host;
    const cookies = this.kept.get(host) ?? new Map<string, string>();
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    }
    this.kept.set(host, cookies);
  }

  headerFor(url: string): Record<string, string> {
    const cookies = [...(this.kept.get(new URL(url).host) ?? [])];
    return cookies.length === 0 ? {} : { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') };
  }
}
