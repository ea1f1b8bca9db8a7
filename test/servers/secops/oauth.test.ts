import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { ask } from '../http/client.ts';
import { signedToken, unsignedToken } from '../http/jwt.ts';
import { always, at } from './kit.ts';
import { editor, type ServiceAccount } from './model.ts';
import { type SecopsServer, startSecops } from './secops.ts';

const servers: SecopsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const account: ServiceAccount = { ...editor, publicKey };
const scope = 'https://www.googleapis.com/auth/cloud-platform';

async function started(): Promise<SecopsServer> {
  const server = await startSecops({ rate: always, accounts: [account] });
  servers.push(server);
  return server;
}

describe('an assertion of a service account', () => {
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

  async function asserted(change: object, { key = privateKey, form = {} } = {}) {
    const server = await started();
    const time = server.clock.now() / 1000;
    const claims = {
      iss: account.email,
      aud: `${server.url}/token`,
      scope,
      iat: time,
      exp: time + 3600,
      ...change,
    };
    const assertion = signedToken(claims, key);
    const { json } = await ask(`${server.url}/token`, {
      form: { grant_type: grant, assertion, ...form },
    });
    if (json.access_token === undefined) return json.error;
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    return (await at(server, '/rules', { token: json.access_token })).status;
  }

  test('gives a token', async () => {
    expect(await asserted({})).toBe(200);
    expect(await asserted({ aud: 'https://oauth2.googleapis.com/token' })).toBe(200);
  });

  test('has to be right in all that it claims, and signed', async () => {
    const { privateKey: key } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect(await asserted({}, { key })).toBe('invalid_grant');
    for (const change of [{ iss: 'x' }, { aud: 'x' }, { exp: 0 }, { exp: 9e9 }, { iat: 9e9 }])
      expect(await asserted(change)).toBe('invalid_grant');
    expect(await asserted({ scope: 'https://www.googleapis.com/auth/drive' })).toBe(
      'invalid_scope',
    );
    expect(await asserted({}, { form: { grant_type: 'password' } })).toBe('unsupported_grant_type');
    for (const assertion of ['x', unsignedToken({ iss: account.email }), 'a.b', 'a.b.c.d'])
      expect(await asserted({}, { form: { assertion } })).toBe('invalid_grant');
  });
});

describe('federation', () => {
  const good = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: account.federated?.audience ?? '',
    scope,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  };
  const claimsAt = (server: SecopsServer) => ({
    iss: account.federated?.issuer,
    sub: account.federated?.subject,
    aud: `https:${account.federated?.audience}`,
    exp: server.clock.now() / 1000 + 300,
  });
  const exchange = (server: SecopsServer, claims: object = {}, form: object = {}) =>
    ask(`${server.url}/v1/token`, {
      form: { ...good, subject_token: unsignedToken({ ...claimsAt(server), ...claims }), ...form },
    });
  const impersonate = (server: SecopsServer, token: string, json: object, email = account.email) =>
    ask(
      `${server.url}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`,
      {
        json,
        headers: { authorization: `Bearer ${token}` },
      },
    );

  test('gives a token that may act as the account, and do nothing else', async () => {
    const server = await started();
    const { json } = await exchange(server);
    expect(json.issued_token_type).toContain('access_token');
    expect((await at(server, '/rules', { token: json.access_token })).status).toBe(403);
    const acting = await impersonate(server, json.access_token, { scope: [scope] });
    expect(acting.json.expireTime).toBe('2026-01-05T09:00:00.000Z');
    expect((await at(server, '/rules', { token: acting.json.accessToken })).status).toBe(200);
    expect(
      (await impersonate(server, json.access_token, { scope: [scope] }, 'else@x')).status,
    ).toBe(403);
    expect((await impersonate(server, json.access_token, {})).status).toBe(400);
    expect((await impersonate(server, 'x', { scope: [scope] })).status).toBe(401);
    await server.clock.sleep(3_599_000);
    expect((await impersonate(server, json.access_token, { scope: [scope] })).status).toBe(401);
  });

  test('takes JSON, too', async () => {
    const server = await started();
    const json = Object.fromEntries(
      Object.entries(good).map(([name, value]) => [
        name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
        value,
      ]),
    );
    const asked = { ...json, subjectToken: unsignedToken(claimsAt(server)) };
    expect((await ask(`${server.url}/v1/token`, { json: asked })).status).toBe(200);
  });

  test.each([
    ['another subject', { sub: 'repo:else/x:ref:refs/heads/main' }, {}, 'unauthorized_client'],
    ['another issuer', { iss: 'https://else' }, {}, 'invalid_grant'],
    ['another audience', { aud: 'https://else' }, {}, 'invalid_grant'],
    ['an old token', { exp: 0 }, {}, 'invalid_grant'],
    ['no token', {}, { subject_token: 'x' }, 'invalid_grant'],
    ['another provider', {}, { audience: '//iam.googleapis.com/else' }, 'invalid_target'],
    ['another scope', {}, { scope: 'x' }, 'invalid_scope'],
    ['another grant', {}, { grant_type: 'x' }, 'unsupported_grant_type'],
    ['another kind of token', {}, { requested_token_type: 'x' }, 'invalid_request'],
  ])('refuses %s', async (_, claims, form, error) => {
    expect((await exchange(await started(), claims, form)).json.error).toBe(error);
  });
});
