import type { AppointmentRecord, PlainDate, SourceName } from '@calsync/calendar-model';
import { Failure, type AssembledAppointment, type Assembly, type InventiveAgenda, type InventiveWriteOutcome } from '@calsync/sync-engine';
import { attributesOf, type Row } from '../mapping/map-appointment.js';
import { isRecord, isRefused, type Answer } from '../rest/answer.js';
import { both, isKey } from '../rest/filter.js';
import { readZoneOfRow, readZones } from './administration-zones.js';
import { assembleByKey, assembleRows, type AgendaSource } from './assemble.js';
import { lastDeletion } from './capture-source.js';
import { allByKey } from './paging.js';
import { refusalOf } from './refusal.js';
import { writeParticipant } from './write-participant.js';

export interface AgendaOptions {
  /** The epoch that capture is in for a source (`createWatermarks(…).epochOf`), so that reads and messages can be compared. */
  readonly epochOf: (source: SourceName) => Promise<number>;
}

/** Reads and conditional writes of appointments on several Inventive servers. */
export function createInventiveAgenda(sources: readonly AgendaSource[], options: AgendaOptions): InventiveAgenda {
  const byName = new Map(sources.map((source) => [source.name, source] as const));
  const sourceOf = (name: SourceName): AgendaSource => {
    const source = byName.get(name);
    if (source === undefined) throw new Failure('permanent', `There is no source "${name}" in SOURCES_FILE`);
    return source;
  };
  const recordOf = (assembled: AssembledAppointment, epoch: number): AppointmentRecord => ({ ...assembled.record, version: { epoch, stamp: String(highestStamp(assembled)) } });

  async function readOne(source: AgendaSource, id: AppointmentRecord['id']): Promise<AppointmentRecord | undefined> {
    const [found] = readable(await assembleByKey(source, [id]));
    return found === undefined ? undefined : recordOf(found, await options.epochOf(source.name));
  }

  /** The row as it stands after a write, from the server's answer where that is complete. */
  async function written(source: AgendaSource, id: AppointmentRecord['id'], answer: Answer): Promise<InventiveWriteOutcome> {
    const row = isRecord(answer.body) ? answer.body : {};
    const complete = row['__GlobalStamp'] !== undefined && row['__STAMP'] !== undefined && row[source.client.schema.appointment.attributes.ownerId] !== undefined;
    if (!complete) {
      const record = await readOne(source, id);
      return record === undefined ? { kind: 'gone' } : { kind: 'written', record };
    }
    const [assembled] = readable(await assembleRows(source, [row]));
    if (assembled === undefined) throw new Error('one row was assembled to none');
    return { kind: 'written', record: recordOf(assembled, await options.epochOf(source.name)) };
  }

  return {
    async read(name, id) {
      const source = sourceOf(name);
      const record = await readOne(source, id);
      if (record !== undefined) return { kind: 'found', record };
      const stamp = await lastDeletion(source.client, 'appointment', id);
      return stamp === undefined ? { kind: 'absent' } : { kind: 'deleted', stamp: String(stamp) };
    },

    async readAgenda(name, userId, fromOn, untilOn) {
      const source = sourceOf(name);
      const { dataclass, attributes } = source.client.schema.appointment;
      // On another administration's clock the same moment may lie on the day before or after.
      const more = source.administrationZones === undefined ? 0 : 1;
      const [first, last] = [dayFrom(fromOn, -more), dayFrom(untilOn, more)];
      const rows = await allByKey(source.client, {
        dataclass,
        keyAttribute: attributes.id,
        filter: both(isKey(attributes.ownerId, userId), `${attributes.startOn} <= ${last}`,
          // An end date left blank means the day of the start.
          `(${attributes.endOn} >= ${first} OR ${attributes.startOn} >= ${first})`) ?? '',
      });
      const epoch = await options.epochOf(name);
      const { found, unreadable } = await assembleRows(source, rows);
      return { records: found.map((assembled) => recordOf(assembled, epoch)), unreadable };
    },

    async create(name, { id, ownerId, administrationId, fields, category }) {
      const source = sourceOf(name);
      const { dataclass, attributes, values } = source.client.schema.appointment;
      const row: Row = {
        [attributes.id]: id,
        [attributes.ownerId]: ownerId,
        [attributes.administrationId]: administrationId,
        [attributes.status]: values.status.planned,
        ...(category === undefined ? {} : { [attributes.category]: category }),
        ...attributesOf(fields, source.client.schema, (await readZones(source))(administrationId)),
      };
      const what = 'Creating an appointment';
      const answer = await source.client.save(dataclass, row, what);
      if (!isRefused(answer)) return written(source, id, answer);
      const outcome = refusalOf(answer, `${what} (${name})`);
      if (outcome.kind === 'locked') return outcome;
      // Nothing documents how 4D says "duplicate key": the key itself tells.
      return (await source.client.byKey(dataclass, attributes.id, id)) === undefined ? refusedInWords(outcome, answer) : { kind: 'exists' };
    },

    async update(name, id, entityStamp, fields, status) {
      const source = sourceOf(name);
      const { dataclass, attributes, values } = source.client.schema.appointment;
      const what = 'Updating an appointment';
      const zone = fields.when === undefined ? source.zone : await readZoneOfRow(source, id);
      const row: Row = {
        __KEY: id,
        __STAMP: entityStamp,
        ...(status === undefined ? {} : { [attributes.status]: values.status[status] }),
        ...attributesOf(fields, source.client.schema, zone),
      };
      const answer = await source.client.save(dataclass, row, what);
      return isRefused(answer) ? refusalOf(answer, `${what} (${name})`) : written(source, id, answer);
    },

    async writeParticipants(name, id, writes) {
      const source = sourceOf(name);
      for (const write of writes) {
        const trouble = await writeParticipant(source, id, write);
        if (trouble !== undefined) return trouble;
      }
      const record = await readOne(source, id);
      return record === undefined ? { kind: 'gone' } : { kind: 'written', record };
    },

    async delete(name, id, rowStamp) {
      const source = sourceOf(name);
      const { dataclass, attributes } = source.client.schema.appointment;
      const what = 'Deleting an appointment';
      // A delete by key has no stamp check in 4D; a selection that names the stamp is empty once somebody saved the row.
      const answer = await source.client.deleteWhere(dataclass, both(isKey(attributes.id, id), `__GlobalStamp = ${BigInt(rowStamp)}`) ?? '', what);
      const left = await source.client.byKey(dataclass, attributes.id, id);
      if (left === undefined) return { kind: 'gone' };
      if (String(left['__GlobalStamp']) !== rowStamp) return { kind: 'stale' };
      if (!isRefused(answer)) return { kind: 'locked' };
      const outcome = refusalOf(answer, `${what} (${name})`);
      return outcome.kind === 'refused' || outcome.kind === 'locked' || outcome.kind === 'stale' ? outcome : { kind: 'refused', cause: answer.errorText };
    },
  };
}

const dayFrom = (on: PlainDate, days: number): PlainDate => Temporal.PlainDate.from(on).add({ days }).toString();

/** Complete or nothing: an appointment that can't be understood must not look absent. */
function readable({ found, unreadable }: Assembly): readonly AssembledAppointment[] {
  const [first] = unreadable;
  if (first !== undefined) throw new Failure('permanent', `Appointment ${first.id} in Inventive can't be understood: ${first.cause}. Mend the row, or the mapping file`);
  return found;
}

function highestStamp({ rowStamp, parts }: AssembledAppointment): bigint {
  return parts.reduce((highest, { stamp }) => (stamp > highest ? stamp : highest), rowStamp);
}

function refusedInWords(outcome: ReturnType<typeof refusalOf>, answer: Answer): InventiveWriteOutcome {
  return outcome.kind === 'refused' ? outcome : { kind: 'refused', cause: `Inventive refused to create the record (4D error ${answer.errorCodes.join(', ') || 'without a code'})` };
}
