export { type MongoOptions, type MongoServer, startMongo } from './mongo.js';
export { type KafkaOptions, type KafkaServer, startKafka } from './kafka.js';
export { type ChildApp, type ChildAppOptions, startProcess } from './child-app.js';
export { startGoogleEmulator, startInventiveEmulator } from './emulators.js';
export { LocalServerError } from './local-server-error.js';
export { assertPortFree, portAccepts } from './ports.js';
export { commandLineOf, endIfOurs, endRecorded, signal, waitUntilGone } from './processes.js';
export { onProgress } from './progress.js';
export { projectNode, workspaceRoot } from './workspace.js';
