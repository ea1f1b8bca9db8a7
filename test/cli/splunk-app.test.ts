import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfFile } from '../support/read-conf.ts';
import { folderOf, siemc } from './siemc.ts';

function rule(title: string, id: string, eventName: string): string {
  return `title: ${title}
id: ${id}
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ${eventName}, userIdentity.arn|expand: '%builders%' }, condition: s }
level: low
siemc: { targets: [splunk], version: 1.0.0, schedule: { every: 1h, delay: 15m } }
`;
}

const made = rule('Image made', '11111111-2222-4333-8444-555555555555', 'CreateImage');
const copied = rule('Image copied', '22222222-2222-4333-8444-555555555555', 'CopyImage');

function projectOf(config: string): string {
  return folderOf({
    'siemc.config.yml': config,
    'detections/made.yml': made,
    'detections/aws/copied.yml': copied,
    'detections/lists/builders.txt': '# kind: string\nana@example.com\n',
  });
}

const emea = `targets: [splunk]
destinations:
  splunk-emea:
    target: splunk
    package: { app: our_rules, label: Ours, enterpriseSecurity: true, indexes: { aws/cloudtrail: [aws_emea] } }
`;

function stanzasIn(folder: string, path: string): ReturnType<typeof readConfFile> {
  return readConfFile(readFileSync(join(folder, 'dist-rules/splunk-emea/app', path), 'utf8'));
}

test('build writes an app for a destination, and keeps the search of a rule that has errors now', () => {
  const folder = projectOf(emea);
  const first = siemc(['build'], { cwd: folder });
  expect([first.code, first.err]).toEqual([0, expect.any(String)]);
  const searches = stanzasIn(folder, 'default/savedsearches.conf');
  expect(searches.map(({ title }) => title)).toEqual([
    'Ours - Image copied - Rule',
    'Ours - Image made - Rule',
  ]);
  expect(searches.map(({ entries }) => entries.get('action.siemc.path'))).toEqual([
    'aws/copied',
    'made',
  ]);
  for (const { entries } of searches) {
    const path = `dist-rules/splunk-emea/${entries.get('action.siemc.path')}.spl`;
    const query = readFileSync(join(folder, path), 'utf8').trimEnd();
    expect(entries.get('search')).toBe(query.replaceAll('\n', ' \n'));
  }
  const [macro] = stanzasIn(folder, 'default/macros.conf');
  expect(macro?.entries.get('definition')).toBe('(index=aws_emea)');
  const csv = readFileSync(join(folder, 'dist-rules/splunk-emea/app/lookups/builders.csv'), 'utf8');
  expect(csv).toBe('value,list\nana@example.com,builders\n');
  expect(siemc(['build', '--check'], { cwd: folder }).code).toBe(0);

  writeFileSync(
    join(folder, 'detections/aws/copied.yml'),
    copied.replace('condition: s', 'condition: t'),
  );
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(stanzasIn(folder, 'default/savedsearches.conf')).toEqual(searches);
  // Blanks that an editor left behind values cost nothing.
  const path = join(folder, 'dist-rules/splunk-emea/app/default/savedsearches.conf');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('disabled = 0', 'disabled = 0 '));
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(stanzasIn(folder, 'default/savedsearches.conf')).toEqual(searches);

  writeFileSync(join(folder, 'detections/aws/copied.yml'), copied);
  expect(siemc(['build', '--check'], { cwd: folder }).code).toBe(0);
});

test('a title that is too long with the label is refused at the rule', () => {
  const folder = projectOf(emea.replace('label: Ours', `label: ${'Ours '.repeat(14)}and others`));
  const { code, err } = siemc(['build'], { cwd: folder });
  expect(code).toBe(1);
  expect(err).toMatch(/^detections\/made\.yml:1:1 error .* splunk\/long-title$/m);
});

test('settings that Splunk would not take are told at their lines', () => {
  const wrong = emea.replace('[aws_emea]', '["x) OR (index=*"]').replace('label:', 'lable:');
  const { code, err } = siemc(['build'], { cwd: projectOf(wrong) });
  expect(code).not.toBe(0);
  expect(err).toContain('siemc.config.yml:5:39 error A Splunk app has no setting "lable"');
  expect(err).toContain('Did you mean "label"?');
  expect(err).toContain('"x) OR (index=*" names no index');
});

test('while settings are wrong an app stays as it was', () => {
  const folder = projectOf(emea.replace('app:', 'readRoles: [soc], app:'));
  expect(siemc(['build'], { cwd: folder }).code).toBe(0);
  const meta = stanzasIn(folder, 'metadata/default.meta');
  writeFileSync(
    join(folder, 'siemc.config.yml'),
    emea.replace('app:', 'readRoles: [soc team], app:').replace('true', 'yes'),
  );
  const { code, err } = siemc(['build'], { cwd: folder });
  expect([code, err]).toEqual([2, expect.stringContaining('"soc team" names no role')]);
  expect(stanzasIn(folder, 'metadata/default.meta')).toEqual(meta);
  expect(stanzasIn(folder, 'default/savedsearches.conf').map(({ title }) => title)).toContain(
    'Ours - Image made - Rule',
  );
});

test('a lookup that a kept search names stays, also when its list is gone or no rule can be built', () => {
  const folder = projectOf(emea);
  expect(siemc(['build'], { cwd: folder }).code).toBe(0);
  const lookups = stanzasIn(folder, 'default/transforms.conf');
  const table = 'dist-rules/splunk-emea/app/lookups/builders.csv';
  const csv = readFileSync(join(folder, table), 'utf8');
  const list = join(folder, 'detections/lists/builders.txt');
  const entries = readFileSync(list, 'utf8');
  rmSync(list);
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(stanzasIn(folder, 'default/transforms.conf')).toEqual(lookups);
  expect(readFileSync(join(folder, table), 'utf8')).toBe(csv);
  writeFileSync(list, entries);
  for (const [path, text] of [
    ['made.yml', made],
    ['aws/copied.yml', copied],
  ] as const)
    writeFileSync(
      join(folder, 'detections', path),
      text.replace('condition: s', 'condition: s and'),
    );
  expect(siemc(['build'], { cwd: folder }).code).toBe(1);
  expect(stanzasIn(folder, 'default/transforms.conf')).toEqual(lookups);
  expect(readFileSync(join(folder, table), 'utf8')).toBe(csv);
});
