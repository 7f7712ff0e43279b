import { randomUUID } from 'node:crypto';
import { asJson, callJson } from './http.js';

/** An appointment as the demo sees it in Inventive. */
export interface SeenAppointment {
  readonly id: string;
  readonly stamp: number;
  readonly subject: string;
  readonly location: string;
}

interface Row {
  readonly __KEY: string;
  readonly __STAMP: number;
  readonly Onderwerp: string | null;
  readonly Locatie: string | null;
  readonly __STATUS?: { readonly success: boolean; readonly statusText?: string };
}

/** What a person at Inventive's own screen does: by 4D's REST API, not by any code of the product. */
export class InventiveSide {
  private constructor(
    private readonly root: string,
    private readonly cookie: string,
    private readonly user: { readonly id: string; readonly administrationId: string },
  ) {}

  /** `loginName` is the user in whose agenda things are written. */
  static async open(root: string, loginName: string): Promise<InventiveSide> {
    const { cookie } = await callJson<{ cookie: string }>('Logging in to Inventive', `${root}/_emulator/sessions`, asJson({ user: 'beheer' }));
    const rows = async (dataclass: string, filter?: string) => {
      const query = filter === undefined ? '' : `?$filter="Inlognaam=:1"&$params='${encodeURIComponent(JSON.stringify([filter]))}'`;
      return (await callJson<{ __ENTITIES: { __KEY: string }[] }>(`Reading ${dataclass}`, `${root}/rest/${dataclass}${query}`, { headers: { cookie } })).__ENTITIES;
    };
    const [user] = await rows('Gebruiker', loginName);
    const [administration] = await rows('Administratie');
    if (user === undefined || administration === undefined) throw new Error(`Inventive has no user ${loginName}, or no administration`);
    return new InventiveSide(root, cookie, { id: user.__KEY, administrationId: administration.__KEY });
  }

  async create(values: { readonly subject: string; readonly location: string; readonly on: Temporal.PlainDate; readonly fromHour: number; readonly toHour: number }): Promise<SeenAppointment> {
    return this.save('create', {
      ID: randomUUID().replaceAll('-', '').toUpperCase(),
      AdministratieID: this.user.administrationId,
      GebruikerID: this.user.id,
      Onderwerp: values.subject,
      Locatie: values.location,
      Opmerking: '',
      BeginDatum: `${values.on.toString()}T00:00:00Z`,
      EindDatum: `${values.on.toString()}T00:00:00Z`,
      BeginTijd: values.fromHour * 3_600_000,
      EindTijd: values.toHour * 3_600_000,
      HeleDag: false,
      Prive: false,
      ToonAls: 'Bezet',
      Status: 'Gepland',
      Soort: 'Afspraak',
    });
  }

  /** Reads the stamp first, as a screen does: the product may have saved the row since. */
  async change(id: string, values: { readonly subject?: string; readonly location?: string }): Promise<SeenAppointment> {
    const row = await this.get(id);
    if (row === undefined) throw new Error(`The appointment ${id} is no longer in Inventive`);
    return this.save('change', { __KEY: id, __STAMP: row.stamp, ...(values.subject === undefined ? {} : { Onderwerp: values.subject }), ...(values.location === undefined ? {} : { Locatie: values.location }) });
  }

  async delete(id: string): Promise<void> {
    await callJson('Deleting an appointment in Inventive', `${this.root}/rest/Afspraak(${id})?$method=delete`, { method: 'POST', headers: { cookie: this.cookie } });
  }

  async get(id: string): Promise<SeenAppointment | undefined> {
    return (await this.find('ID', id))[0];
  }

  async withSubject(subject: string): Promise<readonly SeenAppointment[]> {
    return this.find('Onderwerp', subject);
  }

  private async find(attribute: string, value: string): Promise<readonly SeenAppointment[]> {
    const url = `${this.root}/rest/Afspraak?$filter="${attribute}=:1"&$params='${encodeURIComponent(JSON.stringify([value]))}'`;
    const { __ENTITIES } = await callJson<{ __ENTITIES: Row[] }>('Looking in Inventive', url, { headers: { cookie: this.cookie } });
    return __ENTITIES.map(seen);
  }

  private async save(what: string, body: Readonly<Record<string, unknown>>): Promise<SeenAppointment> {
    const row = await callJson<Row>(`The ${what} in Inventive`, `${this.root}/rest/Afspraak?$method=update`, asJson(body, { cookie: this.cookie }));
    if (row.__STATUS !== undefined && !row.__STATUS.success) throw new Error(`The ${what} in Inventive was refused: ${row.__STATUS.statusText ?? JSON.stringify(row)}`);
    return seen(row);
  }
}

const seen = (row: Row): SeenAppointment => ({ id: row.__KEY, stamp: row.__STAMP, subject: row.Onderwerp ?? '', location: row.Locatie ?? '' });
