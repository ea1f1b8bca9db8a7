import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { readRecords } from '../../src/scaffold/read-records.ts';
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
});
