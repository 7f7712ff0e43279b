import type { Message, MessageOf, MessageType } from '../messages.js';

/** One example of each message. The type demands one for every new type; tests, schemas and AsyncAPI use them. */
export const EXAMPLES = {
  'nl.inventive.appointment.changed.v1': {
    type: 'nl.inventive.appointment.changed.v1',
    id: 'demo/0AF1000000000000000000000000A001@1.4711',
    key: 'demo/0AF1000000000000000000000000A001',
    source: '/inventive-capture/demo',
    time: '2026-11-24T09:00:00.000Z',
    subject: 'demo/0AF1000000000000000000000000A001',
    data: {
      source: 'demo',
      id: '0AF1000000000000000000000000A001',
      administrationId: '0AF1000000000000000000000000B001',
      ownerId: '0AF1000000000000000000000000C001',
      version: { epoch: 1, stamp: '4711' },
      rowStamp: '4711',
      entityStamp: 3,
      zone: 'Europe/Amsterdam',
      fields: {
        subject: 'Kennismaking café Zuid',
        when: { kind: 'timed', start: '2026-11-25T10:00:00', end: '2026-11-25T11:00:00', zone: 'Europe/Amsterdam' },
        location: 'Utrecht',
        notes: 'Offerte meenemen',
        showAs: 'busy',
        privacy: 'public',
      },
      reduced: false,
      blockLines: [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij De Zon' }],
      participants: [{ name: 'P. de Vries', email: 'devries@example.com', reply: 'accepted' }],
      status: 'planned',
      category: 'Bezoek',
      modifiedAt: '2026-11-24T08:59:58.000Z',
      modifiedBy: 'jansen',
    },
  },
  'nl.inventive.appointment.deleted.v1': {
    type: 'nl.inventive.appointment.deleted.v1',
    id: 'demo/0AF1000000000000000000000000A001@1.4720',
    key: 'demo/0AF1000000000000000000000000A001',
    source: '/inventive-capture/demo',
    time: '2026-11-24T09:05:00.000Z',
    data: { source: 'demo', id: '0AF1000000000000000000000000A001', version: { epoch: 1, stamp: '4720' } },
  },
  'com.google.calendar.event.changed.v1': {
    type: 'com.google.calendar.event.changed.v1',
    id: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/12/abc123/3500000000000000',
    key: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/jansen@example.com',
    source: '/google-receiver',
    time: '2026-11-24T09:00:00.000Z',
    data: {
      accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001',
      calendarId: 'jansen@example.com',
      pull: '12',
      calendarZone: 'Europe/Amsterdam',
      reduced: false,
      event: { id: 'abc123', etag: '"3500000000000000"', status: 'confirmed', updated: '2026-11-24T08:59:59.000Z', summary: 'Overleg' },
    },
  },
  'com.google.calendar.event.deleted.v1': {
    type: 'com.google.calendar.event.deleted.v1',
    id: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/13/abc123/3500000000000002',
    key: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/jansen@example.com',
    source: '/google-receiver',
    time: '2026-11-24T09:01:00.000Z',
    data: { accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001', calendarId: 'jansen@example.com', pull: '13', calendarZone: 'Europe/Amsterdam', reduced: false, event: { id: 'abc123', status: 'cancelled' } },
  },
  'com.google.calendar.full-list.completed.v1': {
    type: 'com.google.calendar.full-list.completed.v1',
    id: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/14/completed',
    key: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001/jansen@example.com',
    source: '/google-receiver',
    time: '2026-11-24T09:02:00.000Z',
    data: { accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001', calendarId: 'jansen@example.com', pull: '14', calendarZone: 'Europe/Amsterdam' },
  },
  'nl.inventive.sync.applied.v1': outcome('nl.inventive.sync.applied.v1', { side: 'google', act: 'update', fields: ['location'], latencyMs: 84 }),
  'nl.inventive.sync.conflict.v1': outcome('nl.inventive.sync.conflict.v1', { field: 'location', winner: 'inventive' }),
  'nl.inventive.sync.failed.v1': outcome('nl.inventive.sync.failed.v1', { failure: 'permanent', cause: 'Google refuses the event (400 invalid)', attempts: 5 }),
  'nl.inventive.sync.held.v1': outcome('nl.inventive.sync.held.v1', { reason: 'held-by-brake' }),
  'nl.inventive.sync.compared.v1': {
    type: 'nl.inventive.sync.compared.v1',
    id: '4b2f6c1e-0000-5000-8000-000000000002/compared',
    key: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001',
    source: '/reconciler',
    time: '2026-11-24T09:00:04.000Z',
    data: {
      commandId: '4b2f6c1e-0000-5000-8000-000000000002', accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001', at: '2026-11-24T09:00:04.000Z', mode: 'repair',
      inventive: 120, google: 124, paired: 118, matched: 0, toInventive: 0, toGoogle: 0, ambiguous: 2, leftAlone: { 'event-type-not-synchronised': 4 }, repaired: 0,
    },
  },
  'nl.inventive.sync.account-linked.v1': command('nl.inventive.sync.account-linked.v1'),
  'nl.inventive.sync.account-unlinked.v1': command('nl.inventive.sync.account-unlinked.v1'),
  'nl.inventive.sync.resync.requested.v1': command('nl.inventive.sync.resync.requested.v1'),
  'nl.inventive.sync.comparison.requested.v1': command('nl.inventive.sync.comparison.requested.v1', { mode: 'repair' }),
} as const satisfies { readonly [T in MessageType]: MessageOf<T> };

export const ALL_EXAMPLES: readonly Message[] = Object.values(EXAMPLES);

function outcome<T extends MessageType, Rest extends object>(type: T, rest: Rest) {
  return {
    type,
    id: `9d7c3c1e-0000-5000-8000-000000000001/7/${type.split('.').at(-2) ?? ''}`,
    key: '9d7c3c1e-0000-5000-8000-000000000001',
    source: '/reconciler',
    time: '2026-11-24T09:00:01.000Z',
    data: {
      pairId: '9d7c3c1e-0000-5000-8000-000000000001',
      revision: 7,
      accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001',
      source: 'demo',
      appointmentId: '0AF1000000000000000000000000A001',
      calendarId: 'jansen@example.com',
      eventId: 'abc123',
      at: '2026-11-24T09:00:01.000Z',
      ...rest,
    },
  } as const;
}

function command<T extends MessageType, Rest extends object = object>(type: T, rest?: Rest) {
  return {
    type,
    id: 'c0ffee00-0000-4000-8000-000000000001',
    key: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001',
    source: '/console',
    time: '2026-11-24T09:00:00.000Z',
    data: { commandId: 'c0ffee00-0000-4000-8000-000000000001', accountId: '5f0e8f5e-3d0b-5b5e-8c8e-0d5a3b6f0001', at: '2026-11-24T09:00:00.000Z', ...(rest ?? ({} as Rest)) },
  } as const;
}
