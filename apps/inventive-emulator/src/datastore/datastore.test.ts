import { DocumentStore } from '@calsync/emulator-kit';
import { afterEach, expect, it, vi } from 'vitest';
import { DELETED_RECORDS } from '../catalog/inventive-model.js';
import { Datastore } from './datastore.js';

const store = new DocumentStore(':memory:');
const opened: Datastore[] = [];
const open = () => {
  const datastore = new Datastore(store, () => new Date());
  opened.push(datastore);
  return datastore;
};
afterEach(() => {
  for (const datastore of opened.splice(0)) datastore.close();
});

it('lists a deletion of a slow commit beside those that were made after a restart', async () => {
  const before = open();
  const projects = before.table('Project').dataclass;
  const [slow, quick] = ['A'.repeat(32), 'B'.repeat(32)];
  const creating = before.begin();
  for (const key of [slow, quick]) creating.create(projects, key, { ID: key, Nummer: key, Omschrijving: '' });
  before.commit(creating);
  const deleteRow = (datastore: Datastore, key: string) => {
    const row = datastore.table('Project').get(key);
    if (!row) throw new Error(`no row ${key}`);
    const transaction = datastore.begin();
    transaction.delete(projects, row);
    return transaction;
  };
  before.commitLater(deleteRow(before, slow), 100);
  before.close();

  const after = open();
  after.commit(deleteRow(after, quick));
  await vi.waitFor(() => expect(after.table('Project').size).toBe(0), { timeout: 5_000, interval: 10 });
  expect(after.table(DELETED_RECORDS).rows().map((row) => row.values['__PrimaryKey'])).toEqual(expect.arrayContaining([slow, quick]));
});
