import { randomBytes, sign, type KeyObject } from 'node:crypto';

/** A self-signed X.509 certificate for a signing key: Google publishes its keys so, and its own libraries read them so. */
export function selfSignedCertificate(keys: { publicKey: KeyObject; privateKey: KeyObject }, commonName: string, from: Date, until: Date): string {
  const algorithm = sequence(objectId(sha256WithRsa), Buffer.from([0x05, 0x00]));
  const name = sequence(der(0x31, sequence(objectId(commonNameId), der(0x0c, Buffer.from(commonName)))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(utcTime(from), utcTime(until)),
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, keys.privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

// Object identifiers, already in their DER bytes: 1.2.840.113549.1.1.11 and 2.5.4.3.
const sha256WithRsa = Buffer.from('2a864886f70d01010b', 'hex');
const commonNameId = Buffer.from('550403', 'hex');

/** Tag, length, content (ITU-T X.690). */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const objectId = (bytes: Buffer): Buffer => der(0x06, bytes);

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
