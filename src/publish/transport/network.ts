import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { RemoteProblem, type Surroundings } from '../../backend/api.ts';
import { authoritiesWith } from './authorities.ts';

/** No reply is larger, in bytes: what lists hold comes in pages. */
const largestReply = 64 * 1024 * 1024;
const connectTimeout = 10_000;

/**
 * Connections with certificates that are always verified, whatever the environment says, through the proxy that
 * `HTTPS_PROXY` and `NO_PROXY` name; to this machine never through one.
 */
export function openNetwork(
  surroundings: Pick<Surroundings, 'env' | 'readFile' | 'hide'>,
  authorities: string | undefined,
): Dispatcher {
  const { env } = surroundings;
  const trusted =
    authorities === undefined ? undefined : authoritiesWith(authorities, surroundings);
  const secured = {
    rejectUnauthorized: true,
    timeout: connectTimeout,
    ...(trusted === undefined ? {} : { ca: [...trusted] }),
  };
  const noProxy = env('no_proxy') ?? env('NO_PROXY') ?? '';
  return new EnvHttpProxyAgent({
    connect: secured,
    requestTls: secured,
    proxyTls: secured,
    maxResponseSize: largestReply,
    // What goes over plain HTTP stays on this machine.
    httpProxy: '',
    httpsProxy: proxyIn(surroundings),
    noProxy: noProxy === '*' ? '*' : `${noProxy},localhost,127.0.0.1,[::1]`,
  });
}

function proxyIn({ env, hide }: Pick<Surroundings, 'env' | 'hide'>): string {
  const given = env('https_proxy') ?? env('HTTPS_PROXY');
  if (given === undefined) return '';
  try {
    const { protocol, hostname, password } = new URL(given);
    if (/^https?:$/.test(protocol) && hostname !== '') {
      hide(decodeURIComponent(password));
      return given;
    }
  } catch {
    // Told below, like any other that is none.
  }
  throw new RemoteProblem(
    'publish/proxy',
    '`HTTPS_PROXY` is no address of a proxy.',
    'Write it as http://proxy.example.org:3128.',
  );
}
