import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSourcesFile } from './sources-file.js';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const aSource = (more: object = {}) => ({ name: 'demo', url: 'http://127.0.0.1:4020', user: 'sync', password: 'geheim', nudgeSecret: 'n'.repeat(16), ...more });

describe('SOURCES_FILE', () => {
  it('fills in what is left out, and fetches secrets from their files', () => {
    const passwordFile = file('password', 'uit een bestand\n');
    expect(readSourcesFile(file('a.json', JSON.stringify([aSource({ password: undefined, passwordFile })])))).toEqual([
      { name: 'demo', url: 'http://127.0.0.1:4020', user: 'sync', password: 'uit een bestand', nudgeSecret: 'n'.repeat(16), zone: 'Europe/Amsterdam', longestTransactionMs: 30_000, pollMs: 5_000 },
    ]);
  });

  it('takes an address to open appointments at, and clocks of single administrations', () => {
    const more = { appointmentUrl: 'https://inventive.example.com/open?soort=afspraak&id={id}', administrationZones: { '02': 'America/Curacao' } };
    expect(readSourcesFile(file('c.json', JSON.stringify([aSource(more)])))[0]).toMatchObject(more);
  });

  it.each([
    ['an address without the key', [aSource({ appointmentUrl: 'https://inventive.example.com/' })], /appointmentUrl/],
    ['an address of a program', [aSource({ appointmentUrl: 'javascript:alert({id})' })], /appointmentUrl/],
    ['an address of a file', [aSource({ appointmentUrl: 'file:///{id}' })], /appointmentUrl/],
    ['an address that is none', [aSource({ appointmentUrl: 'inventive/{id}' })], /appointmentUrl/],
    ['an address with the key for a server', [aSource({ appointmentUrl: 'https://{id}.example.com/{id}' })], /appointmentUrl/],
    ['an address with somebody’s password', [aSource({ appointmentUrl: 'https://a:b@inventive.example.com/{id}' })], /appointmentUrl/],
    ['an administration with a zone that is none', [aSource({ administrationZones: { '02': 'Willemstad' } })], /administrationZones/],
    ['no array', {}, /the array|expected array/],
    ['none', [], /the array/],
    ['an unknown key', [aSource({ wachtwoord: 'x' })], /wachtwoord/],
    ['no password', [aSource({ password: undefined })], /password/],
    ['two passwords', [aSource({ passwordFile: 'x' })], /password/],
    ['a short nudge secret', [aSource({ nudgeSecret: 'kort' })], /nudgeSecret/],
    ['a zone that is none', [aSource({ zone: 'Europe/Utrecht' })], /zone/],
    ['the same name twice', [aSource(), aSource()], /same name/],
    ['a file of a secret that is not there', [aSource({ password: undefined, passwordFile: '/nergens' })], /nergens/],
  ])('is refused in one line: %s', (_name, content, message) => {
    const reading = () => readSourcesFile(file('b.json', JSON.stringify(content)));
    expect(reading).toThrow(message);
    expect(reading).toThrow(/^SOURCES_FILE: [^\n]*$/);
  });
});
