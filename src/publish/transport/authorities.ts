import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { RemoteProblem, type Surroundings } from '../../backend/api.ts';
import { readText } from '../../library/read-file.ts';

/** Certificates of authorities to trust: the usual ones, and those in a file of the project. */
export function authoritiesWith(
  path: string,
  { env, readFile }: Pick<Surroundings, 'env' | 'readFile'>,
): readonly string[] {
  const own = certificatesIn(textAt(path, readFile));
  if (own.length > 0 && own.every(isCertificate)) return [...usualAuthorities(env), ...own];
  const problem = own.length === 0 ? 'no certificate' : "a certificate that can't be read";
  throw new RemoteProblem(
    'publish/authorities',
    `The file "${path}" holds ${problem}.`,
    'Name a file with certificates in PEM, which begin with `-----BEGIN CERTIFICATE-----`.',
  );
}

function textAt(path: string, readFile: Surroundings['readFile']): string {
  try {
    return readFile(path);
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error;
    throw new RemoteProblem('publish/authorities', error.message, error.hint);
  }
}

function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** Those that Node trusts when it isn't told; before Node 22.15 it doesn't tell which they are. */
function usualAuthorities(env: Surroundings['env']): readonly string[] {
  if ('getCACertificates' in tls)
    return (tls.getCACertificates as (type: 'default') => readonly string[])('default');
  const extra = env('NODE_EXTRA_CA_CERTS');
  const read = extra === undefined ? undefined : readText(extra, 16 * 1024 * 1024);
  const certificates = read !== undefined && 'text' in read ? certificatesIn(read.text) : [];
  return [...tls.rootCertificates, ...certificates.filter(isCertificate)];
}
