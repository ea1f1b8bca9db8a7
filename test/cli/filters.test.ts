import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const rule = (name: string, source = 'product: aws, service: cloudtrail'): string =>
  `title: ${name}\nname: ${name}\nlogsource: { ${source} }\ndetection: { s: { eventName: ${name} }, condition: s }\n`;
const filter = (rules: string, more = ''): string =>
  `title: Robots\nlogsource: { product: aws, service: cloudtrail }\nfilter:\n  rules: ${rules}\n  robots: { userAgent: robot }\n  condition: not robots\n${more}`;
const projectOf = (files: Readonly<Record<string, string>>): string =>
  folderOf({
    '.git/HEAD': '',
    'siemc.config.yml': 'targets: [splunk]\n',
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`detections/${path}`, text]),
    ),
  });
const compile = (cwd: string, path = 'detections/one.yml'): ReturnType<typeof siemc> =>
  siemc(['compile', path, '-t', 'splunk'], { cwd });

describe('a filter', () => {
  test('narrows a rule that is compiled alone, wherever it stands', () => {
    const cwd = projectOf({ 'one.yml': rule('one'), 'far/away/robots.yml': filter('[one]') });
    const { out, code } = compile(cwd);
    expect([code, out]).toEqual([0, expect.stringContaining('NOT userAgent="robot"')]);
  });

  test('that names no rule, or a correlation, is an error of whatever is compiled', () => {
    const burst =
      'title: Burst\nname: burst\ncorrelation: { type: event_count, rules: [one], timespan: 5m, condition: { gte: 2 }, generate: true }\n';
    const files = { 'one.yml': rule('one'), 'burst.yml': burst };
    for (const [rules, said] of [
      ['[onne]', 'filter/unknown-rule'],
      ['[burst]', 'filter/correlation'],
    ] as const) {
      const { err, code } = compile(projectOf({ ...files, 'robots.yml': filter(rules) }));
      expect([code, err]).toEqual([1, expect.stringContaining(said)]);
      expect(err).toContain('detections/robots.yml:4:');
    }
  });

  test('of another log source than the rule that it names is an error', () => {
    const other = rule('one', 'product: aws, service: other');
    const { err, code } = compile(projectOf({ 'one.yml': other, 'robots.yml': filter('[one]') }));
    expect([code, err]).toEqual([1, expect.stringContaining('filter/log-source')]);
  });

  test('that narrows nothing is a warning', () => {
    const cwd = projectOf({
      'one.yml': rule('one', 'product: aws, service: other'),
      'robots.yml': filter('any'),
    });
    expect(siemc(['check'], { cwd }).out).toContain('filter/unused');
  });
});

describe('a filter that can’t be read', () => {
  const broken = {
    'with a mistake in its YAML': filter('[one]', '  more: [a\n'),
    'that is no map': 'title: F\nlogsource: { product: aws }\nfilter: all of them\n',
    'whose key is misspelt': filter('[one]').replace('filter:', 'Filter:'),
  };
  test.for(Object.entries(broken))('%s leaves no rule wider', ([, text]) => {
    const cwd = projectOf({ 'one.yml': rule('one'), 'robots.yml': text });
    const { out, err, code } = compile(cwd);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('filter/unread');
    expect(siemc(['build'], { cwd })).toMatchObject({ code: 1 });
    const { out: checked } = siemc(['check'], { cwd });
    expect(checked).toContain('detections/robots.yml');
  });

  test('keeps what was built of the rules', () => {
    const cwd = projectOf({ 'one.yml': rule('one'), 'robots.yml': filter('any') });
    expect(siemc(['build'], { cwd }).code).toBe(0);
    const path = join(cwd, 'dist-rules/splunk/one.spl');
    const before = readFileSync(path, 'utf8');
    const again = projectOf({ 'one.yml': rule('one'), 'robots.yml': filter('any', '  x: [a\n') });
    expect(before).toContain('NOT userAgent="robot"');
    expect(siemc(['compile', 'detections/one.yml', '-t', 'splunk'], { cwd: again }).out).toBe('');
  });

  test('isn’t suspected where only a selection is called so', () => {
    const bad = `${rule('two')}  filter: { a: [b }\n`;
    const { out, code } = compile(projectOf({ 'one.yml': rule('one'), 'two.yml': bad }));
    expect([code, out]).toEqual([0, expect.stringContaining('eventName="one"')]);
  });
});

test('what is built doesn’t depend on where the command runs', () => {
  const titled = (name: string): string => filter('any').replace(/robot\b/g, name);
  const cwd = projectOf({
    'x/one.yml': rule('one'),
    'x/robots.yml': titled('first'),
    'y/robots.yml': titled('second'),
  });
  expect(siemc(['build'], { cwd: join(cwd, 'detections/x') }).code).toBe(0);
  expect(siemc(['build', '--check'], { cwd })).toMatchObject({ code: 0 });
});

test('a slip in a filter or its list costs no query that was built before', () => {
  const cwd = projectOf({
    'one.yml': rule('one'),
    'robots.yml': filter('any').replace('userAgent: robot', "userAgent|expand: '%robots%'"),
    'lists/robots.txt': '# kind: string\nrobot\n',
  });
  const path = join(cwd, 'dist-rules/splunk/one.spl');
  expect(siemc(['build'], { cwd }).code).toBe(0);
  const before = readFileSync(path, 'utf8');
  rmSync(join(cwd, 'detections/lists/robots.txt'));
  const { err, code } = siemc(['build'], { cwd });
  expect([code, err]).toEqual([1, expect.stringContaining('rule/unknown-list')]);
  expect(readFileSync(path, 'utf8')).toBe(before);
});
