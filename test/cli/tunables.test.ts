import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const burst = `title: Burst of copies
id: 5f9c2a9e-8a51-4d4e-9c55-3a6c0f2f1e10
name: burst
correlation:
  type: event_count
  rules: [copied]
  timespan: 10m
  condition: { gte: 5 }
siemc:
  tunables: { window: correlation.timespan, threshold: correlation.condition.gte, joins: correlation.rules }
`;
const prefix = 'name: detection.made.requestParameters.name|startswith';
const copied = (name = 'copied', tunables = prefix): string => `title: Image ${name}
name: ${name}
logsource: { product: aws, service: cloudtrail }
detection:
  made: { eventName: CopyImage, requestParameters.name|startswith: prod- }
  condition: made
siemc:
  tunables: { ${tunables} }
`;
const robots = `title: Robots
name: robots
logsource: { product: aws, service: cloudtrail }
filter:
  rules: any
  robots: { userAgent: robot }
  condition: not robots
siemc:
  tunables: { agents: filter.robots.userAgent }
`;
const rules = {
  'burst.yml': burst,
  'copied.yml': copied(),
  'whole.yml': copied('whole', 'made: detection.made'),
};

function projectOf(
  tunables: string,
  files: Readonly<Record<string, string>> = rules,
): { readonly cwd: string; run(...args: readonly string[]): ReturnType<typeof siemc> } {
  const cwd = folderOf({
    '.git/HEAD': '',
    'siemc.config.yml': `targets: [splunk]\n${tunables === '' ? '' : `tunables:\n${tunables}`}`,
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`detections/${path}`, text]),
    ),
  });
  return { cwd, run: (...args) => siemc(args, { cwd }) };
}

describe('a project sets tunables', () => {
  test('of a rule by its id or its name, and the query says so', () => {
    for (const rule of ['burst', '5F9C2A9E-8A51-4D4E-9C55-3A6C0F2F1E10']) {
      const set = projectOf(`  ${rule}: { threshold: 3, window: 30m }\n`);
      const written = burst.replace('10m', '30m').replace('gte: 5', 'gte: 3');
      const same = projectOf('', { ...rules, 'burst.yml': written });
      const { code, out } = set.run('compile', 'detections/burst.yml');
      expect([code, out]).toEqual([0, same.run('compile', 'detections/burst.yml').out]);
      expect(out).not.toBe(projectOf('').run('compile', 'detections/burst.yml').out);
    }
  });

  test('whose keys hold dots, to a list or a map as well', () => {
    for (const [path, set, shown] of [
      ['burst', 'copied: { name: [base-, test-] }', ['base-*', 'test-*']],
      [
        'whole',
        'whole: { made: { eventName|contains: Import, awsRegion: eu-west-1 } }',
        ['*Import*', 'eu-west'],
      ],
    ] as const) {
      const { run } = projectOf(`  ${set}\n`);
      const { code, out } = run('compile', `detections/${path}.yml`);
      expect(code).toBe(0);
      for (const text of shown) expect(out).toContain(text);
      expect(out).not.toContain('prod-');
    }
  });

  test('of filters and of rules that take part, wherever they stand', () => {
    const files = { ...rules, 'far/away/robots.yml': robots };
    const set = '  robots: { agents: crawler }\n  copied: { name: base- }\n';
    const { code, out } = projectOf(set, files).run('compile', 'detections/burst.yml');
    expect([code, out]).toEqual([0, expect.stringContaining('"crawler"')]);
    expect(out).toContain('base-*');
  });

  test('and which rules take part, which then have no query of their own', () => {
    const files = { ...rules, 'moved.yml': copied('moved') };
    const { out, err } = projectOf('  burst: { joins: [moved] }\n', files).run(
      'compile',
      'detections/moved.yml',
    );
    expect([out, err]).toEqual(['', expect.stringContaining('it is a part of "Burst of copies"')]);
  });

  test('which the manifest lists where they differ from the rule', () => {
    const set = '  burst: { threshold: 3, window: 10m }\n  robots: { agents: [a, b] }\n';
    const { cwd, run } = projectOf(set, { ...rules, 'robots.yml': robots });
    expect(run('build').code).toBe(0);
    const [, line = ''] = readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      rule: 'burst',
      tuned: [
        { rule: 'burst', tunable: 'threshold', value: 3 },
        { rule: 'robots', tunable: 'agents', value: ['a', 'b'] },
      ],
    });
    const plain = projectOf('  burst: { window: 10m }\n');
    expect(plain.run('build').code).toBe(0);
    expect(readFileSync(join(plain.cwd, 'dist-rules/manifest.jsonl'), 'utf8')).not.toContain(
      'tuned',
    );
  });

  test('which tests of rules leave as the rule has them', () => {
    const sample =
      '{ eventSource: ec2.amazonaws.com, eventName: CopyImage, requestParameters: { name: prod-1 } }';
    const cases = `cases:\n  - { name: made, expect: match, events: [${sample}] }\n`;
    const files = { 'copied.yml': copied(), 'copied.test.yaml': cases };
    const { run } = projectOf('  copied: { name: base- }\n', files);
    expect(run('test')).toMatchObject({ code: 0, out: expect.stringContaining('3 passed') });
  });
});

describe('what a project sets wrongly', () => {
  test.for([
    ['burst: { window: 30x }', 'rule/timespan', '3:20', '"window" of the rule "Burst of copies"'],
    ['burst: { threshold: many }', 'schema/wrong-type', '3:23', '"threshold" of the rule'],
    [
      "burst: { joins: ['copied', none] }",
      'correlation/unknown-rule',
      '3:30',
      '"joins" of the rule',
    ],
    ['whole: { made: { eventName|re: "(" } }', 'rule/regex', '3:36', '"made" of the rule'],
    ['whole: { made: { evntName: x } }', 'plan/unknown-field', '3:20', '"made" of the rule'],
    ['robots: { agents: { a: b } }', 'rule/nested-value', '3:21', '"agents" of the rule "Robots"'],
    ['bursts: { window: 30m }', 'config/tunable', '3:3', 'Did you mean "burst"?'],
    ['burst: { windw: 30m }', 'config/tunable', '3:12', 'Did you mean "window"?'],
    ['burst: { name: other }', 'config/tunable', '3:12', 'window, threshold, joins'],
    ['bare: { window: 30m }', 'config/tunable', '3:3', 'has no tunables'],
    ['twice: { name: x }', 'config/tunable', '3:3', 'twice-again.yml, detections/twice.yml'],
    [
      "burst: { window: 1h }\n  '5f9c2a9e-8a51-4d4e-9c55-3a6c0f2f1e10': { window: 2h }",
      'config/tunable',
      '4:45',
      'under "burst", too',
    ],
    ['burst: 30m', 'schema/wrong-type', '3:10', 'has to be a map'],
  ] as const)('is told at its place: %s', ([set, code, place, words]) => {
    const bare = copied('bare').replace(/siemc:.*/s, '');
    const twice = { 'twice.yml': copied('twice'), 'twice-again.yml': copied('twice') };
    const { run } = projectOf(`  ${set}\n`, {
      ...rules,
      ...twice,
      'robots.yml': robots,
      'bare.yml': bare,
    });
    const { out, err, code: exit } = run('check');
    const head = `siemc.config.yml:${place} error `;
    const block = `${out}${err}`.split('\n\n').find((one) => one.startsWith(head));
    expect(block, `${out}${err}`).toContain(code);
    expect(block).toContain(words);
    expect(exit).toBe(code === 'config/tunable' || set === 'burst: 30m' ? 2 : 1);
  });

  test('for a target is told at its place too, or with the names of what is set', () => {
    const scheduled = burst.replace('siemc:\n', 'siemc:\n  schedule: { every: 5m, delay: 5m }\n');
    const { run } = projectOf('  burst: { window: 30d }\n', { ...rules, 'burst.yml': scheduled });
    const { err } = run('compile', 'detections/burst.yml', '-t', 'sentinel,chronicle');
    expect(err).toMatch(
      /^siemc\.config\.yml:3:20 error .* "window" of the rule .* chronicle\/window$/m,
    );
    expect(err).toMatch(
      /^detections\/burst.* configuration sets "window" of .* sentinel\/schedule$/m,
    );
  });

  test('costs no query that was built before, and publishes none', () => {
    const { cwd, run } = projectOf('');
    expect(run('build').code).toBe(0);
    const tree = (): string =>
      ['manifest.jsonl', 'splunk/burst.spl']
        .map((path) => readFileSync(join(cwd, 'dist-rules', path), 'utf8'))
        .join();
    const before = tree();
    for (const [set, exit] of [
      ['burst: { window: 30x }', 1],
      ['burst: { threshold: 9, windw: 30m }', 2],
    ] as const) {
      const config = ['-c', `${exit}.config.yml`];
      const path = join(cwd, `${exit}.config.yml`);
      writeFileSync(path, `targets: [splunk]\ntunables:\n  ${set}\n`);
      expect([run('build', ...config).code, tree()]).toEqual([exit, before]);
    }
  });
});
