import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { readRecords, sampleText } from '../../src/scaffold/read-records.ts';
import { sourcesFor } from '../../src/scaffold/recognise.ts';

const sources = shippedLogSources();
const folder = 'detections/samples';
const sourceOf: Readonly<Record<string, string>> = {
  aws: 'aws/cloudtrail',
  azure: 'azure/activitylogs',
  gcp: 'gcp/gcp.audit',
  vsphere: 'vmware/vcenter',
};
const directory = ['azure/add-user.json', 'azure/add-service-principal.json'];

/** The names of the log sources that the first record of a text may be of. */
function namesOf(text: string): readonly string[] {
  const records = readRecords(text);
  if ('problem' in records) throw new Error(records.problem);
  return records
    .slice(0, 1)
    .flatMap((record) => sourcesFor(record, sources).map(({ name }) => name));
}

describe('a record', () => {
  test('of the shipped samples is known as one of its own log only', () => {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /\.(json|txt)$/.test(path));
    expect(paths.length).toBeGreaterThan(100);
    for (const path of paths) {
      const wanted = directory.includes(path)
        ? 'azure/auditlogs'
        : sourceOf[path.split('/', 1)[0] ?? ''];
      expect(namesOf(readFileSync(join(folder, path), 'utf8')), path).toEqual([wanted]);
    }
  });

  test('in another shape is known by it', () => {
    const hub = {
      time: '2026-01-15T12:00:00Z',
      resourceId: '/subscriptions/a/resourceGroups/web/providers/Microsoft.Compute/disks/d',
      operationName: 'MICROSOFT.COMPUTE/DISKS/DELETE',
      operationVersion: '2021-12-01',
      category: 'Administrative',
      resultType: 'Success',
      callerIpAddress: '203.0.113.40',
      correlationId: 'c',
    };
    expect(namesOf(JSON.stringify(hub))).toEqual(['azure/activitylogs']);
    const audit = JSON.parse(readFileSync(join(folder, 'gcp/delete-image.json'), 'utf8'));
    expect(namesOf(JSON.stringify({ data: audit }))).toEqual(['gcp/gcp.audit']);
  });

  const azure = {
    time: '2026-01-15T12:00:00Z',
    resourceId: '/X',
    operationName: 'SecretGet',
    category: 'AuditEvent',
    resultType: 'Success',
    callerIpAddress: '203.0.113.40',
    correlationId: 'c',
    properties: {},
  };
  test.for([
    [{}, []],
    [{ category: 'SignInLogs', operationName: 'Sign-in activity', resultType: '0' }, []],
    [{ category: 'administrative', operationName: 'A/B/WRITE' }, ['azure/activitylogs']],
    [{ category: '', operationName: 'A/B/WRITE' }, ['azure/activitylogs']],
    [
      { category: 'AuditLogs', resultType: '', properties: { result: 'failure' } },
      ['azure/auditlogs'],
    ],
  ] as const)('of another log of one shape is told by its category: %j', ([change, names]) => {
    expect(namesOf(JSON.stringify({ ...azure, ...change }))).toEqual(names);
  });

  test('that tells only where another field says so is of none', () => {
    const record = { CreatedTime: '2026-01-15T12:00:00Z', FullFormattedMessage: 'Task: Export' };
    expect(namesOf(JSON.stringify(record))).toEqual([]);
  });

  test.for(['{}', '{"eventName":"CreateImage"}', '{"eventTime":"2026-01-15T12:00:00Z"}', 'a line'])(
    'that lacks its time or what was done is of none: %s',
    (text) => {
      expect(namesOf(text)).toEqual([]);
    },
  );
});

test('a text holds records, or says why not', () => {
  expect(readRecords('[{"a":1},"b"]')).toEqual([{ a: 1 }, 'b']);
  expect(readRecords('{"a":1}\n\n{"a":2}\r\n1 b\n')).toEqual([{ a: 1 }, { a: 2 }, '1 b']);
  expect(readRecords('[1,{}]')).toEqual({ problem: 'not all of its entries are records' });
  expect(readRecords('[]')).toEqual({ problem: 'it holds no record' });
  expect(readRecords('["a\\r\\n","b\\n"]')).toEqual(['a', 'b']);
  expect(readRecords('["a\\nb"]')).toEqual({ problem: 'the text "a" has several lines' });
  expect(readRecords('["{a"]')).toEqual({ problem: '"{a" isn\'t valid JSON' });
  expect(readRecords('{"a":1e400}')).toEqual({
    problem: 'a number in it is too large to be kept as it is',
  });
  expect(readRecords('[2026-01-15] b')).toEqual(['[2026-01-15] b']);
});

test.for([
  ['{\n  "a": 1,\n}', "it isn't valid JSON"],
  ['[{"a":1},', "it isn't valid JSON"],
  ['{"a":1}\n{"a":', `its line "{"a":" isn't valid JSON`],
])('broken JSON is no line: %j', ([text = '', problem]) => {
  expect(readRecords(text)).toEqual({ problem });
});

test('files of CloudTrail and events of EventBridge hold records', () => {
  const [a, b] = [{ a: 1 }, { b: 2 }];
  expect(readRecords(JSON.stringify({ Records: [a, b] }))).toEqual([a, b]);
  expect(readRecords(JSON.stringify({ detail: a }))).toEqual([a]);
  const event = { 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.ec2', detail: a };
  expect(readRecords(JSON.stringify(event))).toEqual([a]);
  const other = { 'detail-type': 'Gate opened', detail: a };
  expect(readRecords(JSON.stringify([other, { Records: [], c: 1 }]))).toEqual([
    other,
    { Records: [], c: 1 },
  ]);
});

test('a sample says what the record does', () => {
  const record = { a: '\u00007\u0000', b: '~int~7', c: 12345678901234567890n };
  const text = sampleText(record);
  expect(readRecords(text)).toEqual([record]);
  expect(text).toContain('12345678901234567890');
});
