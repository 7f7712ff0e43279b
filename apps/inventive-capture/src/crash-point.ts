import type { CaptureStep } from '@calsync/sync-engine';
import type { CaptureServiceSettings } from './settings.js';

/** For tests of what a crash costs: the process kills itself when it gets to the named step. Never in production. */
export function crashPoint({ CRASH_AT, NODE_ENV }: Pick<CaptureServiceSettings, 'CRASH_AT' | 'NODE_ENV'>): (step: CaptureStep) => void {
  if (CRASH_AT === undefined || NODE_ENV === 'production') return () => undefined;
  return (step) => {
    if (step === CRASH_AT) process.kill(process.pid, 'SIGKILL');
  };
}
