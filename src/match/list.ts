import { inNetwork, parseNetwork } from './address.ts';
import { foldCase } from './case-fold.ts';
import { compileRegex } from './regex/compile.ts';
import { parseRegex } from './regex/parse.ts';

/** What the entries of a list are: literal texts in any case, regular expressions, or networks. */
export const listKinds = ['string', 'regex', 'cidr'] as const;

/** What the entries of a list are. */
export type ListKind = (typeof listKinds)[number];

/** A list of values that rules name (`%approved_builders%`); its entries have been checked for their kind. */
export interface NamedList {
  readonly name: string;
  readonly kind: ListKind;
  readonly entries: readonly string[];
}

/** Whether a value is in a list; made once for many values. */
export function inList({ kind, entries }: NamedList): (text: string) => boolean {
  switch (kind) {
    case 'string': {
      const known = new Set(entries.map(foldCase));
      return (text) => known.has(foldCase(text));
    }
    case 'cidr': {
      const networks = entries
        .map(parseNetwork)
        .flatMap((network) => ('problem' in network ? [] : [network]));
      return (text) => networks.some((network) => inNetwork(network, text));
    }
    case 'regex': {
      const flags = { ignoreCase: false, multiline: false, dotAll: false };
      const parsed = entries.map((entry) => parseRegex(entry, flags));
      const matches = parsed.flatMap((regex) => ('problem' in regex ? [] : [compileRegex(regex)]));
      return (text) => matches.some((match) => match(text));
    }
  }
}

/** An entry as SIEMs take it: an address alone is the network of that address. */
export function canonicalEntry(kind: ListKind, entry: string): string {
  const network = kind === 'cidr' ? parseNetwork(entry) : undefined;
  return network === undefined || 'problem' in network ? entry : network.text;
}

/** Why a text can't be an entry of a list of a kind. */
export function entryProblem(kind: ListKind, entry: string): string | undefined {
  if (kind === 'string') return undefined;
  const flags = { ignoreCase: false, multiline: false, dotAll: false };
  const parsed = kind === 'cidr' ? parseNetwork(entry) : parseRegex(entry, flags);
  return 'problem' in parsed
    ? parsed.problem.charAt(0).toLowerCase() + parsed.problem.slice(1)
    : undefined;
}
