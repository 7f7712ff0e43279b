import type { ReconcileStep } from '@calsync/sync-engine';

/**
 * For tests of crashes: `CRASH_AT` names a step at which the process kills itself, as a power cut would. Never in production.
 */
export function crashAt(settings: { readonly CRASH_AT?: string | undefined; readonly NODE_ENV?: string | undefined }): (step: ReconcileStep) => void {
  if (settings.CRASH_AT === undefined || settings.NODE_ENV === 'production') return () => undefined;
  return (step) => {
    if (step === settings.CRASH_AT) process.kill(process.pid, 'SIGKILL');
  };
}
