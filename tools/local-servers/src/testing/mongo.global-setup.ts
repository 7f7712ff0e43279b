import type { TestProject } from 'vitest/node';
import { startMongo } from '../mongo.js';
import './provided.js';

/** One MongoDB for the whole run of a project's tests; `MONGODB_URI`, if set, is used instead. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['MONGODB_URI'];
  if (given) {
    project.provide('mongodbUri', given);
    return async () => undefined;
  }
  const server = await startMongo();
  project.provide('mongodbUri', server.uri);
  return () => server.stop();
}
