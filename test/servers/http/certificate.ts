import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate that signs itself, and its private key. */
export interface SelfSigned {
  /** PEM. */
  readonly certificate: string;
  readonly key: KeyObject;
}

/** Makes a certificate of a name with a key of its own (X.509, RFC 5280), good for the years 2020 to 2049. */
export function selfSigned(name: string): SelfSigned {
  const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const validity = sequence(...['200101000000Z', '491231235959Z'].map(time));
  const signed = sequence(
    der(0x02, Buffer.from([1])),
    ...[algorithm, subject, validity, subject],
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', signed, key);
  const whole = sequence(
    signed,
    algorithm,
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  const certificate = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''];
  return { certificate: certificate.join('\n'), key };
}

/** A value of the distinguished encoding rules (X.690), by its tag. */
function der(tag: number, content: Buffer): Buffer {
  const length = content.length;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function time(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

/** 2.5.4.3 */
const commonName = der(0x06, Buffer.from('550403', 'hex'));
/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11 */
const algorithm = sequence(
  der(0x06, Buffer.from('2a864886f70d01010b', 'hex')),
  der(0x05, Buffer.alloc(0)),
);
