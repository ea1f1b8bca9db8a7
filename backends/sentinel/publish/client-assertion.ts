import {
  constants,
  createHash,
  createPrivateKey,
  type KeyObject,
  randomUUID,
  sign,
  X509Certificate,
} from 'node:crypto';
import { RemoteProblem, type Surroundings } from '#backend';
import { type Application, tokenUrl } from './token.ts';

/** How long an assertion can be used: "keep it short - 5-10 minutes". */
const lifetime = 600;

/**
 * "Microsoft identity platform application authentication certificate credentials": a token that the application's
 * certificate signs.
 */
export function clientAssertion(
  application: Application,
  file: { readonly path: string; readonly password: string | undefined },
  surroundings: Surroundings,
): string {
  const { certificate, key } = certificateIn(file, surroundings);
  const now = Math.floor(surroundings.now() / 1000);
  const { clientId } = application;
  const header = {
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
  };
  const claims = {
    aud: tokenUrl(application),
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: now,
    iat: now,
    exp: now + lifetime,
  };
  const text = [header, claims].map((part) => encoded(JSON.stringify(part))).join('.');
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  const signature = sign('sha256', Buffer.from(text), { key, padding, saltLength });
  return `${text}.${signature.toString('base64url')}`;
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The certificate and its private key in a file (PEM). */
function certificateIn(
  { path, password }: { readonly path: string; readonly password: string | undefined },
  surroundings: Surroundings,
): { readonly certificate: X509Certificate; readonly key: KeyObject } {
  if (password !== undefined) surroundings.hide(password);
  const blocks = [...surroundings.readFile(path).matchAll(block)].map(([text, kind = '']) => ({
    text,
    kind,
  }));
  const keyText = blocks.find(({ kind }) => kind.endsWith('PRIVATE KEY'))?.text;
  if (keyText !== undefined) surroundings.hide(keyText);
  const texts = blocks.filter(({ kind }) => kind === 'CERTIFICATE').map(({ text }) => text);
  if (keyText === undefined || texts.length === 0)
    throw unusable(path, 'has no certificate with its private key as PEM');
  const key = privateKeyIn(keyText, path, password);
  if (key.asymmetricKeyType !== 'rsa') throw unusable(path, 'has a key that is no RSA key');
  const certificate = certificatesIn(texts, path).find((one) => one.checkPrivateKey(key));
  if (certificate === undefined)
    throw unusable(path, 'has a private key that is not of its certificate');
  return { certificate, key };
}

function privateKeyIn(text: string, path: string, password: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: text, ...(password !== undefined && { passphrase: password }) });
  } catch {
    throw unusable(path, 'has a private key that can not be read with this password');
  }
}

function certificatesIn(texts: readonly string[], path: string): readonly X509Certificate[] {
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    throw unusable(path, 'has a certificate that can not be read');
  }
}

function unusable(path: string, what: string): RemoteProblem {
  return new RemoteProblem(
    'publish/no-credentials',
    `The file ${path} of AZURE_CLIENT_CERTIFICATE_PATH ${what}.`,
    'It holds a certificate and its RSA private key as PEM; AZURE_CLIENT_CERTIFICATE_PASSWORD is the password of an encrypted key. Of PKCS #12 (.pfx) make PEM: openssl pkcs12 -in x.pfx -out x.pem',
  );
}
