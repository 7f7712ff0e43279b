import type { Server } from 'node:http';
import type { ServiceLogger } from '../log.js';

/** Connections that are still open then (live streams to browsers, mostly) are cut. */
const CONNECTIONS_LIMIT_MS = 1_000;
/** A handler that takes longer is cut off: its message comes again. Kubernetes would kill the process after 30 s. */
const LIMIT_MS = 20_000;

/** SIGTERM or SIGINT ends the service in order, with exit code 0; a second SIGINT ends it at once. */
export function closeOnSignals(close: () => Promise<void>, server: () => Server, log: ServiceLogger): void {
  let ending = false;
  const end = (signal: NodeJS.Signals) => {
    if (ending) {
      if (signal === 'SIGINT') process.exit(130);
      return;
    }
    ending = true;
    log.info({ signal }, 'closing');
    setTimeout(() => server().closeAllConnections(), CONNECTIONS_LIMIT_MS).unref();
    setTimeout(() => {
      log.error(`not closed after ${LIMIT_MS / 1000} s: ending anyway`);
      process.exit(1);
    }, LIMIT_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
