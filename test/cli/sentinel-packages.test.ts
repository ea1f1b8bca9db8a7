import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTemplate } from '../support/arm.ts';
import { folderOf, goodRule, siemc } from './siemc.ts';

const rule = `${goodRule.replace('status: test', 'status: test\nname: created')}siemc:
  schedule: { every: 5m, delay: 15m }
  entities: { account: actor }
`;
const listed = `title: Image created by somebody new
id: 21111111-2222-4333-8444-555555555555
logsource: { product: aws, service: cloudtrail }
detection:
  made: { eventName: CreateImage }
  known: { userIdentity.arn|expand: '%builders%' }
  condition: made and not known
`;
const config = (settings: string): string => `detections: rules
targets: [sentinel, chronicle]
destinations:
  soc: { target: sentinel, package: ${settings} }
  secops: { target: chronicle }
`;
const files = (settings: string): Readonly<Record<string, string>> => ({
  'siemc.config.yml': config(settings),
  'rules/created.yml': rule,
  'rules/listed.yml': listed,
  'rules/lists/builders.txt': '# kind: string\narn:aws:iam::111122223333:user/a,b\n',
});

test('a build writes analytics rules and lists of a destination, and keeps them', () => {
  const folder = folderOf(files('{ createIncident: false }'));
  const { code, err } = siemc(['build'], { cwd: folder });
  expect([code, err]).toEqual([0, expect.any(String)]);
  const below = (path: string): readonly string[] =>
    readdirSync(join(folder, 'dist-rules', path), { recursive: true, encoding: 'utf8' }).sort();
  expect(below('soc')).toEqual([
    'created.arm.json',
    'created.kql',
    'created.yaml',
    'health',
    'health/aws-cloudtrail.kql',
    'listed.kql',
    'watchlists',
    'watchlists/builders.arm.json',
    'watchlists/builders.csv',
  ]);
  expect(below('secops/reference_lists')).toEqual(['builders.json', 'builders.txt']);
  const read = (path: string): string => readFileSync(join(folder, 'dist-rules', path), 'utf8');
  expect(readTemplate(read('soc/created.arm.json'))).toMatchObject({
    properties: {
      query: read('soc/created.kql').trimEnd(),
      incidentConfiguration: { createIncident: false },
    },
  });
  expect(read('soc/watchlists/builders.csv')).toBe('value\n"arn:aws:iam::111122223333:user/a,b"\n');
  expect(siemc(['build', '--check'], { cwd: folder }).code).toBe(0);
});

test('settings that are none are told where they stand', () => {
  const folder = folderOf(files('{ createIncidents: false, enabled: 1 }'));
  const { code, err } = siemc(['build'], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toMatch(/siemc\.config\.yml:4:\d+[^\n]*config\/package/);
  expect(err).toContain('Microsoft Sentinel has no setting "createIncidents".');
  expect(err).toContain('Did you mean "createIncident"?');
  expect(err).toContain('"enabled" is true or false.');
});

test('what an analytics rule can not have is told at the line of the rule', () => {
  const long = rule.replace('{ account: actor }', '{ account: actor, "the region": awsRegion }');
  const folder = folderOf({ ...files('{}'), 'rules/created.yml': long });
  const { code, err } = siemc(['build'], { cwd: folder });
  expect(code).toBe(1);
  expect(err).toMatch(/rules\/created\.yml:16:\d+[^\n]*sentinel\/output-name/);
});

test('lists that kept queries name stay, whatever else can not be built', () => {
  const folder = folderOf({ ...files('{}'), 'rules/lists/hosts.txt': '# kind: string\na\n' });
  const fill = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const listsOf = (path: string): readonly string[] =>
    readdirSync(join(folder, 'dist-rules', path), { encoding: 'utf8' }).sort();
  expect(siemc(['build'], { cwd: folder }).code).toBe(0);
  // Not one rule can be built.
  fill('rules/created.yml', rule.replace('condition: ', 'condition: not and '));
  fill('rules/listed.yml', listed.replace('made and', 'made andx'));
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(listsOf('soc/watchlists')).toEqual(['builders.arm.json', 'builders.csv']);
  expect(listsOf('secops/reference_lists')).toEqual(['builders.json', 'builders.txt']);
  // The list itself is gone; the rule that doesn't name it is built again.
  fill('rules/created.yml', rule);
  fill('rules/listed.yml', listed);
  rmSync(join(folder, 'rules/lists/builders.txt'));
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(listsOf('soc/watchlists')).toContain('builders.csv');
  expect(listsOf('secops/reference_lists')).toContain('builders.json');
  rmSync(join(folder, 'rules/listed.yml'));
  expect(siemc(['build'], { cwd: folder }).code).toBe(0);
  expect(listsOf('soc')).toEqual(['created.arm.json', 'created.kql', 'created.yaml', 'health']);
});

test('a rule that nobody should run does not run', () => {
  const folder = folderOf({
    ...files('{}'),
    'rules/created.yml': rule.replace('status: test', 'status: deprecated'),
  });
  expect(siemc(['build'], { cwd: folder }).code).toBe(0);
  const text = readFileSync(join(folder, 'dist-rules/soc/created.arm.json'), 'utf8');
  expect(readTemplate(text)).toMatchObject({ properties: { enabled: false } });
});

test('rules of one title without ids are two analytics rules', () => {
  const nameless = rule.replace(/^(?:id|name): .*\n/gm, '');
  const folder = folderOf({
    ...files('{}'),
    'rules/a.yml': nameless,
    'rules/b.yml': nameless.replace('CreateImage', 'CopyImage'),
  });
  siemc(['build'], { cwd: folder });
  const nameOf = (stem: string): unknown =>
    readTemplate(readFileSync(join(folder, `dist-rules/soc/${stem}.arm.json`), 'utf8'))['name'];
  expect(new Set(['a', 'b', 'created'].map(nameOf)).size).toBe(3);
});

test('a column that alerts are grouped by takes no key of another detail', () => {
  const grouping = `---
title: Images of one region
id: 31111111-2222-4333-8444-555555555555
correlation:
  type: event_count
  rules: [created]
  group-by: [a_very_long_output_name_here]
  aliases: { a_very_long_output_name_here: { created: awsRegion } }
  timespan: 1h
  condition: { gte: 3 }
siemc:
  targets: [sentinel]
  schedule: { every: 1h, delay: 15m }
  suppress: { for: 2h, by: [a_very_long_output_name_here] }
  details: { a_very_long_output_name_herf: userAgent }
`;
  const folder = folderOf({ ...files('{}'), 'rules/grouped.yml': grouping });
  const { code, err } = siemc(['build'], { cwd: folder });
  expect([code, err]).toEqual([1, expect.stringContaining('sentinel/output-name')]);
});

test('words that objects have of themselves are tags and names like others', () => {
  const folder = folderOf({
    ...files('{}'),
    'rules/created.yml': rule
      .replace('siemc:', 'tags: [attack.constructor, attack.execution]\nsiemc:')
      .replace('account: actor', 'constructor: actor'),
  });
  const { code, err } = siemc(['build'], { cwd: folder });
  expect([code, err]).toEqual([0, expect.any(String)]);
  const text = readFileSync(join(folder, 'dist-rules/soc/created.arm.json'), 'utf8');
  expect(readTemplate(text)).toMatchObject({
    properties: { tactics: ['Execution'], customDetails: { constructor: 'constructor' } },
  });
});
