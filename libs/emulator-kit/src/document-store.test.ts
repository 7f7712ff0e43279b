import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CallLog, DocumentStore } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'emulator-kit-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('DocumentStore', () => {
  it('keeps documents by key, in order', () => {
    const table = new DocumentStore(':memory:').table<{ n: number }>('things');
    table.put('b', { n: 2 });
    table.put('a', { n: 1 });
    table.put('a', { n: 3 });
    expect([...table.all()]).toEqual([['a', { n: 3 }], ['b', { n: 2 }]]);
    table.delete('a');
    expect([table.get('a'), table.get('b'), table.count(), table.lastKey()]).toEqual([undefined, { n: 2 }, 1, 'b']);
  });

  it('undoes a transaction that throws, nested parts too', () => {
    const store = new DocumentStore(':memory:');
    const table = store.table<number>('n');
    expect(() =>
      store.transaction(() => {
        store.transaction(() => table.put('inner', 1));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(table.count()).toBe(0);
    store.transaction(() => table.put('after', 1));
    expect(table.get('after')).toBe(1);
  });

  it('keeps a table that was first asked for in a transaction that threw', () => {
    const store = new DocumentStore(':memory:');
    expect(() =>
      store.transaction(() => {
        store.table<number>('late').put('undone', 1);
        throw new Error('no');
      }),
    ).toThrow('no');
    const table = store.table<number>('late');
    store.transaction(() => table.put('after', 1));
    expect([...table.all()]).toEqual([['after', 1]]);
  });

  it('has every returned write after kill -9', async () => {
    const file = join(folder, 'killed.db');
    // Node strips the types itself: the killed process runs this very class.
    const script = `
      import { writeSync } from 'node:fs';
      import { DocumentStore } from ${JSON.stringify(new URL('document-store.ts', import.meta.url).href)};
      const table = new DocumentStore(${JSON.stringify(file)}).table('n');
      for (let n = 0; ; n += 1) {
        table.put('last', n);
        writeSync(1, n + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let seen = '';
    for await (const chunk of child.stdout) {
      seen += String(chunk);
      if (seen.length > 2000 && !child.killed) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const reported = Number(seen.slice(0, seen.lastIndexOf('\n')).split('\n').at(-1));
    const after = new DocumentStore(file);
    expect(after.table<number>('n').get('last')).toBeGreaterThanOrEqual(reported);
    after.close();
  });
});

describe('CallLog', () => {
  it('groups calls, lists writes in order, and is the same after a restart', () => {
    const store = new DocumentStore(':memory:');
    const log = new CallLog<{ op: string; status: number }, { key: string }>(store);
    log.count({ op: 'read', status: 200 });
    log.count({ status: 200, op: 'read' });
    log.count({ op: 'read', status: 404 });
    for (const key of ['a', 'b']) log.write({ key });
    const again = new CallLog<{ op: string; status: number }, { key: string }>(store);
    again.write({ key: 'c' });
    expect(again.calls()).toEqual(expect.arrayContaining([{ op: 'read', status: 200, count: 2 }, { op: 'read', status: 404, count: 1 }]));
    expect(again.writes().map((write) => write.key)).toEqual(['a', 'b', 'c']);
    again.clear();
    expect([again.calls(), again.writes()]).toEqual([[], []]);
  });
});
