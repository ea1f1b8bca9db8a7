import { RemoteProblem } from '../../backend/api.ts';

/**
 * An address that may be asked: `https:`, or on this machine, and nothing in it that programs read in two ways, so that
 * what is asked is what was meant.
 */
export function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined)
    throw new RemoteProblem('publish/address', 'There is no such address.');
  const problem = problemOf(address, url);
  if (problem === undefined) return address;
  throw new RemoteProblem('publish/address', `The address at ${address.host} ${problem}.`);
}

function problemOf(address: URL, url: string): string | undefined {
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLoopback(address)))
    return "doesn't begin with https://, which only those of this machine needn't";
  if (address.username !== '' || address.password !== '') return 'has a user or a password in it';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: readers of addresses leave them out.
  if (/[\u0000-\u001f\\]/.test(url)) return 'has a control character or a backslash in it';
  const [path = ''] = url.split(/[?#]/, 1);
  if (path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    return 'has a segment of dots in its path';
  return undefined;
}

/** Whether an address is of the machine itself. */
function isLoopback({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
