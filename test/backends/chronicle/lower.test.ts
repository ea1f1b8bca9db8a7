import { describe, expect, test } from 'vitest';
import { anyRun, type Test } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { loweredLeaf } from './lowered-leaf.ts';
import { compiled, predicates, sigma, stored } from './support.ts';

describe('what is emitted', () => {
  test.for<[string, string, string, string]>([
    // Strings
    [
      'a word',
      'eventName: CreateImage',
      '$e.metadata.product_event_type = "CreateImage" nocase',
      '$e.metadata.product_event_type != "CreateImage" nocase',
    ],
    [
      'digits',
      "recipientAccountId: '123'",
      '$e.additional.fields["recipientAccountId"] = "123"',
      '$e.additional.fields["recipientAccountId"] != "123"',
    ],
    [
      'cased',
      'eventName|cased: CreateImage',
      '$e.metadata.product_event_type = "CreateImage"',
      '$e.metadata.product_event_type != "CreateImage"',
    ],
    [
      'a letter beyond ASCII',
      'eventName: Ärger',
      're.regex($e.metadata.product_event_type, `(?is)^(?-i:[Ää])rger$`)',
      'not re.regex($e.metadata.product_event_type, `(?is)^(?-i:[Ää])rger$`)',
    ],
    [
      'one cased beyond ASCII',
      'eventName|cased: Ä',
      '$e.metadata.product_event_type = "Ä"',
      '$e.metadata.product_event_type != "Ä"',
    ],
    [
      'a control character',
      'eventName: "a\\x01"',
      're.regex($e.metadata.product_event_type, `(?is)^a\\x{1}$`)',
      'not re.regex($e.metadata.product_event_type, `(?is)^a\\x{1}$`)',
    ],
    [
      'a prefix',
      "eventName|startswith: 'a.b'",
      're.regex($e.metadata.product_event_type, `(?is)^a\\.b`)',
      'not re.regex($e.metadata.product_event_type, `(?is)^a\\.b`)',
    ],
    [
      'a suffix',
      "eventName|endswith: '\\a'",
      're.regex($e.metadata.product_event_type, `(?is)\\\\a$`)',
      'not re.regex($e.metadata.product_event_type, `(?is)\\\\a$`)',
    ],
    [
      'wildcards',
      "eventName: 'a*b?c'",
      're.regex($e.metadata.product_event_type, `(?is)^a.*b.c$`)',
      'not re.regex($e.metadata.product_event_type, `(?is)^a.*b.c$`)',
    ],
    [
      'a regular expression',
      "eventName|re: 'a.b+'",
      're.regex($e.metadata.product_event_type, `(?s)a[^\\n]b+`)',
      'not re.regex($e.metadata.product_event_type, `(?s)a[^\\n]b+`)',
    ],
    [
      'presence',
      "eventName: '*'",
      '$e.metadata.product_event_type != ""',
      '$e.metadata.product_event_type = ""',
    ],
    // Labels
    [
      'a label',
      'requestParameters.imageId: ami-1',
      '$e.target.resource.attribute.labels["requestParameters.imageId"] = "ami-1" nocase',
      '$e.target.resource.attribute.labels["requestParameters.imageId"] != "ami-1" nocase',
    ],
    [
      'a Boolean',
      'readOnly: true',
      '$e.additional.fields["readOnly"] = "true" nocase',
      '$e.additional.fields["readOnly"] != "true" nocase',
    ],
    [
      'an observed key that two fields share',
      'requestParameters.launchPermission.add.items.group: all',
      '$e.metadata.product_event_type = "ModifyImageAttribute" nocase and $e.target.resource.attribute.labels["Add Items Group"] = "all" nocase',
      'not ( $e.metadata.product_event_type = "ModifyImageAttribute" nocase and $e.target.resource.attribute.labels["Add Items Group"] = "all" nocase )',
    ],
    // Lists and enumerations: about the whole list, whichever element holds it
    [
      'a list',
      'errorCode: AccessDenied',
      'any $e.security_result.rule_id = "AccessDenied" nocase',
      'not any $e.security_result.rule_id = "AccessDenied" nocase',
    ],
    [
      'part of a list',
      'errorCode|startswith: Client.',
      're.regex(any $e.security_result.rule_id, `(?is)^Client\\.`)',
      'not re.regex(any $e.security_result.rule_id, `(?is)^Client\\.`)',
    ],
    [
      'absence said elsewhere',
      'errorCode: null',
      'any $e.security_result.action = "ALLOW"',
      'not any $e.security_result.action = "ALLOW"',
    ],
    // Split places
    [
      'an address',
      'sourceIPAddress: 192.0.2.1',
      '$e.principal.ip[0] = "192.0.2.1"',
      '$e.principal.ip[0] != "192.0.2.1"',
    ],
    [
      'a service',
      'sourceIPAddress: ec2.amazonaws.com',
      '$e.principal.hostname = "ec2.amazonaws.com" nocase',
      '$e.principal.hostname != "ec2.amazonaws.com" nocase',
    ],
    [
      'time',
      'eventTime|exists: true',
      '$e.metadata.event_timestamp.seconds > 0',
      'not ($e.metadata.event_timestamp.seconds > 0)',
    ],
  ])('for %s, in both polarities', ([, items, positive, negative]) => {
    expect(predicates(items).join(' and ')).toBe(positive);
    expect(predicates(items, 'not sel').join(' ')).toBe(negative);
  });

  test('an address network, guarded against what the function may make of other texts', () => {
    expect(predicates('sourceIPAddress|cidr: 10.0.0.0/8')).toEqual([
      're.regex($e.principal.ip[0], `(?s)^[0-9.]+$`)',
      'net.ip_in_range_cidr($e.principal.ip[0], "10.0.0.0/8")',
    ]);
    expect(predicates("sourceIPAddress|cidr: 'fe80::/10'", 'not sel').join(' ')).toBe(
      'not ( re.regex($e.principal.ip[0], `(?s):`) and net.ip_in_range_cidr($e.principal.ip[0], "fe80::/10") )',
    );
    expect(predicates('requestParameters.ip|cidr: 10.0.0.0/8').at(-1)).toBe(
      'net.ip_in_range_cidr($e.target.resource.attribute.labels["requestParameters.ip"], "10.0.0.0/8")',
    );
  });

  test('a part of a split field is looked for in each place that can have it', () => {
    expect(predicates('sourceIPAddress|startswith: "10."').join(' ')).toContain(
      're.regex($e.principal.ip[0], `(?s)^10\\.`) or',
    );
    expect(predicates('sourceIPAddress|startswith: "FE80:"').join(' ')).toContain(
      're.regex($e.principal.ip[0], `(?is)^FE80:`) or',
    );
    expect(predicates('sourceIPAddress|endswith: .amazonaws.com', 'not sel')).toEqual([
      'not re.regex($e.principal.hostname, `(?is)\\.amazonaws\\.com$`)',
    ]);
  });

  test('mixed groups have parentheses, one alternative a line', () => {
    const { query } = compiled(
      sigma(`a: { eventName: A, awsRegion: r }
b: { eventName: B, userAgent|contains: a very long user agent that makes the line too long }
condition: a or not b`),
    );
    expect(query).toContain(`
    (
      ($e.metadata.product_event_type = "A" nocase and $e.principal.location.name = "r" nocase) or
      not (
        $e.metadata.product_event_type = "B" nocase and
        re.regex($e.network.http.user_agent, \`(?is)a very long user agent that makes the line too long\`)
      )
    )
`);
  });
});

describe('what is refused', () => {
  test.for<[string, string]>([
    ['requestParameters.size|gt: 5', 'chronicle/compare-on-string'],
    ["requestParameters.ip|cidr: 'fe80::/10'", 'chronicle/in-network'],
    ["sourceIPAddress|cidr: '::/0'", 'chronicle/in-network'],
    ['errorCode|cidr: 10.0.0.0/8', 'chronicle/in-network'],
    ["eventTime|startswith: '2026'", 'chronicle/time-as-text'],
    ['eventName: "\\uD800"', 'chronicle/lone-surrogate'],
    ['apiVersion: x', 'chronicle/unmapped-field'],
    ['requestParameters.note: null', 'chronicle/cannot-tell-absent'],
    ['requestParameters.tags.items: x', 'chronicle/first-value-only'],
  ])('%s: %s', ([items, code]) => {
    const { query, codes } = compiled(sigma(`sel:\n  ${items}\ncondition: sel`));
    expect(query).toBeUndefined();
    expect(codes).toContain(code);
  });

  test('keywords, because rules see no raw log', () => {
    const { query, codes } = compiled(sigma('sel: [mimikatz]\ncondition: sel'));
    expect([query, codes]).toEqual([undefined, ['chronicle/keyword']]);
  });

  test('all problems of a rule are told at once', () => {
    const { codes } = compiled(
      sigma('sel: { requestParameters.a|gt: 5, apiVersion: x }\ncondition: sel'),
    );
    expect([...codes].sort()).toEqual(['chronicle/unmapped-field']);
    const both = compiled(
      sigma("sel: { requestParameters.a|gt: 5, eventTime|contains: '1' }\ncondition: sel"),
    );
    expect(both.codes).toEqual(['chronicle/compare-on-string', 'chronicle/time-as-text']);
  });

  test('more outcomes than a rule may have', () => {
    const details = Array.from({ length: 20 }, (_, n) => `d${n}: awsRegion`).join(', ');
    const rule = sigma(
      'sel: { eventName: x }\ncondition: sel',
      `siemc: { details: { ${details} } }\nlevel: low\n`,
    );
    expect(compiled(rule).codes).toEqual(['chronicle/too-many-outcomes']);
  });
});

describe('the rule around the predicates', () => {
  const head = (lines: string): string =>
    compiled(sigma('sel: { eventName: x }\ncondition: sel', lines)).query ?? '';

  test.for<[string, string]>([
    ['"Images: shared, \\"public\\""', 'images_shared_public'],
    ['Über 9 (x)', 'uber_9_x'],
    ['9 lives', 'rule_9_lives'],
    ['日本', 'rule_'],
    ['Match', 'match_'],
  ])('the title %s makes the name %s', ([title, name]) => {
    const { query } = compiled(
      `title: ${title}\nlogsource: { product: aws, service: cloudtrail }\ndetection: { sel: { eventName: x }, condition: sel }`,
    );
    expect(query?.split(' ')[1]).toBe(name);
  });

  test('meta texts are escaped and stay on their line', () => {
    const query = head(`author: 'a "b" \\c'\ndescription: "one\\n\\n  two\\x00 }"\n`);
    expect(query).toContain('author = "a \\"b\\" \\\\c"\n');
    expect(query).toContain('description = "one two }"\n');
    expect(chronicle.format(query)).toBe(query);
  });

  test('tags, level and outputs', () => {
    const query = head(
      'level: high\ntags: [attack.t1578.003, attack.defense-evasion]\nsiemc: { entities: { account: actor, ip: sourceIPAddress }, details: { e: errorCode, count: eventTime, ip_2: awsRegion } }\n',
    );
    expect(query).toContain('severity = "High"');
    expect(query).toContain('mitre_attack_technique_id = "T1578.003"');
    expect(query.slice(query.indexOf('outcome:'), query.indexOf('  condition:'))).toBe(`outcome:
    $risk_score = 85
    $account = strings.coalesce($e.principal.user.attribute.labels["userIdentity.sessionContext.sessionIssuer.arn"], $e.principal.user.userid)
    $ip = strings.coalesce($e.principal.ip[0], $e.principal.hostname)
    $e_ = array_distinct($e.security_result.rule_id)
    $count_ = timestamp.get_timestamp($e.metadata.event_timestamp.seconds)
    $ip_2 = $e.principal.location.name

`);
    const event = stored({
      eventName: 'x',
      eventTime: '2026-01-02T03:04:05Z',
      awsRegion: 'eu-west-1',
      sourceIPAddress: 'ec2.amazonaws.com',
      errorCode: 'E',
      userIdentity: { arn: 'arn:a' },
    });
    const { columns, rows } = chronicle.prepare(query)([event]);
    const row = Object.fromEntries(columns.map(({ name }, at) => [name, rows[0]?.[at]]));
    expect(row).toMatchObject({
      risk_score: 85,
      account: 'arn:a',
      ip: 'ec2.amazonaws.com',
      e_: ['E'],
      count_: '2026-01-02 03:04:05',
      ip_2: 'eu-west-1',
    });
  });

  test('the risk score is a number or absent, whatever the outputs are called', () => {
    const query = head('siemc: { details: { risk_score: awsRegion } }\n');
    expect(query).toContain('$risk_score_ = $e.principal.location.name');
    expect(query).not.toContain('$risk_score =');
  });

  test('an array below an open label is an assumption', () => {
    const text =
      'sel: { requestParameters.instancesSet.items.instanceId|exists: true }\ncondition: sel';
    expect(compiled(sigma(text)).assumptions.join()).toContain(
      'requestParameters.instancesSet.items.instanceId',
    );
  });
});

describe('values never become syntax', () => {
  const values = [
    'a"b',
    'a\\"b',
    '`x`',
    '$e.x',
    '%list',
    '// x',
    '/* x */',
    'a\nb',
    'a\tb',
    '{{x}} } rule y {',
    '\u2028',
    '\u0000',
    'Ä"`\\',
    "'; drop",
    'nocase',
    '😀',
  ];
  test.for(values)('%j', (value) => {
    for (const operator of ['', '|contains', '|cased', '|endswith']) {
      const literal = JSON.stringify(value.replace(/[\\*?]/g, '\\$&'));
      const { query } = compiled(sigma(`sel:\n  userAgent${operator}: ${literal}\ncondition: sel`));
      expect(query).toBeDefined();
      const events = [stored({ userAgent: value }), stored({ userAgent: `${value}x` }), stored({})];
      const expected = operator === '|contains' ? [0, 1] : [0];
      expect(chronicle.prepare(query ?? '')(events).hits).toEqual(expected);
      expect(chronicle.format(query ?? '')).toBe(query);
    }
  });
});

describe('places of other types', () => {
  const match = (text: string): Test => ({ kind: 'match', pattern: [text], cased: false });

  test.for<[string, string, Test, string]>([
    ['int', 'target.port', match('80'), '$e.target.port = 80'],
    ['int', 'target.port', match('080'), 'chronicle/never'],
    ['int', 'target.port', match('x'), 'chronicle/never'],
    [
      'int',
      'target.port',
      { kind: 'match', pattern: ['8', anyRun], cased: false },
      're.regex(cast.as_string($e.target.port), `(?s)^8`)',
    ],
    ['int', 'target.port', { kind: 'exists' }, '$e.target.port != 0'],
    ['int', 'target.port', { kind: 'compare', order: 'gt', bound: 5.5 }, '$e.target.port > 5'],
    ['int', 'target.port', { kind: 'compare', order: 'gte', bound: 5.5 }, '$e.target.port >= 6'],
    ['int', 'target.port', { kind: 'compare', order: 'lt', bound: -2.5 }, '$e.target.port < 0 - 2'],
    ['int', 'target.port', { kind: 'compare', order: 'lte', bound: 7 }, '$e.target.port <= 7'],
    ['bool', 'network.is_proxy', match('TRUE'), '$e.network.is_proxy = true'],
    ['bool', 'network.is_proxy', match('yes'), 'chronicle/never'],
    [
      'repeated-enum',
      'security_result.action',
      match('allow'),
      'any $e.security_result.action = "ALLOW"',
    ],
    [
      'repeated-enum',
      'security_result.action',
      { kind: 'match', pattern: [anyRun, 'L', anyRun], cased: true },
      '(any $e.security_result.action = "ALLOW" or any $e.security_result.action = "BLOCK" or any $e.security_result.action = "ALLOW_WITH_MODIFICATION" or any $e.security_result.action = "FAIL" or any $e.security_result.action = "CHALLENGE")',
    ],
    [
      'repeated-enum',
      'security_result.action',
      { kind: 'exists' },
      'any $e.security_result.action != "UNKNOWN_ACTION"',
    ],
    ['enum', 'network.direction', match('x'), 'chronicle/unknown-enumeration'],
  ])('%s %s', ([type, path, tested, expected]) => {
    expect(loweredLeaf({ type, path, test: tested }).text).toBe(expected);
  });
});
