import type { AccountId } from '@calsync/calendar-model';
import type { WindowDays, WindowDayStore } from '../reconcile/window-days.js';

export function createMemoryWindowDays(): WindowDayStore {
  const rows = new Map<AccountId, WindowDays>();
  const same = (a: WindowDays | undefined, b: WindowDays | undefined) => a?.rolledOn === b?.rolledOn && a?.coveredUntilOn === b?.coveredUntilOn;
  return {
    all: async () => new Map(rows),
    find: async (accountId) => rows.get(accountId),
    async set(accountId, days) {
      rows.set(accountId, days);
    },
    async advance(accountId, known, days) {
      if (!same(rows.get(accountId), known)) return false;
      rows.set(accountId, days);
      return true;
    },
  };
}
