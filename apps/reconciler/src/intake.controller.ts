import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { asAccountId, asCalendarId, asInventiveId, asSourceName, type AppointmentRecord } from '@calsync/calendar-model';
import { TOPICS, type MessageOf } from '@calsync/event-contracts';
import { OnTopic, type Delivered } from '@calsync/event-log';
import { toEventRecord } from '@calsync/google-client';
import { compareAfterFullList, TakeIn, WorkerPool, type AfterFullListParts, type TakenIn } from '@calsync/sync-engine';
import { RECONCILER } from './worker.runner.js';

/** The door for messages: decode, hand to the engine, wake the workers. Whatever it throws is tried again by the transport. */
@Controller()
export class IntakeController {
  constructor(
    @Inject(TakeIn) private readonly takeIn: TakeIn,
    @Inject(WorkerPool) private readonly workers: WorkerPool,
    @Inject(RECONCILER) private readonly reconciler: AfterFullListParts,
  ) {}

  @OnTopic(TOPICS.appointments.name)
  async appointments(@Payload() decoded: Delivered): Promise<void> {
    if (decoded.kind !== 'message') return;
    const { message } = decoded;
    switch (message.type) {
      case 'nl.inventive.appointment.changed.v1':
        return this.wake(await this.takeIn.appointment(toAppointment(message.data)));
      case 'nl.inventive.appointment.deleted.v1':
        return this.wake(await this.takeIn.appointmentDeleted(asSourceName(message.data.source), asInventiveId(message.data.id), message.data.version));
      default:
        return;
    }
  }

  @OnTopic(TOPICS.calendarEvents.name)
  async calendarEvents(@Payload() decoded: Delivered): Promise<void> {
    if (decoded.kind !== 'message') return;
    const { message } = decoded;
    switch (message.type) {
      case 'com.google.calendar.event.changed.v1':
      case 'com.google.calendar.event.deleted.v1': {
        const { accountId, calendarId, calendarZone, pull, reduced, event } = message.data;
        const calendar = { accountId: asAccountId(accountId), calendarId: asCalendarId(calendarId) };
        const record = toEventRecord(event, { calendarId: calendar.calendarId, calendarZone, reduced });
        return this.wake(await this.takeIn.event(calendar, record, { pull }));
      }
      case 'com.google.calendar.full-list.completed.v1': {
        const calendar = { accountId: asAccountId(message.data.accountId), calendarId: asCalendarId(message.data.calendarId) };
        await this.takeIn.calendarListed(calendar, message.data.pull);
        return compareAfterFullList(this.reconciler, calendar, message.data.pull);
      }
      default:
        return;
    }
  }

  private wake(ids: TakenIn): void {
    this.workers.wake(ids);
  }
}

/** The schema has checked every value; here they only get their branded types. */
function toAppointment(data: MessageOf<'nl.inventive.appointment.changed.v1'>['data']): AppointmentRecord {
  return {
    ...data,
    source: asSourceName(data.source),
    id: asInventiveId(data.id),
    administrationId: asInventiveId(data.administrationId),
    ownerId: asInventiveId(data.ownerId),
    participants: data.participants.map(({ id, userId, ...rest }) => ({ ...rest, ...(id === undefined ? {} : { id: asInventiveId(id) }), ...(userId === undefined ? {} : { userId: asInventiveId(userId) }) })),
  };
}
