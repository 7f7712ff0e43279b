export { type RunningService, type ServiceOptions, startService } from './start-service.js';
export type { ServiceHealth } from './health.controller.js';
export { type MongoSettings, connectMongo, mongoCheck } from './mongo.js';
export type { Check, CheckResult } from '../check.js';
