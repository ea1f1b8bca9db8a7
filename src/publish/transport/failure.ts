import { RemoteProblem } from '../../backend/api.ts';

/** Why a connection failed, in words that follow a colon. */
export function wordsOf(error: Error): string {
  const code = codeOf(error);
  const words = code === undefined ? undefined : known[code];
  if (words !== undefined) return `${words} (${code})`;
  if (code?.startsWith('HPE_')) return `what it answers isn't HTTP (${code})`;
  const [message = ''] = innermost(error).message.split('\n');
  return message === '' ? (code ?? error.name) : message;
}

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the reply was cut off',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: "the name of the host can't be looked up",
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no reply came in time',
  UND_ERR_BODY_TIMEOUT: 'the reply stopped in its midst',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the reply is larger than 64 MiB',
  EPROTO: "what is there doesn't speak TLS as siemc does",
  ERR_SSL_WRONG_VERSION_NUMBER: "what is there doesn't speak TLS",
};

/** What is wrong with a certificate, if that is why a connection failed: trying again wouldn't help. */
export function certificateProblem(error: Error, host: string): RemoteProblem | undefined {
  const code = codeOf(error) ?? '';
  const reason = innermost(error).message;
  const named = (hint: string): RemoteProblem =>
    new RemoteProblem('publish/certificate', `The certificate of ${host}: ${reason}.`, hint);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return named('Ask for the host by a name that its certificate has.');
  if (dates.has(code)) return named('Renew the certificate, or mend the clock of this machine.');
  if (!untrusted.has(code)) return undefined;
  return named(
    'If an authority of your own issued it, name the file of its certificate (PEM) in the setting `authorities`.',
  );
}

const dates = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** X509 errors as Node names them. */
const untrusted = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
]);

/** The code of an error, of the first that has one among those that it is made of. */
export function codeOf(error: Error): string | undefined {
  const inner = innermost(error);
  const code = 'code' in inner ? inner.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A host with several addresses fails once for each; a proxy wraps what failed behind it. */
function innermost(error: Error): Error {
  const [inner] = error instanceof AggregateError ? error.errors : [error.cause];
  return inner instanceof Error ? innermost(inner) : error;
}
