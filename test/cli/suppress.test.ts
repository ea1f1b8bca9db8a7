import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backends } from '../support/backends.ts';
import { folderOf, siemc } from './siemc.ts';

const rule = (
  suppress: string,
  shown = 'entities: { account: actor, ip: sourceIPAddress }',
): string => `title: Deleted
name: deleted
logsource: { product: aws, service: cloudtrail }
detection: { deleted: { eventName: DeregisterImage }, condition: deleted }
siemc:
  suppress: ${suppress}
  ${shown}
`;
const correlation = (siemc: string): string => `title: Burst
correlation:
  type: event_count
  rules: deleted
  group-by: actor
  timespan: 10m
  condition: { gte: 2 }
siemc: ${siemc}
`;

function compiled(text: string, target = 'chronicle'): ReturnType<typeof siemc> {
  const cwd = folderOf({ '.git/HEAD': '', 'rule.yml': text });
  return siemc(['compile', 'rule.yml', '-t', target], { cwd });
}

describe('the time of a suppression', () => {
  test.each([
    ['0s', 'schema/'],
    ['1', 'schema/'],
    ['-1h', 'schema/'],
    ['1y', 'schema/'],
    ['9999w', 'rule/timespan'],
  ])('is more than nothing and a time span: %s', (text, code) => {
    const { code: exit, err } = compiled(rule(`{ for: ${text}, by: [account] }`));
    expect(exit).toBe(1);
    expect(err).toMatch(new RegExp(`^rule\\.yml:6:20 error .* ${code}`));
  });

  test.each([
    ['splunk', '1s', 0],
    ['splunk', '52w', 0],
    ['sentinel', '4m', 1],
    ['sentinel', '5m', 0],
    ['sentinel', '7d', 0],
    ['sentinel', '169h', 1],
    ['sentinel', '301s', 1],
    ['chronicle', '59s', 1],
    ['chronicle', '60s', 0],
    ['chronicle', '30d', 0],
  ])('is one that the target has: %s, %s', (target, text, exit) => {
    const { code, err } = compiled(rule(`{ for: ${text}, by: [account] }`), target);
    expect(code).toBe(exit);
    if (exit === 1) expect(err).toMatch(new RegExp(`^rule\\.yml:6:20 error .* ${target}/suppress`));
  });

  test('is written in hours where it has whole ones', () => {
    const window = (text: string): string | undefined =>
      /suppression_window = (\S+)/.exec(compiled(rule(`{ for: ${text}, by: [ip] }`)).out)?.[1];
    expect(['3600s', '90m', '1d', '1w'].map(window)).toEqual(['1h', '90m', '24h', '168h']);
  });
});

describe('what alerts are suppressed by', () => {
  test.each([
    '{ for: 1h, by: [] }',
    '{ for: 1h }',
    '{ by: [account] }',
    '{ for: 1h, by: account }',
    '{ for: 1h, by: [account, account] }',
    '{ for: 1h, by: [account], per: host }',
    '1h',
  ])('has to be said in the form %s has not', (suppress) => {
    const { code, err } = compiled(rule(suppress));
    expect(code).toBe(1);
    expect(err).toMatch(/^rule\.yml:6:\d+ error .* schema\//);
    expect(err.match(/ error /g)).toHaveLength(1);
  });

  test('is named by the output, or by the field that it shows', () => {
    const [byOutput, byField] = ['account', 'actor'].map((name) =>
      compiled(rule(`{ for: 1h, by: [${name}] }`)),
    );
    expect(byOutput?.out).toContain('$suppression_key = strings.coalesce(');
    expect(byField?.out).toBe(byOutput?.out);
  });

  test('is what a correlation groups by, also where an output shows that', () => {
    const alone = rule('{ for: 1h, by: [account] }');
    for (const settings of [
      '{ suppress: { for: 1h, by: [actor] } }',
      '{ suppress: { for: 1h, by: [account] }, entities: { account: actor } }',
    ]) {
      const cwd = folderOf({
        '.git/HEAD': '',
        'siemc.config.yml': 'targets: [chronicle]\ndetections: .\n',
        'rule.yml': `${alone}---\n${correlation(settings)}`,
      });
      const { out } = siemc(['compile', 'rule.yml'], { cwd });
      expect(out.match(/suppress.*/g)).toEqual(['suppression_window = 1h']);
    }
  });

  test('belongs to the rule that alerts: not to a part of a correlation', () => {
    const text = `${rule('{ for: 5s, by: [account] }')}---\n${correlation('{}')}`;
    const { code, out } = compiled(text);
    expect(code).toBe(0);
    expect(out).not.toContain('suppress');
  });
});

test('a project may set it as a tunable', () => {
  const tuned = rule('{ for: 1h, by: [account] }', 'tunables: { calm: siemc.suppress.for }').concat(
    '  entities: { account: actor }\n',
  );
  const cwd = folderOf({
    '.git/HEAD': '',
    'siemc.config.yml': 'targets: [chronicle]\ntunables: { deleted: { calm: 2h } }\n',
    'detections/rule.yml': tuned,
  });
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
  const built = readFileSync(join(cwd, 'dist-rules/chronicle/rule.yaral'), 'utf8');
  expect(built).toContain('suppression_window = 2h');
});

test('suppression keys are equal exactly where all values are', () => {
  const { out } = compiled(rule('{ for: 1h, by: [ip, account] }'));
  const chronicle = backends.find(({ id }) => id === 'chronicle');
  const run = chronicle?.prepare(out);
  const part = fc.stringMatching(/^[0-9:a]{1,4}$/);
  const pair = fc.tuple(part, part);
  fc.assert(
    fc.property(pair, pair, (one, other) => {
      const result = run?.(
        [one, other].map(([ip, user]) => ({
          metadata: { log_type: 'AWS_CLOUDTRAIL', product_event_type: 'DeregisterImage' },
          principal: { ip: [ip], user: { userid: user } },
        })),
      );
      const column = result?.columns.findIndex(({ name }) => name === 'suppression_key') ?? -1;
      const [first, second] = result?.rows.map((row) => row[column]) ?? [];
      expect(result?.rows.length).toBe(2);
      expect(first === second).toBe(one[0] === other[0] && one[1] === other[1]);
    }),
    { numRuns: 500 },
  );
});
