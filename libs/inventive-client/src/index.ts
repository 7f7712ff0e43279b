export { SourcesFile, readSourcesFile, type SourceSettings } from './sources-file.js';
export { blockFields, inventiveSchema, loadInventiveSchema, type InventiveSchema } from './mapping/inventive-schema.js';
export { InventiveClient, type Page, type PageRequest } from './rest/inventive-client.js';
export { openSource, type OpenOptions } from './agenda/open-source.js';
export type { AgendaSource } from './agenda/assemble.js';
export { createInventiveAgenda, type AgendaOptions } from './agenda/inventive-agenda.js';
export { createCaptureSource } from './agenda/capture-source.js';
export { readAdministrations, readUsers, type InventiveAdministration, type InventiveUser } from './agenda/directory.js';
