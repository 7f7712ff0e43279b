export * from './failures/failure.js';
export * from './ports/account.js';
export * from './ports/clock.js';
export * from './ports/event-log.js';
export * from './ports/google-events.js';
export * from './ports/inventive-agenda.js';
export * from './ports/lease.js';
