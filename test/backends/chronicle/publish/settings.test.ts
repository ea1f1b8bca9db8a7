import { expect, test } from 'vitest';
import type { PublishSettings } from '#backend';
import { chronicle } from '../../../../backends/chronicle/index.ts';
import { publishing } from '../../../../backends/chronicle/publish/publishing.ts';

const required: PublishSettings = {
  project: 'example-project',
  location: 'eu',
  instance: '0e0e0e0e-1111-4222-8333-444444444444',
};

function problems(more: PublishSettings): readonly string[] {
  return publishing
    .settingProblems({ ...required, ...more })
    .map(({ path, message, hint }) => [path.join('.'), message, hint ?? ''].join('|'));
}

function publisherOf(more: PublishSettings) {
  const settings = { ...required, ...more };
  return publishing.publisher({ destination: 'chronicle', settings, package: {} });
}

test('the backend has what publishes', async () => {
  expect(await chronicle.publishing?.()).toBe(publishing);
});

test('what is missing is told', () => {
  expect(publishing.settingProblems({})).toEqual([
    {
      path: [],
      message: 'Google SecOps needs the setting "project".',
      hint: 'It is the id or the number of the Google Cloud project that the instance is bound to.',
    },
    {
      path: [],
      message: 'Google SecOps needs the setting "location".',
      hint: 'It is where the instance is: us, eu, europe-west2.',
    },
    {
      path: [],
      message: 'Google SecOps needs the setting "instance".',
      hint: 'It is the customer ID of the instance, a UUID: SIEM Settings, Profile, shows it.',
    },
  ]);
});

test('what is right has no problem', () => {
  for (const more of [
    {},
    { project: '123456789', instance: '0E0E0E0E-1111-4222-8333-444444444444' },
    { project: 'example.com:project-1' },
    { host: 'https://{location}-chronicle.googleapis.com', apiVersion: 'v1alpha' },
    { host: 'http://[::1]:8080', apiVersions: { verifyRuleText: 'v1alpha', listRules: 'v1beta' } },
    { deployment: { enabled: false, alerting: false, runFrequency: 'HOURLY' } },
    { retired: 'disabled', requestsPerSecond: 0.5, credential: 'service-account' },
    { credentialsFile: 'key.json', authorities: 'ca.pem' },
    { credentialsEnv: 'SECOPS_EU' },
  ])
    expect(problems(more)).toEqual([]);
});

test('what is wrong is told with what would be right', () => {
  expect(
    problems({
      project: 'A project',
      location: 'eu/x',
      instance: 'x',
      host: 'http://example.org',
      apiVersion: 'latest',
      apiVersions: { verifyRuleTest: 'v1', getRule: 2 },
      deployment: { enabled: 'yes', runFrequency: 'OFTEN', archived: true },
      retired: 'deleted',
      requestsPerSecond: 0,
      credential: 'key',
      credentialsFile: '',
      credentialsEnv: 'A-B',
      authorities: 1,
      instanse: 'x',
    }),
  ).toMatchInlineSnapshot(`
    [
      "project|"project" is the id or the number of the Google Cloud project that the instance is bound to.|",
      "location|"location" is where the instance is: us, eu, europe-west2.|",
      "instance|"instance" is the customer ID of the instance, a UUID: SIEM Settings, Profile, shows it.|",
      "host|"host" begins with https://; http:// is for this machine only.|",
      "apiVersion|"apiVersion" is a version of the API: v1, v1beta or v1alpha.|",
      "apiVersions.verifyRuleTest|Google SecOps has no method of the API "verifyRuleTest".|Did you mean "verifyRuleText"?",
      "apiVersions.getRule|"getRule" is a version of the API: v1, v1beta or v1alpha.|",
      "deployment.enabled|"enabled" is true or false.|",
      "deployment.runFrequency|"runFrequency" is one of auto, LIVE, HOURLY, DAILY.|",
      "deployment.archived|Google SecOps has no setting of deployments "archived".|There are enabled, alerting, runFrequency.",
      "retired|"retired" is one of archived, disabled.|",
      "requestsPerSecond|"requestsPerSecond" is how often a method may be called in a second: more than 0, and at most 100.|",
      "credential|"credential" is one of auto, service-account, external-account, google-auth-library.|",
      "credentialsFile|"credentialsFile" is the path of a file.|",
      "credentialsEnv|"credentialsEnv" is the name of an environment variable.|",
      "authorities|"authorities" is the path of a file.|",
      "instanse|Google SecOps has no setting "instanse".|Did you mean "instance"?",
      "credentialsEnv|"credentialsEnv" counts only without "credentialsFile".|Leave one of them out.",
    ]
  `);
});

test.for([
  ['ftp://example.org', 'begins with https://'],
  ['https://example.org/v1', 'is a host without a path'],
  ['https://user:secret@example.org', 'is a host without a path'],
  ['https://{region}.example.org', 'has "{region}"; it may have {location}'],
  ['example.org', 'is an address'],
  ['http://127.0.0.1.example.org', 'begins with https://'],
])('the host %s %s', ([host, message]) => {
  expect(problems({ host })).toEqual([expect.stringContaining(`host|"host" ${message}`)]);
});

test('hosts and versions are in each request, and the place is told', () => {
  const { endpoint, origins, pacing } = publisherOf({});
  expect(endpoint).toBe(
    'https://chronicle.eu.rep.googleapis.com, projects/example-project/locations/eu/instances/0e0e0e0e-1111-4222-8333-444444444444',
  );
  expect(origins).toEqual(['https://chronicle.eu.rep.googleapis.com']);
  expect(pacing).toMatchObject({
    atOnce: 8,
    rates: { createRule: { burst: 1, perSecond: 0.9 }, listRules: { burst: 1, perSecond: 0.9 } },
  });
  expect(publisherOf({ host: 'https://{location}-chronicle.googleapis.com' }).origins).toEqual([
    'https://eu-chronicle.googleapis.com',
  ]);
  expect(publisherOf({ authorities: 'ca.pem' }).authorities).toBe('ca.pem');
  expect(publisherOf({ requestsPerSecond: 0.2 }).pacing.atOnce).toBe(2);
});
