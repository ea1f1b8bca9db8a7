import { parseAddress } from '#backend';
import type { Run } from '../scope.ts';
import { type Functions, lenient } from './define.ts';

interface Prefixed {
  readonly bits: bigint;
  readonly prefix: number;
}

/** Functions of IP addresses; null where an argument is no address. */
export const addresses: Functions = {
  ipv4_is_in_range: lenient(['string', 'string'], 'bool', ([ip, range]) =>
    inRange(v4(ip), v4(range), 32),
  ),
  ipv6_is_in_range: lenient(['string', 'string'], 'bool', ([ip, range], { run }) =>
    inRange(v6(ip, run), v6(range, run), 128),
  ),
  ipv4_is_match: lenient(['string', 'string', 'long?'], 'bool', ([a, b, prefix]) =>
    matches(v4(a), v4(b), limit(prefix, 32), 32),
  ),
  ipv6_is_match: lenient(['string', 'string', 'long?'], 'bool', ([a, b, prefix]) =>
    matches(mixed(a), mixed(b), limit(prefix, 128), 128),
  ),
  ipv4_is_in_any_range: lenient(['string', 'any*'], 'bool', ([ip, ...ranges], { run }) =>
    any(v4(ip), listOf(ranges).map(v4), 32, run),
  ),
  ipv6_is_in_any_range: lenient(['string', 'any*'], 'bool', ([ip, ...ranges], { run }) =>
    any(
      v6(ip, run),
      listOf(ranges).map((range) => v6(range, run)),
      128,
      run,
    ),
  ),
  ipv4_compare: lenient(['string', 'string', 'long?'], 'long', ([a, b, prefix]) =>
    sign(v4(a), v4(b), limit(prefix, 32), 32),
  ),
  ipv6_compare: lenient(['string', 'string', 'long?'], 'long', ([a, b, prefix]) =>
    sign(mixed(a), mixed(b), limit(prefix, 128), 128),
  ),
  parse_ipv4: lenient(['string'], 'long', ([ip]) => network(v4(ip))),
  parse_ipv4_mask: lenient(['string', 'long'], 'long', ([ip, prefix]) => {
    const address = v4(ip);
    return address === null ? null : network({ ...address, prefix: limit(prefix, 32) });
  }),
  ipv4_netmask_suffix: lenient(['string'], 'long', ([ip]) => {
    const address = v4(ip);
    return address === null ? null : BigInt(address.prefix);
  }),
  format_ipv4: lenient(['any', 'long?'], 'string', ([ip, prefix]) => format(ip, prefix, false)),
  format_ipv4_mask: lenient(['any', 'long?'], 'string', ([ip, prefix]) => format(ip, prefix, true)),
  has_ipv4: lenient(['string', 'string'], 'bool', ([text, ip]) => holds(text, [ip])),
  has_any_ipv4: lenient(['string', 'any*'], 'bool', ([text, ...ips]) => holds(text, listOf(ips))),
  has_ipv4_prefix: lenient(['string', 'string'], 'bool', ([text, prefix]) =>
    holdsPrefix(text, [prefix]),
  ),
  has_any_ipv4_prefix: lenient(['string', 'any*'], 'bool', ([text, ...prefixes]) =>
    holdsPrefix(text, listOf(prefixes)),
  ),
  ipv4_is_private: lenient(['string'], 'bool', ([ip], { run }) =>
    any(v4(ip), ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(v4), 32, run),
  ),
};

function listOf(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : [value]));
}

/** Whether an address is in one of the ranges; what it is where there are none isn't documented. */
function any(
  ip: Prefixed | null,
  ranges: readonly (Prefixed | null)[],
  width: number,
  { assumptions, switches }: Run,
): boolean | null {
  if (ip === null) return null;
  if (ranges.length === 0) {
    const reading = switches['no-ranges'];
    assumptions.add(
      `What functions of several ranges make of an empty array isn't documented; taken as: ${reading}.`,
    );
    return reading === 'null' ? null : false;
  }
  return ranges.some((range) => inRange(ip, range, width) === true);
}

function inRange(ip: Prefixed | null, range: Prefixed | null, width: number): boolean | null {
  return matches(ip, range, width, width);
}

/** Equal under the shortest of the prefixes. */
function matches(
  a: Prefixed | null,
  b: Prefixed | null,
  prefix: number,
  width: number,
): boolean | null {
  if (a === null || b === null) return null;
  const host = BigInt(width - Math.min(a.prefix, b.prefix, prefix));
  return a.bits >> host === b.bits >> host;
}

function limit(prefix: unknown, width: number): number {
  return typeof prefix === 'bigint' ? Math.min(Number(prefix), width) : width;
}

function v4(text: unknown): Prefixed | null {
  return prefixed(text, 4, 32);
}

/** An IPv6 address; whether IPv4 is taken as mapped into IPv6 isn't documented for ranges. */
function v6(text: unknown, run: Run): Prefixed | null {
  const known = prefixed(text, 6, 128);
  if (known !== null || v4(text) === null) return known;
  run.assumptions.add(
    `What ipv6_is_in_range makes of an IPv4 address isn't documented; taken as: ${run.switches['ipv4-as-ipv6']}.`,
  );
  return run.switches['ipv4-as-ipv6'] === 'mapped' ? mixed(text) : null;
}

/** An IPv6 address, or an IPv4 address mapped into IPv6. */
function mixed(text: unknown): Prefixed | null {
  const v4Form = v4(text);
  if (v4Form === null) return prefixed(text, 6, 128);
  return { bits: (0xffffn << 32n) | v4Form.bits, prefix: v4Form.prefix + 96 };
}

function prefixed(text: unknown, version: 4 | 6, width: number): Prefixed | null {
  if (typeof text !== 'string') return null;
  const [address = '', length] = text.split('/');
  const known = parseAddress(address);
  if (known?.version !== version) return null;
  if (length === undefined) return { bits: known.bits, prefix: width };
  if (!/^\d{1,3}$/.test(length) || Number(length) > width) return null;
  return { bits: known.bits, prefix: Number(length) };
}

function sign(
  a: Prefixed | null,
  b: Prefixed | null,
  prefix: number,
  width: number,
): bigint | null {
  if (a === null || b === null) return null;
  const host = BigInt(width - Math.min(a.prefix, b.prefix, prefix));
  const [x, y] = [a.bits >> host, b.bits >> host];
  return x < y ? -1n : x > y ? 1n : 0n;
}

function network(address: Prefixed | null): bigint | null {
  if (address === null) return null;
  const host = BigInt(32 - address.prefix);
  return (address.bits >> host) << host;
}

function format(ip: unknown, prefix: unknown, mask: boolean): string {
  const address = typeof ip === 'bigint' ? { bits: ip, prefix: 32 } : v4(ip);
  if (address === null || (typeof prefix === 'bigint' && (prefix < 0n || prefix > 32n))) return '';
  const length = Math.min(address.prefix, limit(prefix, 32));
  const bits = network({ ...address, prefix: length }) ?? 0n;
  const octets = [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  return mask ? `${octets}/${length}` : octets;
}

/** Addresses that stand in a text between ends of terms. */
function addressesIn(text: unknown): readonly string[] {
  return (
    String(text).match(/(?<![0-9A-Za-z.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z]|\.[0-9])/g) ?? []
  );
}

function holds(text: unknown, ips: readonly unknown[]): boolean {
  const found = addressesIn(text);
  return ips.some((ip) => v4(ip) !== null && found.includes(String(ip)));
}

/** A prefix ends with a dot or is a whole address. */
function holdsPrefix(text: unknown, prefixes: readonly unknown[]): boolean {
  const found = addressesIn(text).filter((ip) => v4(ip) !== null);
  return prefixes.some((prefix) => {
    const wanted = String(prefix);
    if (!/^(?:\d{1,3}\.){1,3}$|^\d{1,3}(?:\.\d{1,3}){3}$/.test(wanted)) return false;
    return found.some((ip) => (wanted.endsWith('.') ? ip.startsWith(wanted) : ip === wanted));
  });
}
