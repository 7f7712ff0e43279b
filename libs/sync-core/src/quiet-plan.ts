import type { Reason } from '@calsync/calendar-model';
import type { Base, Plan } from './plan-types.js';

export const NOTHING = { kind: 'none' } as const;

/** No act on either side; `base` is what both agree on from now. */
export const stay = (base: Base | undefined, reasons: readonly Reason[]): Plan => ({ inventive: NOTHING, google: NOTHING, base, conflicts: [], reasons, closed: false });
export const close = (base: Base | undefined, reasons: readonly Reason[]): Plan => ({ ...stay(base, reasons), closed: true });
