export { createLeases, type LeaseOptions, type LeaseStore } from './leases.js';
export { storedCollection, isDuplicateKey, type StoredCollection } from './database.js';
export { createBrakeLedger } from './brake-ledger.js';
export { createJoinings } from './joining.js';
export type { Sealer } from './pair-document.js';
export { createPairs, type PairCollection, type PairOverview } from './pairs.js';
export { createUnpaired, type UnpairedCollection } from './unpaired.js';
export { createCalendars, type CalendarStore } from './calendars.js';
export { createChannels, type ChannelStore } from './channels.js';
