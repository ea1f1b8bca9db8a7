import type { Switch } from '#backend';

/**
 * What Splunk's documentation leaves open. An emitted query that depends on one of these says so as an
 * assumption; of hand-written text the answer names the reading that was taken.
 */
export const switches: readonly Switch[] = [
  {
    name: 'json-null',
    values: ['absent', 'text'],
    about:
      'Whether a JSON null leaves no field or the text "null". The manuals are silent; published searches compare with the text.',
  },
  {
    name: 'not-null',
    values: ['true', 'null'],
    about:
      'What NOT makes of a comparison with NULL in where and eval. Measured as true on Splunk 8.2.2; not in the Search Reference.',
  },
  {
    name: 'match-multivalue',
    values: ['any', 'first', 'null'],
    about:
      'What match() and like() make of a field with several values. Not in the Search Reference.',
  },
  {
    name: 'where-not-equal-multivalue',
    values: ['any', 'none'],
    about:
      'Whether != in where needs one value that differs or no value that equals, when there are several. Not in the Search Reference.',
  },
  {
    name: 'search-not-equal-multivalue',
    values: ['any', 'none'],
    about:
      'Whether != in search needs one value that differs or no value that equals, when there are several. Not in the Search Manual.',
  },
  {
    name: 'search-empty',
    values: ['matches', 'never'],
    about:
      'Whether field="" in search finds an empty value that was kept. Extraction drops empty values (transforms.conf); the rest is not said.',
  },
  {
    name: 'search-fold',
    values: ['ascii', 'unicode'],
    about: 'Whether search ignores the case of letters beyond ASCII. Not in the Search Manual.',
  },
  {
    name: 'cidrmatch-non-address',
    values: ['false', 'null'],
    about: 'What cidrmatch() makes of a text that is no IP address. Not in the Search Reference.',
  },
  {
    name: 'stats-null-by',
    values: ['dropped', 'kept'],
    about:
      'Whether stats leaves out events without a by-field. Documented for tstats and dedup, not for stats, eventstats and streamstats.',
  },
  {
    name: 'rex-empty',
    values: ['null', 'empty'],
    about: 'Whether a group of rex that matches nothing leaves no field or an empty one.',
  },
  {
    name: 'streamstats-unbounded',
    values: ['all', 'window'],
    about:
      'Whether streamstats without window and time_window counts all events before or the last 10,000 (max_stream_window), of all groups together unless global=f. The Search Reference says the one of "window" and the other in its description.',
  },
  {
    name: 'percentile-method',
    values: ['nearest-rank', 'interpolated'],
    about:
      'How percentiles and medians are made: perc_method of limits.conf. Its default is nearest-rank in the specification of 9.0, interpolated in one of 2015.',
  },
  {
    name: 'time-window',
    values: ['inclusive', 'exclusive'],
    about:
      'Whether an event that is exactly the span away counts in the time_window of streamstats. Not in the Search Reference.',
  },
  {
    name: 'lookup-fold',
    values: ['unicode', 'ascii'],
    about:
      'Whether case_sensitive_match=false of a lookup ignores the case of letters beyond ASCII. Not in transforms.conf.',
  },
  {
    name: 'lookup-multivalue',
    values: ['each', 'none'],
    about:
      'Whether lookup looks up each value of a field that has several. Shown so in the SPL2 Search Reference, not in that of SPL.',
  },
  {
    name: 'lookup-cidr-text',
    values: ['no-match', 'equal'],
    about:
      'Whether a lookup by networks finds the text of a network itself. Not in transforms.conf.',
  },
  {
    name: 'lookup-cidr-lenient',
    values: ['no', 'yes'],
    about:
      'Whether a lookup by networks finds an IPv4 address in IPv6 networks or the other way round, and octets with leading zeros. Not in transforms.conf.',
  },
  {
    name: 'text-multivalue',
    values: ['each', 'null'],
    about:
      'Whether text functions such as lower() and len() take each value of a field that has several alone. Not in the Search Reference, which names mvmap() for that.',
  },
  {
    name: 'json-digits',
    values: ['kept', 'double'],
    about:
      'Whether json_extract, json_array_to_mv and spath keep all digits of whole numbers beyond 2^53. Not in the Search Reference.',
  },
  {
    name: 'json-array-null',
    values: ['text', 'absent'],
    about:
      'Whether json_array_to_mv gives an element that is null as the text "null" or leaves it out. Not in the Search Reference.',
  },
];

/** A reading of every switch. */
export interface Readings {
  readonly 'json-null': 'absent' | 'text';
  readonly 'not-null': 'true' | 'null';
  readonly 'match-multivalue': 'any' | 'first' | 'null';
  readonly 'where-not-equal-multivalue': 'any' | 'none';
  readonly 'search-not-equal-multivalue': 'any' | 'none';
  readonly 'search-empty': 'matches' | 'never';
  readonly 'search-fold': 'ascii' | 'unicode';
  readonly 'cidrmatch-non-address': 'false' | 'null';
  readonly 'stats-null-by': 'dropped' | 'kept';
  readonly 'rex-empty': 'null' | 'empty';
  readonly 'streamstats-unbounded': 'all' | 'window';
  readonly 'percentile-method': 'nearest-rank' | 'interpolated';
  readonly 'time-window': 'inclusive' | 'exclusive';
  readonly 'lookup-fold': 'unicode' | 'ascii';
  readonly 'lookup-multivalue': 'each' | 'none';
  readonly 'lookup-cidr-text': 'no-match' | 'equal';
  readonly 'lookup-cidr-lenient': 'no' | 'yes';
  readonly 'text-multivalue': 'each' | 'null';
  readonly 'json-digits': 'kept' | 'double';
  readonly 'json-array-null': 'text' | 'absent';
}

/** The readings that were asked for, defaults for the rest. */
export function readingsOf(chosen: Readonly<Record<string, string>> = {}): Readings {
  const readings: Record<string, string> = {};
  for (const { name, values } of switches) {
    readings[name] = values.find((value) => value === chosen[name]) ?? values[0];
  }
  // Tested: the switches are those of the interface.
  return readings as unknown as Readings;
}
