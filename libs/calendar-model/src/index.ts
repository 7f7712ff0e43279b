export * from './ids.js';
export * from './when.js';
export * from './snapshot.js';
export * from './fields.js';
export * from './records.js';
export * from './reasons.js';
