import { describe, expect, test } from 'vitest';
import { baselinesOf } from '../../src/plan/baselines.ts';
import { fieldsIn } from '../../src/plan/fields-of.ts';
import { showPlan } from '../../src/plan/show.ts';
import { readEventPlan } from '../support/read-plan.ts';

function baselines(detection: string): readonly (readonly string[])[] {
  const plan = readEventPlan(
    `title: A\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n${detection}\n`,
  );
  return baselinesOf(plan).map(({ list, value, plan: bare }) => [
    list.name,
    fieldsIn(value)
      .map(({ name }) => name)
      .join(' or '),
    showPlan(bare, '').trim(),
  ]);
}

const run = '  run: { eventName: RunInstances }';

describe('a baseline', () => {
  test('is what a rule finds without the list', () => {
    const found = baselines(
      `${run}\n  usual: { userAgent|expand: '%one%' }\n  condition: run and not usual`,
    );
    expect(found).toMatchObject([['one', 'userAgent', expect.not.stringContaining('one')]]);
    expect(found[0]?.[2]).toBe(
      showPlan(
        readEventPlan(
          `title: A\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n${run}\n  condition: run`,
        ),
        '',
      ).trim(),
    );
  });

  test('of a derived field is of all its fields', () => {
    const found = baselines(
      `${run}\n  usual: { actor|expand: '%one%' }\n  condition: run and not usual`,
    );
    const fields = 'userIdentity.sessionContext.sessionIssuer.arn or userIdentity.arn';
    expect(found.map(([, of]) => of)).toEqual([fields]);
  });

  test('leaves every other list where it is', () => {
    const found = baselines(
      `${run}\n  usual: { userAgent|expand: '%one%', awsRegion|expand: '%two%' }\n  condition: run and not usual`,
    );
    expect(found.map(([list, field]) => [list, field])).toEqual([
      ['one', 'userAgent'],
      ['two', 'awsRegion'],
    ]);
  });

  test('is one where a rule asks twice, and one for each field', () => {
    const twice = baselines(
      `${run}\n  a: { userAgent|expand: '%one%' }\n  b: { userAgent|expand: '%one%', eventSource: x }\n  c: { awsRegion|expand: '%one%' }\n  condition: run and not a and not b and not c`,
    );
    expect(twice.map(([, field]) => field)).toEqual(['userAgent', 'awsRegion']);
    expect(twice[0]?.[2]).not.toContain('userAgent');
  });

  test.for([
    ['a list that has to hold', "usual: { userAgent|expand: '%one%' }\n  condition: run and usual"],
    ['not of not', "usual: { userAgent|expand|neq: '%one%' }\n  condition: run and not usual"],
    [
      'a part of a value',
      "usual: { userAgent|contains|expand: '%one%' }\n  condition: run and not usual",
    ],
  ] as const)('is none of %s', ([, rest]) => {
    expect(baselines(`${run}\n  ${rest}`)).toEqual([]);
  });
});
