import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

interface Found {
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

function project(files: Readonly<Record<string, string>>): string {
  return folderOf({
    '.git/HEAD': '',
    'siemc.config.yml': 'targets: [splunk]\n',
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`detections/${path}`, text]),
    ),
  });
}

/** What `siemc test` says of fields: lines and messages. */
function untested(files: Readonly<Record<string, string>>): readonly string[] {
  const { err } = siemc(['test'], { cwd: project(files) });
  return err.split('\n').flatMap((line) => {
    const found = /:(\d+):\d+ warning (.*) test\/uncovered-field$/.exec(line);
    return found === null ? [] : [`${found[1]}: ${found[2]}`];
  });
}

/** What `siemc check` says of fields that never are there. */
function neverThere(rule: string): readonly Pick<Found, 'line' | 'message'>[] {
  const { out } = siemc(['check', '--format', 'json'], { cwd: project({ 'rule.yml': rule }) });
  const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Found[] };
  return diagnostics
    .filter(({ code }) => code === 'lint/never-there')
    .map(({ line, message }) => ({ line, message }));
}

const head = `title: Trail stopped
status: test
logsource: { product: aws, service: cloudtrail }
detection:
`;
const stopped = `cases:
  - name: stopped
    expect: match
    events: [{ eventName: StopLogging, userIdentity: { arn: a } }]
`;

describe('siemc test tells of fields that no event has', () => {
  test('in a test, once however many values it has, and in what the rule shows', () => {
    const rule = `${head}  selection: { eventName: StopLogging }
  filter: { requestParameters.nmae: [a, b, c] }
  condition: selection and not filter
siemc:
  entities: { account: actor }
  details: { region: awsRegion }
`;
    expect(untested({ 'rule.yml': rule, 'rule.test.yaml': stopped })).toEqual([
      '6: No event of the tests has "requestParameters.nmae", which the rule reads.',
      '10: No event of the tests has "awsRegion", which the rule reads.',
    ]);
  });

  test('in what a correlation joins, counts and shows, and in its parts', () => {
    const rule = `title: Many
id: 11111111-2222-4333-8444-555555555555
status: test
correlation:
  type: value_count
  rules: [stop]
  group-by: [recipientAccountId]
  timespan: 10m
  condition: { gte: 1, field: sourceIPAddress }
siemc:
  details: { region: awsRegion, name: eventName }
---
${head.replace('status', 'name: stop\nstatus')}  selection: { eventName: StopLogging, errorCode: null }
  condition: selection
`;
    const tests = stopped
      .replace('match', 'none')
      .replace('[{ ', '[{ $record: { ')
      .replace(' }]', ' }, at: +0s }]');
    expect(untested({ 'rule.yml': rule, 'rule.test.yaml': tests })).toEqual([
      '7: No event of the tests has "recipientAccountId", which the rule reads.',
      '9: No event of the tests has "sourceIPAddress", which the rule reads.',
      '11: No event of the tests has "awsRegion", which the rule reads.',
      '18: No event of the tests has "errorCode", which the rule reads.',
    ]);
  });

  test('but not of a derived field of which an event has one, nor of filters in other files', () => {
    const rule = `${head}  selection: { eventName: StopLogging, actor|contains: a }
  condition: selection
`;
    const filter = `title: Robots
logsource: { product: aws }
filter:
  rules: any
  robots: { userAgent: [robot, crawler] }
  condition: not robots
`;
    expect(untested({ 'rule.yml': rule, 'rule.test.yaml': stopped, 'filter.yml': filter })).toEqual(
      [],
    );
  });

  test('unless the rule ignores it with a reason', () => {
    const rule = `${head}  selection: { eventName: StopLogging }
  condition: selection
siemc:
  details: { region: awsRegion }
  ignore:
    test/uncovered-field: the sample of the vendor lacks it
`;
    expect(untested({ 'rule.yml': rule, 'rule.test.yaml': stopped })).toEqual([]);
  });
});

describe('siemc check tells of fields that the log source has in other events only', () => {
  const image = 'requestParameters.launchPermission.add.items.group';
  const snapshot = 'requestParameters.createVolumePermission.add.items.group';

  test('in a test: the field that makes the rule impossible', () => {
    const rule = `${head}  selection:
    eventName: ModifyImageAttribute
    ${image}: all
    ${snapshot}: all
  condition: selection
`;
    expect(neverThere(rule)).toEqual([
      {
        line: 8,
        message: `No event can match the rule: AWS CloudTrail has "${snapshot}" only where "eventName" is "ModifySnapshotAttribute".`,
      },
    ]);
  });

  test('in what the rule shows, and not where one of its events may have it', () => {
    const rule = (names: string): string => `${head}  selection: { eventName: ${names} }
  condition: selection
siemc:
  details: { group: ${image} }
`;
    expect(neverThere(rule('ModifySnapshotAttribute')).map(({ line }) => line)).toEqual([8]);
    expect(neverThere(rule('[ModifySnapshotAttribute, ModifyImageAttribute]'))).toEqual([]);
  });
});
