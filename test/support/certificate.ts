import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate for tests, made as they run, with its key; both in PEM. */
export interface Certificate {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyPem: string;
  readonly pem: string;
}

/** What a certificate says. */
export interface Said {
  /** The common name of whom it is of. */
  readonly name: string;
  /** Hosts and IPv4 addresses that it is for. */
  readonly hosts?: readonly string[];
  /** Whether others can be issued by it. */
  readonly authority?: boolean;
  /** Who issues it; left out: it itself. */
  readonly issuer?: Certificate;
  /** The year in which it ends. */
  readonly until?: number;
}

/** Makes a certificate: X.509 version 3, ECDSA on P-256 with SHA-256. */
export function certificate({
  name,
  hosts = [],
  authority = false,
  issuer,
  until = 2090,
}: Said): Certificate {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const extensions = [
    extension([0x55, 0x1d, 0x13], sequence(...(authority ? [der(0x01, Buffer.from([0xff]))] : []))),
    ...(hosts.length === 0
      ? []
      : [extension([0x55, 0x1d, 0x11], sequence(...hosts.map(hostName)))]),
  ];
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...Buffer.from(name, 'utf8').subarray(0, 18)])),
    algorithm,
    distinguished(issuer?.name ?? name),
    sequence(date(2020), date(until)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer?.key ?? key);
  const whole = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return {
    name,
    key,
    keyPem: String(key.export({ type: 'pkcs8', format: 'pem' })),
    pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** A value as ASN.1 writes it: its tag, its length, its content. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function oid(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function distinguished(name: string): Buffer {
  return sequence(der(0x31, sequence(oid([0x55, 0x04, 0x03]), der(0x0c, Buffer.from(name)))));
}

/** From 2050 on years have four digits. */
function date(year: number): Buffer {
  const short = year < 2050;
  return der(short ? 0x17 : 0x18, Buffer.from(`${short ? year % 100 : year}0101000000Z`));
}

function extension(name: readonly number[], content: Buffer): Buffer {
  return sequence(oid(name), der(0x04, content));
}

function hostName(host: string): Buffer {
  if (!/^[\d.]+$/.test(host)) return der(0x82, Buffer.from(host));
  return der(0x87, Buffer.from(host.split('.').map(Number)));
}
