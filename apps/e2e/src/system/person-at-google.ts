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
  readonly attendees?: readonly SeenAttendee[];
  readonly reminders?: { readonly useDefault: boolean; readonly overrides?: readonly { readonly method: string; readonly minutes: number }[] };
  readonly colorId?: string;
  readonly eventLabelId?: string;
  readonly source?: { readonly title?: string; readonly url?: string };
}

export interface SeenAttendee {
  readonly email?: string;
  readonly responseStatus?: string;
  readonly self?: boolean;
  readonly resource?: boolean;
}

/** Somebody with a phone: the Calendar API as another app uses it, with that person's consent. */
export class PersonAtGoogle {
  private constructor(
    private readonly root: string,
    private readonly token: string,
    readonly email: string,
    private readonly calendarId = 'primary',
  ) {}

  static async open(root: string, email: string): Promise<PersonAtGoogle> {
    const answer = await fetch(`${root}/_emulator/tokens`, json({ email }));
    const { access_token } = (await answer.json()) as { access_token: string };
    return new PersonAtGoogle(root, access_token, email);
  }

  insert(event: Record<string, unknown>, query: Readonly<Record<string, string>> = {}): Promise<SeenEvent> {
    return this.call('POST', `?${new URLSearchParams(query)}`, event);
  }

  /** A private copy of an event of elsewhere, as programs bring in a file. */
  importEvent(event: Record<string, unknown>): Promise<SeenEvent> {
    return this.call('POST', '/import', event);
  }

  /** An .ics file read in on Google's page, where zones may have any name. `zoneRules`: the IANA zone behind a name that isn't one. */
  async importFile(event: Record<string, unknown>, zoneRules?: string): Promise<SeenEvent> {
    const answer = await fetch(`${this.root}/_emulator/ui/import`, json({ email: this.email, event, ...(zoneRules === undefined ? {} : { zoneRules }) }));
    if (!answer.ok) throw new Error(`importing a file answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as SeenEvent;
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

  /** Another calendar of this person; answers its id. */
  async newCalendar(summary: string): Promise<string> {
    const answer = await fetch(`${this.root}/calendar/v3/calendars`, { ...json({ summary }), headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' } });
    return ((await answer.json()) as { id: string }).id;
  }

  /** The same person, in another of their calendars. */
  inCalendar(calendarId: string): PersonAtGoogle {
    return new PersonAtGoogle(this.root, this.token, this.email, calendarId);
  }

  /** The calendar is gone, with all that is in it. */
  async deleteCalendar(calendarId: string): Promise<void> {
    const answer = await fetch(`${this.root}/calendar/v3/calendars/${encodeURIComponent(calendarId)}`, { method: 'DELETE', headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`deleting a calendar answered ${answer.status} ${await answer.text()}`);
  }

  /** Into another calendar of this person, as Google's page does it; a cancelled stub stays behind. */
  async move(id: string, to: string, from = 'primary'): Promise<void> {
    const path = `${this.root}/calendar/v3/calendars/${encodeURIComponent(from)}/events/${id}/move?destination=${encodeURIComponent(to)}`;
    const answer = await fetch(path, { method: 'POST', headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`moving ${id} answered ${answer.status} ${await answer.text()}`);
  }

  /** "Duplicate" on Google's page: the copy carries the marks of the original. */
  async copy(id: string): Promise<SeenEvent> {
    const answer = await fetch(`${this.root}/_emulator/ui/copy`, json({ email: this.email, calendarId: this.email, eventId: id }));
    if (!answer.ok) throw new Error(`copying ${id} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as SeenEvent;
  }

  /** The deleted ones are gone for good: their ids stay burnt and can't be revived. */
  async emptyBin(): Promise<void> {
    await fetch(`${this.root}/_emulator/ui/empty-bin`, json({ email: this.email, calendarId: this.email }));
  }

  /** Where this person lives as far as Google knows: the zone of the calendar itself. */
  calendarZone(timeZone: string): Promise<void> {
    return this.changeCalendar({ timeZone });
  }

  /** Labels of this person's own, beside Google's palette. */
  calendarLabels(...names: readonly { readonly id: string; readonly name: string }[]): Promise<void> {
    return this.changeCalendar({ labelProperties: { eventLabels: names.map((label) => ({ ...label, backgroundColor: '#039be5' })) } });
  }

  private async changeCalendar(change: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.root}/calendar/v3/calendars/primary`, { ...json(change), method: 'PATCH', headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' } });
    if (!answer.ok) throw new Error(`changing the calendar answered ${answer.status} ${await answer.text()}`);
  }

  /** Everything that is not deleted. */
  async events(): Promise<readonly SeenEvent[]> {
    const { items } = await this.call<{ items: SeenEvent[] }>('GET', '?maxResults=2500');
    return items;
  }

  /** The occurrences of a series that are not deleted. */
  async instances(id: string): Promise<readonly SeenEvent[]> {
    return (await this.call<{ items: SeenEvent[] }>('GET', `/${id}/instances?maxResults=2500`)).items;
  }

  async withSummary(summary: string): Promise<readonly SeenEvent[]> {
    return (await this.events()).filter((event) => event.summary === summary);
  }

  private async call<T = SeenEvent>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.root}/calendar/v3/calendars/${encodeURIComponent(this.calendarId)}/events${path}`, {
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
