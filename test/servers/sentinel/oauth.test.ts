import { constants, createHash, sign, X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../http/certificate.ts';
import { ask } from '../http/client.ts';
import { startIdTokens } from '../http/id-tokens.ts';
import { unsignedToken } from '../http/jwt.ts';
import { at, tokenOf } from './kit.ts';
import { contributor, tenant } from './model.ts';
import { type SentinelServer, startSentinel } from './sentinel.ts';

const servers: SentinelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function started(): Promise<SentinelServer> {
  const server = await startSentinel();
  servers.push(server);
  return server;
}

const good = {
  grant_type: 'client_credentials',
  client_id: contributor.clientId,
  client_secret: contributor.secret,
  scope: 'https://management.azure.com/.default',
};

const asks = (server: SentinelServer, form: Record<string, string>, of: string = tenant) =>
  ask(`${server.url}/${of}/oauth2/v2.0/token`, { form });

describe('tokens', () => {
  test('are given for a secret, also with the address of the server itself as scope', async () => {
    const server = await started();
    expect(await asks(server, good)).toMatchObject({
      status: 200,
      json: { token_type: 'Bearer', expires_in: 3599, access_token: expect.any(String) },
    });
    expect((await asks(server, { ...good, scope: `${server.url}/.default` })).status).toBe(200);
  });

  test.each([
    ['grant_type', { grant_type: 'password' }, 400, 70003],
    ['scope', { scope: 'https://graph.microsoft.com/.default' }, 400, 70011],
    ['client', { client_id: 'x' }, 400, 700016],
    ['secret', { client_secret: 'x' }, 401, 7000215],
  ])('are refused for a wrong %s', async (_, wrong, status, code) => {
    const server = await started();
    const { json, ...refused } = await asks(server, { ...good, ...wrong });
    expect(refused.status).toBe(status);
    expect(json.error_codes).toEqual([code]);
    expect(json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
  });

  test('are of one tenant', async () => {
    const server = await started();
    expect((await asks(server, good, 'else')).json.error_codes).toEqual([90002]);
  });

  test('expire', async () => {
    const server = await started();
    const token = await tokenOf(server);
    expect((await at(server, token, '/alertRules')).status).toBe(200);
    await server.clock.sleep(3_599_000);
    const refused = await at(server, token, '/alertRules');
    expect(refused).toMatchObject({
      status: 401,
      json: { error: { code: 'ExpiredAuthenticationToken' } },
    });
    expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
    const unknown = await at(server, 'x', '/alertRules');
    expect(unknown.json.error.code).toBe('InvalidAuthenticationToken');
    const none = await at(server, '', '/alertRules', { headers: { authorization: '' } });
    expect(none.json.error.code).toBe('AuthenticationFailed');
  });
});

describe('federation', () => {
  const { client_secret: _, ...withoutSecret } = good;

  async function asserted(change: object, form: object = {}): Promise<number | undefined> {
    const server = await started();
    const claims = {
      iss: contributor.federated?.issuer,
      sub: contributor.federated?.subject,
      aud: contributor.federated?.audience,
      exp: server.clock.now() / 1000 + 300,
      ...change,
    };
    const { json } = await asks(server, {
      ...withoutSecret,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: unsignedToken(claims),
      ...form,
    });
    if (json.access_token === undefined) return json.error_codes[0];
    expect((await at(server, json.access_token, '/alertRules')).status).toBe(200);
    return undefined;
  }

  test('gives tokens for tokens of the issuer', async () => {
    expect(await asserted({})).toBeUndefined();
  });

  test('gives tokens for the tokens of a workflow', async () => {
    const server = await started();
    const issuer = await startIdTokens(server.clock);
    try {
      const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
        issuer.environment;
      const headers = { authorization: `Bearer ${token}` };
      const audience = `${url}&audience=${encodeURIComponent('api://AzureADTokenExchange')}`;
      const { json } = await ask(audience, { headers });
      const asked = {
        ...withoutSecret,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: json.value,
      };
      expect((await asks(server, asked)).status).toBe(200);
      await server.clock.sleep(300_000);
      expect((await asks(server, asked)).json.error_codes).toEqual([700024]);
      expect((await ask(audience)).status).toBe(401);
      expect((await ask(issuer.url, { headers })).status).toBe(404);
      const forAnybody = (await ask(url, { headers })).json.value;
      expect(
        (await asks(server, { ...asked, client_assertion: forAnybody })).json.error_codes,
      ).toEqual([700212]);
    } finally {
      await issuer.close();
    }
  });

  test.each([
    ['subject', { sub: 'repo:else/detections:ref:refs/heads/main' }, {}, 700213],
    ['audience', { aud: 'api://else' }, {}, 700212],
    ['issuer', { iss: 'https://else' }, {}, 700212],
    ['time', { exp: 0 }, {}, 700024],
    ['form', {}, { client_assertion: 'x' }, 50027],
    ['type', {}, { client_assertion_type: 'x' }, 7000218],
  ])('refuses another %s', async (_, claims, form, code) => {
    expect(await asserted(claims, form)).toBe(code);
  });
});

describe('certificates', () => {
  const { client_secret: _, ...withoutSecret } = good;
  const [own, other] = [selfSigned('own'), selfSigned('other')];
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const thumbprint = (certificate: string): string =>
    createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');

  async function asserted(change: object, header: object = {}, key = own.key): Promise<unknown> {
    const server = await startSentinel({
      principals: [{ ...contributor, certificate: own.certificate }],
    });
    servers.push(server);
    const now = server.clock.now() / 1000;
    const { clientId } = contributor;
    const claims = {
      ...{ aud: `${server.url}/${tenant}/oauth2/v2.0/token`, iss: clientId, sub: clientId },
      ...{ jti: 'once', nbf: now, exp: now + 600, ...change },
    };
    const text = [{ alg: 'PS256', 'x5t#S256': thumbprint(own.certificate), ...header }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = sign('sha256', Buffer.from(text), { key, padding, saltLength: 32 });
    const { json } = await asks(server, {
      ...withoutSecret,
      client_assertion_type: type,
      client_assertion: `${text}.${signature.toString('base64url')}`,
    });
    return json.error_codes?.[0] ?? typeof json.access_token;
  }

  test('sign tokens of the application itself', async () => {
    expect(await asserted({})).toBe('string');
  });

  test.each([
    ['audience', { aud: 'https://else' }, {}, 700023],
    ['subject', { sub: 'else' }, {}, 700021],
    ['number', { jti: undefined }, {}, 700021],
    ['time', { exp: 0 }, {}, 700024],
    ['long time', { exp: 9e9 }, {}, 700024],
    ['algorithm', {}, { alg: 'RS256' }, 700027],
    ['thumbprint', {}, { 'x5t#S256': thumbprint(other.certificate) }, 700027],
  ])('are refused with another %s', async (_, claims, header, code) => {
    expect(await asserted(claims, header)).toBe(code);
  });

  test('are refused where another key signed', async () => {
    expect(await asserted({}, {}, other.key)).toBe(700027);
  });

  test('are refused of an application that has none', async () => {
    const server = await started();
    const { json } = await asks(server, {
      ...withoutSecret,
      client_assertion_type: type,
      client_assertion: unsignedToken({ iss: contributor.clientId }),
    });
    expect(json.error_codes).toEqual([700027]);
  });
});
