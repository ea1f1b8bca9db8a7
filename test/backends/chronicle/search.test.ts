import { describe, expect, test } from 'vitest';
import { QueryRunError, QuerySyntaxError, type RunOptions, type TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';

// Forms of "Analyze search data with statistics"
// (docs.cloud.google.com/chronicle/docs/investigation/statistics-aggregations-in-udm-search).
const events: readonly TargetEvent[] = [
  event('OKTA', 10, ['192.0.2.1', '192.0.2.2'], 'ana'),
  event('OKTA', 30, ['192.0.2.1'], 'ben'),
  event('OKTA', 20, [], ''),
  event('OTHER', 40, ['192.0.2.9'], 'eve'),
];

function event(
  log_type: string,
  seconds: number,
  ip: readonly string[],
  userid: string,
): TargetEvent {
  const principal = { ...(ip.length > 0 && { ip }), ...(userid !== '' && { user: { userid } }) };
  return { metadata: { log_type, event_timestamp: { seconds } }, principal };
}

function rowsOf(text: string, options: RunOptions = {}): readonly (readonly unknown[])[] {
  return chronicle.prepare(text)(events, options).rows;
}

describe('a search', () => {
  test('groups by a repeated field, a row for each element, in its order', () => {
    const text = `metadata.log_type = "OKTA"
      match:
        principal.ip
      Outcome:
        $user_count_by_ip = count(principal.user.userid)
      order:
        $user_count_by_ip desc
      limit:
        20`;
    expect(rowsOf(text)).toEqual([
      ['192.0.2.1', 2],
      ['192.0.2.2', 1],
      ['', 1],
    ]);
    expect(rowsOf(text.replace('20', '1'))).toEqual([['192.0.2.1', 2]]);
    expect(rowsOf(text.replace('desc', ''))).toEqual([
      ['192.0.2.2', 1],
      ['', 1],
      ['192.0.2.1', 2],
    ]);
  });

  test('groups by placeholders and leaves out what the filter does', () => {
    const text = `metadata.log_type = "OKTA"
      $userid = principal.user.userid
      $userid != ""
      match:
        metadata.log_type
      outcome:
        $distinct_users = count_distinct($userid)
        $first = min(metadata.event_timestamp.seconds)
        $last = max(metadata.event_timestamp.seconds)`;
    expect(rowsOf(text)).toEqual([['OKTA', 2, 10, 30]]);
    const { columns } = chronicle.prepare(text)(events);
    expect(columns.map(({ name }) => name)).toEqual([
      'metadata.log_type',
      'distinct_users',
      'first',
      'last',
    ]);
  });

  test('counts the zero value as one of the distinct ones, and any keeps events whole', () => {
    const outcome = 'outcome: $n = count_distinct(principal.user.userid) $c = count(metadata.id)';
    expect(rowsOf(`metadata.log_type = "OKTA" ${outcome}`.replace('outcome', '\noutcome'))).toEqual(
      [[3, 3]],
    );
    expect(rowsOf(`any principal.ip = "192.0.2.1"\n${outcome}`)).toEqual([[2, 2]]);
  });

  test('is written as it is read', () => {
    const text = `// Says why.
metadata.log_type = "OKTA"
metadata.event_timestamp.seconds >= timestamp.current_seconds() - 60
$user = principal.user.userid
and (principal.ip[0] = "192.0.2.1" or additional.fields["a.b"] != "")

match:
  $user, metadata.log_type

outcome:
  $n = count(metadata.id)

order:
  $n desc, $user asc

limit:
  5
`;
    expect(chronicle.format(text)).toBe(text);
    expect(rowsOf(text, { now: 70_000 })).toEqual([
      ['ana', 'OKTA', 1],
      ['ben', 'OKTA', 1],
    ]);
    expect(rowsOf(text, { now: 90_000 })).toEqual([['ben', 'OKTA', 1]]);
  });

  test('tells a bracket on the next line from arguments', () => {
    const text = (between: string): string =>
      `$u = principal.user.userid${between}(principal.ip[0] = "192.0.2.1" or $u = "eve")\nmatch: $u\noutcome: $n = count(metadata.id)`;
    expect(rowsOf(text('\n'))).toEqual([
      ['ana', 1],
      ['ben', 1],
      ['eve', 1],
    ]);
    expect(chronicle.format(text('\n'))).toBe(chronicle.format(text(' and ')));
  });

  test('without groups and events has a row or none', () => {
    const text = 'metadata.log_type = "NONE"\noutcome: $n = count(metadata.id)';
    expect(rowsOf(text)).toEqual([]);
    expect(rowsOf(text, { switches: { 'search-without-events': 'one-row' } })).toEqual([[0]]);
    const { assumptions } = chronicle.prepare(text)(events);
    expect(assumptions.join()).toContain('search-without-events is "no-row"');
  });

  test.for([
    ['outcome: $n = count(metadata.id)', QuerySyntaxError],
    [
      'metadata.log_type = "A"\nmatch: $x over 5m\noutcome: $n = count(metadata.id)',
      QuerySyntaxError,
    ],
    ['metadata.log_type = "A"\noutcome: $n = 1\ncondition: $n > 1', QuerySyntaxError],
    ['metadata.log_type = "A"\nmatch: $x\noutcome: $n = count(metadata.id)', QueryRunError],
    ['metadata.log_type = "A"\noutcome: $n = metadata.product_event_type', QueryRunError],
    ['metadata.log_type = "A"\noutcome: $n = count(metadata.id)\norder: $m', QueryRunError],
    ['$e.metadata.log_type = "A"\noutcome: $n = count($e.metadata.id)', QueryRunError],
    ['nonsense.field = "A"\noutcome: $n = count(metadata.id)', QueryRunError],
  ] as const)('is refused: %s', ([text, kind]) => {
    expect(() => rowsOf(text)).toThrow(kind);
  });

  test('has fields without a variable, and a rule none', () => {
    const rule = 'rule r { meta: events: metadata.log_type = "A" condition: $e }';
    expect(() => rowsOf(rule)).toThrow(QuerySyntaxError);
    expect(() => rowsOf('$e.metadata.log_type = "A"')).toThrow(QuerySyntaxError);
  });
});
