import type { InventiveId } from '@calsync/calendar-model';
import { Failure } from '@calsync/sync-engine';
import { checkCatalog, type Catalog } from '../mapping/check-catalog.js';
import { textOf, stampOf } from '../mapping/four-d-values.js';
import type { InventiveSchema } from '../mapping/inventive-schema.js';
import type { Row } from '../mapping/map-appointment.js';
import { failureOf, isRecord, isRefused, type Answer } from './answer.js';
import { isKey, query } from './filter.js';
import { FourDSession, type Server, type SessionOptions } from './four-d-session.js';

export interface Page {
  /** The number that the next change of the datastore will get. */
  readonly stampNow: bigint | undefined;
  readonly rows: readonly Row[];
  /** How many rows match; 4D sends fewer without saying so. */
  readonly count: number;
}

export interface PageRequest {
  readonly dataclass: string;
  readonly filter?: string;
  readonly orderBy?: string;
  readonly limit: number;
  /** Only these; all where left out. */
  readonly attributes?: readonly string[];
}

/** Speaks 4D's REST with one server. Knows the dataclasses of the mapping, not what an appointment is. */
export class InventiveClient {
  readonly session: FourDSession;
  readonly schema: InventiveSchema;
  readonly name: string;
  readonly #recogniseDatabase: boolean;

  constructor(server: Server, schema: InventiveSchema, options: SessionOptions) {
    this.session = new FourDSession(server, options);
    this.schema = schema;
    this.name = server.name;
    this.#recogniseDatabase = server.recogniseDatabase ?? true;
  }

  async page(request: PageRequest): Promise<Page> {
    const { dataclass, filter, orderBy, limit, attributes } = request;
    const path = `/${encodeURIComponent(dataclass)}${attributes === undefined ? '' : `/${attributes.map(encodeURIComponent).join(',')}`}`;
    const what = `Reading ${dataclass}`;
    const answer = await this.session.read({ path: `${path}${query({ $filter: filter, $orderby: orderBy, $limit: limit })}`, what });
    if (isRefused(answer)) throw failureOf(answer, `${what} (${this.name})`);
    if (!isRecord(answer.body) || !Array.isArray(answer.body['__ENTITIES'])) {
      throw new Failure('transient', `${what} (${this.name}): the answer is no collection of 4D (HTTP ${answer.httpStatus})`);
    }
    const rows = answer.body['__ENTITIES'].filter(isRecord);
    const count = answer.body['__COUNT'];
    // Fewer rows than were there and fewer than asked for: the class's own limit is smaller than ours.
    return { stampNow: stampOf(answer.body['__GlobalStamp']), rows, count: typeof count === 'number' ? count : rows.length };
  }

  /** One cheap read: the counter as it stands on every page. */
  async stampNow(): Promise<bigint> {
    const { dataclass, attributes } = this.schema.appointment;
    const { stampNow } = await this.page({ dataclass, limit: 1, attributes: [attributes.id] });
    if (stampNow === undefined) {
      throw new Failure('permanent', `Reading the global stamp (${this.name}): pages of ${dataclass} carry no __GlobalStamp: switch on "Enable data change tracking" for this table`);
    }
    return stampNow;
  }

  /** Undefined where no row has this key; that proves nothing about a deletion. */
  async byKey(dataclass: string, keyAttribute: string, id: InventiveId): Promise<Row | undefined> {
    return (await this.page({ dataclass, filter: isKey(keyAttribute, id), limit: 1 })).rows[0];
  }

  /** Creates where the row carries no `__KEY`; an update must carry both `__KEY` and `__STAMP`. */
  async save(dataclass: string, row: Row, what: string): Promise<Answer> {
    // 4D takes a key without a stamp as "overwrite whatever is there".
    if (row['__KEY'] !== undefined && row['__STAMP'] === undefined) throw new Error(`${what}: a __KEY without __STAMP would overwrite blindly`);
    return this.session.write({ path: `/${encodeURIComponent(dataclass)}?$method=update`, body: row, what });
  }

  async deleteWhere(dataclass: string, filter: string, what: string): Promise<Answer> {
    return this.session.write({ path: `/${encodeURIComponent(dataclass)}${query({ $filter: filter })}&$method=delete`, what });
  }

  /**
   * Where it is and what it calls its database (`__UNIQID` of the catalog; absent where it gives none): by this a server is
   * recognised. Neither changes when Inventive is started again; a copy of it stands elsewhere, or was given another id.
   */
  async fingerprint(): Promise<{ readonly address: string; readonly database?: string }> {
    const what = 'Reading $catalog';
    const answer = await this.session.read({ path: '/$catalog', what });
    if (isRefused(answer)) throw failureOf(answer, `${what} (${this.name})`);
    const database = this.#recogniseDatabase && isRecord(answer.body) ? textOf(answer.body['__UNIQID']) : '';
    return { address: this.session.address, ...(database === '' ? {} : { database }) };
  }

  /** Names what in the mapping doesn't fit this server; empty where all does. */
  async mappingProblems(): Promise<readonly string[]> {
    return checkCatalog(this.schema, await this.catalog());
  }

  async catalog(): Promise<Catalog> {
    const what = 'Reading $catalog';
    const answer = await this.session.read({ path: '/$catalog/$all', what });
    if (isRefused(answer)) throw failureOf(answer, `${what} (${this.name})`);
    const listed = isRecord(answer.body) ? (answer.body['dataClasses'] ?? answer.body['dataClass']) : undefined;
    if (!Array.isArray(listed)) throw new Failure('transient', `${what} (${this.name}): the answer lists no dataclasses`);
    return new Map(
      listed.filter(isRecord).map((dataclass) => {
        const attributes = Array.isArray(dataclass['attributes']) ? dataclass['attributes'].filter(isRecord) : [];
        return [textOf(dataclass['name']), new Map(attributes.map((attribute) => [textOf(attribute['name']), textOf(attribute['type'])]))] as const;
      }),
    );
  }

  close(): Promise<void> {
    return this.session.close();
  }

  abandon(): Promise<void> {
    return this.session.abandon();
  }
}
