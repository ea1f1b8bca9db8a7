import { expect, test } from 'vitest';
import { folderOf, goodRule, siemc } from './siemc.ts';

/** A record whose `eventName` comes behind 5,000 bytes, and one where it comes before them. */
function projectWith(record: Readonly<Record<string, string>>): string {
  return folderOf({
    'detections/made.yml': goodRule,
    'detections/made.test.yaml':
      'cases:\n  - { name: made, expect: match, events: [{ $sample: long.json }] }\n' +
      '  - { name: failed, expect: none, events: [{ eventName: CreateImage, errorCode: Denied }] }\n',
    'detections/samples/long.json': JSON.stringify(record),
  });
}

const wanted = { eventSource: 'ec2.amazonaws.com', eventName: 'CreateImage' };
const long = { userAgent: 'x'.repeat(5000) };

test('a field that Splunk may not extract is told, and the case still runs', () => {
  const { err, out, code } = siemc(['test'], { cwd: projectWith({ ...long, ...wanted }) });
  expect(err).toContain('splunk/late-field');
  expect(err).toContain('"eventName" lies beyond the 5,000 bytes');
  expect(out).toContain('8 passed');
  expect(code).toBe(0);
});

test('a long record whose fields come early is fine', () => {
  const { err, code } = siemc(['test'], { cwd: projectWith({ ...wanted, ...long }) });
  expect([code, err]).toEqual([0, '']);
});
