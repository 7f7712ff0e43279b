import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product, type ServiceName } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
beforeAll(async () => {
  product = await startProduct();
  await product.link('devries');
  desk = await product.desk('devries');
  phone = await product.phone('devries');
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const today = Temporal.Now.plainDateISO('Europe/Amsterdam').toString();
const at = (hour: number) => ({ dateTime: `${today}T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });

/** Each service, killed by itself (SIGKILL) at a named step, in the middle of a change that passes there. */
const crashes: readonly { service: ServiceName; step: string; direction: 'to-google' | 'to-inventive' }[] = [
  { service: 'inventive-capture', step: 'capture:before-publish', direction: 'to-google' },
  { service: 'inventive-capture', step: 'capture:after-publish-before-watermark', direction: 'to-google' },
  { service: 'google-receiver', step: 'receive:before-publish', direction: 'to-inventive' },
  { service: 'google-receiver', step: 'receive:after-publish-before-token', direction: 'to-inventive' },
  { service: 'reconciler', step: 'reconcile:after-intent-before-call', direction: 'to-google' },
  { service: 'reconciler', step: 'reconcile:after-call-before-save', direction: 'to-google' },
  { service: 'reconciler', step: 'reconcile:after-save-before-finish', direction: 'to-google' },
  { service: 'reconciler', step: 'reconcile:after-intent-before-call', direction: 'to-inventive' },
  { service: 'reconciler', step: 'reconcile:after-call-before-save', direction: 'to-inventive' },
];

describe('kill -9 at a named step loses and doubles nothing', () => {
  for (const { service, step, direction } of crashes) {
    it(`${service} at ${step}, ${direction}`, async () => {
      const title = `${step} ${direction}`;
      await product.restart(service, { CRASH_AT: step });
      if (direction === 'to-google') await desk.create({ Onderwerp: title });
      else await phone.insert({ summary: title, start: at(11), end: at(12) });
      await product.ended(service);
      await product.restart(service);
      await waitUntil('it stands on both sides', async () => (await phone.withSummary(title)).length > 0 && (await desk.withSubject(title)).length > 0, 40_000);
      await product.quiet();
      expect([(await phone.withSummary(title)).length, (await desk.withSubject(title)).length]).toEqual([1, 1]);
    }, 120_000);
  }

  it('the console, killed, comes back with its accounts', async () => {
    await product.restart('console');
    const row = await desk.create({ Onderwerp: 'Na de console' });
    await waitUntil('it stands in Google', async () => (await phone.withSummary('Na de console'))[0]);
    expect((await desk.get(row.ID))?.Onderwerp).toBe('Na de console');
  }, 60_000);

  it('changes made while a service is down cross once it is back', async () => {
    for (const service of ['inventive-capture', 'google-receiver', 'reconciler'] as const) {
      await product.kill9(service);
      await desk.create({ Onderwerp: `Uit ${service}` });
      await phone.insert({ summary: `Toen ${service} uit was`, start: at(15), end: at(16) });
      await product.restart(service);
      await waitUntil('both crossed', async () => (await phone.withSummary(`Uit ${service}`)).length === 1 && (await desk.withSubject(`Toen ${service} uit was`)).length === 1, 40_000);
    }
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 180_000);
});
