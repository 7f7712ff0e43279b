import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortsFree } from './one-start.js';
import { readStartSettings } from './settings.js';

describe('readStartSettings', () => {
  it('takes the fixed ports unless the environment moves them', () => {
    const settings = readStartSettings(['--once'], { RECONCILER_PORT: '14003' });
    expect(settings).toMatchObject({ once: true, clean: false, ports: { console: 4000, reconciler: 14003, kafka: 9092, mongodb: 27017 } });
  });

  it('names what it does not know', () => {
    expect(() => readStartSettings(['--onse'], {})).toThrow("npm start doesn't know --onse");
    expect(() => readStartSettings([], { CONSOLE_PORT: 'x' })).toThrow('CONSOLE_PORT is x: it should be a free TCP port');
  });

  it('finds a taken port before anything starts, and says which variable moves it', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const settings = readStartSettings([], { INVENTIVE_CAPTURE_PORT: String(port) });
    await expect(assertPortsFree(settings)).rejects.toThrow(`Port ${port} for the inventive-capture is taken by another program. Stop that program, or set INVENTIVE_CAPTURE_PORT to a free port.`);
    other.close();
  });
});
