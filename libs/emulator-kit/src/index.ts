export { CallLog } from './call-log.js';
export { DocumentStore, type DocumentTable } from './document-store.js';
export { EmulatorClock } from './emulator-clock.js';
export { registerEmulatorRoutes, type EmulatorParts } from './emulator-routes.js';
export { FaultBook, type Fault, type FaultSpec } from './fault-book.js';
export { EmulatorRequestError, faultParser, fieldsOf, numberField, textField } from './request-fields.js';
