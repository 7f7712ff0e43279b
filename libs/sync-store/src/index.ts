export { createLeases, type LeaseOptions, type LeaseStore } from './leases.js';
export { storedCollection, isDuplicateKey, type StoredCollection } from './database.js';
