import { describe, expect, test } from 'vitest';
import { plan, read } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { reportIn } from '../../src/diagnostics/diagnostic.ts';
import { codeOf, lintOf } from '../../src/lint/catalog.ts';
import { lintRule } from '../../src/lint/lint.ts';
import { refute } from '../../src/lint/refute.ts';
import { settle } from '../../src/lint/settle.ts';
import { readEventPlan, readPlans } from '../support/read-plan.ts';

const ruleOf = (detection: string, product = 'aws, service: cloudtrail'): string =>
  `title: T\nlogsource: { product: ${product} }\ndetection:\n${detection}\n`;

const codes = (detection: string, product?: string): readonly string[] =>
  readPlans(ruleOf(detection, product)).diagnostics.map(({ code }) => code);

describe('never', () => {
  test.for([
    ['two texts', '{ eventName: a, eventName|cased: b }'],
    ['a part that the text lacks', '{ eventName: abc, eventName|contains: x }'],
    ['absent and something', '{ eventName|exists: false, eventName|startswith: x }'],
    ['no number between', '{ requestParameters.size|gt: 5, requestParameters.size|lte: 5 }'],
    ['a number and a word', '{ requestParameters.size|gt: 5, requestParameters.size|contains: x }'],
    ['networks apart', '{ sourceIPAddress|cidr: 10.0.0.0/8, sourceIPAddress|endswith: x }'],
    ['true and false', '{ readOnly: true, readOnly|neq: true }'],
    ['a regular expression that is a text', '{ eventName: abc, eventName|re: ^abd }'],
    ['what the source never writes', '{ userAgent: "" }'],
  ])('%s', ([, selection]) => {
    expect(codes(`  s: ${selection}\n  condition: s`)).toContain('lint/never-matches');
  });

  test.for([
    ['parts that a text may have both', '{ eventName|contains: abc, eventName|startswith: x }'],
    [
      'values of different elements',
      '{ requestParameters.tags.items: a, requestParameters.tags.items|cased: b }',
    ],
    ['a text in another case', '{ eventName: abc, eventName|cased: ABC }'],
  ])('but not %s', ([, selection]) => {
    expect(codes(`  s: ${selection}\n  condition: s`)).not.toContain('lint/never-matches');
  });

  test('where every field may be a list, only of one value', () => {
    expect(codes('  s: { a: b, a|cased: c }\n  condition: s', 'x')).toEqual([]);
    expect(
      codes('  s: { a: foobar }\n  f: { a|contains: oba }\n  condition: s and not f', 'x'),
    ).toEqual(['lint/never-matches']);
  });

  test('of a thousand alternatives in time', () => {
    const list = (letter: string): string =>
      JSON.stringify(Array.from({ length: 5000 }, (_, i) => `${letter}${i}`));
    const start = performance.now();
    const rule = `  s: { eventName: ${list('a')}, eventName|startswith: ${list('b')} }\n  condition: s`;
    const { where } = readEventPlan(ruleOf(rule));
    expect(refute(where)).toBe(undefined);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('always', () => {
  test('what holds either way', () => {
    const rule =
      '  s: { eventName|startswith: ab }\n  f: { eventName: abc }\n  condition: s or not f';
    expect(codes(rule)).toEqual(['lint/always-matches']);
  });
});

describe('severities', () => {
  const source = ruleOf("  s: { eventName: '*', userAgent: a }\n  condition: s");

  test('what is off by itself is found when the project asks for it', () => {
    const file = { path: 'rule.yml', text: source };
    const found: Diagnostic[] = [];
    const levels = new Map([['lint/wildcard-only', 'error' as const]]);
    for (const rule of read(file, () => {})) {
      if (rule.kind === 'filter') continue;
      const meant = plan(rule, () => {});
      const report = reportIn(file, (one) => found.push(one));
      lintRule(rule, meant, { levels, isPart: false }, report);
    }
    const settled = found.flatMap((one) => settle(one, levels) ?? []);
    expect(settled.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'error lint/wildcard-only',
    ]);
  });

  test('keys are codes, or what stands behind lint/', () => {
    expect(codeOf('subsumed-value')).toBe('lint/subsumed-value');
    expect(codeOf('array/negated-list')).toBe('array/negated-list');
    expect(codeOf('splunk/no-output')).toBe('splunk/no-output');
    expect(codeOf('unused-selection')).toBe(undefined);
    expect(lintOf('rule/regex')).toBe(undefined);
  });
});
