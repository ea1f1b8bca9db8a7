import { expect, test } from 'vitest';
import { publishing } from '../../../../backends/sentinel/publish/publishing.ts';

const good = {
  subscription: '0b0b0b0b-1111-4222-8333-444444444444',
  resourceGroup: 'rg-security_(EMEA).1',
  workspace: 'law-soc-emea',
};

const problemsOf = (settings: object) =>
  publishing
    .settingProblems(settings as Record<string, unknown>)
    .map(({ path, message, hint }) => `${path.join('.')}: ${message} ${hint ?? ''}`.trim());

test('three say where the workspace is; the others have defaults', () => {
  expect(problemsOf(good)).toEqual([]);
  const of = publishing.publisher({ destination: 'x', settings: good, package: {} });
  expect(of.endpoint).toBe(
    'https://management.azure.com, workspace law-soc-emea of resource group rg-security_(EMEA).1 in subscription 0b0b0b0b-1111-4222-8333-444444444444',
  );
  expect(of.origins).toEqual(['https://management.azure.com']);
  expect(of).not.toHaveProperty('authorities');
  expect(of.pacing.rates['writes']).toEqual({ burst: 200, perSecond: 10 });
  expect(problemsOf({})).toEqual([
    expect.stringMatching(/^subscription: "subscription" is missing/),
    expect.stringMatching(/^resourceGroup: "resourceGroup" is missing/),
    expect.stringMatching(/^workspace: "workspace" is missing/),
  ]);
});

test.each([
  [{ subscription: 'production' }, `subscription: "production" can't be the "subscription".`],
  [{ subscription: 5 }, 'subscription: "subscription" is a text.'],
  [{ resourceGroup: 'a.' }, `resourceGroup: "a." can't be the "resourceGroup".`],
  [{ resourceGroup: 'a/b' }, `resourceGroup: "a/b" can't be the "resourceGroup".`],
  [{ workspace: '-abc' }, `workspace: "-abc" can't be the "workspace".`],
  [{ cloud: 'usgv' }, `cloud: "usgv" can't be the "cloud". Did you mean "usgov"?`],
  [{ cloud: 'moon' }, `cloud: "moon" can't be the "cloud". It is public, usgov or china.`],
  [{ apiVersion: 'latest' }, `apiVersion: "latest" can't be the "apiVersion".`],
  [
    { credential: 'secrt' },
    `credential: "secrt" can't be the "credential". Did you mean "secret"?`,
  ],
  [{ envPrefix: 'A-' }, `envPrefix: "A-" can't be the "envPrefix".`],
  [{ workspce: 'x' }, 'workspce: Publishing to Microsoft Sentinel has no setting "workspce".'],
  [{ toString: 'x' }, 'toString: Publishing to Microsoft Sentinel has no setting "toString".'],
  [{ arm: 'https://a.example.org' }, 'arm: "arm" and "authority" belong together'],
  [{ authority: 'https://a.example.org' }, 'authority: "arm" and "authority" belong together'],
  [
    { envPrefix: 'EMEA_', credential: 'azure-identity' },
    'envPrefix: @azure/identity reads environment variables by their own names alone.',
  ],
  [
    { cloud: 'china', arm: 'https://a.example.org', authority: 'https://b.example.org' },
    'cloud: "cloud" stands for an "arm" and an "authority", which are here, too.',
  ],
])('%j is told', (wrong, text) => {
  const problems = problemsOf({ ...good, ...wrong });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(text);
});

test.each([
  'http://management.azure.com',
  'http://127.0.0.2',
  'https://a.example.org/path',
  'https://a.example.org/?x=1',
  'https://user:secret@a.example.org',
  'ftp://a.example.org',
  'a.example.org',
])('tokens do not go to %s', (arm) => {
  expect(problemsOf({ ...good, arm, authority: 'https://b.example.org' })).toHaveLength(1);
});

test.each(['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost', 'https://a.example/'])(
  'but may go to %s',
  (arm) => {
    expect(problemsOf({ ...good, arm, authority: arm })).toEqual([]);
  },
);
