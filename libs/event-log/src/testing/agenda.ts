import type { MessageOf } from '@calsync/event-contracts';
import { EXAMPLES } from '@calsync/event-contracts/testing';

type Changed = MessageOf<'nl.inventive.appointment.changed.v1'>;
type Deleted = MessageOf<'nl.inventive.appointment.deleted.v1'>;

/** The n-th appointment at a version; its message id is `n@version`. */
export function aChanged(n: number, version = 1, change: Partial<Changed['data']> = {}): Changed {
  const example: Changed = EXAMPLES['nl.inventive.appointment.changed.v1'];
  const id = keyOf(n);
  return { ...example, id: `${n}@${version}`, key: `demo/${id}`, data: { ...example.data, id, version: { epoch: 1, stamp: String(version) }, ...change } };
}

export function aDeleted(n: number, version = 1): Deleted {
  const example: Deleted = EXAMPLES['nl.inventive.appointment.deleted.v1'];
  const id = keyOf(n);
  return { ...example, id: `${n}@${version}`, key: `demo/${id}`, data: { ...example.data, id, version: { epoch: 1, stamp: String(version) } } };
}

const keyOf = (n: number): string => n.toString(16).toUpperCase().padStart(32, '0');
