import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const deleted = `title: Image deleted
id: 11111111-2222-4333-8444-555555555555
name: image_deleted
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
`;
const burst = (more = ''): string => `title: Burst
correlation:
  type: event_count
  rules: [image_deleted]
  group-by: [awsRegion]
  timespan: 10m
  condition: { gte: 3 }
${more}`;
const event = (at: string, more = ''): string =>
  `{ $sample: ./sample.json, at: ${at}${more === '' ? '' : `, ${more}`} }`;
const sample = '{"eventName":"DeregisterImage","awsRegion":"eu-west-1"}';

/** A project with a rule, a correlation of it and the correlation's tests. */
function project(correlation: string, cases = ''): string {
  return folderOf({
    'detections/base/deleted.yml': deleted,
    'detections/burst.yml': correlation,
    ...(cases === '' ? {} : { 'detections/burst.test.yaml': cases }),
    'detections/sample.json': sample,
  });
}

const lines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a rule that a correlation names', () => {
  test('is found in the project when only the correlation is compiled', () => {
    const cwd = project(burst());
    const { code, out } = siemc(['compile', 'detections/burst.yml', '-t', 'splunk'], { cwd });
    expect([code, out.includes('DeregisterImage')]).toEqual([0, true]);
  });

  test('has no query of its own unless the correlation says so', () => {
    const built = (correlation: string): readonly unknown[] => {
      const cwd = project(correlation);
      const { code, err } = siemc(['build'], { cwd });
      expect([code, err.includes('error')]).toEqual([0, false]);
      const manifest = readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8');
      return lines(manifest).flatMap((line) =>
        JSON.stringify(line).includes('"file"') ? [line['rule']] : [],
      );
    };
    expect(built(burst())).toEqual(['burst']);
    expect(built(burst('generate: true\n'))).toEqual(['base/deleted', 'burst']);
    expect(built(burst().replace('  type', '  generate: true\n  type'))).toHaveLength(2);
  });

  test('is told to whoever compiles it with the correlation', () => {
    const { code, out, err } = siemc(
      ['compile', 'detections', '-t', 'splunk', '--format', 'json'],
      {
        cwd: project(burst()),
      },
    );
    expect(lines(out).map(({ rule }) => (rule as { title: string }).title)).toEqual(['Burst']);
    expect(err).toContain('"Image deleted" has no query of its own: it is a part of "Burst"');
    expect(code).toBe(0);
  });

  test('can be named by nobody when nobody has that name', () => {
    const cwd = project(burst().replace('image_deleted', 'image_delted'));
    const { code, out } = siemc(['check', 'detections'], { cwd });
    expect(out).toContain(
      'burst.yml:4:11 error There is no rule with the name or id "image_delted".',
    );
    expect(out).toContain('Did you mean "image_deleted"?');
    expect(code).toBe(1);
  });

  test('stops its correlation, not others, when it has errors', () => {
    const cwd = folderOf({
      'a.yml': deleted.replace('eventName', 'eventNam'),
      'b.yml': burst(),
      'c.yml': deleted.replace('1111', '2111').replace('image_deleted', 'other'),
    });
    const { code, out, err } = siemc(['compile', '.', '-t', 'splunk'], { cwd });
    expect(err).toContain('The rule "image_deleted" has errors (a.yml).');
    expect([code, out.includes('eventName="DeregisterImage"')]).toEqual([1, true]);
  });
});

describe('siemc test', () => {
  const cases = `cases:
  - { name: a burst over the hour, expect: 1, events: [${event('+57m')}, ${event('+59m')}, ${event('+67m')}] }
  - { name: two bursts, expect: 2, events: [${event('+0s', 'repeat: 5, every: 1m')}, ${event('+5h', 'repeat: 3, every: 1m')}] }
  - { name: too slow, expect: none, events: [${event('+0s', 'repeat: 9, every: 301s')}] }
  - { name: late records, expect: 1, events: [${event('+0s', 'late: 14m')}, ${event('+1m')}, ${event('+2m', 'late: 3m')}] }
`;

  test('counts alerts, and runs scheduled queries as their SIEM would', () => {
    for (const schedule of ['', 'siemc: { schedule: { every: 5m, delay: 15m } }\n']) {
      const { code, out } = siemc(['test'], { cwd: project(burst(schedule), cases) });
      expect(out).toContain('1 rule, 3 targets, 4 cases, 16 runs: 16 passed');
      expect(code).toBe(0);
    }
  });

  test('fails where the number of alerts is another', () => {
    const wrong = cases.replace('two bursts, expect: 2', 'two bursts, expect: 6');
    const { code, out } = siemc(['test', '-t', 'sentinel'], { cwd: project(burst(), wrong) });
    expect(out).toContain('two bursts: expected 6 alerts, got 2 alerts');
    expect(code).toBe(1);
  });

  test('holds an accepted loss to what the case expects, and says the loss', () => {
    const lossy = burst('siemc: { approximate: { splunk: [window-tumbling] } }\n');
    const cwd = project(lossy, cases);
    const tested = siemc(['test', '-t', 'splunk'], { cwd });
    expect(tested.out).toContain(
      'failed on splunk: a burst over the hour: expected 1 alert, got 0',
    );
    expect(tested.out).toContain('0 diverged');
    const [line] = lines(
      siemc(['compile', 'detections/burst.yml', '-t', 'splunk', '--format', 'json'], { cwd }).out,
    );
    expect(line?.['approximations']).toMatchObject([{ code: 'window-tumbling' }]);
  });
});

test('the manifest says how often a rule runs and how far it looks back', () => {
  const cwd = project(burst('siemc: { schedule: { every: 5m, delay: 15m } }\n'));
  expect(siemc(['build'], { cwd }).code).toBe(0);
  const manifest = lines(readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8'));
  const line = manifest.find(({ rule }) => rule === 'burst');
  // Ten minutes of window, fifteen of delay and two periods.
  expect(line?.['schedule']).toEqual({ every: 300, lookback: 2100 });
});

test('a schedule that a SIEM can not run is refused there', () => {
  const cwd = project(burst('siemc: { schedule: { every: 2m, delay: 15m } }\n'));
  const { code, err } = siemc(['compile', 'detections/burst.yml'], { cwd });
  expect(err).toContain('sentinel/schedule');
  expect(err).not.toContain('splunk/schedule');
  expect(code).toBe(1);
});

describe('siemc query', () => {
  const args = [
    'query',
    '-t',
    'splunk',
    '--source',
    'aws/cloudtrail',
    '--events',
    '-',
    '--format',
    'ndjson',
  ];
  const records = ['11:56', '11:58', '12:04']
    .map(
      (time) =>
        `{"eventName":"DeregisterImage","awsRegion":"eu-west-1","eventTime":"2026-01-15T${time}:00Z"}\n`,
    )
    .join('');
  const schedule = 'siemc: { schedule: { every: 5m, delay: 15m } }\n';

  test('finds what is new, for records have just come in', () => {
    const cwd = folderOf({ 'a.yml': deleted + schedule });
    siemc(['compile', 'a.yml', '-t', 'splunk', '-o', 'out'], { cwd });
    const found = siemc([...args, '--query-file', 'out/splunk/a.spl'], { cwd, input: records });
    expect([found.code, lines(found.out).length]).toEqual([0, 3]);
  });

  test('takes the time of the run', () => {
    const cwd = project(burst(schedule));
    siemc(['compile', 'detections/burst.yml', '-t', 'splunk', '-o', 'out'], { cwd });
    const query = [...args, '--query-file', 'out/splunk/burst.spl'];
    const rows = (...more: string[]): number =>
      lines(siemc([...query, ...more], { cwd, input: records }).out).length;
    // The third deletion, at 12:04, is certain from 12:19 on: the period from 12:00 to 12:05 is told at 12:20.
    expect(rows('--now', '2026-01-15T12:19:59Z')).toBe(0);
    expect(rows('--now', '2026-01-15T12:20:03Z')).toBe(1);
    expect(rows('--now', '2026-01-15T12:25:00Z')).toBe(0);
    const { err } = siemc(query, { cwd, input: records });
    expect(err).toContain('The query asks for the time of the run');
    expect(siemc([...query, '--now', 'noon'], { cwd, input: records })).toMatchObject({ code: 2 });
  });
});

test('--pipeline shows all that a correlation means', () => {
  const aliased = burst('siemc: { entities: { account: actor } }\n')
    .replace('[awsRegion]', '[where, actor]')
    .replace('  timespan', '  aliases: { where: { image_deleted: awsRegion } }\n  timespan')
    .replace('{ gte: 3 }', '{ gte: 3, lt: 9 }');
  const cwd = project(aliased);
  const args = ['compile', 'detections/burst.yml', '-t', 'splunk', '--pipeline'];
  const { err } = siemc(args, { cwd });
  expect(err).toContain('event_count within 600 s, by where, actor');
  expect(err).toContain('when the number of events >= 3 and < 9');
  expect(err).toContain('key where = awsRegion');
  expect(err).toMatch(/entity account = the first of .*userIdentity/);
});
