import { expect, it } from 'vitest';
import { KafkaMessagePublisher } from '@calsync/event-log';
import type { PagesUnderTest } from './pages-under-test.js';

export function describeChangesPage(at: PagesUnderTest): void {
  it('a change that crosses shows without a reload, by the user’s name', async () => {
    await at.login();
    await at.page.getByText('Live', { exact: true }).waitFor();
    const account = await at.under.connection.collection('accounts').findOne({ loginName: 'jansen' });
    const publisher = new KafkaMessagePublisher({ brokers: at.under.brokers, clientId: 'test', topicPrefix: at.under.prefix });
    const outcome = { pairId: 'pair', revision: 1, accountId: String(account?._id), source: 'demo', at: new Date().toISOString() };
    await publisher.connect();
    await publisher.publish([
      { type: 'nl.inventive.sync.applied.v1', id: 'live-1', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, side: 'google', act: 'update', fields: ['subject', 'when'], latencyMs: 84.2 } },
      { type: 'nl.inventive.sync.held.v1', id: 'live-2', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, reason: 'series-not-supported' } },
      { type: 'nl.inventive.sync.conflict.v1', id: 'live-3', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, field: 'location', winner: 'google' } },
      { type: 'nl.inventive.sync.applied.v1', id: 'live-4', key: 'pair', source: '/reconciler', time: outcome.at, data: { ...outcome, side: 'inventive', act: 'create', fields: [], latencyMs: 120 } },
    ]);
    await publisher.close();
    const line = at.page.getByRole('row').filter({ hasText: 'Bijgewerkt in Google' });
    await line.waitFor();
    expect(await line.textContent()).toMatch(/Anneke Jansen.*onderwerp, tijd.*84 ms/);
    await at.page.getByText('herhaalreeks die niet te lezen of te groot is', { exact: false }).waitFor();
    await at.shoot('users-changes');
  });

  it('the API’s own page works under the same policy', async () => {
    await at.login();
    await at.page.goto(`${at.under.url}/api/docs`);
    await at.page.getByText('Begin linking a Google account', { exact: false }).waitFor();
    await at.shoot('api-docs');
  });
}
