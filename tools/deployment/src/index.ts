export * from './processes.js';
export { variablesReadBy } from './variables-read.js';
