import { describe, expect, test } from 'vitest';
import { planHash } from '../../src/library/built/hash.ts';
import { testCatalog } from '../support/catalog.ts';
import { readPlan } from '../support/read-plan.ts';

const rule = (name: string, more = ''): string => `title: ${name}
name: ${name}
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ${name} }, condition: s }
${more}---
`;
const hash = (correlation: string, settings = '', part = ''): string =>
  planHash(
    readPlan(`${rule('a', part)}${rule('b')}title: Both
correlation: { timespan: 10m, rules: [a, b], ${correlation} }
${settings}`),
  );
const count = (condition: string, more = 'group-by: [awsRegion]'): string =>
  `type: event_count, ${more}, condition: ${condition}`;

describe('the hash of a correlation stays', () => {
  test('when bounds are said otherwise', () => {
    expect(hash(count('{ gt: 1 }'))).toBe(hash(count('{ gte: 2 }')));
    expect(hash(count('{ gte: 3, lte: 3 }'))).toBe(hash(count('{ eq: 3 }')));
    expect(hash(count('{ gte: 2, lt: 6, neq: 2 }'))).toBe(hash(count('{ gt: 2, lte: 5 }')));
    const sum = (bounds: string): string =>
      hash(
        `type: value_sum, condition: { field: additionalEventData.bytesTransferredOut, ${bounds} }`,
      );
    expect(sum('gt: 1, lt: 5')).toBe(sum('lt: 5, gt: 1'));
    expect(sum('gt: 1')).not.toBe(sum('gte: 2'));
  });

  test('when alerts are suppressed, its own or those of a rule that takes part', () => {
    const settings = (for_: string): string =>
      `siemc: { suppress: { for: ${for_}, by: [awsRegion] }, details: { region: awsRegion } }\n`;
    const shown = 'siemc: { details: { region: awsRegion } }\n';
    const plain = hash(count('{ gte: 2 }'), shown);
    expect(hash(count('{ gte: 2 }'), settings('1h'))).toBe(plain);
    expect(hash(count('{ gte: 2 }'), shown, settings('2h'))).toBe(plain);
  });

  test('when fields get other names', () => {
    const aliases = 'aliases: { where: { a: awsRegion, b: awsRegion } }';
    expect(hash(count('{ gte: 2 }', `group-by: [where], ${aliases}`))).toBe(
      hash(count('{ gte: 2 }')),
    );
  });

  test('when rules change places that have no order', () => {
    const presence = (rules: string, condition: string): string =>
      planHash(
        readPlan(`${rule('a')}${rule('b')}title: Both
correlation: { timespan: 10m, type: temporal, rules: ${rules}, condition: ${condition} }
`),
      );
    expect(presence('[a, b]', 'a and not b')).toBe(presence('[b, a]', 'not b and a'));
    expect(presence('[a, b]', 'a and not b')).not.toBe(presence('[a, b]', 'b and not a'));
  });

  test('when a part shows something else', () => {
    const shown = 'siemc: { entities: { account: actor } }\n';
    expect(hash(count('{ gte: 2 }'), '', shown)).toBe(hash(count('{ gte: 2 }')));
  });
});

describe('the hash of a correlation changes', () => {
  test('with what it shows, and with an order that matters', () => {
    expect(hash(count('{ gte: 2 }'), 'siemc: { entities: { account: actor } }\n')).not.toBe(
      hash(count('{ gte: 2 }')),
    );
    const ordered = (rules: string): string =>
      planHash(
        readPlan(`${rule('a')}${rule('b')}title: Both
correlation: { timespan: 10m, type: temporal_ordered, rules: ${rules} }
`),
      );
    expect(ordered('[a, b]')).not.toBe(ordered('[b, a]'));
    expect(hash(count('{ gte: 2 }', 'group-by: [actor]'))).not.toBe(hash(count('{ gte: 2 }')));
  });
});

describe('the hash of a rule', () => {
  const listed = (name: string, entries?: readonly string[]): string => {
    const list = testCatalog.lists.get(name);
    const lists = new Map(testCatalog.lists);
    if (list !== undefined && entries !== undefined) lists.set(name, { ...list, entries });
    const text = rule('a').replace('eventName: a', `'userAgent|expand': '%${name}%'`);
    return planHash(readPlan(text, { ...testCatalog, lists }));
  };

  test('stays when the entries of a list change that the SIEM keeps', () => {
    expect(listed('builders', ['x'])).toBe(listed('builders'));
    expect(listed('one')).not.toBe(listed('builders'));
    expect(listed('names', ['x'])).not.toBe(listed('names'));
  });

  test('changes with a filter, and not with where that stands', () => {
    const filter =
      'title: F\nlogsource: { product: aws }\nfilter: { rules: any, f: { userAgent: x }, condition: not f }\n';
    const plain = planHash(readPlan(rule('a')));
    expect(planHash(readPlan(`${rule('a')}${filter}`))).not.toBe(plain);
    expect(planHash(readPlan(`${filter}---\n${rule('a')}`))).toBe(
      planHash(readPlan(`${rule('a')}${filter}`)),
    );
  });
});
