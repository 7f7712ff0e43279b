import type { ConsoleSide } from '@calsync/start/console-side';
import type { Product } from './product.js';
import { waitUntil } from './wait-until.js';

export interface SeenCounts {
  readonly inventive: number; readonly google: number; readonly paired: number; readonly matched: number; readonly toInventive: number; readonly toGoogle: number;
  readonly different: number; readonly ambiguous: number; readonly repaired: number; readonly leftAlone: Readonly<Record<string, number>>;
}
export interface SeenComparison {
  readonly commandId: string;
  readonly state: string;
  readonly reason?: string;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts?: SeenCounts;
}

/** What an administrator does with the account of one user, besides its settings. */
export async function accountAtConsole(product: Product, loginName: string) {
  const console: ConsoleSide = await product.console();
  const id = (await console.users()).find((user) => user.loginName === loginName)?.account?.id;
  if (id === undefined) throw new Error(`${loginName} isn't linked`);
  const path = `/api/accounts/${id}`;
  return {
    id,
    ask: <T>(rest: string, body?: unknown) => console.ask<T>(`${path}/${rest}`, body),
    /** Asks for a comparison and waits for its end. */
    async compare(mode: 'repair' | 'preview'): Promise<SeenComparison & { readonly counts: SeenCounts }> {
      const { commandId } = await console.ask<{ commandId: string }>(`${path}/comparisons`, { mode });
      const ended = await waitUntil(`the ${mode} of ${loginName} has ended`, async () => {
        const seen = await console.ask<SeenComparison>(`${path}/comparisons/${commandId}`);
        return ['done', 'refused', 'failed'].includes(seen.state) && seen;
      }, 60_000);
      if (ended.counts === undefined) throw new Error(`the comparison ended so: ${JSON.stringify(ended)}`);
      return { ...ended, counts: ended.counts };
    },
    async pairOf(appointmentId: string): Promise<string> {
      const { pairs } = await console.ask<{ pairs: { pairId: string; appointmentId: string }[] }>(`${path}/pairs?limit=500`);
      const found = pairs.find((pair) => pair.appointmentId === appointmentId);
      if (found === undefined) throw new Error(`appointment ${appointmentId} has no pair`);
      return found.pairId;
    },
    async history(appointmentId: string): Promise<readonly SeenLoss[]> {
      return (await console.ask<{ lostValues: SeenLoss[] }>(`${path}/pairs/${await this.pairOf(appointmentId)}/history`)).lostValues;
    },
    async restore(appointmentId: string, index: number): Promise<void> {
      await console.ask(`${path}/pairs/${await this.pairOf(appointmentId)}/history/${index}/restore`, {});
    },
  };
}
export interface SeenLoss { readonly index: number; readonly field: string; readonly winner: string; readonly kept?: unknown; readonly lost?: unknown }
