/** A network in CIDR form; the bits behind the prefix are zero. */
export interface Network {
  readonly version: 4 | 6;
  /** The address as one number of 32 or 128 bits. */
  readonly base: bigint;
  readonly prefix: number;
  /** Canonical text: `10.0.0.0/8`, `fe80::/10`. */
  readonly text: string;
}

/** An address and its version. */
export interface Address {
  readonly version: 4 | 6;
  readonly bits: bigint;
}

/** Reads an IPv4 address (four decimal octets without leading zeros) or an IPv6 address (RFC 4291). */
export function parseAddress(text: string): Address | undefined {
  const v4 = parseIPv4(text);
  if (v4 !== undefined) return { version: 4, bits: v4 };
  const v6 = parseIPv6(text);
  return v6 === undefined ? undefined : { version: 6, bits: v6 };
}

/** Reads a network; says in words what is wrong with it. */
export function parseNetwork(text: string): Network | { readonly problem: string } {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return { problem: `"${text}" is not an IPv4 or IPv6 network` };
  const width = address.version === 4 ? 32 : 128;
  const length = slash === -1 ? String(width) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > width) {
    return { problem: `The prefix length of "${text}" is not a number from 0 to ${width}` };
  }
  const prefix = Number(length);
  const base = maskBits(address.bits, prefix, width);
  const network = { version: address.version, base, prefix };
  const canonical = `${formatAddress(address.version, base)}/${prefix}`;
  if (base !== address.bits) {
    return { problem: `"${text}" has bits set behind its prefix; the network is ${canonical}` };
  }
  return { ...network, text: canonical };
}

/** Whether an address text lies in a network; a text that is no address doesn't. */
export function inNetwork(network: Network, text: string): boolean {
  const address = parseAddress(text);
  if (address?.version !== network.version) return false;
  const width = network.version === 4 ? 32 : 128;
  return maskBits(address.bits, network.prefix, width) === network.base;
}

function maskBits(bits: bigint, prefix: number, width: number): bigint {
  const host = BigInt(width - prefix);
  return (bits >> host) << host;
}

function parseIPv4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let bits = 0n;
  for (const octet of match.slice(1)) {
    if (Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0'))) return undefined;
    bits = (bits << 8n) | BigInt(octet);
  }
  return bits;
}

function parseIPv6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const known = head.length + (tail?.length ?? 0);
  if (tail === undefined ? known !== 8 : known > 7) return undefined;
  const groups = [...head, ...Array<number>(8 - known).fill(0), ...(tail ?? [])];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 address may end them. */
function groupsOf(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = last && index === parts.length - 1 ? parseIPv4(part) : undefined;
    if (v4 !== undefined) groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** An address as canonical text; RFC 5952 for IPv6: lower case, the longest run of zero groups (at least two) shortened. */
export function formatAddress(version: 4 | 6, bits: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from += 1) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === '0') length += 1;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  const left = groups.slice(0, best.from).join(':');
  return `${left}::${groups.slice(best.from + best.length).join(':')}`;
}
