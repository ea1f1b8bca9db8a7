import { describe, expect, test } from 'vitest';
import { folderOf, type Outcome, siemc } from './siemc.ts';

const evidence = 'evidence: assumed, basis: test';
const project = {
  'siemc.config.yml': 'sources: [source.yml]\nmappings: [mappings.yml]\n',
  'source.yml': `name: inhouse/accounts
title: Accounts
match: { product: inhouse, service: accounts }
time: when
precision: second
raw: json
never: [empty, 'null']
fields: { when: {}, action: {}, account: {} }
`,
  'mappings.yml': `target: splunk
source: inhouse/accounts
scope: { macro: siemc_index_inhouse, sourcetype: 'inhouse:accounts' }
variants: [default]
fields:
  when: { path: when, type: text, ${evidence} }
  action: { path: action, type: text, ${evidence} }
  account: { path: account, type: text, ${evidence} }
---
target: sentinel
source: inhouse/accounts
scope: { table: Accounts_CL }
variants: [default]
fields:
  when: { path: TimeGenerated, type: datetime, ${evidence} }
  action: { path: Action, type: string, ${evidence} }
  account: { path: Account, type: string, ${evidence} }
---
target: chronicle
source: inhouse/accounts
scope: { log_type: INHOUSE_ACCOUNTS }
variants: [default]
fields:
  when: { path: metadata.event_timestamp, type: time, ${evidence} }
  action: { path: metadata.product_event_type, type: string, ${evidence} }
  account: { path: target.user.userid, type: string, ${evidence} }
`,
  'detections/new-user-deletes-image.yml': `title: Added
name: added
logsource: { product: inhouse, service: accounts }
detection: { s: { action: Add user }, condition: s }
---
title: Deleted
name: deleted
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: New user deletes an image
id: 7c0f3f0e-4c8e-4a0f-9a53-0d8f0c1b2a34
status: test
description: An image is deregistered by an account that was added shortly before.
level: high
correlation:
  type: temporal_ordered
  rules: [added, deleted]
  group-by: [who]
  timespan: 1h
  aliases:
    who: { added: account, deleted: userIdentity.userName }
`,
  'detections/samples/add.json':
    '{"when":"2026-01-15T12:00:00Z","action":"Add user","account":"eve"}',
};

const added = '{ $sample: add.json, at: +0s, source: inhouse/accounts }';
const deletion = (at: string, who: string): string =>
  `{ $record: { eventName: DeregisterImage, userIdentity: { userName: ${who} } }, source: aws/cloudtrail, at: ${at} }`;

function run(...cases: readonly string[]): Outcome {
  const tests = `cases:\n${cases.map((one) => `  - ${one}\n`).join('')}`;
  const files = { ...project, 'detections/new-user-deletes-image.test.yaml': tests };
  return siemc(['test', '--format', 'json'], { cwd: folderOf(files) });
}

const one = (expected: string, ...events: readonly string[]): string =>
  `{ name: ${events.length} ${expected}, expect: ${expected}, events: [${events.join(', ')}] }`;

describe('a rule over a log of the project and a shipped one', () => {
  test('means the same on every target', () => {
    const { out, err, code } = run(
      one('match', added, deletion('+1h', 'eve')),
      one('none', added, deletion('+3601s', 'eve'), deletion('+5s', 'bob')),
      one('none', deletion('+1h', 'eve')),
    );
    expect(err).toBe('');
    expect(JSON.parse(out).summary).toMatchObject({ cases: 3, runs: 12, passed: 12 });
    expect(code).toBe(0);
  });

  test('an event has to say which log it is of', () => {
    const { err, code } = run(
      one('none', '{ $sample: add.json }'),
      one('match', '{ action: Add user, account: eve }', added),
    );
    expect(err).toContain(`doesn't say which it is of: say "source", one of "inhouse/accounts"`);
    expect(err).toContain('write it as "$record" and say "source" beside it');
    expect(code).toBe(1);
  });

  test('a log that no rule reads is a mistake', () => {
    const { err, code } = run(one('none', '{ $sample: add.json, source: inhouse/account }'));
    expect(err).toContain('not "inhouse/account". Did you mean "inhouse/accounts"?');
    expect(code).toBe(1);
  });

  test('an event is a sample or a record', () => {
    const { err, code } = run(one('none', '{ $sample: add.json, $record: { action: a } }'));
    expect(err).toContain('An event is a "$sample" or a "$record", not both.');
    expect(code).toBe(1);
  });

  test('is shown with both', () => {
    const cwd = folderOf(project);
    const { out } = siemc(['compile', 'detections', '-t', 'splunk', '--format', 'json'], { cwd });
    expect(out).toContain('sourcetype=\\"inhouse:accounts\\"');
    expect(out).toContain('sourcetype=\\"aws:cloudtrail\\"');
  });
});
