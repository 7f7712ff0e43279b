import { v5 as uuidV5 } from 'uuid';
import type { AppointmentRecord, InventiveId, InventiveVersion, SourceName } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { AssembledAppointment, Part } from './capture-source.js';

const NAMESPACE = 'b3f2f3b0-5a54-5b0c-8a65-0a51a6b2c7d4';

/** The message that says how an appointment stands now; the same state gives the same id, at every retry. */
export function changedMessage({ record, rowStamp, parts }: AssembledAppointment, version: InventiveVersion, time: string): Message {
  const appointment: AppointmentRecord = reducedIfPrivate({ ...record, version });
  const { source, id } = appointment;
  return {
    type: 'nl.inventive.appointment.changed.v1',
    id: messageId(source, id, version, [String(rowStamp), ...parts.map(partText)]),
    ...addressed(source, id, time),
    data: {
      ...appointment,
      fields: { ...appointment.fields },
      blockLines: [...appointment.blockLines],
      // Their entity stamps serve conditional writes: who wants to write reads them fresh.
      participants: appointment.participants.map(({ entityStamp: _stamp, ...participant }) => participant),
    },
  };
}

export function deletedMessage(source: SourceName, id: InventiveId, version: InventiveVersion, time: string): Message {
  return {
    type: 'nl.inventive.appointment.deleted.v1',
    id: messageId(source, id, version, ['deleted']),
    ...addressed(source, id, time),
    data: { source, id, version },
  };
}

/**
 * Subscribers and histories never hold the content of a private appointment, whatever an administration lets cross to
 * Google: who may see it reads the row. What is left out is absent, so that nobody takes it for blank. When it rings and
 * where it opens tells nothing of it (Inventive itself asks who opens it); who takes part and what kind it is does.
 */
export function reducedIfPrivate(record: AppointmentRecord): AppointmentRecord {
  const { when, showAs, privacy, reminder } = record.fields;
  if (privacy !== 'private') return record;
  return {
    ...record,
    fields: { ...(when === undefined ? {} : { when }), ...(showAs === undefined ? {} : { showAs }), privacy, ...(reminder === undefined ? {} : { reminder }) },
    reduced: true,
    blockLines: [],
    participants: [],
    category: '',
  };
}

const partText = ({ key, stamp }: Part): string => `${key}@${stamp}`;

function messageId(source: SourceName, id: InventiveId, version: InventiveVersion, state: readonly string[]): string {
  return uuidV5(JSON.stringify([source, id, version.epoch, version.stamp, ...state]), NAMESPACE);
}

const addressed = (source: SourceName, id: InventiveId, time: string) => ({ key: `${source}/${id}`, source: `/inventive-capture/${source}`, subject: id, time });
