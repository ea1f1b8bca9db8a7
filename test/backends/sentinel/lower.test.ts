import { describe, expect, test } from 'vitest';
import { compileRule, hits, queryOf, ruleOf } from './support.ts';

/** The query of a selection and of its negation. */
function both(selection: string): readonly [string, string] {
  return [queryOf(ruleOf(selection)), queryOf(ruleOf(selection, 'not sel'))];
}

describe('string columns', () => {
  test.for([
    ['eventName: CreateImage', 'EventName =~ "CreateImage"', 'EventName !~ "CreateImage"'],
    ['eventName: [a, b]', 'EventName in~ ("a", "b")', 'EventName !in~ ("a", "b")'],
    [
      'recipientAccountId: [1, 2]',
      'RecipientAccountId in ("1", "2")',
      'RecipientAccountId !in ("1", "2")',
    ],
    ['eventName|cased: CreateImage', 'EventName == "CreateImage"', 'EventName != "CreateImage"'],
    [
      'eventName|startswith: Create',
      'EventName startswith "Create"',
      'EventName !startswith "Create"',
    ],
    ['eventName|endswith: Image', 'EventName endswith "Image"', 'EventName !endswith "Image"'],
    ['eventName|contains: Image', 'EventName contains "Image"', 'EventName !contains "Image"'],
    [
      'eventName|contains|cased: Image',
      'EventName contains_cs "Image"',
      'EventName !contains_cs "Image"',
    ],
    ['userAgent: ÄRGER', 'tolower(UserAgent) == "ärger"', 'tolower(UserAgent) != "ärger"'],
    [
      'userAgent: [ÄRGER, x, Öl]',
      'tolower(UserAgent) in ("ärger", "öl") or UserAgent =~ "x"',
      'not(tolower(UserAgent) in ("ärger", "öl") or UserAgent =~ "x")',
    ],
    [
      'userAgent|contains: straße',
      'UserAgent matches regex "(?i)straße"',
      'not(UserAgent matches regex "(?i)straße")',
    ],
    [
      'userAgent: a*b?c',
      'UserAgent matches regex "(?is)^a.*b.c$"',
      'not(UserAgent matches regex "(?is)^a.*b.c$")',
    ],
    [
      "userAgent|re: '^a\\d+'",
      'UserAgent matches regex "^a[0-9]+"',
      'not(UserAgent matches regex "^a[0-9]+")',
    ],
    ['errorCode|exists: true', 'isnotempty(ErrorCode)', 'isempty(ErrorCode)'],
    ['errorCode: null', 'isempty(ErrorCode)', 'isnotempty(ErrorCode)'],
    [
      'userAgent|contains|all: [a, b]',
      'UserAgent contains "a"\n| where UserAgent contains "b"',
      'not(UserAgent contains "a" and UserAgent contains "b")',
    ],
    [
      'userAgent|gt: 5',
      'UserAgent matches regex @"^-?[0-9]+(\\.[0-9]+)?$"\n    and todouble(UserAgent) > 5',
      '',
    ],
  ] as const)('%s', ([selection, positive, negative]) => {
    const [yes, no] = both(selection);
    if (selection.includes('gt')) {
      expect(yes).toContain('todouble(UserAgent) > 5');
      expect(no).toContain('not(UserAgent matches regex');
      return;
    }
    expect(yes).toBe(`| where ${positive}`);
    expect(no).toBe(`| where ${negative}`);
  });
});

describe('columns of other types', () => {
  test.for([
    ['readOnly: true', '| where ReadOnly == true', '| where ReadOnly != true'],
    ['readOnly|exists: true', '| where isnotnull(ReadOnly)', '| where isnull(ReadOnly)'],
    ['readOnly|contains: e', '| where isnotnull(ReadOnly)', '| where isnull(ReadOnly)'],
    ['readOnly|startswith: t', '| where ReadOnly == true', '| where ReadOnly != true'],
    ['eventTime|exists: true', '| where isnotnull(TimeGenerated)', '| where isnull(TimeGenerated)'],
    ['eventTime|contains: "2020"', 'sentinel/datetime-text', 'sentinel/datetime-text'],
  ] as const)('%s', ([selection, positive, negative]) => {
    expect(both(selection)).toEqual([positive, negative]);
  });

  test('three values of a boolean column keep "not" the complement', () => {
    for (const [record, expected] of [
      [{ readOnly: true }, true],
      [{ readOnly: false }, false],
      [{}, false],
    ] as const) {
      expect(hits(ruleOf('readOnly: true'), record)).toBe(expected);
      expect(hits(ruleOf('readOnly: true', 'not sel'), record)).toBe(!expected);
    }
  });
});

describe('JSON columns', () => {
  test('are parsed once, behind the conditions that need no JSON', () => {
    const rule = ruleOf(
      'requestParameters.imageId: ami-1\neventName: [A, B]\nresponseElements.imageId: ami-2',
    );
    expect(queryOf(rule)).toBe(`| where EventName in~ ("A", "B")
| extend Request = parse_json(RequestParameters), Response = parse_json(ResponseElements)
| where tostring(Request.imageId) =~ "ami-1"
| where tostring(Response.imageId) =~ "ami-2"`);
  });

  test('keys that are no identifiers stand in brackets', () => {
    expect(queryOf(ruleOf('"requestParameters.odd key": x'))).toContain(
      'tostring(Request[\'odd key\']) =~ "x"',
    );
  });

  test('a text that may be a date is read without conversion', () => {
    const rule = ruleOf('requestParameters.startTime: "2024-01-02T03:04:05Z"');
    expect(queryOf(rule)).toContain(
      'extract_json("$.startTime", RequestParameters) =~ "2024-01-02T03:04:05Z"',
    );
    for (const reading of ['text', 'datetime']) {
      const options = { switches: { 'json-dates': reading } };
      expect(
        hits(rule, { requestParameters: { startTime: '2024-01-02T03:04:05Z' } }, options),
      ).toBe(true);
      expect(
        hits(rule, { requestParameters: { startTime: '2024-01-02T03:04:05.0Z' } }, options),
      ).toBe(false);
    }
  });

  test('a test that tells "true" from "True" sees lower case', () => {
    const rule = ruleOf('requestParameters.flag|cased: "true"');
    for (const reading of ['true', 'True']) {
      const options = { switches: { 'bool-text': reading } };
      expect(hits(rule, { requestParameters: { flag: true } }, options)).toBe(true);
      expect(hits(rule, { requestParameters: { flag: 'True' } }, options)).toBe(false);
    }
  });

  test('an object is no value', () => {
    const rule = ruleOf('requestParameters.policy|contains: Allow');
    expect(hits(rule, { requestParameters: { policy: '{"Effect":"Allow"}' } })).toBe(true);
    expect(hits(rule, { requestParameters: { policy: { Effect: 'Allow' } } })).toBe(false);
  });

  test("an open field may be empty, which the column can't tell from absent", () => {
    expect(queryOf(ruleOf('requestParameters.anything|exists: true'))).toBe(
      'sentinel/cannot-tell-absent',
    );
  });
});

describe('that a value is no object is said once', () => {
  const guard = 'gettype(Request.x) != "dictionary"';

  test('of alternatives, whatever stands between them', () => {
    expect(queryOf(ruleOf('requestParameters.x|contains: [a, b]'))).toContain(`| where ${guard}
    and (tostring(Request.x) contains "a" or tostring(Request.x) contains "b")`);
    const apart = ruleOf(`
- requestParameters.x|contains: a
- requestParameters.y|contains: a
- requestParameters.x|contains: b`);
    expect(queryOf(apart)).toContain(`| where (${guard}
        and (tostring(Request.x) contains "a" or tostring(Request.x) contains "b"))
    or (gettype(Request.y) != "dictionary" and tostring(Request.y) contains "a")`);
  });

  test('below "not"', () => {
    expect(queryOf(ruleOf('requestParameters.x|contains: [a, b]', 'not sel'))).toContain(
      `| where not(${guard}
    and (tostring(Request.x) contains "a" or tostring(Request.x) contains "b"))`,
    );
  });

  test('where tests need other texts of the value', () => {
    const query = queryOf(ruleOf("requestParameters.x: ['*a*', '*true', 'x', '*-*']"));
    expect(query.split(guard)).toHaveLength(2);
  });

  test('of what needs no such guard nothing is said', () => {
    const query = queryOf(ruleOf("requestParameters.x: ['a*', '*b*', 'c']"));
    expect(query).toContain(`tostring(Request.x) startswith "a"`);
    expect(query.split(guard)).toHaveLength(2);
  });
});

describe('arrays in JSON', () => {
  const userId = 'requestParameters.launchPermission.add.items.userId';

  test('elements are counted, and the count is compared', () => {
    expect(both(`${userId}: "123"`)).toEqual(
      ['> 0', '== 0'].map((compared) =>
        `| extend Request = parse_json(RequestParameters)
| mv-apply Item = iff(
        array_length(Request.launchPermission.add.items) > 0,
        Request.launchPermission.add.items,
        dynamic([null])
    ) on (
    summarize UserIdMatches = countif(tostring(Item.userId) == "123")
  )
| where UserIdMatches > 0`.replace(
          '| where UserIdMatches > 0',
          compared === '> 0' ? '| where UserIdMatches > 0' : '| where UserIdMatches == 0',
        ),
      ),
    );
  });

  test('several tests of one array share one mv-apply; alternatives share one count', () => {
    const query = queryOf(
      ruleOf(`${userId}: ["1", "2"]\nrequestParameters.launchPermission.add.items.group: all`),
    );
    expect(query.match(/mv-apply/g)).toHaveLength(1);
    expect(query).toContain('UserIdMatches = countif(tostring(Item.userId) in ("1", "2"))');
    expect(query).toContain('GroupMatches = countif(tostring(Item.group) =~ "all")');
  });

  test('any element counts, and an event without elements is kept', () => {
    const rule = ruleOf(`${userId}: "123"`);
    const not = ruleOf(`${userId}: "123"`, 'not sel');
    const record = (items: unknown): Readonly<Record<string, unknown>> => ({
      requestParameters: { launchPermission: { add: { items } } },
    });
    for (const [items, expected] of [
      [[{ userId: '9' }, { userId: '123' }], true],
      [[{ userId: '9' }], false],
      [[{ group: 'all' }], false],
      [[], false],
      [undefined, false],
      ['123', false],
      [{ userId: '123' }, false],
    ] as const) {
      for (const reading of ['skips', 'runs']) {
        const options = { switches: { 'mv-apply-empty': reading } };
        expect(hits(rule, record(items), options), JSON.stringify(items)).toBe(expected);
        expect(hits(not, record(items), options), JSON.stringify(items)).toBe(!expected);
      }
    }
  });

  test("an element that lacks the key isn't one that has an empty value", () => {
    const rule = ruleOf(`${userId}|re: '^([0-9]+)?$'`);
    const record = (items: unknown): Readonly<Record<string, unknown>> => ({
      requestParameters: { launchPermission: { add: { items } } },
    });
    expect(hits(rule, record([{ userId: 'x' }, { group: 'all' }]))).toBe(false);
    expect(hits(rule, record([{ userId: '12' }]))).toBe(true);
  });

  test('arrays within arrays', () => {
    const rule = ruleOf('requestParameters.a.items.b.items.c: x');
    expect(queryOf(rule)).toContain('mv-expand Item2 = iff(');
    const nested = (c: string): unknown => ({
      items: [{ b: { items: [] } }, { b: { items: [{ c: 'y' }, { c }] } }],
    });
    expect(hits(rule, { requestParameters: { a: nested('x') } })).toBe(true);
    expect(hits(rule, { requestParameters: { a: nested('z') } })).toBe(false);
  });

  test('a column that holds an array', () => {
    const rule = ruleOf('resources.ARN|endswith: "/i-1"');
    expect(hits(rule, { resources: [{ ARN: 'arn:aws:x/i-2' }, { ARN: 'arn:aws:x/i-1' }] })).toBe(
      true,
    );
    expect(hits(rule, { resources: [] })).toBe(false);
    expect(hits(rule, {})).toBe(false);
  });
});

describe('networks', () => {
  const cidr = (network: string): readonly [string, string] =>
    both(`sourceIPAddress|cidr: ${network}`);

  test('null is made false only where something negates it', () => {
    expect(cidr('10.0.0.0/8')).toEqual([
      '| where ipv4_is_in_range(SourceIpAddress, "10.0.0.0/8")',
      '| where not(coalesce(ipv4_is_in_range(SourceIpAddress, "10.0.0.0/8"), false))',
    ]);
  });

  test('an IPv4 address is in no IPv6 network, whatever the function makes of it', () => {
    expect(cidr('fe80::/10')[0]).toBe('| where ipv6_is_in_range(SourceIpAddress, "fe80::/10")');
    expect(cidr('"::/0"')[0]).toBe(
      '| where SourceIpAddress contains ":" and ipv6_is_in_range(SourceIpAddress, "::/0")',
    );
    for (const reading of ['null', 'mapped']) {
      const options = { switches: { 'ipv4-as-ipv6': reading } };
      expect(
        hits(ruleOf('sourceIPAddress|cidr: "::/0"'), { sourceIPAddress: '10.0.0.1' }, options),
      ).toBe(false);
      expect(
        hits(ruleOf('sourceIPAddress|cidr: "::/0"'), { sourceIPAddress: '2001:db8::1' }, options),
      ).toBe(true);
    }
  });

  test('text that the functions would take for a network is no address', () => {
    const rule = ruleOf('requestParameters.ip|cidr: 10.0.0.0/8');
    expect(hits(rule, { requestParameters: { ip: '10.1.2.3' } })).toBe(true);
    expect(hits(rule, { requestParameters: { ip: '10.1.2.3/32' } })).toBe(false);
  });
});

describe('logic', () => {
  test('mixed chains have brackets', () => {
    const rule = ruleOf('- eventName: a\n  eventSource: b\n- userAgent: c');
    expect(queryOf(rule)).toBe(
      '| where (EventName =~ "a" and EventSource =~ "b") or UserAgent =~ "c"',
    );
  });

  test('"not" of a conjunction keeps its brackets', () => {
    expect(queryOf(ruleOf('eventName: a\neventSource: b', 'not sel'))).toBe(
      '| where not(EventName =~ "a" and EventSource =~ "b")',
    );
  });
});

describe("what can't be said is refused at the rule's line", () => {
  test.for([
    ['- word', 'sentinel/keyword'],
    ["userAgent|re: '\\bcurl'", 'sentinel/word-boundary'],
    ['userAgent: "\\uD800"', 'sentinel/lone-surrogate'],
    ['sessionCredentialFromConsole: true', 'sentinel/unmapped-field'],
  ] as const)('%s', ([selection, code]) => {
    const { diagnostics, query } = compileRule(ruleOf(selection));
    expect(query).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [problem] = diagnostics;
    expect(problem?.at.span.start).toBeGreaterThan(60);
  });

  test('all problems are told at once', () => {
    expect(queryOf(ruleOf("eventTime: x\nuserAgent|re: '\\bx'"))).toBe(
      'sentinel/datetime-text,sentinel/word-boundary',
    );
  });
});

describe('values never become syntax', () => {
  const nasty = [
    '"',
    "'",
    '\\',
    '\\\\',
    '\\"',
    '" or true //',
    '@"',
    '*',
    '%',
    '\n| delete',
    '\r\t',
    '\u0000\u001b',
    '\u2028\u202e\ufeff',
    '{{x}}',
    '$t$',
    '`m`',
    '[0]',
    'a\\',
    '😀',
    '```',
  ];

  test.for(nasty.map((value) => [JSON.stringify(value), value] as const))('%s', ([, value]) => {
    const written = JSON.stringify(value)
      .replaceAll('\\\\', '\\\\\\\\')
      .replaceAll('*', '\\\\*')
      .replaceAll('?', '\\\\?');
    for (const [modifier, around] of [
      ['', ''],
      ['|contains', 'x'],
      ['|cased', ''],
      ['|startswith', ''],
      ['|endswith', ''],
    ] as const) {
      const rule = ruleOf(`userAgent${modifier}: ${written}`);
      expect(hits(rule, { userAgent: `${around}${value}${around}` }), modifier).toBe(true);
      expect(hits(rule, { userAgent: 'other' })).toBe(false);
      const json = ruleOf(`requestParameters.key${modifier}: ${written}`);
      expect(
        hits(json, { requestParameters: { key: `${around}${value}${around}` } }),
        modifier,
      ).toBe(true);
    }
  });
});

describe('outputs', () => {
  const outputs = (lines: string): string =>
    queryOf(ruleOf('eventName: a', 'sel', `siemc:\n  entities: { ${lines} }\n`));

  test('end the query under the names that the rule gives', () => {
    expect(outputs('account: actor, ip: sourceIPAddress')).toBe(
      '| where EventName =~ "a"\n| extend account = coalesce(SessionIssuerArn, UserIdentityArn), ip = SourceIpAddress',
    );
  });

  test('never replace a column of the table', () => {
    expect(outputs('UserAgent: userAgent, Request: requestParameters.imageId')).toContain(
      '| extend UserAgentValue = UserAgent, RequestValue = tostring(Request.imageId)',
    );
  });

  test('several values are joined', () => {
    const query = outputs('users: requestParameters.launchPermission.add.items.userId');
    expect(query).toContain(
      'UserIdValues = make_list_if(tostring(Item.userId), isnotempty(tostring(Item.userId)))',
    );
    expect(query).toContain('| extend users = strcat_array(UserIdValues, ", ")');
  });
});

describe('what language and JSON texts could be mistaken for', () => {
  test('keys and outputs that are keywords stand in brackets', () => {
    expect(queryOf(ruleOf("requestParameters.set.title: 'x'"))).toContain(
      "tostring(Request['set']['title']) =~ \"x\"",
    );
  });

  test('an array without values is no value, whatever its JSON text passes', () => {
    const rule = ruleOf("requestParameters.x: '??'");
    expect(hits(rule, { requestParameters: { x: [], y: 1 } })).toBe(false);
    expect(hits(rule, { requestParameters: { x: '[]', y: 1 } })).toBe(true);
    const element = ruleOf("requestParameters.s.items.y: '[]'");
    expect(hits(element, { requestParameters: { s: { items: [{ y: [] }] }, z: 1 } })).toBe(false);
  });

  test.for([
    ['^2024-01-02$', '2024-01-02'],
    ['Z$', '2024-01-02'],
    ['^[0-9]{4}-01', '2024-01-02'],
  ] as const)('a regular expression sees the text of a date: %s', ([regex, x]) => {
    const rule = ruleOf(`requestParameters.x|re: '${regex}'`);
    const readings = ['text', 'datetime'].map((reading) =>
      hits(rule, { requestParameters: { x } }, { switches: { 'json-dates': reading } }),
    );
    expect(readings).toEqual([regex !== 'Z$', regex !== 'Z$']);
  });

  test('a regular expression that no date can pass reads the parsed value', () => {
    expect(queryOf(ruleOf("requestParameters.x|re: '^ami-[0-9]1'"))).toContain(
      'tostring(Request.x) matches regex',
    );
  });
});
