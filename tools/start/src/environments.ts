import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessName } from '@calsync/deployment';
import { readSecret, type SecretFiles } from './secrets.js';
import type { StartSettings } from './settings.js';

/** Inventive's name in the demo: it stands in message keys. */
export const sourceName = 'demo';
/** The product's OAuth client id at the Google emulator. */
export const googleClientId = 'inventive-calendar-sync';

export interface Addresses {
  readonly console: string;
  readonly capture: string;
  readonly receiver: string;
  readonly reconciler: string;
  readonly google: string;
  readonly inventive: string;
}

/** `localhost`, not 127.0.0.1: these addresses also stand in a browser, where cookies and redirects must agree on one name. */
export function addressesOf({ ports }: StartSettings): Addresses {
  const at = (name: ProcessName) => `http://localhost:${ports[name]}`;
  return { console: at('console'), capture: at('inventive-capture'), receiver: at('google-receiver'), reconciler: at('reconciler'), google: at('google-emulator'), inventive: at('inventive-emulator') };
}

/** The list of Inventive servers, as the services read it; secrets stay in their own files. */
export async function writeSourcesFile(settings: StartSettings, secrets: SecretFiles): Promise<string> {
  const file = join(settings.dataDir, 'sources.json');
  const { inventive } = addressesOf(settings);
  const source = {
    name: sourceName, url: inventive, user: 'sync', passwordFile: secrets.syncPassword, nudgeSecretFile: secrets.nudgeSecret, zone: 'Europe/Amsterdam',
    // A page of the emulator stands in for the screen that a link in Google opens.
    appointmentUrl: `${inventive}/_emulator/appointments/{id}`,
  };
  await writeFile(file, `${JSON.stringify([source], null, 2)}\n`);
  return file;
}

export interface EnvironmentParts {
  readonly settings: StartSettings;
  readonly secrets: SecretFiles;
  readonly sourcesFile: string;
  readonly kafkaBrokers: string;
  readonly mongodbUri: string;
}

/** What each process is told. Nothing else of our own environment reaches it, save PATH, HOME and TMPDIR. */
export async function environmentOf(name: ProcessName, parts: EnvironmentParts): Promise<Record<string, string>> {
  const { settings, secrets } = parts;
  const address = addressesOf(settings);
  const always = { ...settings.inherited, HOST: '127.0.0.1', PORT: String(settings.ports[name]), LOG_LEVEL: settings.logLevel };
  const service = {
    KAFKA_BROKERS: parts.kafkaBrokers,
    MONGODB_URI: parts.mongodbUri,
    INSTALLATION_ID: await readSecret(secrets.installationId),
    MASTER_KEYS_FILE: secrets.masterKeys,
  };
  const google = {
    GOOGLE_API_ROOT: address.google,
    GOOGLE_OAUTH_ROOT: address.google,
    GOOGLE_CLIENT_ID: googleClientId,
    GOOGLE_CLIENT_SECRET_FILE: secrets.googleClientSecret,
  };
  const sources = { SOURCES_FILE: parts.sourcesFile };
  switch (name) {
    case 'inventive-capture':
      return { ...always, ...service, ...sources };
    case 'google-receiver':
      return { ...always, ...service, ...google, RECEIVER_PUBLIC_URL: address.receiver, SWEEP_SECONDS: '30' };
    case 'reconciler':
      return { ...always, ...service, ...google, ...sources };
    case 'console':
      return { ...always, ...service, ...google, ...sources, CONSOLE_PUBLIC_URL: address.console, ADMIN_PASSWORD_FILE: secrets.adminPassword };
    case 'google-emulator':
      return {
        ...always,
        DATA_DIR: join(settings.dataDir, 'google-emulator'),
        PUBLIC_URL: address.google,
        CLIENT_ID: googleClientId,
        CLIENT_SECRET: await readSecret(secrets.googleClientSecret),
        REDIRECT_URIS: `${address.console}/google/oauth/callback`,
      };
    case 'inventive-emulator':
      return {
        ...always,
        DATA_DIR: join(settings.dataDir, 'inventive-emulator'),
        SYNC_PASSWORD: await readSecret(secrets.syncPassword),
        NUDGE_URL: `${address.capture}/inventive/nudges`,
        NUDGE_SECRET: await readSecret(secrets.nudgeSecret),
        NUDGE_SOURCE: sourceName,
      };
  }
}
