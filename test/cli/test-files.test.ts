import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, goodRule, goodTest, type Outcome, siemc } from './siemc.ts';

const event = '{ eventSource: ec2.amazonaws.com, eventName: CreateImage }';
const two = `${goodRule}---\n${goodRule.replace('11111111', '21111111').replace('eventName: CreateImage', 'eventName: CopyImage')}`;

/** Runs the tests of one rule with this test file. */
function run(tests: string, rule = goodRule, more: Readonly<Record<string, string>> = {}): Outcome {
  const files = { 'detections/made.yml': rule, 'detections/made.test.yaml': tests, ...more };
  return siemc(['test'], { cwd: folderOf(files) });
}

describe('tests that nobody would run are errors', () => {
  const wrong: Readonly<Record<string, [string, string, string]>> = {
    'a rule that the file lacks': [
      `rule: Image creatd\n${goodTest}`,
      goodRule,
      'made.test.yaml:1:7 error The rule file holds no rule "Image creatd". test/unknown-rule',
    ],
    'a rule of one case that the file lacks': [
      `cases:\n  - { name: a, rule: Imag created, expect: match, events: [${event}] }\n`,
      goodRule,
      'Did you mean "Image created"?',
    ],
    'no rule where the file holds several': [goodTest, two, 'test/which-rule'],
    'an unknown target': [
      `cases:\n  - { name: a, expect: match, native: { splnk: [{ a: b }] } }\n`,
      goodRule,
      'Did you mean "splunk"?',
    ],
  };
  for (const [what, [tests, rule, message]] of Object.entries(wrong)) {
    test(what, () => {
      const { code, err } = run(tests, rule);
      expect(err).toContain(message);
      expect(code).toBe(1);
      const cwd = folderOf({ 'd/made.yml': rule, 'd/made.test.yaml': tests });
      expect(siemc(['check', 'd'], { cwd })).toMatchObject({
        code: 1,
        out: expect.stringContaining(message.replace('detections/', 'd/')),
      });
    });
  }

  test('a test file without a rule', () => {
    const { code, err } = run(goodTest, goodRule, { 'detections/gone.test.yaml': goodTest });
    expect(err).toContain('There is no rule file "gone.yml" beside this test file');
    expect(code).toBe(1);
  });

  test('a name that ends otherwise is a warning', () => {
    const { code, err } = run(goodTest, goodRule, { 'detections/gone.test.yml': goodTest });
    expect([code, err.includes('warning Names of tests end in .test.yaml')]).toEqual([0, true]);
  });

  test('a link to a test file or to rules is a warning', () => {
    const outside = folderOf({ 'rules/x.yml': 'secret' });
    const cwd = folderOf({ 'detections/made.yml': goodRule });
    symlinkSync(join(outside, 'rules/x.yml'), join(cwd, 'detections/made.test.yaml'));
    symlinkSync(join(outside, 'rules'), join(cwd, 'detections/more'));
    symlinkSync(join(outside, 'rules/x.yml'), join(cwd, 'detections/link.yml'));
    const { code, err } = siemc(['test'], { cwd });
    expect([code, err.match(/file\/link/g)?.length, err.includes('secret')]).toEqual([0, 3, false]);
  });

  test('a known target that is not in use is fine', () => {
    const tests = `${goodTest}  - { name: kql, expect: match, native: { sentinel: [{ table: x }] } }\n`;
    const cwd = folderOf({ 'made.yml': goodRule, 'made.test.yaml': tests });
    expect(siemc(['test', 'made.yml', '-t', 'splunk'], { cwd }).code).toBe(0);
  });
});

describe('which rule a case is for', () => {
  test('is said by each case; two rules of one title are two', () => {
    const tests = [
      'cases:',
      `  - { name: a, rule: 11111111-2222-4333-8444-555555555555, expect: match, events: [${event}] }`,
      `  - { name: a, rule: 21111111-2222-4333-8444-555555555555, expect: none, events: [${event}] }`,
    ].join('\n');
    const cwd = folderOf({ 'detections/made.yml': two, 'detections/made.test.yaml': tests });
    const { summary } = JSON.parse(siemc(['test', '--format', 'json'], { cwd }).out);
    expect(summary).toMatchObject({ rules: 2, cases: 2, runs: 8, passed: 8 });
  });

  test('is the file beside it, named by the test file too', () => {
    const cwd = folderOf({ 'made.yaml': goodRule, 'made.test.yaml': goodTest });
    for (const name of ['made.test.yaml', '*.test.yaml', 'made.yaml']) {
      const { code, out } = siemc(['test', name], { cwd });
      expect([code, out.includes('8 passed')]).toEqual([0, true]);
    }
  });
});

describe('events that no machine has room or time for', () => {
  const sampled = (event: string, rest = ''): string =>
    `cases:\n  - { name: a, expect: match, events: [{ $sample: ./s.json, ${event} }]${rest} }\n`;
  const sample = JSON.stringify({
    eventTime: '2026-01-01T00:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'CreateImage',
    resources: [{ ARN: 'x' }],
  });
  const list = `[${Array.from({ length: 40 }, (_, i) => i).join(', ')}]`;
  const wrong: Readonly<Record<string, [string, string]>> = {
    'a time beyond all calendars': [sampled("at: '+9999999999999d'"), 'beyond the year 9999'],
    'repetitions beyond all calendars': [
      sampled('repeat: 3, every: 9999999999999d'),
      'beyond the year 9999',
    ],
    'no time to count from': [
      sampled('unset: [eventTime], repeat: 2, every: 1s'),
      'no time in "eventTime"',
    ],
    'an index beyond the list': [
      sampled('set: { resources.99999999.ARN: y }'),
      '"resources.99999999.ARN" leaves a gap',
    ],
    'an index beyond the list in each': [
      sampled('repeat: 1', ', each: { resources.4294967295.ARN: [y, z] }'),
      'leaves a gap',
    ],
    'too many combinations': [
      sampled('repeat: 1', `, each: { a: ${list}, b: ${list} }`),
      'more than 1,000 combinations',
    ],
    'too many events': [
      sampled('repeat: 90000', `, each: { a: ${list} }`),
      'more than 200,000 events',
    ],
  };
  for (const [what, [tests, message]] of Object.entries(wrong)) {
    test(what, () => {
      const { code, err } = run(tests, goodRule, { 'detections/s.json': sample });
      expect(err).toContain('test/event');
      expect(err).toContain(message);
      expect(code).toBe(1);
    });
  }

  test('the end of a list can be set', () => {
    const tests = sampled("set: { resources.1.ARN: y }, repeat: 2, every: 1s, at: '+0s'");
    expect(run(tests, goodRule, { 'detections/s.json': sample }).code).toBe(0);
  });
});
