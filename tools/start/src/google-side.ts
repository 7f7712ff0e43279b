import { asJson, call, callJson } from './http.js';

/** An event as the demo sees it in Google Calendar. */
export interface SeenEvent {
  readonly id: string;
  readonly summary?: string;
  readonly location?: string;
  readonly status: string;
}

/** What a person in Google Calendar does: by the Calendar API, as another app with that person's consent. */
export class GoogleSide {
  private constructor(
    private readonly events: string,
    private readonly token: string,
  ) {}

  static async open(root: string, email: string): Promise<GoogleSide> {
    const { access_token } = await callJson<{ access_token: string }>('Getting a Google token', `${root}/_emulator/tokens`, asJson({ email }));
    return new GoogleSide(`${root}/calendar/v3/calendars/primary/events`, access_token);
  }

  async create(values: { readonly summary: string; readonly location: string; readonly on: Temporal.PlainDate; readonly fromHour: number; readonly toHour: number }): Promise<SeenEvent> {
    const at = (hour: number) => ({ dateTime: `${values.on.toString()}T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
    return callJson('The create in Google', this.events, asJson({ summary: values.summary, location: values.location, start: at(values.fromHour), end: at(values.toHour) }, this.authorization));
  }

  async change(id: string, values: { readonly summary?: string; readonly location?: string }): Promise<SeenEvent> {
    return callJson('The change in Google', `${this.events}/${id}`, { ...asJson(values, this.authorization), method: 'PATCH' });
  }

  async delete(id: string): Promise<void> {
    await callJson('The delete in Google', `${this.events}/${id}`, { method: 'DELETE', headers: this.authorization });
  }

  /** Undefined once it is deleted, as for a person. */
  async get(id: string): Promise<SeenEvent | undefined> {
    const answer = await call('Looking in Google', `${this.events}/${id}`, { headers: this.authorization });
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.status !== 200) throw new Error(`Looking in Google failed: ${answer.status} ${answer.text.slice(0, 200)}`);
    const event = JSON.parse(answer.text) as SeenEvent;
    return event.status === 'cancelled' ? undefined : event;
  }

  async onDay(on: Temporal.PlainDate): Promise<readonly SeenEvent[]> {
    const from = on.toZonedDateTime('Europe/Amsterdam');
    const query = new URLSearchParams({ timeMin: from.toInstant().toString(), timeMax: from.add({ days: 1 }).toInstant().toString(), singleEvents: 'true', maxResults: '250' });
    return (await callJson<{ items: SeenEvent[] }>('Looking in Google', `${this.events}?${query}`, { headers: this.authorization })).items;
  }

  private get authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.token}` };
  }
}
