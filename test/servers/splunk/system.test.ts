import { describe, expect, test } from 'vitest';
import { at, foreign, macros, searches, started } from './kit.ts';
import { publisher } from './model.ts';
import type { SplunkServer } from './splunk.ts';

describe('macros', () => {
  test('are made, changed and read at either of two addresses', async () => {
    const server = await started();
    const form = { name: 'bound(2)', definition: 'x=$a$ y=$b$', args: 'a,b' };
    expect((await at(server, macros, { form })).status).toBe(201);
    expect((await at(server, macros, { form })).json.messages[0].text).toBe(
      'An object with name=bound(2) already exists',
    );
    const path = `/servicesNS/nobody/siemc/data/macros/${encodeURIComponent('bound(2)')}`;
    await at(server, path, { form: { definition: 'x=$a$' } });
    expect((await at(server, path)).json.entry[0].content).toMatchObject({
      definition: 'x=$a$',
      args: 'a,b',
      iseval: '0',
    });
    expect((await at(server, macros, { form: { name: 'b' } })).status).toBe(400);
    expect(
      (await at(server, macros, { form: { name: 'b', definition: 'x', search: 'y' } })).status,
    ).toBe(400);
    expect(server.violations).toHaveLength(2);
  });
});

test('definitions of lookups that an app brings are read and nothing else', async () => {
  const lookups = '/servicesNS/nobody/siemc/data/transforms/lookups';
  const server = await started({ objects: [foreign('builders', { kind: 'transforms' })] });
  expect((await at(server, lookups)).json.entry).toMatchObject([
    {
      name: 'builders',
      acl: { app: 'siemc' },
      content: { filename: 'builders.csv', type: 'file' },
    },
  ]);
  expect((await at(server, `${lookups}/builders`)).status).toBe(200);
  expect((await at(server, `${lookups}/others`)).status).toBe(404);
  expect(server.violations).toEqual([]);
  expect((await at(server, lookups, { form: { name: 'x' } })).status).toBe(405);
  expect((await at(server, `${lookups}/builders`, { method: 'DELETE' })).status).toBe(405);
  expect(server.violations).toHaveLength(2);
});

describe('the parser', () => {
  const v2 = '/services/search/v2/parser';
  const parsed = (server: SplunkServer, q: string, more = {}) =>
    at(server, v2, { form: { q, ...more } });

  test('takes searches apart', async () => {
    const server = await started();
    const { status, json } = await parsed(
      server,
      'search a="|" [search b | fields c] | stats count by d',
    );
    expect(status).toBe(200);
    expect(json.commands.map(({ command }: { command: string }) => command)).toEqual([
      'search',
      'stats',
    ]);
    expect((await parsed(server, '| tstats count | where count > 3')).status).toBe(200);
  });

  test.each([
    ['ABCXYZ', "Unknown search command 'abcxyz'."],
    ['index=a', "Unknown search command 'index'."],
    ['search a | foo', "Unknown search command 'foo'."],
    ['search a="b', "Error in 'SearchParser': Mismatched quotes and/or parenthesis."],
    ['search (a', "Error in 'SearchParser': Mismatched quotes and/or parenthesis."],
    ['search a)', "Error in 'SearchParser': Mismatched quotes and/or parenthesis."],
    ['search a | ', "Error in 'SearchParser': Missing a search command before '|'."],
    [
      '| where a=1',
      "Error in 'where' command: This command must not be the first command of a search.",
    ],
  ])('refuses %s', async (q, text) => {
    const server = await started();
    expect(await parsed(server, q)).toMatchObject({
      status: 400,
      json: { messages: [{ type: 'FATAL', text }] },
    });
  });

  test('knows the macros of the namespace, unless it is to parse only', async () => {
    const server = await started();
    const q = 'search `siemc_index` `bound(1, 2)` ```a `comment` ``` | stats count';
    const inApp = (form: Record<string, string>) =>
      at(server, '/servicesNS/nobody/siemc/search/v2/parser', { form });
    expect((await inApp({ q })).json.messages[0].text).toContain(
      "macro 'siemc_index' that cannot be found",
    );
    expect((await inApp({ q, parse_only: '1' })).status).toBe(200);
    await at(server, macros, { form: { name: 'siemc_index', definition: 'index=a' } });
    expect((await inApp({ q })).json.messages[0].text).toContain("macro 'bound(2)'");
    await at(server, macros, { form: { name: 'bound(2)', definition: 'x' } });
    expect((await inApp({ q })).status).toBe(200);
    // Another app doesn't see them.
    expect((await parsed(server, q)).status).toBe(400);
  });

  test('has reasons of its own', async () => {
    const server = await started({
      rejects: (query) => (query.includes('bad') ? 'No.' : undefined),
    });
    expect((await parsed(server, 'search bad')).json.messages[0].text).toBe('No.');
    expect((await parsed(server, 'search good')).status).toBe(200);
    expect(server.violations).toEqual([]);
    expect((await parsed(server, '')).status).toBe(400);
    expect((await parsed(server, 'search good', { query: 'x' })).status).toBe(400);
    expect(server.violations).toHaveLength(2);
  });

  test.each([
    ['9.0.1', 404, 200],
    ['9.0.2', 200, 200],
    ['10.1.3', 200, 200],
    ['10.2.0', 200, 404],
  ])('is there in version %s by POST: %i, by GET: %i', async (version, post, get) => {
    const server = await started({ version });
    const info = await at(server, '/services/server/info');
    expect(info.json.entry[0].content.version).toBe(version);
    expect((await parsed(server, 'search a')).status).toBe(post);
    expect((await at(server, '/services/search/parser?q=search%20a')).status).toBe(get);
    expect((await at(server, v2, { method: 'GET' })).status).toBe(post === 200 ? 405 : 404);
  });
});

describe('signing in', () => {
  const nobody = {
    status: 401,
    json: { messages: [{ type: 'WARN', text: 'call not properly authenticated' }] },
  };

  test('works by token, session and password', async () => {
    const server = await started();
    const by = (authorization: string) => at(server, searches, { headers: { authorization } });
    const login = (password: string) =>
      at(server, '/services/auth/login', { form: { username: publisher.name, password } });
    expect((await by(`Bearer ${publisher.token}`)).status).toBe(200);
    expect((await by(`Basic ${btoa(`${publisher.name}:${publisher.password}`)}`)).status).toBe(200);
    const { sessionKey } = (await login(publisher.password)).json;
    expect((await by(`Splunk ${sessionKey}`)).status).toBe(200);
    for (const wrong of [
      'Bearer x',
      'Splunk x',
      'Basic x',
      `Bearer ${sessionKey}`,
      publisher.token,
    ])
      expect(await by(wrong)).toMatchObject(nobody);
    expect(await login('wrong')).toMatchObject({
      status: 401,
      json: { messages: [{ text: 'Login failed' }] },
    });
    await server.clock.sleep(3600_000);
    expect(await by(`Splunk ${sessionKey}`)).toMatchObject(nobody);
  });

  test('ends when a token expires', async () => {
    const start = (await started()).clock.now();
    const server = await started({ users: [{ ...publisher, tokenExpires: start + 1000 }] });
    expect((await at(server, searches)).status).toBe(200);
    await server.clock.sleep(1000);
    expect(await at(server, searches)).toMatchObject(nobody);
  });
});
