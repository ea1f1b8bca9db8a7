import { constants, createHash, sign, verify, X509Certificate } from 'node:crypto';
import { type JsonObject, objectIn } from './message.ts';

/** What a JSON Web Token claims, whoever signed it. */
export function claimsOf(token: string): JsonObject | undefined {
  const [, payload] = token.split('.');
  return payload === undefined ? undefined : objectIn(decode(payload).toString('utf8'));
}

/** Whether a token is signed by the holder of a key, by RS256. */
export function isSignedBy(token: string, publicKey: string): boolean {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return false;
  if (objectIn(decode(header).toString('utf8'))?.['alg'] !== 'RS256') return false;
  return verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, decode(signature));
}

/** Whether a token is signed by the key of a certificate (PEM) that its header names, by PS256. */
export function isSignedByCertificate(token: string, certificate: string): boolean {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const { raw, publicKey: key } = new X509Certificate(certificate);
  const said = objectIn(decode(header).toString('utf8'));
  const thumbprint = createHash('sha256').update(raw).digest('base64url');
  if (rest.length > 0 || said?.['alg'] !== 'PS256' || said['x5t#S256'] !== thumbprint) return false;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return verify('sha256', Buffer.from(`${header}.${payload}`), { key, ...pss }, decode(signature));
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

/** A JSON Web Token without a signature, as issuers are stood in for here. */
export function unsignedToken(claims: JsonObject): string {
  const part = (value: JsonObject): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.`;
}

/** A JSON Web Token that a key signs by RS256. */
export function signedToken(claims: JsonObject, privateKey: string): string {
  const text = unsignedToken(claims).slice(0, -1);
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}
