/**
 * The processes that make up the product and the demo: one table for `npm start`, compose and
 * Kubernetes. A test compares the files of the last two with it.
 */
export interface DeployedProcess {
  readonly name: 'inventive-capture' | 'google-receiver' | 'reconciler' | 'console' | 'google-emulator' | 'inventive-emulator';
  readonly kind: 'service' | 'emulator';
  readonly port: number;
  /** The variable by which `npm start` moves the port. */
  readonly portVariable: string;
  readonly health: { readonly live: string; readonly ready: string };
  /** Variables that it cannot start without; a secret may come as a file (`…_FILE`). */
  readonly requires: readonly string[];
  readonly secrets: readonly string[];
  /** Does anybody but the probes call it? Kubernetes lets nobody else in. */
  readonly takesCallsFromOutside: boolean;
}

const serviceHealth = { live: '/health/live', ready: '/health/ready' };
const emulatorHealth = { live: '/_emulator/health', ready: '/_emulator/health' };
const everyService = ['PORT', 'HOST', 'KAFKA_BROKERS', 'MONGODB_URI', 'INSTALLATION_ID'];
const googleProject = ['GOOGLE_CLIENT_ID'];

export const processes: readonly DeployedProcess[] = [
  {
    name: 'inventive-capture',
    kind: 'service',
    port: 4001,
    portVariable: 'INVENTIVE_CAPTURE_PORT',
    health: serviceHealth,
    requires: [...everyService, 'SOURCES_FILE'],
    secrets: ['MASTER_KEYS'],
    takesCallsFromOutside: true,
  },
  {
    name: 'google-receiver',
    kind: 'service',
    port: 4002,
    portVariable: 'GOOGLE_RECEIVER_PORT',
    health: serviceHealth,
    requires: [...everyService, ...googleProject, 'RECEIVER_PUBLIC_URL'],
    secrets: ['MASTER_KEYS', 'GOOGLE_CLIENT_SECRET'],
    takesCallsFromOutside: true,
  },
  {
    name: 'reconciler',
    kind: 'service',
    port: 4003,
    portVariable: 'RECONCILER_PORT',
    health: serviceHealth,
    requires: [...everyService, ...googleProject, 'SOURCES_FILE'],
    secrets: ['MASTER_KEYS', 'GOOGLE_CLIENT_SECRET'],
    takesCallsFromOutside: false,
  },
  {
    name: 'console',
    kind: 'service',
    port: 4000,
    portVariable: 'CONSOLE_PORT',
    health: serviceHealth,
    requires: [...everyService, ...googleProject, 'SOURCES_FILE', 'CONSOLE_PUBLIC_URL'],
    secrets: ['MASTER_KEYS', 'GOOGLE_CLIENT_SECRET', 'ADMIN_PASSWORD'],
    takesCallsFromOutside: true,
  },
  {
    name: 'google-emulator',
    kind: 'emulator',
    port: 4010,
    portVariable: 'GOOGLE_EMULATOR_PORT',
    health: emulatorHealth,
    requires: ['PORT', 'HOST', 'DATA_DIR'],
    secrets: [],
    takesCallsFromOutside: true,
  },
  {
    name: 'inventive-emulator',
    kind: 'emulator',
    port: 4020,
    portVariable: 'INVENTIVE_EMULATOR_PORT',
    health: emulatorHealth,
    requires: ['PORT', 'HOST', 'DATA_DIR'],
    secrets: [],
    takesCallsFromOutside: true,
  },
];

export type ProcessName = DeployedProcess['name'];

export function deployed(name: ProcessName): DeployedProcess {
  const found = processes.find((process) => process.name === name);
  if (found === undefined) throw new Error(`no process is named ${name}`);
  return found;
}

export const scriptOf = (name: ProcessName): string => `apps/${name}/dist/main.js`;

/** Where the servers of others listen on one machine. */
export const serverPorts = {
  kafka: { port: 9092, portVariable: 'KAFKA_PORT' },
  mongodb: { port: 27017, portVariable: 'MONGODB_PORT' },
} as const;
