import { describe, expect, it } from 'vitest';
import { processes, serverPorts } from './processes.js';
import { variablesReadBy } from './variables-read.js';

describe('the table of processes', () => {
  it.each(processes)('asks for $name only what its settings read', ({ name, kind, requires, secrets }) => {
    const known = variablesReadBy(name, kind);
    expect(known.size).toBeGreaterThan(10);
    expect([...requires, ...secrets].filter((variable) => !known.has(variable))).toEqual([]);
  });

  it('gives every process a port and a variable of its own', () => {
    const all = [...processes, ...Object.values(serverPorts)];
    expect(new Set(all.map(({ port }) => port)).size).toBe(all.length);
    expect(new Set(all.map(({ portVariable }) => portVariable)).size).toBe(all.length);
  });
});
