import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const rule = `title: Launched by somebody seldom seen
id: 11111111-2222-4333-8444-555555555555
status: test
logsource: { product: aws, service: cloudtrail }
detection:
  launch: { eventName: RunInstances }
  usual:
    actor|expand: '%usual%'
  condition: launch and not usual
level: low
`;
const list = '# kind: string\n# baseline: 7d, at least 2\narn:known\n';

function project(config = '', usual = list): string {
  return folderOf({
    'siemc.config.yml': `targets: [splunk, sentinel, chronicle]\n${config}`,
    'detections/seldom.yml': rule,
    'detections/lists/usual.txt': usual,
    'events.json': JSON.stringify(
      ['arn:a', 'arn:a', 'arn:b', 'arn:known'].map((arn, day) => ({
        eventTime: `2026-03-0${day + 5}T10:00:00Z`,
        eventName: 'RunInstances',
        userIdentity: { arn },
      })),
    ),
  });
}

/** What a query file gives on the events at noon of the 9th. */
function rowsOf(cwd: string, target: string, file: string): readonly (readonly unknown[])[] {
  const args = ['--events', 'events.json', '--source', 'aws/cloudtrail', '--format', 'json'];
  const now = ['--now', '2026-03-08T12:00:00Z'];
  const { out, err } = siemc(['query', '-t', target, '--query-file', file, ...args, ...now], {
    cwd,
  });
  expect(err).toBe('');
  return JSON.parse(out).rows;
}

const extensions = { splunk: 'spl', sentinel: 'kql', chronicle: 'yaral' } as const;

describe('build', () => {
  test('writes surveys that run on records', () => {
    const cwd = project();
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
    for (const [target, extension] of Object.entries(extensions)) {
      const folder = `dist-rules/${target}`;
      const entries = rowsOf(cwd, target, `${folder}/baselines/usual/seldom.${extension}`);
      const [first, ...others] = entries.map(([entry, count]) => [entry, Number(count)]);
      expect(first).toEqual(['arn:a', 2]);
      // A search of Google SecOps can't leave out what is seldom, and says so.
      expect(others.length).toBe(target === 'chronicle' ? 2 : 0);
      const health = rowsOf(cwd, target, `${folder}/health/aws-cloudtrail.${extension}`);
      const counts = health[0]?.slice(target === 'chronicle' ? 1 : 0) ?? [];
      expect(Number(counts[0]), target).toBe(1);
    }
  });

  test('has no baseline of a list that says nothing of one, and keeps surveys while a rule has errors', () => {
    const cwd = project('', '# kind: string\narn:known\n');
    siemc(['build'], { cwd });
    expect(readdirSync(join(cwd, 'dist-rules/splunk'))).toEqual(['app', 'health', 'seldom.spl']);
    writeFileSync(join(cwd, 'detections/seldom.yml'), rule.replace('launch and', 'lunch and'));
    expect(siemc(['build'], { cwd }).code).toBe(1);
    expect(readdirSync(join(cwd, 'dist-rules/splunk'))).toEqual(['app', 'health', 'seldom.spl']);
  });
});

describe('survey', () => {
  test('health prints one query, or one line of JSON for each source and target', () => {
    const cwd = project();
    const args = ['survey', 'health', '--source', 'aws/cloudtrail'];
    const query = siemc([...args, '-t', 'sentinel', '--over', '2d'], { cwd });
    expect([query.code, query.err]).toEqual([0, '']);
    expect(query.out).toContain('| where TimeGenerated >= ago(2d)\n');
    const { out } = siemc(['survey', 'health', '--format', 'json'], { cwd });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      lines.map(({ survey, source, target, status }) => [survey, source, target, status]),
    ).toEqual(
      [
        'aws/cloudtrail',
        'azure/activitylogs',
        'azure/auditlogs',
        'gcp/gcp.audit',
        'vmware/vcenter',
      ].flatMap((source) =>
        Object.keys(extensions).map((target) => ['health', source, target, 'ok']),
      ),
    );
  });

  test('baseline takes the window of the list, or of the call, also of a list written into queries', () => {
    const cwd = project('lists: { usual: { inline: true } }\n');
    const args = ['survey', 'baseline', 'detections', '-t', 'splunk'];
    expect(siemc(args, { cwd }).out).toMatch(/earliest="-168h"[\s\S]*\| where event_count >= 2\n/);
    const other = siemc([...args, '--over', '90m', '--at-least', '1'], { cwd }).out;
    expect(other).toContain('earliest="-90m"');
    expect(other).not.toContain('event_count >=');
    const { err } = siemc([...args, '-o', 'out'], { cwd });
    expect(err).toContain('1 query written to out');
    expect(readdirSync(join(cwd, 'out/splunk/baselines/usual'))).toEqual(['seldom.spl']);
  });

  test("refuses at the rule's line what a target can't tell", () => {
    const field = 'requestParameters.instancesSet.items.instanceId';
    const cwd = folderOf({
      'detections/seldom.yml': rule.replace('actor', field),
      'detections/lists/usual.txt': list,
    });
    const { code, out, err } = siemc(['survey', 'baseline', 'detections', '-t', 'chronicle'], {
      cwd,
    });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('detections/seldom.yml:8');
    expect(err).toContain('chronicle/first-value-only');
  });

  test('baseline says that a rule is not for the target', () => {
    const cwd = folderOf({
      'siemc.config.yml': 'targets: [splunk, chronicle]\n',
      'detections/seldom.yml': `${rule}siemc: { targets: [splunk] }\n`,
      'detections/lists/usual.txt': list,
    });
    const args = ['survey', 'baseline', 'detections', '-t'];
    expect(siemc([...args, 'splunk'], { cwd }).out).toContain('siemc_entry');
    const { code, out, err } = siemc([...args, 'chronicle'], { cwd });
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('No rule for these targets has a list');
  });

  test.for([
    ['health', 'rules/'],
    ['health', '--source', 'aws/cloudtrial'],
    ['health', '--over', '7'],
    ['health', '--over', '0s'],
    ['health', '--at-least', '3'],
    ['baseline'],
    ['baseline', 'detections', '--source', 'aws/cloudtrail'],
    ['baseline', 'detections', '--at-least', '0'],
    ['both'],
  ])('is misused: %s %s %s', (args) => {
    expect(siemc(['survey', ...args], { cwd: project() }).code).toBe(2);
  });
});
