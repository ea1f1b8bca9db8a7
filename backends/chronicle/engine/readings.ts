import type { Switch } from '#backend';

/** The names of the open facts. */
export type OpenFact =
  | 'all-on-empty-list'
  | 'any-on-empty-list'
  | 'copies-of-empty-list'
  | 'cidr-of-other-text'
  | 'cidr-of-mapped-address'
  | 'nocase-beyond-ascii'
  | 'map-value-of-other-type';

/** What Google's documentation of YARA-L leaves open; no compiled rule depends on any of it. */
export const switches: readonly (Switch & { readonly name: OpenFact })[] = [
  {
    name: 'all-on-empty-list',
    values: ['true', 'false', 'zero-value'],
    about:
      'Whether "all" holds of a list without elements: always, never, or as of a list of one zero value. The page "Repeated fields" says nothing.',
  },
  {
    name: 'any-on-empty-list',
    values: ['false', 'zero-value'],
    about:
      'Whether "any" holds of a list without elements when the test accepts the zero value. The page "Repeated fields" shows only a test that doesn\'t.',
  },
  {
    name: 'copies-of-empty-list',
    values: ['one', 'none'],
    about:
      'Whether an event whose repeated field is empty is tested as one copy with the zero value. Shown for a list inside a repeated message only ("Repeated fields").',
  },
  {
    name: 'cidr-of-other-text',
    values: ['false', 'true'],
    about:
      'What net.ip_in_range_cidr gives for the empty string and texts that are no addresses. The page of the function says nothing.',
  },
  {
    name: 'cidr-of-mapped-address',
    values: ['as-ipv6', 'as-ipv4'],
    about:
      'Whether ::ffff:a.b.c.d counts as IPv6 or as the IPv4 address in it. The page of net.ip_in_range_cidr says nothing.',
  },
  {
    name: 'nocase-beyond-ascii',
    values: ['unicode', 'ascii'],
    about: 'Whether "nocase" of a comparison ignores the case of letters beyond ASCII.',
  },
  {
    name: 'map-value-of-other-type',
    values: ['zero-value', 'text'],
    about:
      'What a map gives for a value that is no string. "YARA-L 2.0 language syntax", Maps: accessing it "is not possible".',
  },
];

/** Which reading of an open fact is in force; asking for it is noted as an assumption of the answer. */
export interface Readings {
  of(fact: OpenFact): string;
}

/** Readings that note each fact that they were asked for. */
export function readingsOf(
  chosen: Readonly<Record<string, string>>,
  asked: Set<OpenFact>,
): Readings {
  const inForce = new Map<string, string>(
    switches.map(({ name, values }) => [name, chosen[name] ?? values[0]]),
  );
  return {
    of(fact) {
      asked.add(fact);
      return inForce.get(fact) ?? '';
    },
  };
}

/** What to tell about the open facts that an answer rests on. */
export function assumptionsOf(asked: ReadonlySet<OpenFact>, readings: Readings): readonly string[] {
  return switches
    .filter(({ name }) => asked.has(name))
    .map(({ name, about }) => `${name} is "${readings.of(name)}". ${about}`);
}
