import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PackageSettings } from '#backend';
import { nasty } from '../../properties/alphabet.ts';
import { backends } from '../../support/backends.ts';
import { readConfFile } from '../../support/read-conf.ts';
import { bundleOf, releasesOf } from '../../support/releases.ts';

const [splunk] = backends.filter(({ id }) => id === 'splunk');
if (splunk?.packager === undefined) throw new Error('Splunk has no packager.');
const packager = await splunk.packager();

const { rules } = releasesOf(
  `title: Image deregistered by a stranger
logsource: { product: aws, service: cloudtrail }
detection:
  s: { eventName: DeregisterImage }
  f: { userIdentity.arn|expand: '%builders%', sourceIPAddress|expand: '%networks%' }
  condition: s and not f
siemc: { schedule: { every: 5m, delay: 15m } }
`,
  splunk,
);

/** The files of an app by path, each as its stanzas. */
function confOf(
  path: string,
  settings: PackageSettings = {},
  entries: readonly string[] = ['a'],
): object {
  const lists = [
    { name: 'builders', kind: 'string', entries, inline: false },
    { name: 'networks', kind: 'cidr', entries: ['192.0.2.7/32'], inline: false },
  ] as const;
  const text = bundleOf(packager, rules, settings, lists).get(path) ?? '';
  if (path.endsWith('.csv')) return { text };
  return Object.fromEntries(
    readConfFile(text).map(({ title, entries: of }) => [title, Object.fromEntries(of)]),
  );
}

test('an app has these files and none below local/', () => {
  expect([...bundleOf(packager, rules).keys()]).toEqual([
    'app/default/savedsearches.conf',
    'app/default/macros.conf',
    'app/default/transforms.conf',
    'app/default/app.conf',
    'app/metadata/default.meta',
    'app/app.manifest',
    'app/README.md',
  ]);
});

test('the macros of logs stand for the indexes of the settings, else for all', () => {
  const path = 'app/default/macros.conf';
  expect(confOf(path)).toEqual({ siemc_index_aws_cloudtrail: { definition: '(index=*)' } });
  expect(confOf(path, { indexes: { 'aws/cloudtrail': ['main', 'aws-*'] } })).toEqual({
    siemc_index_aws_cloudtrail: { definition: '(index=main OR index=aws-*)' },
  });
});

test('lookups are defined as the queries take them to be', () => {
  const [rule] = rules;
  const definitions = confOf('app/default/transforms.conf');
  expect(definitions).toEqual({
    builders: { filename: 'builders.csv', case_sensitive_match: 'false', max_matches: '1' },
    networks: { filename: 'networks.csv', match_type: 'CIDR(value)', max_matches: '1' },
  });
  for (const [name, entries] of Object.entries(definitions)) {
    const [, setting] = Object.entries(entries)[1] ?? [];
    const wanted = name === 'networks' ? `match_type = ${setting}` : 'case_sensitive_match = false';
    expect(rule?.assumptions).toContain(
      `The lookup definition "${name}" has the column "value" and ${wanted}.`,
    );
  }
});

/** Reads CSV by RFC 4180, lines ending in a line feed. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g,
  )) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('entries of lists stay cells of one column, whatever is in them', () => {
  const entry = fc
    .array(fc.constantFrom(...nasty, 'a', '\r\n', '"\n"other",x', '漢'), { minLength: 1 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const { text = '' } = confOf('app/lookups/builders.csv', {}, entries) as { text?: string };
      expect(readCsv(text)).toEqual([
        ['value', 'list'],
        ...entries.map((one) => [one, 'builders']),
      ]);
    }),
  );
});

test('the app says what it is, and whom it is shared with', () => {
  const settings = { app: 'our_rules', label: 'Our rules', version: '2.1.0', author: 'Blue team' };
  expect(confOf('app/default/app.conf', settings)).toMatchObject({
    ui: { label: 'Our rules' },
    launcher: { author: 'Blue team', version: '2.1.0' },
    package: { id: 'our_rules' },
    id: { name: 'our_rules', version: '2.1.0' },
  });
  const manifest = JSON.parse(bundleOf(packager, rules, settings).get('app/app.manifest') ?? '');
  expect(manifest.info.id).toEqual({ group: null, name: 'our_rules', version: '2.1.0' });
  const meta = 'app/metadata/default.meta';
  expect(confOf(meta, { readRoles: ['soc', 'admin'] })).toEqual({
    '': { access: 'read : [ soc, admin ], write : [ admin, sc_admin ]', export: 'none' },
  });
  expect(confOf(meta, { enterpriseSecurity: true })).toMatchObject({ '': { export: 'system' } });
});

describe('settings', () => {
  const problems = (settings: PackageSettings): readonly string[] =>
    (splunk.settingProblems?.(settings, ['aws/cloudtrail', 'x']) ?? []).map(({ path }) =>
      path.join('.'),
    );

  test('that are right have no problems', () => {
    expect(
      problems({
        app: 'our_rules.v2',
        label: 'Our rules',
        version: '10.0.1',
        author: "Ana's team <ana@example.com>",
        enterpriseSecurity: false,
        indexes: { 'aws/cloudtrail': ['main', 'aws-1', 'cloud_*'] },
        readRoles: ['*'],
        writeRoles: ['admin'],
      }),
    ).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  test.for<[string, unknown, string?]>([
    ['app', 'our rules'],
    ['app', '../other'],
    ['app', 'nul'],
    ['app', 'rules.'],
    ['app', 7],
    ['label', 'a\n[default]'],
    ['label', 'a]'],
    ['label', ' a'],
    ['label', '$x$'],
    ['label', 'Splunk for clouds'],
    ['label', 'x'.repeat(81)],
    ['version', '1.0'],
    ['version', 1],
    ['author', 'a\nb = c'],
    ['author', 'a\\'],
    ['author', ' '],
    ['enterpriseSecurity', 'yes'],
    ['indexes', ['main']],
    ['indexes', { 'aws/cloudtrial': ['main'] }, 'indexes.aws/cloudtrial'],
    ['indexes', { 'aws/cloudtrail': 'main' }, 'indexes.aws/cloudtrail'],
    ['indexes', { 'aws/cloudtrail': [] }, 'indexes.aws/cloudtrail'],
    ['indexes', { 'aws/cloudtrail': ['main', 'a) OR (index=b'] }, 'indexes.aws/cloudtrail.1'],
    ['indexes', { x: ['_internal'] }, 'indexes.x.0'],
    ['indexes', { x: ['Main'] }, 'indexes.x.0'],
    ['indexes', { x: ['a_kvstore'] }, 'indexes.x.0'],
    ['readRoles', 'admin'],
    ['readRoles', ['a ], write : [ *'], 'readRoles.0'],
    ['writeRoles', ['Admin'], 'writeRoles.0'],
  ])('%s: %j is told, and as if it were not there', ([key, value, path = key]) => {
    expect(problems({ [key]: value })).toEqual([path]);
    expect(bundleOf(packager, rules, { [key]: value })).toEqual(bundleOf(packager, rules));
  });

  test('that nobody knows are told with the one that is meant', () => {
    expect(splunk.settingProblems?.({ lable: 'x', constructor: 1 }, [])).toEqual([
      {
        path: ['lable'],
        message: 'A Splunk app has no setting "lable".',
        hint: 'Did you mean "label"?',
      },
      {
        path: ['constructor'],
        message: 'A Splunk app has no setting "constructor".',
        hint: 'There are: app, label, version, author, enterpriseSecurity, indexes, readRoles, writeRoles.',
      },
    ]);
  });
});
