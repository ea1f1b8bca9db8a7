import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { filesOf } from '../library/own/example.ts';
import { folderOf, siemc } from './siemc.ts';

const kinds = ['event', 'count', 'sequence'];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const sample = (name: string): string => readFileSync(join('detections/samples', name), 'utf8');
const textOf = (cwd: string, path: string): string => readFileSync(join(cwd, path), 'utf8');

/** A rule that was made, and its test. */
function madeIn(cwd: string, path = 'detections/a.yml') {
  const [rule, ...parts] = parseAllDocuments(textOf(cwd, path)).map((one) => one.toJS());
  const { cases } = parse(textOf(cwd, path.replace('.yml', '.test.yaml')));
  return { rule, parts, cases: cases as readonly { name: string; expect: string }[] };
}

/** That check has nothing to say, and that every case holds on every target. */
function expectSound(cwd: string): void {
  const checked = siemc(['check'], { cwd });
  expect(checked.out + checked.err).toMatch(/^check: .* no findings/);
  expect(checked.code).toBe(0);
  const tested = siemc(['test'], { cwd });
  expect(tested.err).toBe('');
  expect(tested.out).toMatch(/ 0 failed, 0 diverged, 0 refused/);
  expect(tested.out).not.toContain('no tests');
  expect(tested.code).toBe(0);
}

/** Cases that match and that don't, at least so many. */
function expectCases(cwd: string, path: string): void {
  const { cases } = madeIn(cwd, path);
  const count = (wanted: string): number =>
    cases.filter(({ expect: given }) => given === wanted).length;
  expect(count('match'), path).toBeGreaterThanOrEqual(2);
  expect(count('none'), path).toBeGreaterThanOrEqual(3);
}

const ownLog = {
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\ntargets: [splunk]\n',
  's.yml': `name: gate/plain
title: Gate
match: { product: gate }
time: when
fields: { when: {}, user: {}, line: {}, open: { type: boolean }, act: { values: [enter, leave] } }
raw: line
forms:
  plain:
    line: '(?P<when>[0-9T:.Z-]+) gate: user=(?P<user>\\S*) act=(?P<act>\\w*)'
    fields: { when: when, user: user, act: act }
    write: '{when} gate: user={user} act={act}'
    example: '2026-01-15T12:00:00Z gate: user=b-12 act=enter'
health: { identity: user, action: act }
`,
  'm.yml': `target: splunk
source: gate/plain
scope: { macro: gate, sourcetype: gate }
variants: [default]
prelude: |
  rex "gate: user=(?<gate_user>[^ ]+)? act=(?<gate_act>[^ ]+)?"
fields:
  when: { path: _time, evidence: observed, basis: ours }
  user: { path: gate_user, evidence: observed, basis: ours }
  act: { path: gate_act, evidence: observed, basis: ours }
  line: { path: _raw, evidence: observed, basis: ours }
`,
};

describe('begun with a log', () => {
  test.for(shippedLogSources().map(({ name }) => name))(
    'a rule of each kind of %s works at once',
    (name) => {
      const cwd = folderOf({});
      for (const kind of kinds) {
        const path = `detections/${kind}.yml`;
        const outcome = siemc(['new', path, '-s', name, '-k', kind], { cwd });
        expect(outcome.out).toContain(`${path} `);
        expect(outcome.code, outcome.err).toBe(0);
        expectCases(cwd, path);
      }
      expectSound(cwd);
    },
  );

  test.for(shippedLogSources().map(({ name }) => name))(
    'the tests of rules of %s notice slips',
    (name) => {
      const cwd = folderOf({});
      for (const kind of kinds)
        siemc(['new', `detections/${kind}.yml`, '-s', name, '-k', kind], { cwd });
      const args = ['test', '--mutate', '--min-score', '94', '--min-rule-score', '93'];
      const outcome = siemc(args, { cwd });
      expect(outcome.code, outcome.out + outcome.err).toBe(0);
      expect(outcome.out).toContain('3 rules, ');
    },
  );

  test('the documentation’s own log works, too', () => {
    const files = Object.entries(filesOf(readFileSync('docs/own-logs.md', 'utf8')));
    const cwd = folderOf(
      Object.fromEntries(files.filter(([path]) => !path.endsWith('.test.yaml'))),
    );
    for (const kind of kinds) {
      const args = ['new', `detections/new/${kind}.yml`, '-s', 'shipyard/audit', '-k', kind];
      const outcome = siemc(args, { cwd });
      expect(outcome.code, outcome.err).toBe(0);
      expect(outcome.err).toContain('taken for it is "action"');
      expectCases(cwd, `detections/new/${kind}.yml`);
    }
    const tested = siemc(['test', 'detections/new'], { cwd });
    expect(tested.out).toMatch(/3 rules, 3 targets, .* 0 failed, 0 diverged, 0 refused/);
    expect(siemc(['check'], { cwd }).err).toMatch(/no findings/);
  });

  test('and so does one of lines, with few values and another health', () => {
    const cwd = folderOf(ownLog);
    for (const kind of kinds) {
      const outcome = siemc(['new', `detections/${kind}.yml`, '-s', 'gate/plain', '-k', kind], {
        cwd,
      });
      expect(outcome.code, outcome.err).toBe(0);
    }
    expectSound(cwd);
    expect(madeIn(cwd, 'detections/sequence.yml').parts).toMatchObject([
      { detection: { selection: { act: 'enter' } } },
      { detection: { selection: { act: 'leave' } } },
    ]);
  });

  test.for([
    ['flags', '{ by: [open], succeeded: { done: true } }'],
    ['numbers', '{ by: [code], succeeded: { done: true } }'],
    ['words', "{ by: [word], succeeded: { result: [ok, fine], 'result|re': '.' } }"],
  ])('and one without examples, of %s', ([, operation]) => {
    const cwd = folderOf({
      'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\ntargets: [splunk]\n',
      's.yml': `name: gate/json
title: Gate
match: { product: gate }
time: when
fields: { when: {}, user: {}, open: { type: boolean }, done: { type: boolean }, code: { type: number }, word: {}, result: {} }
health: { identity: user }
operation: ${operation}
`,
      'm.yml': `target: splunk
source: gate/json
scope: { macro: gate, sourcetype: gate }
variants: [default]
fields: { '*': { path: '*', evidence: observed, basis: ours } }
`,
    });
    for (const kind of kinds) {
      const args = ['new', `detections/${kind}.yml`, '-s', 'gate/json', '-k', kind];
      expect(siemc(args, { cwd })).toMatchObject({ err: '', code: 0 });
    }
    const { selection } = madeIn(cwd, 'detections/event.yml').rule.detection;
    expect(Object.keys(selection).length).toBeGreaterThan(1);
    expectSound(cwd);
  });

  test('says what was asked of it, and who wrote it when', () => {
    const cwd = folderOf({});
    const before = new Date().toISOString().slice(0, 10);
    const title = 'Keys: "*" & \'more\' # for all';
    const args = ['new', 'detections/a.yml', '-s', 'aws/cloudtrail', '--title', title];
    expect(siemc([...args, '--author', 'Ana: & {Ben}'], { cwd }).code).toBe(0);
    const { rule } = madeIn(cwd);
    expect(rule).toMatchObject({
      title,
      author: 'Ana: & {Ben}',
      status: 'experimental',
      level: 'medium',
      logsource: { product: 'aws', service: 'cloudtrail' },
      siemc: { entities: { account: 'actor', ip: 'sourceIPAddress' } },
    });
    expect(rule.id).toMatch(uuid);
    expect([before, new Date().toISOString().slice(0, 10)]).toContain(rule.date);
    expectSound(cwd);
  });

  test('names its targets only where some can’t say it', () => {
    const cwd = folderOf({});
    const outcome = siemc(['new', 'detections/a.yml', '-s', 'vmware/vcenter'], { cwd });
    expect(outcome.err).toContain('Not for chronicle: ');
    expect(madeIn(cwd).rule.siemc.targets).toEqual(['splunk', 'sentinel']);
    expect(siemc(['new', 'detections/b.yml', '-s', 'aws/cloudtrail'], { cwd }).err).toBe('');
    expect(madeIn(cwd, 'detections/b.yml').rule.siemc.targets).toBeUndefined();
  });
});

describe('begun with a record', () => {
  const cases: readonly (readonly [string, string, object, string?])[] = [
    [
      'aws/deregister-image.json',
      'aws/cloudtrail',
      {
        selection: {
          eventSource: 'ec2.amazonaws.com',
          eventName: 'DeregisterImage',
          errorCode: null,
        },
        condition: 'selection',
      },
    ],
    [
      'azure/disk-export.json',
      'azure/activitylogs',
      { selection: { 'status.value': 'Succeeded' } },
    ],
    [
      'azure/add-user.json',
      'azure/auditlogs',
      { selection: { operationName: 'Add user', 'properties.result': 'success' } },
    ],
    [
      'gcp/delete-image.json',
      'gcp/gcp.audit',
      {
        selection: {
          'protoPayload.serviceName': 'compute.googleapis.com',
          'protoPayload.methodName|endswith': 'compute.images.delete',
          'protoPayload.authorizationInfo.granted': true,
        },
        filter_main_failed: { 'protoPayload.status.code|re': '^[1-9]' },
      },
    ],
    [
      'vsphere/vm-removed.txt',
      'vmware/vcenter',
      { selection: { eventClass: 'VmRemovedEvent' }, condition: 'selection' },
    ],
    [
      'vsphere/task-export-ovf.txt',
      'vmware/vcenter',
      { selection: { eventClass: 'TaskEvent', FullFormattedMessage: 'Task: Export OVF template' } },
    ],
    ['vsphere/library-item-deleted.json', 'vmware/vcenter', {}],
  ];
  test.for(cases)('%s is known as one of %s', ([name, source, detection]) => {
    const cwd = folderOf({ 'record.txt': sample(name) });
    const outcome = siemc(['new', 'detections/a.yml', '--event', 'record.txt'], { cwd });
    expect(outcome.err).toContain(`(${source}).`);
    expect(outcome.out).toContain('take out secrets and real accounts');
    expect(outcome.code).toBe(0);
    const { rule } = madeIn(cwd);
    expect(rule.detection).toMatchObject(detection);
    expectCases(cwd, 'detections/a.yml');
    const [kept = ''] = readdirSync(join(cwd, 'detections/samples', source));
    const given = sample(name);
    const written = textOf(cwd, `detections/samples/${source}/${kept}`);
    if (kept.endsWith('.json')) expect(JSON.parse(written)).toEqual(JSON.parse(given));
    else expect(written).toBe(given);
    expectSound(cwd);
  });

  test('in another shape of its log is tested in that shape', () => {
    const record = {
      time: '2026-01-15T12:00:00Z',
      resourceId: '/subscriptions/a/resourceGroups/web/providers/Microsoft.Compute/disks/d',
      operationName: 'MICROSOFT.COMPUTE/DISKS/DELETE',
      category: 'Administrative',
      resultType: 'Success',
      callerIpAddress: '203.0.113.40',
      correlationId: 'c',
      identity: { authorization: { evidence: { principalId: 'ana' } } },
    };
    const cwd = folderOf({ record: JSON.stringify(record) });
    const outcome = siemc(['new', 'detections/a.yml', '-e', 'record'], { cwd });
    expect(outcome.err).toContain('(azure/activitylogs).');
    expect(madeIn(cwd).rule.detection.selection).toEqual({
      'operationName.value': 'MICROSOFT.COMPUTE/DISKS/DELETE',
      'status.value': 'Succeeded',
    });
    const test = textOf(cwd, 'detections/a.test.yaml');
    for (const change of [
      '{ operationName: SomethingElse }',
      '{ resultType: Failed }',
      '[ resultType ]',
    ])
      expect(test).toContain(change);
    expectCases(cwd, 'detections/a.yml');
    expectSound(cwd);
  });

  test('fails the tests as soon as a condition is gone', () => {
    const cwd = folderOf({ 'record.json': sample('gcp/delete-image.json') });
    siemc(['new', 'detections/a.yml', '-e', 'record.json'], { cwd });
    const whole = textOf(cwd, 'detections/a.yml');
    const lines = whole.split('\n').filter((line) => /^ {8}protoPayload/.test(line));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [key = ''] = line.trim().split(': ');
      const text = key.includes('status')
        ? whole
            .replace(' and not filter_main_failed', '')
            .replace(/ {4}filter_main_failed:\n.*\n/, '')
        : whole.replace(`${line}\n`, '');
      const broken = folderOf({
        'detections/a.yml': text,
        'detections/a.test.yaml': textOf(cwd, 'detections/a.test.yaml'),
        'detections/samples/gcp/gcp.audit/a.json': sample('gcp/delete-image.json'),
      });
      const outcome = siemc(['test'], { cwd: broken });
      expect(outcome.out, key).toMatch(/failed on sigma/);
      expect(outcome.code).toBe(1);
    }
  });

  test('of what failed asks nothing of success', () => {
    const cwd = folderOf({ 'record.json': sample('gcp/delete-image-denied.json') });
    const outcome = siemc(['new', 'detections/a.yml', '-e', 'record.json'], { cwd });
    expect(outcome.err).toContain('asks nothing of success');
    expect(Object.keys(madeIn(cwd).rule.detection.selection)).toEqual([
      'protoPayload.serviceName',
      'protoPayload.methodName|endswith',
    ]);
    expectSound(cwd);
  });

  test('of a sequence asks success of each that tells of it', () => {
    const [good = '', bad = ''] = ['gcp/insert-image.json', 'gcp/delete-image-denied.json'].map(
      sample,
    );
    for (const [records, wanted, told] of [
      [[good, bad], [true, false], 'The second record is of what failed'],
      [[bad, good], [false, true], 'The first record is of what failed'],
      [[bad, good.replace('"granted": true', '"granted": false')], [false, false], 'Both records'],
    ] as const) {
      const cwd = folderOf({ 'record.json': `[${records.join(',')}]` });
      const args = ['new', 'detections/a.yml', '-e', 'record.json', '-k', 'sequence'];
      const outcome = siemc(args, { cwd });
      expect(outcome.code, outcome.err).toBe(0);
      expect(outcome.err).toContain(told);
      const asks = madeIn(cwd).parts.map(
        ({ detection }) => detection.selection['protoPayload.authorizationInfo.granted'] === true,
      );
      expect(asks).toEqual(wanted);
      expectSound(cwd);
    }
  });

  test('of a failed sign-in without a code asks nothing of success', () => {
    const record = {
      eventTime: '2026-01-15T12:00:00Z',
      eventID: '1',
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      errorMessage: 'Failed authentication',
      responseElements: { ConsoleLogin: 'Failure' },
    };
    const cwd = folderOf({ record: JSON.stringify(record) });
    const outcome = siemc(['new', 'detections/a.yml', '-e', 'record'], { cwd });
    expect(outcome.err).toContain('asks nothing of success');
    expect(madeIn(cwd).rule.detection.selection).toEqual({
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
    });
    expectSound(cwd);
  });

  test('keeps wildcards, backslashes, big numbers and odd words as they are', () => {
    const record = {
      eventTime: '2026-01-15T12:00:00Z',
      eventID: '1',
      eventSource: 'yes',
      eventName: 'a*b?c\\*d\\\\e: # "f" \'g\' %h%',
      requestParameters: { size: 'BIG' },
    };
    const text = JSON.stringify(record).replace('"BIG"', '12345678901234567890');
    const cwd = folderOf({});
    const args = ['new', 'detections/a.yml', '--event', '-', '--source', 'aws/cloudtrail'];
    const outcome = siemc(args, { cwd, input: text });
    expect(outcome.code, outcome.err).toBe(0);
    expect(textOf(cwd, 'detections/samples/aws/cloudtrail/a.json')).toContain(
      '12345678901234567890',
    );
    expect(textOf(cwd, 'detections/a.yml')).toContain("eventSource: 'yes'");
    expectSound(cwd);
  });

  test('takes the first of several, or the first two for a sequence', () => {
    const all = ['aws/create-image.json', 'aws/deregister-image.json', 'aws/stop-logging.json'];
    const records = all.map((name) => JSON.parse(sample(name)));
    const cwd = folderOf({
      'array.json': JSON.stringify(records),
      'lines.jsonl': records.map((one) => `${JSON.stringify(one)}\r\n`).join(''),
    });
    const one = siemc(['new', 'detections/a.yml', '-e', 'array.json'], { cwd });
    expect(one.err).toContain('"array.json" holds 3 records: the rule is of the first.');
    expect(madeIn(cwd).rule.detection.selection.eventName).toBe('CreateImage');
    const args = ['new', 'detections/b.yml', '-e', 'lines.jsonl', '-k', 'sequence'];
    const two = siemc(args, { cwd });
    expect(two.err).toContain('the rule is of the first two.');
    expect(two.code).toBe(0);
    expectSound(cwd);
  });
});

describe('is refused in one line, and writes nothing', () => {
  const good = sample('aws/deregister-image.json');
  const event = ['-e', 'record'];
  const cases: readonly (readonly [string, readonly string[], string, string])[] = [
    [
      'no beginning',
      ['detections/a.yml'],
      '',
      'new needs --event, a record to begin with, or --source',
    ],
    [
      'an unknown log',
      ['detections/a.yml', '-s', 'aws/cloudtrial'],
      '',
      'Did you mean "aws/cloudtrail"?',
    ],
    ['no rule file', ['detections/a.txt', '-s', 'aws/cloudtrail'], '', 'its name ends in .yml'],
    [
      'a test file',
      ['detections/a.test.yaml', '-s', 'aws/cloudtrail'],
      '',
      'its name ends in .yml',
    ],
    [
      'an empty title',
      ['detections/a.yml', '-s', 'aws/cloudtrail', '--title', ' '],
      '',
      '--title needs a text.',
    ],
    [
      'a title that is too long',
      ['detections/a.yml', '-s', 'aws/cloudtrail', '--title', 'x'.repeat(300)],
      '',
      'No rule can be made: ',
    ],
    [
      'no such file',
      ['detections/a.yml', '-e', 'nowhere'],
      '',
      '"nowhere": It can\'t be read: there is no such file.',
    ],
    ['an empty file', ['detections/a.yml', ...event], ' \n', '"record": it holds no record.'],
    ['a number', ['detections/a.yml', ...event], '[1]', '"record": it holds no record.'],
    [
      'a record that nobody knows',
      ['detections/a.yml', ...event],
      '{"a":1}',
      'no log source knows the record. Name its own with --source, one of aws/cloudtrail',
    ],
    [
      'a line that nobody knows',
      ['detections/a.yml', ...event],
      'hello',
      'no log source knows the record.',
    ],
    [
      'a record of another log',
      ['detections/a.yml', ...event, '-s', 'gcp/gcp.audit'],
      good,
      'none of the fields that tell what was done: "protoPayload.serviceName", "protoPayload.methodName".',
    ],
    [
      'a line of another log',
      ['detections/a.yml', ...event, '-s', 'vmware/vcenter'],
      'hello',
      'No form of VMware vCenter reads the text "hello".',
    ],
    [
      'one record for a sequence',
      ['detections/a.yml', ...event, '-k', 'sequence'],
      good,
      'a sequence needs two: the one, then the other.',
    ],
    [
      'one record twice',
      ['detections/a.yml', ...event, '-k', 'sequence'],
      `[${good},${good}]`,
      'The two records tell the same: a sequence needs the one, then the other.',
    ],
    [
      'two that a rule takes for one',
      ['detections/a.yml', ...event, '-k', 'sequence'],
      `[${sample('gcp/delete-image.json')},${sample('gcp/delete-image.json').replace('v1.compute.images', 'beta.compute.IMAGES')}]`,
      'The two records tell the same: a sequence needs the one, then the other.',
    ],
    [
      'a field that tells nothing by itself',
      ['detections/a.yml', ...event, '-s', 'vmware/vcenter'],
      '{"CreatedTime":"2026-01-15T12:00:00Z","FullFormattedMessage":"Task: Export"}',
      '"EventTypeId"; "FullFormattedMessage" tells it only where "eventClass" is "TaskEvent".',
    ],
    [
      'too large a record',
      ['detections/a.yml', ...event],
      good.replace('{', `{"padding":"${'x'.repeat(17 * 1024 * 1024)}",`),
      'The record is too large: a sample has at most 16 MiB.',
    ],
    ['broken JSON', ['detections/a.yml', ...event], good.slice(0, -9), "it isn't valid JSON."],
    ['several lines in one', ['detections/a.yml', ...event], '["a\\nb"]', 'has several lines.'],
    ['a pattern', ['detections/a*.yml', ...event], good, '"*" and "?" stand for other names'],
    [
      'deep nesting',
      ['detections/a.yml', ...event],
      `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`,
      'nests more than 200 levels deep.',
    ],
  ];
  test.for(cases)('%s', ([, args, record, message]) => {
    const cwd = folderOf({ record });
    const outcome = siemc(['new', ...args], { cwd });
    const last = outcome.err.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^siemc: /);
    expect(last).toContain(message);
    expect(outcome.err).not.toMatch(/\n\s+at /);
    expect(outcome.code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['record']);
  });

  test('a record that two logs know as well', () => {
    const declared = 'time: when\nfields: { when: {}, act: {} }\n';
    const cwd = folderOf({
      'siemc.config.yml': 'sources: [a.yml, b.yml]\n',
      'a.yml': `name: x/a\ntitle: A\nmatch: { product: a }\n${declared}`,
      'b.yml': `name: x/b\ntitle: B\nmatch: { product: b }\n${declared}`,
      record: '{"when":"2026-01-15T12:00:00Z","act":"go"}',
    });
    const outcome = siemc(['new', 'detections/a.yml', '-e', 'record'], { cwd });
    expect(outcome.err).toBe(
      'siemc: "record": the record may be of x/a or x/b: say which with --source.\n',
    );
    expect(outcome.code).toBe(2);
  });

  test('a log that no target has', () => {
    const cwd = folderOf({
      'siemc.config.yml': 'sources: [a.yml]\n',
      'a.yml':
        'name: x/a\ntitle: A\nmatch: { product: a }\ntime: when\nfields: { when: {}, act: {} }\n',
    });
    const outcome = siemc(['new', 'detections/a.yml', '-s', 'x/a'], { cwd });
    expect(outcome.err).toContain(
      'No rule can be made: no target of the project can say it. splunk: ',
    );
    expect(outcome.code).toBe(2);
    expect(existsSync(join(cwd, 'detections'))).toBe(false);
  });

  test.for([
    'detections/a.yml',
    'detections/a.yaml',
    'detections/a.test.yaml',
    'detections/samples/aws/cloudtrail/a.json',
  ])('what would overwrite %s', (path) => {
    const cwd = folderOf({ [path]: 'mine' });
    const outcome = siemc(['new', 'detections/a.yml', '-s', 'aws/cloudtrail'], { cwd });
    expect(outcome.err).toBe(
      `siemc: new overwrites nothing, and "${path}" is there already: nothing is written.\n`,
    );
    expect(outcome.code).toBe(2);
    expect(textOf(cwd, path)).toBe('mine');
    const files = readdirSync(cwd, { recursive: true, withFileTypes: true });
    expect(files.filter((one) => one.isFile())).toHaveLength(1);
  });
});

test('a rule elsewhere than in the folder of the detections is told', () => {
  const cwd = folderOf({});
  const outcome = siemc(['new', 'rules/a.yml', '-q', '-s', 'aws/cloudtrail'], { cwd });
  expect(outcome).toMatchObject({
    out: 'rules/a.yml\nrules/a.test.yaml\ndetections/samples/aws/cloudtrail/a.json\n',
    err: '',
    code: 0,
  });
  const told = siemc(['new', 'rules/b.yml', '-s', 'aws/cloudtrail'], { cwd });
  expect(told.err).toContain('The rule lies outside of detections/');
});
