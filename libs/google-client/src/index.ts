export { toEventRecord, type EventContext } from './event-record.js';
export { reduceEvent } from './reduce-event.js';
export { googleEventSchema, type GoogleEvent } from './event-schema.js';
export { createGoogleEvents } from './google-events.js';
export { createCalendarFeed, type GoogleCalendarFeed } from './calendar-feed.js';
export { createQuotaLimiter, type QuotaLimiter, type QuotaOptions } from './quota-limiter.js';
export { createGoogleClock } from './google-clock.js';
export type { GoogleClientOptions, ObservedCall } from './google-calls.js';
