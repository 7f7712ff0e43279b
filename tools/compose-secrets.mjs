/**
 * `npm run compose:secrets`: makes the files that docker-compose.yml mounts as secrets, each once.
 * Replace google-client-secret, sync-password and sources.json to use a real Google project and Inventive.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.SECRETS_DIR || '.data/compose';
// The folder keeps others out; the files are readable inside the containers, whose user is not ours.
mkdirSync(folder, { recursive: true, mode: 0o700 });

const source = { name: 'demo', url: 'http://inventive-emulator:4020', user: 'sync', passwordFile: '/run/secrets/sync_password', nudgeSecretFile: '/run/secrets/nudge_secret', zone: 'Europe/Amsterdam' };
const made = [
  once('installation-id', randomUUID()),
  once('master-keys', `1:${randomBytes(32).toString('base64')}`),
  // The emulator's own default: the demo has no other secret to agree on beforehand.
  once('google-client-secret', 'emulator-secret'),
  once('admin-password', randomBytes(12).toString('base64url')),
  once('sync-password', randomBytes(18).toString('base64url')),
  once('nudge-secret', randomBytes(32).toString('base64url')),
  once('sources.json', `${JSON.stringify([source], null, 2)}\n`),
].filter((name) => name !== undefined);
console.log(made.length === 0 ? `Everything is there already, in ${folder}.` : `Made ${made.join(', ')} in ${folder}. The administrator's password (user beheer) is in ${join(folder, 'admin-password')}.`);

function once(name, value) {
  try {
    writeFileSync(join(folder, name), value, { flag: 'wx', mode: 0o444 });
    return name;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return undefined;
  }
}
