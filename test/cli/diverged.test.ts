import { expect, test } from 'vitest';
import { folderOf, goodRule, siemc } from './siemc.ts';

/** A backend that is wrong on purpose: its query hits the first event, whatever that is. */
const liar = `export const liar = {
  id: 'liar', title: 'Liar', language: 'none', extension: 'txt',
  capabilities: { correlations: [] }, switches: [],
  fields: [{ path: 'aws-cloudtrail', document: {
    source: 'aws/cloudtrail', scope: { table: 't' }, variants: ['default'],
    fields: { '*': { path: '*', evidence: 'assumed', basis: 'invented' } } } }],
  forgets: () => [],
  compile: () => 'the first',
  format: (text) => text,
  prepare: () => () => ({ columns: [], rows: [[]], hits: [0], assumptions: [] }),
  layout: (record) => record,
};
`;

test('as many alerts on other events are a divergence', () => {
  const cwd = folderOf({
    'siemc.config.yml': 'backends: [./liar.mjs]\ntargets: [liar]\n',
    'liar.mjs': liar,
    'detections/made.yml': goodRule,
    'detections/made.test.yaml': `cases:
  - name: the second of two
    expect: 1
    events:
      - { eventSource: ec2.amazonaws.com, eventName: CopyImage }
      - { eventSource: ec2.amazonaws.com, eventName: CreateImage }
`,
  });
  const { out, code } = siemc(['test'], { cwd });
  expect(out).toContain('diverged on liar');
  expect(out).toContain('by other hits (events 0 instead of 1)');
  expect(code).toBe(1);
});
