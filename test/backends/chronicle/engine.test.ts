import { describe, expect, test } from 'vitest';
import { QueryRunError, type TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { hits, holds } from './support.ts';

// Examples of "Repeated fields" (docs.cloud.google.com/chronicle/docs/yara-l/repeated-fields).
const original: TargetEvent = {
  principal: { ip: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], hostname: 'host' },
};
const messages: TargetEvent = {
  about: [{ ip: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], hostname: 'alice' }, { hostname: 'bob' }],
};

describe('Repeated fields', () => {
  test.for<[string, boolean, TargetEvent]>([
    ['any $e.principal.ip = "192.0.2.1"', true, original],
    ['any $e.about.hostname = "9.9.9.9"', false, original],
    ['net.ip_in_range_cidr(all $e.principal.ip, "192.0.0.0/8")', true, original],
    ['all $e.principal.ip = "192.0.2.2"', false, original],
    ['not all $e.principal.ip = "192.0.2.1"', true, original],
    ['all $e.principal.ip != "192.0.2.1"', false, original],
    ['all $e.principal.ip != "192.168.12.16"', true, original],
    ['not any $e.principal.ip = "192.0.2.1"', false, original],
    ['re.regex(any $e.about.hostname, `^b`)', true, messages],
    // Unmodified: one copy has to satisfy all.
    [
      'net.ip_in_range_cidr($e.principal.ip, "192.0.0.0/8") $e.principal.ip = "192.0.2.1"',
      true,
      original,
    ],
    ['$e.principal.ip = "192.0.2.1" $e.principal.ip = "192.0.2.2"', false, original],
    ['any $e.principal.ip = "192.0.2.1" $e.principal.ip = "192.0.2.3"', true, original],
    ['not $e.principal.ip = "192.0.2.1"', true, original],
    // Repeated messages keep their elements together; an empty list inside one is one copy with "".
    ['$e.about.ip = "192.0.2.1" $e.about.hostname = "alice"', true, messages],
    ['$e.about.ip = "192.0.2.1" $e.about.hostname = "bob"', false, messages],
    ['$e.about.ip = "" $e.about.hostname = "bob"', true, messages],
    ['$e.about.ip = "192.0.2.1" $e.about[1].hostname = "bob"', true, messages],
    // Joins of two lists are refused below; with one value of the same event it is a comparison.
    ['any $e.principal.ip = $e.principal.hostname', false, original],
    ['any $e.principal.ip != $e.principal.hostname', true, original],
    // Indexes: out of range is the default value.
    ['$e.principal.ip[0] = "192.0.2.1"', true, original],
    ['$e.principal.ip[999] = ""', true, original],
    ['$e.principal.ip[1] = "192.0.2.1"', false, original],
    // arrays.length counts all elements along the path.
    ['arrays.length($e.principal.ip) = 3', true, original],
    ['arrays.length($e.about.ip) = 3', true, messages],
    ['arrays.length($e.intermediary.ip) = 0', true, original],
  ])('%s is %s', ([predicate, expected, event]) => {
    expect(holds(predicate, event)).toBe(expected);
  });

  test('placeholders take the value of the copy', () => {
    expect(holds('$ip = $e.principal.ip $ip = "192.0.2.1"', original)).toBe(true);
    expect(holds('$e.principal.ip = $ip $ip = "192.0.2.9"', original)).toBe(false);
  });

  test.for([
    ['any $e.principal.hostname = "x"', "isn't a repeated field"],
    ['any $e.intermediary.ip[0] = "x"', 'index'],
    ['$e.intermediary.ip[0] = "x"', 'needs one'],
    ['any $e.additional.fields["k"] = "x"', 'repeated'],
    ['any $e.principal.ip = "x" = any $e.target.ip', 'stands where'],
    ['any $e.principal.ip = $e.target.ip', 'joined with $e.target.ip'],
    ['any $e.principal.ip = any $e.target.ip', 'one "any" or "all" at most'],
    ['any $e.principal.ip = $ip $e.principal.hostname = $ip', 'joined with $ip'],
    ['any $e.principal.ip = $ip', 'joined with $ip'],
  ] as const)('%s is refused: %s', ([predicate, message]) => {
    expect(() => holds(predicate, original)).toThrow(message);
  });
});

describe('zero values', () => {
  const none: TargetEvent = { metadata: {} };
  test.for<[string, boolean]>([
    ['$e.principal.hostname = ""', true],
    ['$e.principal.hostname != "x"', true],
    ['$e.principal.hostname = "x"', false],
    ['not $e.principal.hostname = "x"', true],
    ['$e.target.port = 0', true],
    ['$e.target.port < 5', true],
    ['$e.network.is_proxy = false', true],
    ['$e.principal.hostname = $e.target.hostname', true],
    ['$e.additional.fields["k"] = ""', true],
    ['re.regex($e.principal.hostname, `^$`)', true],
    ['$e.metadata.event_type = "EVENTTYPE_UNSPECIFIED"', true],
  ])('of an absent field: %s is %s', ([predicate, expected]) => {
    expect(holds(predicate, none)).toBe(expected);
  });
});

describe('maps', () => {
  const labels: TargetEvent = {
    metadata: {
      ingestion_labels: [
        { key: 'dupe', value: 'val1' },
        { key: 'dupe', value: 'val2' },
      ],
    },
    security_result: [
      { rule_labels: [{ key: 'other', value: 'x' }] },
      { rule_labels: [{ key: 'key', value: 'val3' }] },
      { rule_labels: [{ key: 'key', value: 'val4' }] },
    ],
    additional: { fields: { pod: 'kube', flag: true } },
  };
  test.for<[string, boolean]>([
    ['$e.metadata.ingestion_labels["dupe"] = "val1"', true],
    ['$e.metadata.ingestion_labels["dupe"] = "val2"', false],
    ['$e.security_result.rule_labels["key"] = "val3"', true],
    ['$e.udm.additional.fields["pod"] = "kube"', true],
    ['$e.additional.fields["Pod"] = "kube"', false],
    ['$e.additional.fields["toString"] = ""', true],
  ])('%s is %s', ([predicate, expected]) => {
    expect(holds(predicate, labels)).toBe(expected);
  });

  test('a value that is no string is a switch', () => {
    expect(holds('$e.additional.fields["flag"] = "true"', labels)).toBe(false);
    const switches = { 'map-value-of-other-type': 'text' };
    expect(holds('$e.additional.fields["flag"] = "true"', labels, switches)).toBe(true);
  });

  test("the API's own JSON is read too", () => {
    const event: TargetEvent = {
      metadata: { productEventType: 'CreateImage', eventTimestamp: '2026-01-02T03:04:05Z' },
      additional: { pod: 'kube' },
    };
    expect(holds('$e.metadata.product_event_type = "CreateImage"', event)).toBe(true);
    expect(holds('$e.additional.fields["pod"] = "kube"', event)).toBe(true);
    expect(holds('timestamp.get_hour($e.metadata.event_timestamp.seconds) = 3', event)).toBe(true);
  });
});

describe('strings and regular expressions', () => {
  const event: TargetEvent = { principal: { hostname: 'LawFull', application: 'one\ntwo' } };
  test.for<[string, boolean]>([
    ['$e.principal.hostname = "lawfull"', false],
    ['$e.principal.hostname = "lawfull" nocase', true],
    ['$e.principal.hostname != "lawfull" nocase', false],
    ['$e.principal.hostname = /full/', false],
    ['$e.principal.hostname = /full/ nocase', true],
    ['$e.principal.hostname != /full/ nocase', false],
    ['$e.principal.hostname = /^full$/ nocase', false],
    ['re.regex($e.principal.hostname, "full") nocase', true],
    ['re.regex($e.principal.hostname, `(?i)FULL`)', true],
    // "If the UDM field includes newline characters, the regexp only matches the first line."
    ['re.regex($e.principal.application, `two`)', false],
    ['re.regex($e.principal.application, `(?s)two`)', true],
    ['re.regex($e.principal.application, `one$`)', true],
    ['re.regex($e.principal.application, `(?s)one$`)', false],
    ['strings.contains($e.principal.hostname, "full")', false],
    ['strings.contains(strings.to_lower($e.principal.hostname), "full")', true],
    ['strings.contains("thisisastring", $e.target.hostname) = true', true],
  ])('%s is %s', ([predicate, expected]) => {
    expect(holds(predicate, event)).toBe(expected);
  });

  test('nocase beyond ASCII is a switch', () => {
    const umlaut: TargetEvent = { principal: { hostname: 'Ä' } };
    expect(holds('$e.principal.hostname = "ä" nocase', umlaut)).toBe(true);
    const switches = { 'nocase-beyond-ascii': 'ascii' };
    expect(holds('$e.principal.hostname = "ä" nocase', umlaut, switches)).toBe(false);
  });
});

describe('functions, as their pages show them', () => {
  const event: TargetEvent = {
    principal: { hostname: 'aaa1bbaa2', port: 80 },
    network: { email: { from: 'test@google.com' } },
    metadata: { event_timestamp: { seconds: '1708598631' } },
  };
  test.for([
    '"aaa1" = re.capture($e.principal.hostname, "a+[1-9]")',
    '"google.com" = re.capture($e.network.email.from, "@(.*)")',
    '"" = re.capture($e.network.email.from, "#(.*)")',
    '"test@google.org" = re.replace($e.network.email.from, "com", "org")',
    '"b111na" = re.replace(strings.coalesce($e.target.hostname, "banana"), "ana", "111")',
    '"1n1a1m1e1" = re.replace(strings.coalesce($e.target.hostname, "name"), "", "1")',
    '"none" = re.replace($e.target.hostname, "^$", "none")',
    '"com.google" = re.replace(strings.coalesce($e.target.hostname, "google.com"), `([a-z]*)\\.([a-z]*)`, `\\2.\\1`)',
    '"test@google.com" = strings.coalesce($e.target.hostname, $e.network.email.from)',
    '"aaa1bbaa2:80" = strings.concat($e.principal.hostname, ":", $e.principal.port)',
    'strings.count_substrings($e.principal.hostname, "aa") = 2',
    'strings.length($e.principal.hostname) = 9',
    '"straa aa " = strings.ltrim(strings.coalesce($e.target.hostname, "a aastraa aa "), " a")',
    '"str" = strings.trim(strings.coalesce($e.target.hostname, "a aastraa aa "), " a")',
    '"three nine" = strings.url_decode(strings.coalesce($e.target.hostname, "three%20nine"))',
    '"http://a?p=1+1" = strings.url_decode(strings.coalesce($e.target.hostname, "http://a%3Fp=1+1"))',
    '"" = strings.url_decode(strings.coalesce($e.target.hostname, "%zz"))',
    '"test" = strings.base64_decode(strings.coalesce($e.target.hostname, "dGVzdA=="))',
    '"80" = cast.as_string($e.principal.port)',
    'cast.as_float(strings.coalesce($e.target.hostname, "str")) = 0',
    'cast.as_float(strings.coalesce($e.target.hostname, "1.012345678")) = 1.0123456',
    'cast.as_int(strings.coalesce($e.target.hostname, "2.012345678")) = 2',
    'cast.as_bool(strings.coalesce($e.target.hostname, "TRUE")) = true',
    'cast.as_bool(strings.coalesce($e.target.hostname, "123")) = false',
    'math.ceil(0 - 1.2 * cast.as_int(strings.coalesce($e.target.hostname, "1"))) = 0 - 1',
    'math.floor(0 - 1.234568 * cast.as_int(strings.coalesce($e.target.hostname, "1"))) = 0 - 2',
    'math.ceil(184467440737095516160 + $e.principal.port) = 0',
    'math.pow($e.principal.port, 2000) = 0',
    'math.sqrt(0 - $e.principal.port) = 0',
    'arrays.index_to_str(strings.split(strings.coalesce($e.target.hostname, "a,b")), 0-1) = "b"',
    'math.abs($e.principal.port - 100) = 20',
    '"2024-02-22" = timestamp.get_date($e.metadata.event_timestamp.seconds)',
    '"2024-02-22 10:43:51" = timestamp.get_timestamp($e.metadata.event_timestamp.seconds)',
    '"2024-02" = timestamp.get_timestamp($e.metadata.event_timestamp.seconds, "MONTH", "GMT")',
    '"2024-02-18" = timestamp.get_timestamp($e.metadata.event_timestamp.seconds, "WEEK", "GMT")',
    'timestamp.get_hour($e.metadata.event_timestamp.seconds, "America/Los_Angeles") = 2',
    'timestamp.get_hour($e.metadata.event_timestamp.seconds, "-08:00") = 2',
    'timestamp.get_day_of_week($e.metadata.event_timestamp.seconds) = 5',
    'timestamp.get_week($e.metadata.event_timestamp.seconds) = 7',
  ])('%s', (predicate) => {
    expect(holds(predicate, event)).toBe(true);
  });

  test('a regular expression that RE2 refuses is refused', () => {
    expect(() => holds('re.regex($e.principal.hostname, `(?=a)`)', event)).toThrow(QueryRunError);
    expect(() => holds('"a" = re.capture($e.principal.hostname, `(a)(b)`)', event)).toThrow(
      QueryRunError,
    );
  });
});

describe('net.ip_in_range_cidr', () => {
  const at = (ip: string): TargetEvent => ({ principal: { ip: [ip] } });
  const test4 = 'net.ip_in_range_cidr($e.principal.ip[0], "192.0.2.0/24")';
  test('takes IPv4 and IPv6', () => {
    expect(holds(test4, at('192.0.2.9'))).toBe(true);
    expect(holds(test4, at('192.0.3.9'))).toBe(false);
    expect(
      holds('net.ip_in_range_cidr($e.principal.ip[0], "2001:db8::/32")', at('2001:DB8::1')),
    ).toBe(true);
  });
  test('leaves other texts and mapped addresses to switches', () => {
    expect(holds(test4, at('name'), { 'cidr-of-other-text': 'true' })).toBe(true);
    expect(holds(test4, at('name'))).toBe(false);
    expect(holds(test4, at('::ffff:192.0.2.1'), { 'cidr-of-mapped-address': 'as-ipv4' })).toBe(
      true,
    );
    expect(holds(test4, at('::ffff:192.0.2.1'))).toBe(false);
  });
});

describe('open facts', () => {
  const empty: TargetEvent = { principal: { hostname: 'h' } };
  test.for<[string, string, string, boolean]>([
    ['all $e.principal.ip != "x"', 'all-on-empty-list', 'true', true],
    ['all $e.principal.ip != "x"', 'all-on-empty-list', 'false', false],
    ['all $e.principal.ip = "x"', 'all-on-empty-list', 'zero-value', false],
    ['all $e.principal.ip = ""', 'all-on-empty-list', 'zero-value', true],
    ['any $e.principal.ip = ""', 'any-on-empty-list', 'false', false],
    ['any $e.principal.ip = ""', 'any-on-empty-list', 'zero-value', true],
    ['any $e.principal.ip = "x"', 'any-on-empty-list', 'zero-value', false],
    ['$e.principal.ip = ""', 'copies-of-empty-list', 'one', true],
    ['$e.principal.ip = ""', 'copies-of-empty-list', 'none', false],
  ])('%s under %s = %s is %s', ([predicate, name, value, expected]) => {
    expect(holds(predicate, empty, { [name]: value })).toBe(expected);
  });

  test('are told only by answers that rest on them', () => {
    const run = (lines: string): readonly string[] =>
      chronicle.prepare(`rule r { meta: events: ${lines} condition: $e }`)([empty]).assumptions;
    expect(run('all $e.principal.ip != "x"').join()).toContain('all-on-empty-list');
    expect(run('any $e.principal.ip = "x" or $e.principal.hostname = "h"')).toEqual([]);
  });
});

describe('type checking', () => {
  test.for([
    ['$e.target.port = "80"', 'number'],
    ['$e.metadata.event_type = "NETWORK_DNS" nocase', 'enumerated'],
    ['$e.network.ip_protocol = /TCP/', 'enumerated'],
    ['re.regex($e.security_result[0].action[0], `A`)', 'enumerated'],
    ['$e.principal.hostname = "c" "a" = "b"', 'literal'],
    ['$e.principal.hostname > "a"', 'order'],
    ['$e.metadata.event_type >= "USER_STATS"', 'numbers'],
    ['$e.principle.hostname = "a"', 'Did you mean "principal"?'],
    ['$e.graph.entity.ip = "a"', 'graph'],
    ['$x = "a" $e.principal.hostname = "b"', 'declared'],
    [
      '$a = strings.concat($b, $e.principal.hostname) $b = strings.concat($a, $e.principal.hostname)',
      'itself',
    ],
    ['$e.principal.hostname in %list', 'list'],
    ['strings.unknown($e.principal.hostname) = "a"', 'strings.unknown'],
    ['$e1.principal.hostname = $e2.principal.hostname', 'match section'],
  ] as const)('%s is refused: %s', ([predicate, message]) => {
    expect(() => holds(predicate, {})).toThrow(message);
  });
});

describe('condition and outcome', () => {
  const run = (rest: string, event: TargetEvent = original): readonly (readonly unknown[])[] =>
    chronicle
      .prepare(
        `rule r { meta: events: $e.principal.ip = $ip $e.principal.hostname = $host ${rest} }`,
      )([event])
      .rows.map((row) => row.slice(2));

  test.for<[string, number]>([
    ['condition: $e', 1],
    ['condition: #e > 0 and $host', 1],
    ['condition: #e > 1', 0],
    ['condition: #ip > 2', 1],
    ['condition: #ip > 3', 0],
    ['condition: !$e', 0],
    ['condition: $e or #ip > 5', 1],
    ['outcome: $risk_score = 35 condition: $e and $risk_score > 30', 1],
    ['outcome: $risk_score = 35 condition: $e and not $risk_score > 30', 0],
    ['outcome: $ips = array($ip) condition: $e and arrays.contains($ips, "192.0.2.2")', 1],
  ])('%s gives %i', ([rest, count]) => {
    expect(run(rest)).toHaveLength(count);
  });

  test('outcomes are computed from the copies that satisfy the events section', () => {
    const [row] = run(`
      outcome:
        $host_name = $e.principal.hostname
        $count = count($ip)
        $ips = array_distinct($e.principal.ip)
        $macs = array_distinct($e.principal.mac)
        $score = if($host = "host", 50, 10) + 1
        $level = if($score > 50, "HIGH", "LOW")
        $max = max(if($ip = "192.0.2.2", 70))
      condition: $e`);
    expect(row).toEqual(['host', 3, ['192.0.2.1', '192.0.2.2', '192.0.2.3'], [''], 51, 'HIGH', 70]);
  });

  test('a repeated field has to be aggregated', () => {
    expect(() => run('outcome: $m = $e.principal.mac condition: $e')).toThrow('aggregate');
  });

  test('hits name the events, rows begin with what tells them apart', () => {
    const events = [
      {},
      { metadata: { product_event_type: 'A', event_timestamp: '2026-01-01T00:00:00Z' } },
    ];
    const result = chronicle.prepare(
      'rule r { meta: events: $e.metadata.product_event_type = "A" condition: $e }',
    )(events);
    expect(result).toMatchObject({ hits: [1], rows: [['2026-01-01T00:00:00Z', 'A']] });
  });
});

test('many copies are refused instead of running on', () => {
  const list = Array.from({ length: 200 }, (_, i) => `10.0.0.${i}`);
  const event: TargetEvent = { principal: { ip: list }, target: { ip: list } };
  expect(() => hits('$e.principal.ip = "x" $e.target.ip = "y"', [event])).toThrow('copies');
});
