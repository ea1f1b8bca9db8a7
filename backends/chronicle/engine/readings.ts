import type { Switch } from '#backend';

/** The names of the open facts. */
export type OpenFact =
  | 'all-on-empty-list'
  | 'any-on-empty-list'
  | 'copies-of-empty-list'
  | 'cidr-of-other-text'
  | 'cidr-of-mapped-address'
  | 'nocase-beyond-ascii'
  | 'to-lower-beyond-ascii'
  | 'regex-list-lines'
  | 'ends-with-of-same'
  | 'map-value-of-other-type'
  | 'sliding-window-far-end'
  | 'one-event-in-two-variables'
  | 'hop-spacing'
  | 'hop-window-end'
  | 'tumbling-alignment'
  | 'search-without-events';

/** What Google's documentation of YARA-L leaves open; no compiled rule rests on any of it without saying so. */
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
    about:
      'Whether "nocase" of a comparison or of a reference list ignores the case of letters beyond ASCII.',
  },
  {
    name: 'to-lower-beyond-ascii',
    values: ['unicode', 'ascii'],
    about:
      'Whether strings.to_lower and strings.to_upper change letters beyond ASCII. Their pages say "all characters" and "all alphabetic characters" without an example.',
  },
  {
    name: 'regex-list-lines',
    values: ['all', 'first'],
    about:
      'Whether the regular expressions of a reference list search all lines of a value or, as re.regex does, the first. "Reference Lists": they "are sent as-is to our regex engine".',
  },
  {
    name: 'ends-with-of-same',
    values: ['true', 'false'],
    about:
      'What strings.ends_with gives for a text and itself. Its page says "returns false when suffix and value are identical" beside strings.ends_with("str", "str") = true.',
  },
  {
    name: 'map-value-of-other-type',
    values: ['zero-value', 'text'],
    about:
      'What a map gives for a value that is no string. "YARA-L 2.0 language syntax", Maps: accessing it "is not possible".',
  },
  {
    name: 'sliding-window-far-end',
    values: ['included', 'excluded'],
    about:
      'Whether a sliding window includes events that are exactly its duration away from the pivot event. "YARA-L 2.0 language syntax", Match section: "Events that are more than 5 minutes apart are not correlated".',
  },
  {
    name: 'one-event-in-two-variables',
    values: ['allowed', 'excluded'],
    about:
      "Whether two event variables may stand for one event when it satisfies the predicates of both. No page says so; rules that don't want it compare timestamps.",
  },
  {
    name: 'hop-spacing',
    values: ['tenth', 'half', 'any'],
    about:
      'How far apart hop windows begin: a tenth of their duration as in the example of "Hop window" ("a possible set"), half of it, or one at each event. "YARA-L 2.0 windowing logic": the system defines overlap and alignment. Here windows begin at whole multiples since 1970.',
  },
  {
    name: 'hop-window-end',
    values: ['included', 'excluded'],
    about:
      'Whether a hop window includes its end. "Hop window" writes [1:00, 1:30] with closed brackets only.',
  },
  {
    name: 'tumbling-alignment',
    values: ['1970', 'first-event'],
    about:
      'Where tumbling windows begin: at whole multiples of their duration since 1970, or at the first event. "YARA-L 2.0 windowing logic" says that they are of fixed size and don\'t overlap.',
  },
  {
    name: 'search-without-events',
    values: ['no-row', 'one-row'],
    about:
      'Whether a search that finds nothing and groups by nothing has a row. "Analyze search data with statistics" says nothing; a search with a match section has a row for each group.',
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
