/** An event as Google answers it; only what tests look at is named. */
export interface SeenEvent {
  readonly id: string;
  readonly etag: string;
  readonly status: string;
  readonly summary?: string;
  readonly location?: string;
  readonly description?: string;
  readonly transparency?: string;
  readonly visibility?: string;
  readonly start?: { readonly date?: string; readonly dateTime?: string; readonly timeZone?: string };
  readonly end?: { readonly date?: string; readonly dateTime?: string; readonly timeZone?: string };
  readonly extendedProperties?: { readonly private?: Readonly<Record<string, string>> };
  readonly attendees?: readonly unknown[];
  readonly reminders?: { readonly useDefault: boolean; readonly overrides?: readonly { readonly method: string; readonly minutes: number }[] };
  readonly colorId?: string;
  readonly source?: { readonly title?: string; readonly url?: string };
}

/** Somebody with a phone: the Calendar API as another app uses it, with that person's consent. */
export class PersonAtGoogle {
  private constructor(
    private readonly root: string,
    private readonly token: string,
    readonly email: string,
  ) {}

  static async open(root: string, email: string): Promise<PersonAtGoogle> {
    const answer = await fetch(`${root}/_emulator/tokens`, json({ email }));
    const { access_token } = (await answer.json()) as { access_token: string };
    return new PersonAtGoogle(root, access_token, email);
  }

  insert(event: Record<string, unknown>, query: Readonly<Record<string, string>> = {}): Promise<SeenEvent> {
    return this.call('POST', `?${new URLSearchParams(query)}`, event);
  }

  patch(id: string, change: Record<string, unknown>, query: Readonly<Record<string, string>> = {}): Promise<SeenEvent> {
    return this.call('PATCH', `/${id}?${new URLSearchParams(query)}`, change);
  }

  async delete(id: string): Promise<void> {
    await this.call('DELETE', `/${id}`);
  }

  get(id: string): Promise<SeenEvent> {
    return this.call('GET', `/${id}`);
  }

  /** Everything that is not deleted. */
  async events(): Promise<readonly SeenEvent[]> {
    const { items } = await this.call<{ items: SeenEvent[] }>('GET', '?maxResults=2500');
    return items;
  }

  async withSummary(summary: string): Promise<readonly SeenEvent[]> {
    return (await this.events()).filter((event) => event.summary === summary);
  }

  private async call<T = SeenEvent>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.root}/calendar/v3/calendars/primary/events${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

const json = (body: unknown): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
