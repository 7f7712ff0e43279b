export { readSourcesFile, type SourceSettings } from './sources-file.js';
export { blockFields, loadInventiveSchema } from './mapping/inventive-schema.js';
export { openSource } from './agenda/open-source.js';
export type { AgendaSource } from './agenda/assemble.js';
export { sourceProblems } from './agenda/administration-zones.js';
export { createInventiveAgenda } from './agenda/inventive-agenda.js';
export { createCaptureSource } from './agenda/capture-source.js';
export { readAdministrations, readUser, readUsers, type InventiveUser } from './agenda/directory.js';
