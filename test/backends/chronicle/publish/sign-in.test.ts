import { generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { PublishSettings, Surroundings, Token } from '#backend';
import { publishing } from '../../../../backends/chronicle/publish/publishing.ts';
import { ask } from '../../../servers/http/client.ts';
import { type IdTokenServer, startIdTokens } from '../../../servers/http/id-tokens.ts';
import { always } from '../../../servers/secops/kit.ts';
import { editor, instance } from '../../../servers/secops/model.ts';
import { type SecopsServer, startSecops } from '../../../servers/secops/secops.ts';
import { settingsAt, surroundingsOf } from './support.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const keyed = { email: 'key@example-project.iam.gserviceaccount.com', publicKey };
const variable = 'GOOGLE_APPLICATION_CREDENTIALS';

async function started(): Promise<{ server: SecopsServer; github: IdTokenServer }> {
  const server = await startSecops({ accounts: [editor, keyed], rate: always });
  const github = await startIdTokens(server.clock);
  onTestFinished(async () => {
    await server.close();
    await github.close();
  });
  return { server, github };
}

function keyFile({ url }: SecopsServer, more: object = {}): string {
  return JSON.stringify({
    type: 'service_account',
    client_email: keyed.email,
    private_key_id: 'k1',
    private_key: privateKey,
    token_uri: `${url}/token`,
    ...more,
  });
}

/** As google-github-actions/auth writes it. */
function federationFile(server: SecopsServer, github: IdTokenServer, more: object = {}): string {
  const audience = editor.federated?.audience ?? '';
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
    github.environment;
  return JSON.stringify({
    universe_domain: 'googleapis.com',
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${server.url}/v1/token`,
    service_account_impersonation_url: `${server.url}/v1/projects/-/serviceAccounts/${editor.email}:generateAccessToken`,
    credential_source: {
      url: `${url}&audience=${encodeURIComponent(audience)}`,
      headers: { Authorization: `Bearer ${token}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...more,
  });
}

function signIn(
  server: SecopsServer,
  surroundings: Surroundings,
  more: PublishSettings = {},
): Promise<Token> {
  const settings = settingsAt(server.url, more);
  return publishing
    .publisher({ destination: 'chronicle', settings, package: {} })
    .signIn(surroundings);
}

async function statusWith(server: SecopsServer, { authorization }: Token): Promise<number> {
  return (await ask(`${server.url}/v1/${instance}/rules`, { headers: { authorization } })).status;
}

test('the key of a service account signs in', async () => {
  const { server } = await started();
  const surroundings = surroundingsOf(server, {
    env: { [variable]: '/keys/key.json' },
    files: { '/keys/key.json': keyFile(server) },
  });
  const token = await signIn(server, surroundings);
  expect(token.expires).toBe(server.clock.now() + 3_599_000);
  expect(await statusWith(server, token)).toBe(200);
  const assertion = new URLSearchParams(server.requests[0]?.body).get('assertion');
  expect(surroundings.hidden).toEqual([
    privateKey,
    assertion,
    token.authorization.slice('Bearer '.length),
  ]);
});

test('a workflow signs in without a key', async () => {
  const { server, github } = await started();
  const surroundings = surroundingsOf(server, {
    env: { SECOPS_EU: 'gha-creds.json' },
    files: { 'gha-creds.json': federationFile(server, github) },
  });
  const token = await signIn(server, surroundings, { credentialsEnv: 'SECOPS_EU' });
  expect(token.expires).toBe(server.clock.now() + 3_600_000);
  expect(await statusWith(server, token)).toBe(200);
  // The token of the workflow, its identity, the federated one, and what may act as the account.
  expect(surroundings.hidden).toHaveLength(4);
  expect(surroundings.hidden).toContain(github.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
  expect(surroundings.hidden).toContain(token.authorization.slice('Bearer '.length));
  expect(server.violations).toEqual([]);
});

test('an identity may come from a file', async () => {
  const { server, github } = await started();
  const url = `${github.environment.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(editor.federated?.audience ?? '')}`;
  const headers = { authorization: `Bearer ${github.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  const identity = (await ask(url, { headers })).json.value;
  for (const [content, format] of [
    [`${identity}\n`, undefined],
    [JSON.stringify({ id: identity }), { type: 'json', subject_token_field_name: 'id' }],
  ] as const) {
    const source = { credential_source: { file: '/run/token', format } };
    const files = { 'c.json': federationFile(server, github, source), '/run/token': content };
    const token = await signIn(server, surroundingsOf(server, { files }), {
      credentialsFile: 'c.json',
      credential: 'external-account',
    });
    expect(await statusWith(server, token)).toBe(200);
  }
});

test("Google's own words say why nobody is let in", async () => {
  const { server, github } = await started();
  const trial = (text: string, more: PublishSettings = {}): Promise<Token> =>
    signIn(server, surroundingsOf(server, { files: { 'c.json': text } }), {
      credentialsFile: 'c.json',
      ...more,
    });
  const wrong = (code: string, message: string): object => ({
    code: `publish/${code}`,
    message: expect.stringContaining(message),
    hint: expect.any(String),
  });
  await expect(trial(keyFile(server, { client_email: 'x@y' }))).rejects.toMatchObject(
    wrong('sign-in', "Google doesn't let in x@y: Invalid grant: account not found"),
  );
  await expect(
    trial(federationFile(server, github, { audience: '//other' })),
  ).rejects.toMatchObject(wrong('sign-in', 'The target service indicated by the "audience"'));
  const account = `${server.url}/v1/projects/-/serviceAccounts/${keyed.email}:generateAccessToken`;
  await expect(
    trial(federationFile(server, github, { service_account_impersonation_url: account })),
  ).rejects.toMatchObject(wrong('sign-in', "Permission 'iam.serviceAccounts.getAccessToken'"));
  await expect(trial('nonsense')).rejects.toMatchObject(wrong('no-credentials', 'c.json'));
  await expect(trial(keyFile(server, { private_key: 'x' }))).rejects.toMatchObject(
    wrong('no-credentials', "isn't an RSA key"),
  );
  await expect(trial(keyFile(server, { client_email: undefined }))).rejects.toMatchObject(
    wrong('no-credentials', 'has no "client_email"'),
  );
  for (const token_uri of ['http://example.org/token', 'file:///token', 'token'])
    await expect(trial(keyFile(server, { token_uri }))).rejects.toMatchObject(
      wrong('no-credentials', '"token_uri"'),
    );
  await expect(
    trial(
      federationFile(server, github, {
        credential_source: { url: 'http://example.org/', format: { type: 'json' } },
      }),
    ),
  ).rejects.toMatchObject(wrong('no-credentials', "doesn't begin with https://"));
  const nothing = { credential_source: { file: 'c.json', format: { type: 'json' } } };
  await expect(trial(federationFile(server, github, nothing))).rejects.toMatchObject(
    wrong('sign-in', 'has no token'),
  );
  await expect(trial(keyFile(server), { credential: 'external-account' })).rejects.toMatchObject(
    wrong('no-credentials', 'its type is "service_account"'),
  );
  await expect(
    signIn(server, surroundingsOf(server, {}), { credential: 'service-account' }),
  ).rejects.toMatchObject(wrong('no-credentials', `${variable} isn't set`));
  expect(server.violations).toEqual([]);
});

test("Google's library signs in by what siemc doesn't know", async () => {
  const { server, github } = await started();
  const asked: unknown[] = [];
  /** What is used of google-auth-library, which is not installed here. */
  class GoogleAuth {
    constructor(options: unknown) {
      asked.push(options);
    }
    getClient() {
      const token = server.tokenFor(editor.email);
      return Promise.resolve({
        credentials: { expiry_date: server.clock.now() + 5000 },
        getAccessToken: () => Promise.resolve({ token }),
      });
    }
  }
  const packages = { 'google-auth-library': { GoogleAuth } };
  const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
  const ofMachine = surroundingsOf(server, { packages });
  const token = await signIn(server, ofMachine);
  expect(token.expires).toBe(server.clock.now() + 5000);
  expect(await statusWith(server, token)).toBe(200);
  expect(ofMachine.hidden).toEqual([token.authorization.slice('Bearer '.length)]);
  const user = { type: 'authorized_user', refresh_token: 'r' };
  const ofUser = { packages, files: { 'c.json': JSON.stringify(user) } };
  await signIn(server, surroundingsOf(server, ofUser), { credentialsFile: 'c.json' });
  const aws = { credential_source: { environment_id: 'aws1', url: 'http://169.254.169.254/' } };
  const ofAws = { packages, files: { 'c.json': federationFile(server, github, aws) } };
  await signIn(server, surroundingsOf(server, ofAws), { credentialsFile: 'c.json' });
  expect(asked).toMatchObject([
    { scopes },
    { scopes, credentials: user },
    { scopes, credentials: aws },
  ]);
  await expect(signIn(server, surroundingsOf(server, {}))).rejects.toMatchObject({
    code: 'publish/no-credentials',
    message: `There are no credentials for Google SecOps: ${variable} isn't set.`,
    hint: expect.stringContaining('npm install google-auth-library'),
  });
  const files = { 'c.json': JSON.stringify(user) };
  await expect(
    signIn(server, surroundingsOf(server, { files }), { credentialsFile: 'c.json' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('authorized_user') });
  class Failing {
    getClient(): Promise<never> {
      return Promise.reject(new Error('no metadata server'));
    }
  }
  const failing = { 'google-auth-library': { GoogleAuth: Failing } };
  await expect(signIn(server, surroundingsOf(server, { packages: failing }))).rejects.toMatchObject(
    {
      code: 'publish/sign-in',
      message: "google-auth-library can't sign in: no metadata server",
    },
  );
});
