import { randomUUID } from 'node:crypto';

/** A row of *Afspraak* as 4D answers it; only what tests look at is named. */
export interface SeenRow {
  readonly __KEY: string;
  readonly __STAMP: number;
  readonly __GlobalStamp: number;
  readonly ID: string;
  readonly Onderwerp: string;
  readonly Locatie: string;
  readonly Opmerking: string;
  readonly BeginDatum: string;
  readonly EindDatum: string;
  readonly BeginTijd: number;
  readonly EindTijd: number;
  readonly HeleDag: boolean;
  readonly Prive: boolean;
  readonly ToonAls: string;
  readonly AdministratieID: string;
  readonly Status: string;
  readonly Soort: string;
  readonly HerinneringMinuten: number | null;
  readonly GewijzigdDoor: string;
}

export interface SeenParticipant {
  readonly __KEY: string;
  readonly __STAMP: number;
  readonly AfspraakID: string;
  readonly Naam: string;
  readonly Email: string;
  readonly GebruikerID: string | null;
  readonly Reactie: string;
}

/** Somebody at Inventive's desktop: 4D's REST API with a session of full rights. */
export class PersonAtDesk {
  private constructor(
    private readonly root: string,
    private readonly cookie: string,
    readonly userId: string,
    private readonly administrationId: string,
  ) {}

  static async open(root: string, loginName: string): Promise<PersonAtDesk> {
    const answer = await fetch(`${root}/_emulator/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user: loginName }) });
    const { cookie } = (await answer.json()) as { cookie: string };
    const first = async (dataclass: string, query: string) => {
      const rows = await fetch(`${root}/rest/${dataclass}?${query}`, { headers: { cookie } });
      const { __ENTITIES } = (await rows.json()) as { __ENTITIES: { __KEY: string }[] };
      const [row] = __ENTITIES;
      if (row === undefined) throw new Error(`no ${dataclass} for ${query}`);
      return row.__KEY;
    };
    return new PersonAtDesk(root, cookie, await first('Gebruiker', `$filter="Inlognaam=:1"&$params='["${loginName}"]'`), await first('Administratie', '$limit=1'));
  }

  /** A one-hour appointment today at ten unless `values` say otherwise. */
  create(values: Record<string, unknown>): Promise<SeenRow> {
    const today = `${Temporal.Now.plainDateISO('Europe/Amsterdam').toString()}T00:00:00Z`;
    return this.save({
      ID: randomUUID().replaceAll('-', '').toUpperCase(),
      AdministratieID: this.administrationId, GebruikerID: this.userId, Onderwerp: '', Locatie: '', Opmerking: '',
      BeginDatum: today, EindDatum: today, BeginTijd: 36_000_000, EindTijd: 39_600_000,
      HeleDag: false, Prive: false, ToonAls: 'Bezet', Status: 'Gepland', Soort: 'Afspraak', ...values,
    });
  }

  /** Reads the stamp first, as a screen does, and again where the product was faster. */
  async change(id: string, values: Record<string, unknown>): Promise<SeenRow> {
    for (;;) {
      const row = await this.get(id);
      if (row === undefined) throw new Error(`appointment ${id} is gone`);
      const saved = await this.post(`Afspraak?$method=update`, { __KEY: id, __STAMP: row.__STAMP, ...values });
      if (saved['__STATUS'] === undefined || (saved['__STATUS'] as { status?: number }).status !== 2) return checked(saved);
    }
  }

  async delete(id: string): Promise<void> {
    await this.post(`Afspraak(${id})?$method=delete`, undefined);
  }

  async get(id: string): Promise<SeenRow | undefined> {
    return (await this.find('ID', id))[0];
  }

  withSubject(subject: string): Promise<readonly SeenRow[]> {
    return this.find('Onderwerp', subject);
  }

  async agenda(): Promise<readonly SeenRow[]> {
    return this.find('GebruikerID', this.userId);
  }

  /** Any other dataclass: relations, contact persons, projects, participants. */
  async rows(dataclass: string): Promise<readonly Record<string, unknown>[]> {
    const answer = await fetch(`${this.root}/rest/${dataclass}?$limit=1000`, { headers: { cookie: this.cookie } });
    return ((await answer.json()) as { __ENTITIES: Record<string, unknown>[] }).__ENTITIES;
  }

  async saveIn(dataclass: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.post(`${dataclass}?$method=update`, body);
  }

  async remove(dataclass: string, key: string): Promise<void> {
    await this.post(`${dataclass}(${key})?$method=delete`, undefined);
  }

  /** Who is in an appointment. */
  async participants(appointmentId: string): Promise<readonly SeenParticipant[]> {
    return ((await this.rows('AfspraakDeelnemer')) as unknown as readonly SeenParticipant[]).filter(({ AfspraakID }) => AfspraakID === appointmentId);
  }

  async invite(appointmentId: string, values: Record<string, unknown>): Promise<void> {
    await this.saveIn('AfspraakDeelnemer', { ID: randomUUID().replaceAll('-', '').toUpperCase(), AfspraakID: appointmentId, Reactie: 'Geen', ...values });
  }

  async answer(appointmentId: string, email: string, reply: string): Promise<void> {
    const row = (await this.participants(appointmentId)).find((one) => one.Email === email);
    await this.saveIn('AfspraakDeelnemer', { __KEY: row?.__KEY, __STAMP: row?.__STAMP, Reactie: reply });
  }

  async takeOut(appointmentId: string, email: string): Promise<void> {
    const row = (await this.participants(appointmentId)).find((one) => one.Email === email);
    await this.post(`AfspraakDeelnemer(${row?.__KEY})?$method=delete`, undefined);
  }

  private async find(attribute: string, value: string): Promise<readonly SeenRow[]> {
    const query = `$filter="${attribute}=:1"&$params='${encodeURIComponent(JSON.stringify([value]))}'&$limit=10000`;
    const answer = await fetch(`${this.root}/rest/Afspraak?${query}`, { headers: { cookie: this.cookie } });
    const body = (await answer.json()) as { __ENTITIES?: SeenRow[] };
    if (body.__ENTITIES === undefined) throw new Error(`reading appointments answered ${JSON.stringify(body)}`);
    return body.__ENTITIES;
  }

  private async save(body: Record<string, unknown>): Promise<SeenRow> {
    return checked(await this.post('Afspraak?$method=update', body));
  }

  private async post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.root}/rest/${path}`, {
      method: 'POST',
      headers: { cookie: this.cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Record<string, unknown>;
  }
}

function checked(saved: Record<string, unknown>): SeenRow {
  if (saved['__ERROR'] !== undefined) throw new Error(`Inventive refused: ${JSON.stringify(saved)}`);
  return saved as unknown as SeenRow;
}
