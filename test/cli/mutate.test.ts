import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, goodRule, goodTest, siemc } from './siemc.ts';

/** Tests that notice every slip in the good rule. */
const biting = `cases:
  - name: made, in any case
    expect: 2
    events:
      - { eventSource: ec2.amazonaws.com, eventName: CreateImage }
      - { eventSource: EC2.AMAZONAWS.COM, eventName: CREATEIMAGE }
  - name: near misses
    expect: none
    events:
      - { eventSource: ec2.amazonaws.com, eventName: CreateImage, errorCode: Client.UnauthorizedOperation }
      - { eventSource: ec2.amazonaws.com.cn, eventName: CreateImage }
      - { eventSource: ec2.amazonaws.com, eventName: CreateImageSet }
`;
const burst = `title: Burst
id: 22222222-2222-4333-8444-555555555555
name: burst
status: test
correlation:
  type: event_count
  rules: [made]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: { gte: 3 }
siemc:
  entities: { ip: sourceIPAddress }
---
title: Made
name: made
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateImage }
  condition: selection
`;
const burstEvent = (at: string, ip = '203.0.113.9', repeat = 3): string =>
  `{ $record: { eventName: CreateImage, userIdentity: { arn: a }, sourceIPAddress: ${ip} }, at: ${at}, repeat: ${repeat} }`;

interface Survivor {
  readonly mutant: string;
  readonly kind: string;
  readonly diff: string;
  readonly reason?: string;
  readonly case?: string;
}

interface Outcome {
  readonly summary: Readonly<Record<string, number>>;
  readonly results: readonly {
    readonly killed: number;
    readonly failing: readonly string[];
    readonly survivors: readonly Survivor[];
  }[];
}

function project(rule: string, tests?: string): string {
  return folderOf({
    '.git/HEAD': '',
    'siemc.config.yml': 'targets: [splunk]\n',
    'detections/rule.yml': rule,
    ...(tests === undefined ? {} : { 'detections/rule.test.yaml': tests }),
  });
}

function mutate(cwd: string, ...args: readonly string[]) {
  return siemc(['test', '--mutate', ...args], { cwd });
}

function resultsIn(cwd: string): Outcome {
  return JSON.parse(mutate(cwd, '--format', 'json').out) as Outcome;
}

function namesIn({ results }: Outcome): readonly string[] {
  return results.flatMap(({ survivors }) => survivors.map(({ mutant }) => mutant));
}

/** The cases that are suggested, each once. */
function casesIn({ results }: Outcome): readonly string[] {
  return [...new Set(results.flatMap(({ survivors }) => survivors.map((one) => one.case ?? '')))];
}

describe('siemc test --mutate', () => {
  test('is content with tests that notice every slip', () => {
    const { code, out, err } = mutate(project(goodRule, biting), '--min-score', '100');
    expect(err).toBe('');
    expect(out).toMatch(
      /^✓ Image created detections\/rule\.yml: 12 of 12 mutants killed, 100 %\nmutate: 1 rule, 12 mutants: 12 killed, 0 survived, 0 equivalent: 100 % \(/,
    );
    expect(code).toBe(0);
  });

  test('shows each slip that no case notices, and a case that would', () => {
    const { code, out } = mutate(project(goodRule, goodTest));
    expect(code).toBe(0);
    expect(out).toContain(`    survived selection.eventName: dropped
      @@ -5,7 +5,6 @@
       detection:
         selection:
           eventSource: ec2.amazonaws.com
      -    eventName: CreateImage
         filter:
           errorCode|exists: true
         condition: selection and not filter
    This case for detections/rule.test.yaml tells it from the rule:
  - name: 'eventName: "xCreateImagex"'
    expect: none
    events:
        - { $record: { eventSource: ec2.amazonaws.com, eventName: CreateImage }, set: { eventName: xCreateImagex } }
`);
    expect(out).toContain(`
      +    eventName|contains: CreateImage
         filter:
           errorCode|exists: true
         condition: selection and not filter
    The case 'eventName: "xCreateImagex"' above tells it from the rule, too.
`);
  });

  test('suggests cases that leave nothing to suggest', () => {
    const cwd = project(goodRule, goodTest);
    const before = resultsIn(cwd);
    const suggested = casesIn(before);
    expect(suggested.length).toBeGreaterThan(3);
    const path = join(cwd, 'detections/rule.test.yaml');
    writeFileSync(path, readFileSync(path, 'utf8') + suggested.join(''));
    expect(namesIn(resultsIn(cwd))).toEqual([]);
    expect(siemc(['test'], { cwd }).code).toBe(0);
  });

  test('fails below the percentages that it is given', () => {
    const cwd = project(goodRule, goodTest);
    const { score = 0 } = resultsIn(cwd).summary;
    expect(score).toBeGreaterThan(40);
    expect(score).toBeLessThan(100);
    expect(mutate(cwd, '--min-score', String(score)).code).toBe(0);
    expect(mutate(cwd, '--min-score', '100').code).toBe(1);
    expect(mutate(cwd, '--min-rule-score', '100').out).toContain('✗ Image created');
    expect(mutate(cwd, '--min-rule-score', '100').code).toBe(1);
  });

  test('changes the number, the window, the groups and the rules of a correlation', () => {
    const tests = `cases:
    - name: three
      expect: 1
      events: [${burstEvent('+0s')}]
`;
    const names = namesIn(resultsIn(project(burst, tests)));
    expect(names).toEqual([
      'correlation.condition.gte: 2',
      'correlation.timespan: 599s',
      'correlation.timespan: 601s',
      'correlation.group-by.userIdentity.arn: dropped',
      'correlation.group-by.userIdentity.arn: sourceIPAddress',
      'made/selection.eventName: |cased',
      'made/selection.eventName: |contains',
    ]);
  });

  test('finds events on both sides of a window and of a group', () => {
    const tests = `cases:
    - name: three
      expect: 1
      events: [${burstEvent('+0s', '203.0.113.9', 2)}, ${burstEvent('+5m', '203.0.113.9', 1)}]
`;
    const cwd = project(burst, tests);
    const found = casesIn(resultsIn(cwd));
    expect(found).not.toContain('');
    const path = join(cwd, 'detections/rule.test.yaml');
    writeFileSync(path, tests + found.join(''));
    expect(namesIn(resultsIn(cwd))).toEqual([]);
    const { code, out } = siemc(['test'], { cwd });
    expect(out).toContain(' 0 failed, 0 diverged');
    expect(code).toBe(0);
  });

  test('knows slips that come to the same', () => {
    const rule = goodRule.replace(
      'eventName: CreateImage',
      'eventName: ModifyImageAttribute\n    requestParameters.launchPermission.add.items.group: all',
    );
    const { summary, results } = resultsIn(
      project(rule, biting.replace(/expect: 2/, 'expect: none')),
    );
    // The log source has the field only where the event has that name: without the test, or with a wider one, the
    // rule finds no more events.
    expect(summary['equivalent']).toBe(2);
    const names = results[0]?.survivors.map(({ mutant }) => mutant) ?? [];
    expect(names.filter((name) => name.includes('eventName'))).toEqual([
      'selection.eventName: |neq',
      'selection.eventName: |cased',
    ]);
  });

  test('accepts survivors with a reason, and tells of reasons that nothing needs', () => {
    const survivors = `survivors:
  - { mutant: 'selection.eventSource: |cased', reason: AWS writes it in one case only. }
  - { mutant: 'selection.eventSource: |case', reason: A slip. }
`;
    const { code, out, err } = mutate(project(goodRule, goodTest + survivors));
    expect(out).toContain(
      '    survived selection.eventSource: |cased: AWS writes it in one case only.\n',
    );
    expect(out).toContain('(1 with a reason)');
    expect(err).toContain(
      'rule.test.yaml:10:15 warning No mutant "selection.eventSource: |case" survives',
    );
    expect(err).toContain('Did you mean "selection.eventSource: |cased"?');
    expect(code).toBe(0);
  });

  test('runs no mutants of a rule that fails its own tests', () => {
    const { code, out } = mutate(project(goodRule, goodTest.replace('match', 'none')));
    expect(out).toContain('✗ Image created detections/rule.yml: the rule itself fails 1 case\n');
    expect(code).toBe(1);
  });

  test('counts every mutant of a rule without tests as one that survives', () => {
    const { code, out } = mutate(project(goodRule));
    expect(out).toContain('no tests: 0 of 12 mutants killed, 0 %');
    expect(code).toBe(0);
  });

  test('names each wrong call', () => {
    const cwd = project(goodRule, goodTest);
    expect(mutate(cwd, '-t', 'splunk')).toMatchObject({
      code: 2,
      err: 'siemc: Mutants are run on what rules mean: --mutate takes no --target.\n',
    });
    expect(siemc(['test', '--min-score', '90'], { cwd })).toMatchObject({
      code: 2,
      err: 'siemc: "--min-score" is about mutants: it needs --mutate.\n',
    });
    for (const value of ['101', '-1', 'all', ''])
      expect(mutate(cwd, `--min-score=${value}`).code).toBe(2);
  });

  test.for(['', '  ', '    '])('suggests cases for files that indent by "%s"', (margin) => {
    const tests = `cases: # of one rule\n${margin}- name: made\n${margin}  expect: match\n${margin}  events:\n${margin}    - { eventSource: ec2.amazonaws.com, eventName: CreateImage }\n`;
    const cwd = project(goodRule, tests);
    const path = join(cwd, 'detections/rule.test.yaml');
    writeFileSync(path, tests + casesIn(resultsIn(cwd)).join(''));
    expect(namesIn(resultsIn(cwd))).toEqual([]);
    expect(siemc(['test'], { cwd }).out).toContain(' 0 failed, 0 diverged');
  });

  test('writes characters that nobody sees so that they can be pasted', () => {
    const rule = goodRule.replace('CreateImage', '"a\\tb\\u202ec"');
    const tests = `cases:
  - { name: made, expect: match, events: [{ eventSource: ec2.amazonaws.com, eventName: "a\\tb\\u202ec" }] }
`;
    const cwd = project(rule.replaceAll('\n', '\r\n'), tests);
    const { out } = mutate(cwd);
    expect(out).not.toContain('\ufffd');
    const path = join(cwd, 'detections/rule.test.yaml');
    writeFileSync(path, tests + casesIn(resultsIn(cwd)).join(''));
    expect(namesIn(resultsIn(cwd))).toEqual([]);
    expect(siemc(['test'], { cwd }).code).toBe(0);
  });

  test('names the mutants of each rule of a file by the rule', () => {
    const [one, two] = ['One', 'Two'].map((title) =>
      goodRule.replace('Image created', title).replace(/^id: .*\n/m, ''),
    );
    const tests = `rule: One
${goodTest}survivors:
  - { mutant: 'One/selection.eventSource: |cased', reason: AWS writes it in one case only. }
`;
    const { summary, results } = resultsIn(project(`${one}---\n${two}`, tests));
    expect(summary['accepted']).toBe(1);
    const names = results.flatMap(({ survivors }) => survivors.map(({ mutant }) => mutant));
    expect(names).toContain('Two/selection.eventSource: |cased');
    expect(new Set(names).size).toBe(names.length);
  });

  test('changes what a tunable names, and a condition over rules with its rules', () => {
    const tuned = `${goodRule}siemc:\n  tunables: { name: detection.selection.eventName }\n`;
    expect(resultsIn(project(tuned)).summary['survived']).toBe(12);
    const both = `title: Both
id: 33333333-2222-4333-8444-555555555555
correlation:
  type: temporal
  rules: [a, b, c]
  timespan: 5m
  condition: a and b and not c
---
title: A
name: a
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: A }, condition: selection }
---
title: B
name: b
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: B }, condition: selection }
---
title: C
name: c
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: C }, condition: selection }
`;
    const names = namesIn(resultsIn(project(both)));
    expect(names.filter((name) => name.startsWith('correlation.condition'))).toEqual([
      'correlation.condition: a or b or not c',
      'correlation.condition: b and not c',
      'correlation.condition: a and not c',
      'correlation.condition: a and b',
      'correlation.condition: a and b and c',
    ]);
  });

  test('opens ends of texts that end in a backslash, of lists with patterns, and moves windows', () => {
    const rule = goodRule.replace(
      'eventName: CreateImage',
      "eventName: ['Create*', Delete]\n    userAgent: '*\\Temp\\'\n    eventTime|within: { from: '08:00', to: '18:00' }",
    );
    const tests = `cases:
  - name: made
    expect: match
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage, userAgent: 'c:\\Temp\\', eventTime: '2026-01-15T12:00:00Z' }]
`;
    const cwd = project(rule, tests);
    const before = resultsIn(cwd);
    const names = namesIn(before);
    expect(names).toContain('selection.eventName: "*Delete"');
    expect(names).toContain('selection.userAgent: "*\\\\Temp\\\\\\\\*"');
    expect(names.filter((name) => name.includes('instead of'))).toHaveLength(4);
    writeFileSync(join(cwd, 'detections/rule.test.yaml'), tests + casesIn(before).join(''));
    expect(namesIn(resultsIn(cwd))).toEqual([]);
  });

  test('says slips that would make a key stand twice with wildcards, or in another order', () => {
    const rule = goodRule.replace(
      'eventName: CreateImage',
      'eventName|startswith: Create\n    eventName|contains: Image\n    eventName|contains|all: [x, y]',
    );
    const { results } = resultsIn(project(rule));
    const diffs = results.flatMap(({ survivors }) => survivors.map(({ diff }) => diff)).join('\n');
    expect(diffs).toContain('+    eventName: "*Create*"');
    expect(diffs).toContain('+    eventName: ["*x*", "*y*"]');
  });

  test('runs some of the mutants of a large rule, and says how many it left', {
    timeout: 60_000,
  }, () => {
    const values = Array.from({ length: 1_200 }, (_, n) => `value-${n}`).join(', ');
    const rule = goodRule.replace('eventName: CreateImage', `eventName: [${values}]`);
    const { out } = mutate(project(rule, goodTest.replaceAll('CreateImage', 'value-1')));
    expect(out).toMatch(/\(\d{4} more weren't run\)/);
  });

  test('says the same every time', () => {
    const cwd = project(
      burst,
      `cases:\n    - { name: three, expect: 1, events: [${burstEvent('+0s')}] }\n`,
    );
    expect(resultsIn(cwd)).toEqual(resultsIn(cwd));
  });
});
