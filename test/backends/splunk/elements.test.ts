import { describe, expect, test } from 'vitest';
import { randomOf } from '../../support/random.ts';
import { bothHits, compileRule, conditions, rule } from './support.ts';

const version = 'sigma-version: 3\n';
const items = 'requestParameters.rules.items';
const of = (selection: string): string => `a:\n  ${selection}\ncondition: a`;

const random = randomOf(5);
const texts = [
  'alpha',
  'ALPHABET',
  'b',
  '5',
  '15',
  'all',
  'a"b\\',
  '{"userId":"alpha"}',
  '10.0.0.1',
  'Ärger',
];
const drawElement = (): unknown =>
  random.pick<() => unknown>([
    () => ({ userId: random.pick(texts), group: random.pick(texts) }),
    () => ({ userId: random.pick(texts), group: null }),
    () => ({
      userId: random.below(20),
      tags: { items: Array.from({ length: random.below(3) }, () => ({ key: random.pick(texts) })) },
    }),
    () => ({}),
    () => random.pick(texts),
    () => '',
    () => null,
    () => random.below(20),
    () => true,
  ])();
const records = Array.from({ length: 60 }, () => ({
  eventName: random.pick(['this', 'other']),
  resources: Array.from({ length: random.below(3) }, () => ({
    ARN: random.pick(texts),
    ...(random.chance(0.8) && { accountId: random.pick(texts) }),
    type: random.pick(texts),
  })),
  requestParameters: random.pick([
    { rules: { items: Array.from({ length: random.below(4) }, drawElement) } },
    { rules: { items: Array.from({ length: random.below(3) }, () => random.pick(texts)) } },
    { rules: {} },
    null,
  ]),
}));

function check(selection: string): void {
  for (const condition of ['a', 'not a', 'a or b', 'not (b or not a)']) {
    const detection = `a:\n  ${selection}\nb: { eventName: other }\ncondition: ${condition}`;
    const { meant, found } = bothHits(rule(detection, version), records);
    for (const hits of found) expect(hits, `${selection}: ${condition}`).toEqual(meant);
  }
}

describe.each(['any', 'all', 'none'])('[%s]', (quantifier) => {
  test.each([
    '{ userId: alpha, group: all }',
    '{ userId|startswith: al, group|cased: all }',
    '{ userId|gt: 7 }',
    '{ userId|re: "^[a-c]", group|contains: l }',
    '{ userId|cidr: 10.0.0.0/8 }',
    '{ ".|startswith": al, ".|endswith": a }',
    '{ ".|gt": 7 }',
    '{ one: { ".": alpha }, two: { userId: alpha }, condition: one or two }',
    '{ tags.items.key: alpha, userId|lt: 10 }',
    '{ one: { userId: alpha }, two: { group: all }, condition: one and not two }',
    '{ one: { userId: alpha }, two: { group: all }, condition: not one and not two }',
  ])('%s', (block) => {
    check(`"${items}[${quantifier}]": ${block}`);
  });

  test.each([
    '{ ARN|fieldref: accountId }',
    '{ ARN|fieldref|contains: type }',
    '{ ARN|fieldref|startswith|cased: accountId, type: alpha }',
  ])('two fields: %s', (block) => {
    check(`"resources[${quantifier}]": ${block}`);
  });
});

describe('as a reviewer sees it', () => {
  test('one element that has it all, behind words that the index finds, whatever extraction reads', () => {
    expect(conditions(of(`"${items}[any]": { userId: x, group|startswith: al }`), version)).toBe(
      [
        '  "x"',
        `| eval siemc_elements=json_array_to_mv(json_extract(_raw, "${items}"), true())`,
        '| where isnotnull(mvmap(siemc_elements, if(match(spath(siemc_elements, "userId"), "(?i)^x\\\\z")',
        '        AND match(spath(siemc_elements, "group"), "(?i)^al"), 1, null())))',
        '| fields - siemc_elements',
      ].join('\n'),
    );
  });

  test('texts in an array are the values of a field', () => {
    expect(conditions(of(`"${items}[any]": { ".|startswith": a, ".|endswith": b }`), version)).toBe(
      [
        `  "${items}{}"="a*"`,
        `  "${items}{}"="*b"`,
        `| where mvcount(mvfilter(match('${items}{}', "(?i)^a")`,
        `        AND match('${items}{}', "(?i)b\\\\z"))) > 0`,
      ].join('\n'),
    );
  });
});

describe('whole numbers beyond double precision', () => {
  const big = [
    { resources: [{ ARN: 12345678901234567891n, type: 'a' }] },
    { resources: [{ ARN: 12345678901234567892n, type: 'a' }] },
    { resources: [{ ARN: '12345678901234567891', accountId: 12345678901234567892n, type: 'a' }] },
    { resources: [{ ARN: 12345678901234567891n, accountId: '12345678901234567891', type: 'a' }] },
    { resources: [{ ARN: '~5', accountId: 12345678901234567891n, type: 'a' }] },
  ];

  test.each([
    ["{ ARN: '12345678901234567891', type: a }", [0, 2, 3], ['json-digits']],
    ["{ ARN|endswith: '91', type: a }", [0, 2, 3], ['json-digits']],
    ['{ ARN|fieldref: accountId, type: a }', [3], ['json-digits']],
    ["{ ARN|startswith: '1234', type: a }", [0, 1, 2, 3], []],
    ['{ ARN|exists: true, type: a }', [0, 1, 2, 3, 4], []],
    ['{ ARN|gt: 5, type: a }', [0, 1, 2, 3], []],
  ])('%s', (block, hits, needed) => {
    const text = rule(of(`"resources[any]": ${block}`), version);
    const { meant, found } = bothHits(text, big);
    expect(meant).toEqual(hits);
    for (const each of found) expect(each).toEqual(meant);
    expect(compileRule(text).switches).toEqual(needed);
  });
});

describe('refused', () => {
  test.each([
    [`"${items}[any]": { "tags.items[any]": { key: a } }`, 'splunk/nested-elements'],
    [`"requestParameters.x.items.y.items[any]": { key: a, b: c }`, 'splunk/nested-elements'],
    [`"${items}[any]": { tags.items.key|gt: 5 }`, 'splunk/element-of-many'],
    [`"${items}[any]": { userId|expand: "%builders%" }`, 'splunk/list-in-element'],
  ])('%s', (selection, code) => {
    const { diagnostics } = compileRule(rule(of(selection), version));
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });
});
