import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RemoteProblem, type Surroundings, type Token } from '#backend';
import { publishing } from '../../../../backends/sentinel/publish/publishing.ts';
import { selfSigned } from '../../../servers/http/certificate.ts';
import { type IdTokenServer, startIdTokens } from '../../../servers/http/id-tokens.ts';
import { unsignedToken } from '../../../servers/http/jwt.ts';
import { contributor, type Principal, tenant } from '../../../servers/sentinel/model.ts';
import { type SentinelServer, startSentinel } from '../../../servers/sentinel/sentinel.ts';
import { secretEnvironment, settingsFor, surroundingsOf } from './support.ts';

const application: Readonly<Record<string, string>> = {
  AZURE_TENANT_ID: tenant,
  AZURE_CLIENT_ID: contributor.clientId,
};

async function started(principals?: readonly Principal[]): Promise<SentinelServer> {
  const server = await startSentinel(principals && { principals });
  onTestFinished(() => server.close());
  return server;
}

async function workflow(server: SentinelServer, subject?: string): Promise<IdTokenServer> {
  const issuer = await startIdTokens(server.clock, subject);
  onTestFinished(() => issuer.close());
  return issuer;
}

interface Signed {
  readonly token: Token;
  readonly hidden: readonly string[];
  readonly forms: readonly Readonly<Record<string, string>>[];
}

async function signIn(
  server: SentinelServer,
  environment: Readonly<Record<string, string>>,
  settings: object = {},
  more: Partial<Surroundings> = {},
): Promise<Signed> {
  const surroundings = surroundingsOf(environment, server.clock.now, more);
  const given = settingsFor(server.url, settings);
  expect(publishing.settingProblems(given)).toEqual([]);
  const token = await publishing
    .publisher({ destination: 'sentinel', settings: given, package: {} })
    .signIn(surroundings);
  const asked = await fetch(
    `${server.url}/subscriptions/0b0b0b0b-1111-4222-8333-444444444444/resourceGroups/security/providers/Microsoft.OperationalInsights/workspaces/sentinel/providers/Microsoft.SecurityInsights/alertRules?api-version=2025-09-01`,
    { headers: { authorization: token.authorization } },
  );
  if (more.load === undefined) expect(asked.status).toBe(200);
  expect(server.violations).toEqual([]);
  const forms = surroundings.asked.flatMap(({ form }) => (form ? [Object.fromEntries(form)] : []));
  return { token, hidden: surroundings.hidden, forms };
}

async function problemOf(promise: Promise<unknown>): Promise<RemoteProblem> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RemoteProblem) return error;
    throw error;
  }
  throw new Error('It was signed in.');
}

describe('with a secret', () => {
  test('gives a token that expires, by the documented form', async () => {
    const server = await started();
    const { token, hidden, forms } = await signIn(server, secretEnvironment);
    expect(token.expires).toBe(server.clock.now() + 3_599_000);
    expect(forms).toEqual([
      {
        grant_type: 'client_credentials',
        client_id: contributor.clientId,
        scope: `${server.url}/.default`,
        client_secret: contributor.secret,
      },
    ]);
    expect(hidden).toEqual([contributor.secret, token.authorization.replace('Bearer ', '')]);
  });

  test('reads variables of its own for each destination', async () => {
    const server = await started();
    const own = Object.fromEntries(
      Object.entries(secretEnvironment).map(([name, value]) => [`EMEA_${name}`, value]),
    );
    await signIn(server, { ...own, AZURE_CLIENT_SECRET: 'another' }, { envPrefix: 'EMEA_' });
    const problem = await problemOf(signIn(server, secretEnvironment, { envPrefix: 'EMEA_' }));
    expect(problem.code).toBe('publish/no-credentials');
    expect(problem.hint).toContain('EMEA_AZURE_CLIENT_SECRET');
  });

  test('says what is wrong with a secret, a client or a tenant', async () => {
    const server = await started();
    const wrong = async (change: object) => {
      const { code, message, hint } = await problemOf(
        signIn(server, { ...secretEnvironment, ...change }),
      );
      expect(code).toBe('publish/sign-in');
      return `${message} ${hint}`;
    };
    expect(await wrong({ AZURE_CLIENT_SECRET: 'x' })).toBe(
      "Microsoft Entra ID gives no token: AADSTS7000215: Invalid client secret provided. AZURE_CLIENT_SECRET has to be a client secret's value, not its id, and of this application.",
    );
    expect(await wrong({ AZURE_CLIENT_ID: 'x' })).toContain('AZURE_CLIENT_ID has to be');
    expect(await wrong({ AZURE_TENANT_ID: 'x/y' })).toContain('names no tenant');
  });
});

describe('with a certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'siemc-'));
  const path = (name: string): string => join(folder, name);
  const [{ certificate, key }, other] = [selfSigned('own'), selfSigned('other')];
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const locked = key.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'sesame' });
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  for (const [name, text] of Object.entries({
    'own.pem': `${certificate}${key.export(pem)}`,
    // A chain, whose first certificate isn't the key's.
    'chain.pem': `${key.export(pem)}${other.certificate}${certificate}`,
    'other.pem': `${other.certificate}${other.key.export(pem)}`,
    'own.crt': certificate,
    'locked.pem': `${locked}${certificate}`,
    'mixed.pem': `${other.key.export(pem)}${certificate}`,
    'ed.pem': `${ed25519.export(pem)}${certificate}`,
    'broken.pem': `${key.export(pem)}${certificate.replace('MII', 'AAA')}`,
  }))
    writeFileSync(path(name), text);
  const principals = [{ ...contributor, certificate }];
  const at = (name: string, more: object = {}) => ({
    ...application,
    AZURE_CLIENT_CERTIFICATE_PATH: path(name),
    ...more,
  });

  test('signs what it says', async () => {
    const server = await started(principals);
    const { hidden, forms } = await signIn(server, at('own.pem'));
    expect(forms[0]).toMatchObject({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(hidden).toContain(forms[0]?.['client_assertion']);
    expect(forms[0]).not.toHaveProperty('client_secret');
    await signIn(server, at('chain.pem'));
  });

  test('reads a key with a password', async () => {
    const server = await started(principals);
    const password = { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'sesame' };
    const { hidden } = await signIn(server, at('locked.pem', password));
    expect(hidden).toContain('sesame');
    for (const more of [{}, { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'wrong' }]) {
      const problem = await problemOf(signIn(server, at('locked.pem', more)));
      expect(problem.code).toBe('publish/no-credentials');
      expect(problem.message).toContain('can not be read with this password');
    }
  });

  test('says what is wrong with a file or a certificate', async () => {
    const server = await started(principals);
    const other = await problemOf(signIn(server, at('other.pem')));
    expect(other.message).toContain('AADSTS700027');
    expect(other.hint).toContain('among those of the app registration');
    const bare = await problemOf(signIn(server, at('own.crt')));
    expect(bare.message).toContain('no certificate with its private key');
    const told = async (name: string) => (await problemOf(signIn(server, at(name)))).message;
    expect(await told('mixed.pem')).toContain('not of its certificate');
    expect(await told('ed.pem')).toContain('no RSA key');
    expect(await told('broken.pem')).toContain('certificate that can not be read');
  });
});

describe('in a workflow of GitHub', () => {
  test('exchanges the token of the workflow', async () => {
    const server = await started();
    const issuer = await workflow(server);
    const { hidden, forms } = await signIn(server, { ...application, ...issuer.environment });
    expect(forms[0]?.['client_assertion']).toMatch(/^[\w-]+\.[\w-]+\./);
    expect(hidden).toEqual([
      issuer.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      forms[0]?.['client_assertion'],
      expect.stringMatching(/^tok_/),
    ]);
  });

  test('says for which subject a federated credential is missing', async () => {
    const server = await started();
    const subject = 'repo:example/detections:ref:refs/heads/main';
    const issuer = await workflow(server, subject);
    const problem = await problemOf(
      signIn(server, { ...application, ...issuer.environment }, { credential: 'github' }),
    );
    expect(problem.code).toBe('publish/sign-in');
    expect(problem.message).toContain('AADSTS700213');
    expect(problem.hint).toBe(
      `The application needs a federated credential whose subject is exactly "${subject}".`,
    );
  });

  test('asks for another audience if the configuration says so', async () => {
    const federated = {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:example/detections:environment:production',
      audience: 'api://own',
    };
    const server = await started([{ ...contributor, federated }]);
    const issuer = await workflow(server);
    const environment = { ...application, ...issuer.environment };
    await signIn(server, environment, { audience: 'api://own' });
    expect((await problemOf(signIn(server, environment))).message).toContain('AADSTS700212');
  });

  test('says what is missing where the issuer gives nothing', async () => {
    const server = await started();
    const issuer = await workflow(server);
    const environment = {
      ...application,
      ...issuer.environment,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
    };
    const problem = await problemOf(signIn(server, environment));
    expect(problem.code).toBe('publish/sign-in');
    expect(problem.hint).toContain('id-token: write');
  });
});

test('a token that is kept in a file is exchanged', async () => {
  const server = await started();
  const file = join(mkdtempSync(join(tmpdir(), 'siemc-')), 'token');
  const { issuer: iss, subject: sub, audience: aud } = contributor.federated ?? {};
  const exp = server.clock.now() / 1000 + 300;
  writeFileSync(file, `${unsignedToken({ iss, sub, aud, exp })}\n`);
  const environment = { ...application, AZURE_FEDERATED_TOKEN_FILE: file };
  await signIn(server, environment);
  await signIn(server, environment, { credential: 'workload-identity' });
  writeFileSync(file, 'no token');
  expect((await problemOf(signIn(server, environment))).message).toContain('holds no token');
});

describe('what signs in', () => {
  test('is what the environment has, in a fixed order', async () => {
    const server = await started();
    const issuer = await workflow(server);
    const all = { ...secretEnvironment, ...issuer.environment };
    expect((await signIn(server, all)).forms[0]).toHaveProperty('client_secret');
    const github = await signIn(server, all, { credential: 'github' });
    expect(github.forms[0]).toHaveProperty('client_assertion');
  });

  test('is told when it is missing, for each way', async () => {
    const server = await started();
    const problem = await problemOf(signIn(server, { AZURE_TENANT_ID: tenant }));
    expect(problem.code).toBe('publish/no-credentials');
    expect(problem.hint).toBe(
      'These variables are missing: for "secret" AZURE_CLIENT_ID, AZURE_CLIENT_SECRET; for "certificate" AZURE_CLIENT_ID, AZURE_CLIENT_CERTIFICATE_PATH; for "github" AZURE_CLIENT_ID, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN; for "workload-identity" AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE. A workflow of GitHub has the variables ACTIONS_ID_TOKEN_REQUEST_… if its job has the permission "id-token: write". Managed identities and the Azure CLI need the package @azure/identity, which is not installed.',
    );
    const one = await problemOf(signIn(server, application, { credential: 'secret' }));
    expect(one.hint).toBe('These variables are missing: for "secret" AZURE_CLIENT_SECRET.');
    const peer = await problemOf(signIn(server, {}, { credential: 'azure-identity' }));
    expect(peer.message).toContain('is not installed');
  });

  /** Stands where the package would, with the part of it that is used. */
  const packageOf = (getToken: (scope: string) => Promise<object>, made: object[] = []) => ({
    load: () =>
      Promise.resolve({
        DefaultAzureCredential: class {
          constructor(options: object) {
            made.push(options);
          }
          getToken(scope: string): Promise<object> {
            return getToken(scope);
          }
        },
      }),
  });

  test('may be @azure/identity', async () => {
    const server = await started();
    const made: object[] = [];
    const scopes: string[] = [];
    const more = packageOf((scope) => {
      scopes.push(scope);
      return Promise.resolve({ token: 'azure-token', expiresOnTimestamp: 5 });
    }, made);
    const { token, hidden } = await signIn(server, {}, {}, more);
    expect(token).toEqual({ authorization: 'Bearer azure-token', expires: 5 });
    expect(hidden).toEqual(['azure-token']);
    expect(scopes).toEqual([`${server.url}/.default`]);
    expect(made).toEqual([{ authorityHost: server.url }]);
    // Its variables have no prefix: it would be another application.
    const own = await problemOf(signIn(server, {}, { envPrefix: 'EMEA_' }, more));
    expect(own.code).toBe('publish/no-credentials');
    const failing = packageOf(() =>
      Promise.reject(new Error('CredentialUnavailableError: nothing\nAADSTS700016 x')),
    );
    const failed = await problemOf(signIn(server, {}, {}, failing));
    expect(failed.message).toBe(
      'Microsoft Entra ID gives no token: CredentialUnavailableError: nothing',
    );
    expect(failed.hint).toContain('AZURE_CLIENT_ID');
    const empty = await problemOf(
      signIn(server, {}, { credential: 'azure-identity' }, { load: () => Promise.resolve({}) }),
    );
    expect(empty.message).toContain('no DefaultAzureCredential');
  });
});

test('an authority of the environment counts where the configuration says none', async () => {
  const server = await started();
  const { arm: _, authority: __, ...given } = settingsFor(server.url);
  const publisher = publishing.publisher({ destination: 'x', settings: given, package: {} });
  const asked = async (host: string, settings = publisher): Promise<unknown> => {
    const urls: string[] = [];
    await settings
      .signIn(
        surroundingsOf({ ...secretEnvironment, AZURE_AUTHORITY_HOST: host }, server.clock.now, {
          ask: ({ url }) => {
            urls.push(url);
            return Promise.resolve({ status: 400, headers: {}, json: {} });
          },
        }),
      )
      .catch(() => {});
    return urls;
  };
  const rest = `/${tenant}/oauth2/v2.0/token`;
  expect(await asked('')).toEqual([`https://login.microsoftonline.com${rest}`]);
  expect(await asked('login.microsoftonline.us')).toEqual([
    `https://login.microsoftonline.us${rest}`,
  ]);
  expect(await asked('http://example.org')).toEqual([]);
  const china = publishing.publisher({
    destination: 'x',
    settings: { ...given, cloud: 'china' },
    package: {},
  });
  expect(await asked('', china)).toEqual([`https://login.partner.microsoftonline.cn${rest}`]);
  expect(china.origins).toEqual(['https://management.chinacloudapi.cn']);
});
