import { describe, expect, test } from 'vitest';
import { folderOf, goodRule, type Outcome, siemc } from './siemc.ts';

/** Checks one bad file beside a good one: the bad one is told, the good one goes on. */
function checkBeside(
  name: string,
  content: string | Buffer,
): Outcome & { readonly codes: string[] } {
  const other = goodRule.replace('11111111', '99999999').replace('Image created', 'Another');
  const cwd = folderOf({ 'rules/good.yml': other, [`rules/${name}`]: content });
  const outcome = siemc(['check', 'rules', '--format', 'json'], { cwd });
  const { summary, diagnostics } = JSON.parse(outcome.out);
  expect(summary.rules).toBeGreaterThan(0);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.file).toBe(`rules/${name}`);
    expect(diagnostic.line).toBeGreaterThan(0);
  }
  expect(outcome.err).not.toMatch(/\n\s+at .*:\d+:\d+/);
  return { ...outcome, codes: diagnostics.map(({ code }: { code: string }) => code) };
}

const ruleWith = (detection: string): string =>
  goodRule.replace(/detection:[\s\S]*(?=level)/, detection);

describe('one bad file gets its diagnostic, exit code 1, and the rest goes on', () => {
  const files: Readonly<Record<string, [string | Buffer, readonly string[]]>> = {
    'invalid YAML': ['title: [a, b\nlogsource: {', ['yaml/syntax']],
    'a duplicate key': ['title: a\ntitle: b\n', ['yaml/syntax']],
    'a list instead of a rule': ['- a\n- b\n', ['rule/not-a-rule']],
    'a wrong type': [goodRule.replace('level: low', 'level: [low]'), ['schema/bad-value']],
    'an unknown key under siemc': [`${goodRule}siemc: { shedule: 5m }\n`, ['schema/unknown-key']],
    'an unknown modifier': [
      goodRule.replace('errorCode|exists', 'errorCode|exist'),
      ['rule/unknown-modifier'],
    ],
    'a broken regular expression': [
      ruleWith("detection:\n  s:\n    eventName|re: 'a(b'\n  condition: s\n"),
      ['rule/regex'],
    ],
    'a look-ahead': [
      ruleWith("detection:\n  s:\n    eventName|re: 'a(?=b)'\n  condition: s\n"),
      ['rule/regex'],
    ],
    'an unknown field': [goodRule.replace('eventName:', 'eventNam:'), ['plan/unknown-field']],
    'an unknown selection': [
      goodRule.replace('not filter', 'not filtr'),
      ['condition/unknown-selection', 'condition/unused-selection'],
    ],
    'binary data': [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), ['file/not-text']],
    'text in another encoding': [Buffer.from([0x74, 0xe4, 0xfc]), ['file/not-text']],
    '10,000 parentheses': [
      ruleWith(
        `detection:\n  s: { eventName: a }\n  condition: ${'('.repeat(10_000)}s${')'.repeat(10_000)}\n`,
      ),
      ['condition/too-deep'],
    ],
    '10,000 brackets of YAML': [
      `title: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
      ['yaml/too-deep'],
    ],
    '10,000 groups in a regular expression': [
      ruleWith(
        `detection:\n  s:\n    eventName|re: '${'('.repeat(10_000)}a${')'.repeat(10_000)}'\n  condition: s\n`,
      ),
      ['rule/regex'],
    ],
  };
  for (const [what, [content, codes]] of Object.entries(files)) {
    test(what, () => {
      const outcome = checkBeside('bad.yml', content);
      expect(new Set(outcome.codes)).toEqual(new Set(codes));
      expect(outcome.code).toBe(1);
    });
  }

  test('all problems of a file are told together', () => {
    const text = goodRule
      .replace('status: test', 'status: tset')
      .replace('level: low', 'level: lo');
    expect(checkBeside('bad.yml', text).codes).toEqual(['schema/bad-value', 'schema/bad-value']);
  });
});

describe('misuse exits with 2 and says what would be right', () => {
  const cwd = folderOf({
    'rules/good.yml': goodRule,
    'empty/readme.txt': 'nothing',
    'bad.config.yml': 'targts: [splunk]\n',
  });
  const calls: Readonly<Record<string, [readonly string[], RegExp]>> = {
    'a missing file': [['check', 'rules/none.yml'], /none\.yml.*no such file/],
    'a folder without rules': [['check', 'empty'], /holds no rule files/],
    'a glob that matches nothing': [['check', 'rules/x*.yml'], /matches no rule file/],
    'an unknown target': [['compile', 'rules', '-t', 'splnk'], /Did you mean "splunk"/],
    'an unknown command': [['chek'], /Did you mean check/],
    'an unknown option': [['check', '--formt', 'json'], /--format/],
    'a bad format': [['check', '--format', 'xml'], /pretty, json/],
    'a bad configuration': [['check', '-c', 'bad.config.yml'], /"targts" has no meaning/],
    'a missing configuration': [['check', '-c', 'none.yml'], /no such file/],
    'a query without a target': [['query', '--query', 'x'], /exactly one --target/],
    'an unknown log source': [
      ['query', '-t', 'splunk', '--query', 'search a=b', '--source', 'aws/cloudtrial'],
      /Did you mean "aws\/cloudtrail"/,
    ],
  };
  for (const [what, [args, message]] of Object.entries(calls)) {
    test(what, () => {
      const outcome = siemc(args, { cwd });
      expect(outcome.out + outcome.err).toMatch(message);
      expect(outcome.code).toBe(2);
    });
  }

  test('a good path beside a missing one is still checked', () => {
    const outcome = siemc(['check', 'rules', 'none.yml', '--format', 'json'], { cwd });
    expect(JSON.parse(outcome.out).summary.rules).toBe(1);
    expect(outcome.code).toBe(2);
  });
});

test('a broken line of events is told at its line, and the other events run', () => {
  const events = '{"eventName":"CreateImage"}\n{"eventName":\n{"eventName":"CreateImage"}\n';
  const cwd = folderOf({ 'events.jsonl': events });
  const args = [
    'query',
    '-t',
    'splunk',
    '--query',
    'search eventName=CreateImage',
    '--events',
    'events.jsonl',
    '--source',
    'aws/cloudtrail',
    '--format',
    'json',
  ];
  const outcome = siemc(args, { cwd });
  expect(JSON.parse(outcome.out).rows).toHaveLength(2);
  expect(outcome.err).toContain('events.jsonl:2:1');
  expect(outcome.code).toBe(1);
});

test('a change that lies deeper than records nest is told', () => {
  const deep = Array.from({ length: 20_000 }, () => 'a').join('.');
  const events = `[{ $record: { a: 1 }, set: { ${deep}: 1 } }]`;
  const cwd = folderOf({
    'detections/made.yml': goodRule,
    'detections/made.test.yaml': `cases:\n  - { name: deep, expect: none, events: ${events} }\n`,
  });
  const { err, code } = siemc(['test'], { cwd });
  expect(err).toContain('The path lies 20000 keys deep: records nest 200 levels deep.');
  expect(code).toBe(1);
});
