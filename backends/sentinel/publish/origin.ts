const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The origin that an address is: `https:`, or `http:` on this machine; nothing where it is another one, or more than that. */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
  const rest = `${search}${hash}${username}${password}`;
  return isPrivate && pathname === '/' && rest === '' ? origin : undefined;
}
