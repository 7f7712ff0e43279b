import type { Fingerprint, GateState, SourceGate } from '@calsync/accounts';
import type { SourceName } from '@calsync/calendar-model';
import type { AgendaSource } from '@calsync/inventive-client';
import { logger, metrics, type Check } from '@calsync/service-chassis';

const log = logger('reconciler');

export async function fingerprintOf(sources: readonly AgendaSource[], name: SourceName): Promise<Fingerprint> {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) throw new Error(`no Inventive server is named ${name}`);
  return source.client.fingerprint();
}

export function reportServer(source: SourceName, state: GateState): void {
  if (state === 'locked') {
    log.error({ source }, 'WRITES LOCKED: this is another Inventive server or database than before. Nothing is written for it until a person says on the console whether it has moved or is a copy');
  } else {
    log.info({ source, state }, 'the Inventive server is the known one');
  }
}

export function showLocks(states: () => Iterable<readonly [source: SourceName, state: GateState]>): void {
  metrics.gauge({
    name: 'source_write_locked', help: '1 where the source is another Inventive server than before and a person has to decide', labelNames: ['source'],
    collect() {
      for (const [source, state] of states()) this.set({ source }, state === 'locked' ? 1 : 0);
    },
  });
}

/** A server that was not met yet is no reason to be out of service: taking messages in goes on. With all of them locked nothing else does. */
export function serversCheck(gate: Pick<SourceGate, 'states'>): Check {
  return {
    name: 'inventive-servers',
    async check() {
      const states = gate.states();
      return { healthy: states.length === 0 || states.some(([, state]) => state !== 'locked'), details: Object.fromEntries(states) };
    },
  };
}
