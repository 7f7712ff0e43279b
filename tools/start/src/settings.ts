import { join } from 'node:path';
import { type ProcessName, processes, serverPorts } from '@calsync/deployment';
import { LocalServerError, workspaceRoot } from '@calsync/local-servers';

export interface StartSettings {
  /** Ends after the round trips. */
  readonly once: boolean;
  /** Throws the kept data away first. */
  readonly clean: boolean;
  readonly dataDir: string;
  readonly ports: Readonly<Record<ProcessName | 'kafka' | 'mongodb', number>>;
  /** Given servers are used as they are, and never stopped. */
  readonly kafkaBrokers: string | undefined;
  readonly mongodbUri: string | undefined;
  readonly logLevel: string;
  /** All that a started process gets of our own environment. */
  readonly inherited: Readonly<Record<string, string>>;
}

/** Reads the command line and the environment; one line says what is wrong. */
export function readStartSettings(args: readonly string[], environment: NodeJS.ProcessEnv): StartSettings {
  const unknown = args.find((word) => word !== '--once' && word !== '--clean');
  if (unknown !== undefined) throw new LocalServerError(`npm start doesn't know ${unknown}: it takes --once (end after the round trips) and --clean (begin anew).`);
  const port = (variable: string, usual: number): number => {
    const text = environment[variable];
    if (text === undefined || text === '') return usual;
    const chosen = Number(text);
    if (!Number.isInteger(chosen) || chosen < 1 || chosen > 65_535) throw new LocalServerError(`${variable} is ${text}: it should be a free TCP port, 1 to 65535.`);
    return chosen;
  };
  const ports = Object.fromEntries([...processes.map((process) => [process.name, port(process.portVariable, process.port)]), ...Object.entries(serverPorts).map(([name, server]) => [name, port(server.portVariable, server.port)])]) as StartSettings['ports'];
  return {
    once: args.includes('--once'),
    clean: args.includes('--clean'),
    dataDir: environment['CALSYNC_DATA_DIR'] || join(workspaceRoot, '.data'),
    ports,
    kafkaBrokers: environment['KAFKA_BROKERS'] || undefined,
    mongodbUri: environment['MONGODB_URI'] || undefined,
    logLevel: environment['LOG_LEVEL'] || 'info',
    inherited: Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]))),
  };
}
