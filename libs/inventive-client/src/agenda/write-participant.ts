import type { InventiveId } from '@calsync/calendar-model';
import type { InventiveWriteOutcome, ParticipantWrite } from '@calsync/sync-engine';
import { participantAttributes, participantOf, type Row } from '../mapping/map-appointment.js';
import { isRefused } from '../rest/answer.js';
import { both, isKey } from '../rest/filter.js';
import type { AgendaSource } from './assemble.js';
import { allByKey } from './paging.js';
import { refusalOf } from './refusal.js';

/**
 * One row of participants, only where it stands as the decision saw it: it is read, compared, and written under the stamp that
 * was read. Undefined: it stands as it should.
 */
export async function writeParticipant(source: AgendaSource, appointmentId: InventiveId, write: ParticipantWrite): Promise<Exclude<InventiveWriteOutcome, { kind: 'written' }> | undefined> {
  const { client } = source;
  const { dataclass, attributes } = client.schema.participant;
  const what = 'Writing a participant';
  const found = await client.byKey(dataclass, attributes.id, write.id);
  const row = found === undefined ? undefined : participantOf(found, client.schema);
  const save = async (values: Row) => {
    const answer = await client.save(dataclass, values, what);
    return isRefused(answer) ? refusalOf(answer, `${what} (${source.name})`) : undefined;
  };
  switch (write.kind) {
    case 'create':
      // Made by an earlier try, or by somebody at a desk a moment ago: whoever plans looks at that first, for nobody is in it twice.
      if (row !== undefined || (await isSeated(source, appointmentId, write))) return { kind: 'stale' };
      return save({ [attributes.id]: write.id, [attributes.appointmentId]: appointmentId, ...participantAttributes(write, client.schema) });
    case 'update':
      if (row?.reply !== write.expected) return { kind: 'stale' };
      return save({ __KEY: write.id, __STAMP: found?.['__STAMP'], ...participantAttributes({ reply: write.reply }, client.schema) });
    case 'delete': {
      if (found === undefined || row === undefined) return undefined;
      if (row.reply !== write.expected) return { kind: 'stale' };
      // As with appointments: a deletion by key knows no stamp, a selection that names it is empty once somebody saved the row.
      const answer = await client.deleteWhere(dataclass, both(isKey(attributes.id, write.id), `__GlobalStamp = ${String(found['__GlobalStamp'])}`) ?? '', what);
      const left = await client.byKey(dataclass, attributes.id, write.id);
      if (left === undefined) return undefined;
      if (String(left['__GlobalStamp']) !== String(found['__GlobalStamp'])) return { kind: 'stale' };
      return isRefused(answer) ? refusalOf(answer, `${what} (${source.name})`) : { kind: 'locked' };
    }
  }
}

/** No address is ever placed in a question: the few rows of the appointment are compared here. */
async function isSeated(source: AgendaSource, appointmentId: InventiveId, { email, userId }: Extract<ParticipantWrite, { kind: 'create' }>): Promise<boolean> {
  const { schema } = source.client;
  const { dataclass, attributes } = schema.participant;
  const rows = await allByKey(source.client, { dataclass, keyAttribute: attributes.id, filter: isKey(attributes.appointmentId, appointmentId) });
  return rows.map((row) => participantOf(row, schema)).some((one) => one.email.trim().toLowerCase() === email || (userId !== undefined && one.userId === userId));
}
