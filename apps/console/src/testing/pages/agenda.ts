import { asAccountId, asCalendarId, asGoogleEventId, asInventiveId, asPairId, asSourceName, type AccountId, type InventiveFields } from '@calsync/calendar-model';
import { KeyRing } from '@calsync/service-chassis/sealing';
import type { Pair } from '@calsync/sync-engine';
import { anAppointment, anEvent } from '@calsync/sync-engine/testing';
import { createComparisons, createPairs, createUnpaired } from '@calsync/sync-store';
import { administratorOf, type UserView } from '../administrator.js';
import type { ConsoleUnderTest } from '../console-under-test.js';
import { MASTER_KEYS } from './pages-under-test.js';

/** The agenda of one linked user as the services would have left it: the console is tried without them. */
export async function agendaOf(under: ConsoleUnderTest, loginName: string) {
  const administrator = await (administrators.get(under) ?? remember(under));
  const known = await administrator.user(loginName);
  if (known.account === undefined) await administrator.linkUser(loginName);
  const user: UserView = await administrator.user(loginName);
  const account: AccountId = asAccountId(user.account?.id ?? '');
  const keys = new KeyRing(MASTER_KEYS);
  const { connection } = under;
  const [pairs, unpaired, comparisons] = [createPairs(connection, keys), createUnpaired(connection, keys), createComparisons(connection)];
  const calendarId = asCalendarId(user.account?.email ?? '');
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(32, '0');
  const setState = (state: string) => connection.collection<{ _id: string }>('accounts').updateOne({ _id: account }, { $set: { state } });
  await setState('live');
  return {
    user, account, pairs, unpaired, comparisons, setState,
    address: (tab = '') => `${under.url}/gebruikers/${user.source}/${user.userId}${tab === '' ? '' : `/${tab}`}`,
    /** A pair in step, `n` names it; `changes` make it another. */
    async pair(n: number, fields: InventiveFields = {}, changes: Partial<Pair> = {}): Promise<Pair> {
      const row = anAppointment({ id: asInventiveId(hex(n)), fields });
      const event = anEvent({ id: asGoogleEventId(`event${n}`), calendarId, fields: rowAsEvent(fields) });
      const pair: Pair = {
        id: asPairId(`00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`), accountId: account, source: asSourceName('demo'), status: 'active', revision: 0, appointmentId: row.id,
        inventiveGeneration: 0, calendarId, eventId: event.id, googleGeneration: 0,
        inventive: { state: 'known', record: row, version: row.version, seq: 1, needsRead: false, changedAt: {} }, google: { state: 'known', record: event, seq: 1, needsRead: false, changedAt: {} },
        base: { fields: row.fields, block: '' }, dueSeq: 1, attempts: 0, reasons: [], outbox: [], recentWrites: [], lostValues: [],
        ...changes,
      };
      await pairs.insert(pair, 'import');
      await connection.collection<{ _id: string }>('pairs').updateOne({ _id: pair.id }, { $set: { due: false } });
      return pair;
    },
    /** Two rows and an event, or whatever number of each: which belongs to which? */
    async question(subject: string, n: number, { rows = 1, events = 2, fields = {} as InventiveFields } = {}): Promise<void> {
      for (let row = 0; row < rows; row += 1) {
        const record = anAppointment({ id: asInventiveId(hex(0xaa000 + n * 16 + row)), fields: { subject, ...fields } });
        await unpaired.put({ side: 'inventive', accountId: account, itemId: record.id, reason: 'ambiguous-match', record });
      }
      for (let event = 0; event < events; event += 1) {
        const record = anEvent({ id: asGoogleEventId(`question${n}x${event}`), calendarId, fields: rowAsEvent({ subject, ...fields, location: `Kamer ${event + 1}` }) });
        await unpaired.put({ side: 'google', accountId: account, calendarId, itemId: record.id, reason: 'ambiguous-match', record });
      }
    },
    questionsLeft: async () => (await unpaired.countByReason(account))['ambiguous-match'] ?? 0,
  };
}
export type Agenda = Awaited<ReturnType<typeof agendaOf>>;

const administrators = new WeakMap<ConsoleUnderTest, ReturnType<typeof administratorOf>>();
function remember(under: ConsoleUnderTest): ReturnType<typeof administratorOf> {
  const administrator = administratorOf(under);
  administrators.set(under, administrator);
  return administrator;
}

function rowAsEvent({ notes, showAs: _showAs, reminder: _reminder, ...fields }: InventiveFields) {
  return { ...fields, ...(notes === undefined ? {} : { description: notes }) };
}
