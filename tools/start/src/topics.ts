import { join } from 'node:path';
import { execa } from 'execa';
import { LocalServerError, projectNode, workspaceRoot } from '@calsync/local-servers';

/** The product's own declared table makes the topics, as it does in compose and on Kubernetes. */
export async function makeTopics(kafkaBrokers: string): Promise<void> {
  const script = join(workspaceRoot, 'libs', 'event-log', 'dist', 'ensure-topics.main.js');
  const result = await execa(projectNode(), [script], { env: { KAFKA_BROKERS: kafkaBrokers }, reject: false, timeout: 60_000 });
  if (result.exitCode !== 0) {
    throw new LocalServerError(`The topics could not be made on ${kafkaBrokers}: ${(result.stderr || result.stdout).trim().split('\n').at(-1) || result.originalMessage || 'no reason given'}`);
  }
}
