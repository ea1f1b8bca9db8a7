import { expect, test } from 'vitest';
import type { BuiltFiles, Desired } from '#backend';
import { analyticsRuleId } from '../../../../backends/sentinel/package/analytics-rule.ts';
import { ruleTemplate } from '../../../../backends/sentinel/package/arm.ts';
import { publishing } from '../../../../backends/sentinel/publish/publishing.ts';
import { settingsFor } from './support.ts';

const settings = settingsFor('http://127.0.0.1:1');
const publisher = publishing.publisher({ destination: 'soc', settings, package: {} });

interface Told {
  readonly objects: readonly Desired[];
  readonly told: readonly string[];
}

function read(files: Readonly<Record<string, string>>): Told {
  const paths = Object.keys(files);
  const stems = paths.filter((path) => path.endsWith('.kql')).map((path) => path.slice(0, -4));
  const built: BuiltFiles = {
    destination: 'soc',
    rules: stems.map((stem) => ({
      id: `id-of-${stem}`,
      title: stem,
      stem,
      files: paths.filter((path) => path.startsWith(`${stem}.`)),
    })),
    shared: paths.filter((path) => path.startsWith('watchlists/')),
    read: (path) => files[path],
  };
  const told: string[] = [];
  const objects = publisher.desired(built, (path, { code }) => told.push(`${path}: ${code}`));
  return { objects, told };
}

const template = (properties: object, stem = 'r'): string =>
  ruleTemplate(analyticsRuleId({ id: `id-of-${stem}` }), {
    kind: 'Scheduled',
    properties: properties as never,
  });

const query =
  'let L = _GetWatchlist("b_list")\n    | project Value = tolower(SearchKey);\nAWSCloudTrail\n| where "_GetWatchlist(\'no\')" == UserIdentityArn and tolower(UserIdentityArn) in (L)';

test('a rule needs the lists that its query reads', () => {
  const { objects, told } = read({
    'a/rule.kql': query,
    'a/rule.arm.json': template({ displayName: ' A  Rule', query, enabled: true }, 'a/rule'),
    'a/none.kql': 'x',
    'watchlists/b_list.csv': 'value\nx\n',
  });
  expect(told).toEqual([]);
  expect(objects).toMatchObject([
    {
      key: 'list:b_list',
      kind: 'watchlist',
      name: 'b_list',
      needs: [],
      claims: ['watchlist alias:b_list'],
    },
    {
      key: 'rule:id-of-a/rule',
      kind: 'analytics rule',
      rule: { id: 'id-of-a/rule', title: 'a/rule', stem: 'a/rule' },
      needs: ['list:b_list'],
      claims: ['display name:a  rule'],
    },
  ]);
});

test('texts that a deployment would evaluate mean themselves', () => {
  const texts = ['[concat(1)]', '[[x]', '[x', 'x]', '[[x', '[]'];
  for (const description of texts) {
    const { objects } = read({
      'r.kql': '',
      'r.arm.json': template({ displayName: 'R', query: 'x', description }),
    });
    expect(objects[0]?.projection['properties']).toMatchObject({ description });
  }
});

test.each([
  ['no JSON', '{'],
  ['no template', '{}'],
  ['two resources', JSON.stringify({ resources: [{}, {}] })],
  [
    'another name',
    template({ displayName: 'R', query: 'x' }).replace("'/Microsoft", "'/Macrosoft"),
  ],
  ['of another rule', template({ displayName: 'R', query: 'x' }, 'other')],
  ['no kind', template({ displayName: 'R', query: 'x' }).replace('"kind"', '"sort"')],
  ['no query', template({ displayName: 'R' })],
  ['a query that can not be read', template({ displayName: 'R', query: '_GetWatchlist(' })],
])('a template that is %s is told', (_, text) => {
  expect(read({ 'r.kql': '', 'r.arm.json': text })).toEqual({
    objects: [],
    told: ['r.arm.json: publish/unreadable-file'],
  });
});

test.each([
  ['more columns', 'value,other\nx,y\n'],
  ['a quote that is open', 'value\n"x\n'],
  ['nothing', ''],
])('a list that has %s is told', (_, text) => {
  expect(read({ 'watchlists/l.csv': text })).toEqual({
    objects: [],
    told: ['watchlists/l.csv: publish/unreadable-file'],
  });
});

test('a list whose template is of another one is told', () => {
  const { objects, told } = read({ 'watchlists/l.csv': 'value\n', 'watchlists/l.arm.json': '{}' });
  expect([objects, told]).toEqual([[], ['watchlists/l.arm.json: publish/unreadable-file']]);
});
