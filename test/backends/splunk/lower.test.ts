import { describe, expect, test } from 'vitest';
import { parse } from '../../../backends/splunk/parse.ts';
import { bothHits, compileRule, conditions, rule } from './support.ts';

const of = (selection: string): string => `a: ${selection}\ncondition: a`;
const not = (selection: string): string => `a: ${selection}\ncondition: not a`;

describe('what is emitted', () => {
  test('the scope stands on the first line', () => {
    const { query } = compileRule(rule(of('{ eventName: CreateImage }')));
    expect(query).toBe(
      '`siemc_index_aws_cloudtrail` sourcetype="aws:cloudtrail"\n  eventName="CreateImage"\n',
    );
  });

  test.each([
    ['{ eventName: a }', 'eventName="a"'],
    ['{ eventName: [a, b*, "*c", "*d*"] }', 'eventName IN ("a", "b*", "*c", "*d*")'],
    ['{ eventName: a, userAgent: [b, c] }', 'eventName="a"\n  userAgent IN ("b", "c")'],
    ['{ requestParameters.size: 5 }', 'requestParameters.size="5"'],
    ['{ readOnly: false }', 'readOnly="false"'],
    ['{ userAgent: "C:\\\\a\\\\" }', 'userAgent="C:\\\\a\\\\"'],
    ["{ userAgent: 'a \"b' }", 'userAgent="a \\"b"'],
    ['{ userAgent: NOT }', 'userAgent="NOT"'],
    [
      '{ requestParameters.launchPermission.add.items.group: all }',
      '"requestParameters.launchPermission.add.items{}.group"="all"',
    ],
    [
      '{ requestParameters.x: "*l*" }',
      'requestParameters.x="*l*"\n  NOT requestParameters.x="null"',
    ],
    ['{ eventName|exists: true }', 'eventName=*'],
    ['{ errorCode|exists: true }', 'errorCode=*\n  NOT errorCode="success"'],
    ['{ errorCode: Access* }', 'errorCode="Access*"'],
    ['{ errorCode: s* }', 'NOT errorCode="success"\n  errorCode="s*"'],
  ])('in search: %s', (selection, expected) => {
    expect(conditions(of(selection))).toBe(`  ${expected}`);
  });

  test.each([
    ['{ eventName: a }', 'NOT eventName="a"'],
    ['{ eventName: a, userAgent: b }', 'NOT (eventName="a" AND userAgent="b")'],
    ['{ eventName|exists: true }', 'NOT eventName=*'],
    ['{ errorCode|exists: true }', '(NOT errorCode=* OR errorCode="success")'],
  ])('in search, negated: %s', (selection, expected) => {
    expect(conditions(not(selection))).toBe(`  ${expected}`);
  });

  // What search can't say exactly: SPL's manual has no escape for *, no single-character wildcard, ...
  test.each([
    ['{ userAgent: "a?c" }', 'match(userAgent, "(?is)^a.c\\\\z")'],
    ['{ userAgent: "a*c" }', 'match(userAgent, "(?is)^a.*c\\\\z")'],
    ["{ userAgent: 'a\\*c' }", 'match(userAgent, "(?i)^a\\\\*c\\\\z")'],
    ['{ userAgent: "a`b" }', 'match(userAgent, "(?i)^a\\\\x{60}b\\\\z")'],
    ['{ userAgent: "$a$" }', 'match(userAgent, "(?i)^\\\\$a\\\\$\\\\z")'],
    ['{ userAgent: "ä" }', 'match(userAgent, "^(?:Ä|ä)\\\\z")'],
    ['{ userAgent: " a" }', 'match(userAgent, "(?i)^ a\\\\z")'],
    [
      '{ requestParameters.cidr: 0.0.0.0/0 }',
      'match(\'requestParameters.cidr\', "^0\\\\.0\\\\.0\\\\.0/0\\\\z")',
    ],
    ['{ userAgent: "CASE(x)" }', 'match(userAgent, "(?i)^CASE\\\\(x\\\\)\\\\z")'],
    // Without UTF PCRE refuses code points beyond a byte: what a class leaves out is named instead.
    [
      "{ userAgent|re: '^/\\S+\\D$' }",
      'match(userAgent, "^/[^\\\\t\\\\n\\\\x{C}\\\\r ]+[^0-9]\\\\z")',
    ],
    ["{ userAgent|re|i: 'x\\W' }", 'match(userAgent, "(?i)x[^0-9A-Z_a-z]")'],
    ["{ userAgent|re: '/[b-\\x{10FFFF}]' }", 'match(userAgent, "/[^\\\\x{0}-a]")'],
    ['{ eventName|cased: CreateImage }', 'eventName == "CreateImage"'],
    ['{ requestParameters.n|cased: "1e5" }', 'match(\'requestParameters.n\', "^1e5\\\\z")'],
    ['{ userAgent|re: "^a\\\\d+$" }', 'match(userAgent, "^a[0-9]+\\\\z")'],
    [
      '{ requestParameters.n|gt: 5 }',
      "match('requestParameters.n', \"^-?[0-9]+(?:\\\\.[0-9]+)?\\\\z\")\n    AND tonumber('requestParameters.n') > 5",
    ],
    [
      '{ sourceIPAddress|cidr: 10.0.0.0/8 }',
      'match(sourceIPAddress, "^[0-9]+(?:\\\\.[0-9]+){3}\\\\z")\n    AND cidrmatch("10.0.0.0/8", sourceIPAddress)',
    ],
    [
      '{ requestParameters.launchPermission.add.items.userId|re: a+ }',
      'isnotnull(mvfind(\'requestParameters.launchPermission.add.items{}.userId\', "a+"))',
    ],
  ])('in where: %s', (selection, expected) => {
    expect(conditions(of(selection)).replace(/^\| where /, '')).toBe(expected);
  });

  test('negated in where with a guard, since NOT of NULL is in no manual', () => {
    expect(conditions(not('{ userAgent|re: a+ }'))).toBe(
      '| where NOT (isnotnull(userAgent) AND match(userAgent, "a+"))',
    );
    expect(conditions(not('{ requestParameters.launchPermission.add.items.userId|re: a+ }'))).toBe(
      '| where NOT isnotnull(mvfind(\'requestParameters.launchPermission.add.items{}.userId\', "a+"))',
    );
  });

  test('says each test once', () => {
    expect(conditions(`${of('{ userAgent|re: "x*" }')} or b\nb: { awsRegion|re: y }`)).toBe(
      '| where (isnotnull(userAgent) AND match(userAgent, "x*")) OR match(awsRegion, "y")',
    );
  });

  test('a conjunct with a part that search can not say goes to where as a whole', () => {
    const detection =
      'a: { eventName: x }\nb: { userAgent: "y?" }\nc: { awsRegion: z }\ncondition: (a or b) and c';
    expect(conditions(detection)).toBe(
      '  awsRegion="z"\n| where match(eventName, "(?i)^x\\\\z") OR match(userAgent, "(?is)^y.\\\\z")',
    );
  });

  test('keywords search _raw, any part of it', () => {
    expect(conditions('k: [foo, "b*r"]\ncondition: k')).toBe(
      '| where match(_raw, "(?i)foo") OR match(_raw, "(?is)b.*r")',
    );
  });

  test('assumptions are declared where they matter, and only there', () => {
    const assumed = (selection: string): readonly string[] =>
      compileRule(rule(of(selection))).assumptions;
    expect(assumed('{ eventName: a* }')).toEqual([]);
    expect(assumed('{ userAgent: "é*日" }')).toEqual([]);
    expect(assumed('{ userAgent: "a*b" }')).toEqual([]);
    expect(assumed('{ userAgent: "a?" }')).toEqual([expect.stringContaining('beyond ASCII')]);
    expect(assumed('{ userAgent|exists: true }')).toEqual([]);
    expect(assumed('{ requestParameters.x: n* }')).toEqual([expect.stringContaining('"null"')]);
  });

  test('outputs come last, under names that hide no field of an event', () => {
    const outputs =
      'siemc: { entities: { account: actor, ip: sourceIPAddress }, details: { eventName: eventName, userAgent: eventName, error: errorCode } }';
    expect(conditions(of('{ eventName: a }'), outputs)).toBe(
      [
        '  eventName="a"',
        "| eval account=coalesce('userIdentity.sessionContext.sessionIssuer.arn', 'userIdentity.arn'),",
        '    ip=sourceIPAddress,',
        '    siemc_userAgent=eventName,',
        '    error=if(errorCode == "success", null(), errorCode)',
      ].join('\n'),
    );
  });

  test.each([
    ['{ "requestParameters.a\'b": x }', 'splunk/field-name'],
    ['{ requestParameters.a*b: x }', 'splunk/field-name'],
    ['{ userAgent|re|m: "^$" }', 'splunk/line-start'],
    ['{ requestParameters.x: null }', 'splunk/cannot-tell-absent'],
    ['{ requestParameters.x: [a, "Null"] }', 'splunk/null-text'],
  ])('refused: %s', (selection, code) => {
    expect(conditions(of(selection))).toContain(code);
  });
});

const nasty = [
  'plain',
  'a"b',
  'a\\b',
  'a\\',
  '\\"',
  'a*b',
  'a?b',
  '100%',
  '$tok$',
  '`macro`',
  '``` x',
  'a|b',
  '[search x]',
  'a]b',
  '{{x}}',
  "it's",
  'NOT',
  'OR',
  'a OR b',
  'a,b',
  '(a)',
  'x=y',
  'a\nb',
  'a\tb',
  'a\u0000b',
  '\u2028',
  'é',
  'Ä1',
  '日本',
  '😀',
  'ſ',
  '10.0.0.0/8',
  'fe80::/10',
  'CASE(x)',
  ' a',
  'a ',
  '\\d+',
  '\\n',
  '%',
  '_',
  '0x10',
  '1e3',
  '5.0',
  'nan',
  'inf',
  'true',
  '#',
  '/*',
  '*/',
  ';',
  '^$',
];

describe('no value becomes syntax, in any reading', () => {
  const yaml = (text: string): string => JSON.stringify(text.replace(/[\\*?]/g, '\\$&'));
  const records = [
    ...nasty.flatMap((text) => [
      { userAgent: text },
      { userAgent: `x${text}` },
      { userAgent: text.toUpperCase() },
    ]),
    ...nasty.map((text) => ({
      requestParameters: {
        launchPermission: { add: { items: [{ userId: 'z' }, { userId: text }] } },
      },
    })),
    {},
  ];
  const items = 'requestParameters.launchPermission.add.items.userId';

  test.each(nasty)('%j', (text) => {
    for (const detection of [
      of(`{ userAgent: ${yaml(text)} }`),
      not(`{ userAgent: ${yaml(text)} }`),
      of(`{ userAgent|cased: ${yaml(text)} }`),
      of(`{ userAgent|endswith: ${yaml(text)} }`),
      not(`{ userAgent|contains: ${yaml(text)} }`),
      of(`{ ${items}: ${yaml(text)} }`),
      not(`{ ${items}|cased: ${yaml(text)} }`),
    ]) {
      const { meant, found } = bothHits(rule(detection), records);
      expect(new Set(found.map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify(meant)]),
      );
      const { query = '' } = compileRule(rule(detection));
      // savedsearches.conf: lines go on behind a backslash, or stand in one.
      expect(parse(query.replaceAll('\n', ' '))).toEqual(parse(query));
      expect(query).not.toMatch(/\\\n/);
      expect(meant.length).toBeGreaterThan(0);
    }
  });
});

describe('hits are those of the rule, in any reading', () => {
  const records = [
    {},
    { errorCode: 'AccessDenied' },
    { userAgent: 'abc' },
    { sourceIPAddress: '10.1.2.3' },
    { sourceIPAddress: 'ec2.amazonaws.com' },
    { sourceIPAddress: 'fe80::1' },
    { requestParameters: { n: 7 } },
    { requestParameters: { n: '7x' } },
    { requestParameters: { n: [7, 9] } },
    { requestParameters: { n: '1e9' } },
    { requestParameters: { n: -3 } },
    { requestParameters: { n: null } },
    { requestParameters: { ip: '::ffff:10.0.0.1' } },
    { requestParameters: { ip: '10.0.0.1' } },
    { requestParameters: { ip: '010.0.0.1' } },
    { requestParameters: { ip: '1:2:3:4:5:6:7::' } },
    { requestParameters: { ip: 'fe80::1%eth0' } },
    { requestParameters: { ip: '00:11:22:33:44:55' } },
    { requestParameters: { items: [{ n: 1 }, { n: 6 }, { n: null }] } },
    { requestParameters: { items: [] } },
    { requestParameters: { items: [{ n: null }] } },
    { requestParameters: { items: [[{ n: 6 }]] } },
  ];

  test.each([
    '{ errorCode|exists: true }',
    '{ errorCode: "*" }',
    '{ errorCode: null }',
    '{ userAgent: null }',
    '{ userAgent|re: "l?" }',
    '{ userAgent: "???" }',
    '{ sourceIPAddress|cidr: [10.0.0.0/8, "fe80::/10"] }',
    '{ requestParameters.n|gte: 7 }',
    '{ requestParameters.n|lt: -2.5 }',
    '{ requestParameters.n: "*7*" }',
    '{ requestParameters.ip|cidr: 10.0.0.0/8 }',
    '{ requestParameters.ip|cidr: "::/0" }',
    '{ requestParameters.items.n|gt: 5 }',
    '{ requestParameters.items.n: "*u*" }',
    '{ requestParameters.items.n|re: "[1n]" }',
    '{ requestParameters.items.n: 6, errorCode: null }',
  ])('%s', (selection) => {
    for (const detection of [of(selection), not(selection)]) {
      const { meant, found } = bothHits(rule(detection), records);
      expect(new Set(found.map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify(meant)]),
      );
    }
  });
});
