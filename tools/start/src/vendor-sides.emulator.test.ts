import { type ChildApp, startGoogleEmulator, startInventiveEmulator } from '@calsync/local-servers/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextWorkingDay } from './calendar-day.js';
import { GoogleSide } from './google-side.js';
import { InventiveSide } from './inventive-side.js';

describe('what the round trips do on each side', () => {
  let google: ChildApp;
  let inventive: ChildApp;

  beforeAll(async () => {
    [google, inventive] = await Promise.all([startGoogleEmulator(), startInventiveEmulator()]);
  });
  afterAll(async () => {
    await Promise.all([google?.stop(), inventive?.stop()]);
  });

  it('creates, finds, changes and deletes in Inventive', async () => {
    const side = await InventiveSide.open(inventive.url, 'jansen');
    const made = await side.create({ subject: 'Overleg café ☕ 1', location: 'Kantoor', on: nextWorkingDay(), fromHour: 10, toHour: 11 });
    expect(await side.withSubject('Overleg café ☕ 1')).toEqual([made]);
    await side.change(made.id, { location: 'Zürich' });
    expect(await side.get(made.id)).toMatchObject({ location: 'Zürich', subject: 'Overleg café ☕ 1' });
    await side.delete(made.id);
    expect(await side.get(made.id)).toBeUndefined();
  });

  it('creates, finds, changes and deletes in Google', async () => {
    const side = await GoogleSide.open(google.url, 'jansen@example.com');
    const made = await side.create({ summary: 'Lunch 🍮 1', location: 'Utrecht', on: nextWorkingDay(), fromHour: 12, toHour: 13 });
    expect((await side.onDay(nextWorkingDay())).map(({ id }) => id)).toContain(made.id);
    await side.change(made.id, { location: 'Den Haag' });
    expect(await side.get(made.id)).toMatchObject({ location: 'Den Haag', summary: 'Lunch 🍮 1' });
    await side.delete(made.id);
    expect(await side.get(made.id)).toBeUndefined();
  });

  it('names the user that Inventive lacks', async () => {
    await expect(InventiveSide.open(inventive.url, 'niemand')).rejects.toThrow('Inventive has no user niemand');
  });
});
