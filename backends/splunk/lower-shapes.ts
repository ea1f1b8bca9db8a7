import { type MappedPlace, parseRegex, plainNumber, type RegexNode } from '#backend';

/** The texts that a numeric comparison accepts. */
export const numberShape: RegexNode = shape(plainNumber.source);

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const group = '[0-9A-Fa-f]{1,4}';
const tail = `(?:${group}:${group}|(?:${octet}\\.){3}${octet})`;

/** An IPv4 address without leading zeros. */
const ipv4: RegexNode = shape(`^(?:${octet}\\.){3}${octet}$`);
/** An IPv6 address (RFC 4291), by how many groups stand before `::`. */
const ipv6: RegexNode = shape(
  `^(?:(?:${group}:){6}${tail}|::(?:${group}:){5}${tail}${[4, 3, 2, 1, 0]
    .map(
      (after, before) => `|(?:(?:${group}:){0,${before}}${group})?::(?:${group}:){${after}}${tail}`,
    )
    .join('')}|(?:(?:${group}:){0,5}${group})?::${group}|(?:(?:${group}:){0,6}${group})?::)$`,
);
/** Among addresses and host names these two tell the versions. */
const dotted: RegexNode = shape('^[0-9]+(?:\\.[0-9]+){3}$');
const colon: RegexNode = shape(':');

/**
 * What a text must look like before `cidrmatch` may see it: what that makes of anything else, or of an
 * address of the other version, is in no manual.
 */
export function addressShape(version: 4 | 6, { field, place }: MappedPlace): RegexNode {
  const addresses = field.type === 'address' || place.holds === 'addresses';
  if (version === 4) return addresses ? dotted : ipv4;
  return addresses ? colon : ipv6;
}

/** The regular expression that keeps the texts of networks out of a lookup by networks, which may find those too. */
export function lookedUpShape({ field, place }: MappedPlace): string {
  const addresses = field.type === 'address' || place.holds === 'addresses';
  return addresses ? '^[0-9]+(?:\\.[0-9]+){3}\\z|:' : '^[0-9A-Fa-f:.]+\\z';
}

function shape(source: string): RegexNode {
  const node = parseRegex(source);
  if ('problem' in node) throw new Error(node.problem);
  return node;
}
