import type { Switch } from '#backend';

/** What the language reference leaves open; no emitted query depends on one. */
export const switches: readonly Switch[] = [
  {
    name: 'json-dates',
    values: ['text', 'datetime'],
    about:
      'parse_json converts values "into relevant data types", and the page of the dynamic type says that some strings become dates: whether tostring gives such a string back as it was is not said (parse-json-function, dynamic).',
  },
  {
    name: 'bool-text',
    values: ['true', 'True'],
    about: 'The text that tostring makes of a boolean is not said (tostring-function).',
  },
  {
    name: 'ipv4-as-ipv6',
    values: ['null', 'mapped'],
    about:
      'ipv6_compare takes IPv4 addresses as mapped into IPv6; whether ipv6_is_in_range does is not said (ipv6-compare-function, ipv6-is-in-range-function).',
  },
  {
    name: 'no-ranges',
    values: ['false', 'null'],
    about:
      'The functions of several ranges need "one or more" or an array of them; what an empty array gives is not said (ipv4-is-in-any-range-function, ipv6-is-in-any-range-function).',
  },
  {
    name: 'mv-apply-empty',
    values: ['skips', 'runs'],
    about:
      'An empty array expands into no rows; whether mv-apply then runs its query on none, which a summarize would turn into a row, is not said (mv-apply-operator, mv-expand-operator).',
  },
  {
    name: 'null-and',
    values: ['null', 'false'],
    about:
      'Null compared with null, and null "and" true: null by the page on null values, false by that on logical operators (null-values, logical-operators).',
  },
  {
    name: 'ingestion-time',
    values: ['kept', 'null'],
    about:
      'ingestion_time() must be used "in the context of a table" and else gives null; which operators rows may have passed isn\'t said (ingestion-time-function).',
  },
  {
    name: 'sort-text',
    values: ['ordinal', 'caseless'],
    about:
      'Whether sort tells upper from lower case, and so puts equal texts beside each other, is not said (sort-operator).',
  },
];
