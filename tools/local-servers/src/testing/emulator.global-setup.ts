import { execa } from 'execa';
import { join } from 'node:path';
import { projectNode, workspaceRoot } from '../workspace.js';

/** Tests run the emulators' compiled programs: bring those up to date (nothing to do when they are). */
export default async function setup(): Promise<void> {
  const compiler = join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  await execa(projectNode(), [compiler, '-b', 'apps/google-emulator', 'apps/inventive-emulator'], { cwd: workspaceRoot, stderr: 'inherit', timeout: 300_000 });
}
