import type { InventiveWriteOutcome } from '@calsync/sync-engine';
import { failureOf, type Answer } from '../rest/answer.js';

/** What a refused write means to whoever plans it; what only waiting can mend is thrown. */
export function refusalOf(answer: Answer, what: string): Exclude<InventiveWriteOutcome, { kind: 'written' } | { kind: 'exists' }> {
  const codes = new Set(answer.errorCodes);
  if (answer.writeStatus === 2 || codes.has(1263)) return { kind: 'stale' };
  if (answer.writeStatus === 3) return { kind: 'locked' };
  if (answer.writeStatus === 5 || codes.has(1542)) return { kind: 'gone' };
  if (answer.writeStatus === 1 || codes.has(1561)) return { kind: 'refused', cause: `the REST role of our user may not do this (${[...codes].join(', ') || 'status 1'})` };
  const refusesContent = answer.writeStatus === 4 || [1046, 1517, 1534, 1569, 1570].some((code) => codes.has(code));
  // Its words may quote what was sent, so only the codes are kept.
  if (refusesContent) return { kind: 'refused', cause: `Inventive refused the record (4D error ${[...codes].join(', ') || 'without a code'})` };
  throw failureOf(answer, what);
}
