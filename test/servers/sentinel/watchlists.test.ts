import { afterEach, describe, expect, test } from 'vitest';
import { ask } from '../http/client.ts';
import { rowsOf } from './csv.ts';
import { at, tokenOf } from './kit.ts';
import { reader } from './model.ts';
import { type SentinelOptions, type SentinelServer, startSentinel } from './sentinel.ts';

const servers: SentinelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function started(options: SentinelOptions = {}) {
  const server = await startSentinel(options);
  servers.push(server);
  const token = await tokenOf(server);
  const call = (method: string, path: string, json?: object) =>
    at(server, token, `/watchlists${path}`, { method, ...(json && { json }) });
  const put = (more: object = {}, envelope: object = {}, alias = 'builders') =>
    call('PUT', `/${alias}`, { ...envelope, properties: { ...properties, ...more } });
  const values = async () =>
    (await call('GET', '/builders/watchlistItems')).json.value.map(
      (item: { properties: { itemsKeyValue: object } }) => item.properties.itemsKeyValue,
    );
  return { server, token, call, put, values };
}

const properties = {
  displayName: 'Approved builders',
  provider: 'siemc',
  itemsSearchKey: 'value',
};
const csv = { contentType: 'text/csv', rawContent: 'value,note\nalice,"a, ""b"""\nbob,\n' };

describe('watchlists', () => {
  test('are made with their rows', async () => {
    const { server, call, put, values } = await started();
    const made = await put(csv);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      name: 'builders',
      type: 'Microsoft.SecurityInsights/Watchlists',
      properties: {
        ...properties,
        watchlistAlias: 'builders',
        provisioningState: 'Succeeded',
        uploadStatus: 'Complete',
      },
    });
    expect(made.json.properties).not.toHaveProperty('rawContent');
    expect((await call('GET', '/Builders')).json).toEqual(made.json);
    expect((await call('GET', '')).json.value).toEqual([made.json]);
    expect(await values()).toEqual([
      { value: 'alice', note: 'a, "b"' },
      { value: 'bob', note: '' },
    ]);
    expect(server.violations).toEqual([]);
  });

  test('keep rows that an upload leaves out, and take each row once', async () => {
    const { put, values } = await started();
    await put(csv);
    const again = { contentType: 'text/tsv', numberOfLinesToSkip: 1 };
    const changed = await put({ ...again, rawContent: 'x\nvalue\tnote\nbob\t\ncarol\t\n' });
    expect(changed.status).toBe(200);
    expect((await values()).map(({ value }: { value: string }) => value)).toEqual([
      'alice',
      'bob',
      'carol',
    ]);
  });

  test('take their time, and are not deleted meanwhile', async () => {
    const { server, token, call, put, values } = await started({ watchlistDelay: 60_000 });
    const made = await put(csv);
    const state = async () => (await call('GET', '/builders')).json?.properties?.provisioningState;
    const operation = async (url: string | null) =>
      (await ask(url ?? '', { headers: { authorization: `Bearer ${token}` } })).json.status;
    const uploads = made.headers.get('azure-asyncoperation');
    expect([await state(), await values(), await operation(uploads)]).toEqual([
      'Uploading',
      [],
      'InProgress',
    ]);
    expect((await call('DELETE', '/builders')).status).toBe(409);
    await server.clock.sleep(60_000);
    expect([await state(), (await values()).length, await operation(uploads)]).toEqual([
      'Succeeded',
      2,
      'Succeeded',
    ]);
    const deleted = await call('DELETE', '/builders');
    expect(deleted.status).toBe(202);
    expect(await operation(deleted.headers.get('location'))).toBe('InProgress');
    expect(await state()).toBe('Deleting');
    expect((await put(csv)).json.error.message).toContain('Delete is currently in progress');
    await server.clock.sleep(60_000);
    expect((await call('GET', '/builders')).status).toBe(404);
    expect((await call('DELETE', '/builders')).status).toBe(204);
    expect((await put()).status).toBe(201);
    expect(await values()).toEqual([]);
  });

  test('keep their search key, and are not written over what somebody else wrote', async () => {
    const { server, put } = await started();
    const { etag } = (await put(csv)).json;
    server.portal.watchlist('builders', { description: 'theirs' }, [{ value: 'dave' }]);
    expect((await put({}, { etag })).status).toBe(409);
    expect((await put({ itemsSearchKey: 'note' })).json.error.message).toContain(
      "can't be changed",
    );
    expect(server.state().watchlists[0]?.items).toHaveLength(3);
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['no provider', { provider: undefined }, "'provider'"],
    ['a member too many', { watchlistId: 'x' }, "'watchlistId'"],
    ['a key that is no column', { ...csv, itemsSearchKey: 'x' }, "search key 'x'"],
    ['content of no type', { rawContent: 'value\n' }, "'contentType'"],
    ['content of another type', { ...csv, contentType: 'text/plain' }, "'contentType'"],
    ['another alias', { watchlistAlias: 'else' }, "'else'"],
    ['too much content', { ...csv, rawContent: `value\n${'x'.repeat(3_800_000)}` }, '3.8 MB'],
    ['a name too short', { displayName: 'x' }, "'displayName'"],
    ['a source that is none', { sourceType: 'Local file' }, "'sourceType'"],
  ])('with %s are refused, and count as wrong', async (_, more, text) => {
    const { server, put } = await started();
    const refused = await put(more);
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toContain(text);
    expect(server.violations).toHaveLength(1);
  });

  test('have an alias of 3 to 64 characters', async () => {
    const { put } = await started();
    for (const alias of ['ab', '-abc', 'a'.repeat(65), 'a.b.c'])
      expect((await put({}, {}, alias)).status).toBe(400);
    for (const alias of ['abc', 'a'.repeat(64), 'a-b_c'])
      expect((await put({}, {}, alias)).status).toBe(201);
    const { server, call } = await started();
    expect((await call('PUT', '/abc', { id: 'x', properties })).status).toBe(400);
    expect((await call('PUT', '/abc', {})).status).toBe(400);
    expect((await call('PUT', '/abc')).status).toBe(400);
    expect(server.violations).toHaveLength(3);
  });
});

describe('rows', () => {
  test('are made, changed and deleted one by one', async () => {
    const { server, call, put, values } = await started();
    await put(csv);
    const id = '22222222-2222-4333-8444-555555555555';
    const path = `/builders/watchlistItems/${id}`;
    const row = (value: string) => ({ properties: { itemsKeyValue: { value, note: '' } } });
    const made = await call('PUT', path, row('carol'));
    expect(made).toMatchObject({
      status: 201,
      json: { name: id, properties: { watchlistItemId: id } },
    });
    expect((await call('PUT', path, row('dave'))).status).toBe(200);
    expect((await call('PUT', path, { ...row('erin'), etag: made.json.etag })).status).toBe(409);
    expect((await call('GET', path)).json.properties.itemsKeyValue.value).toBe('dave');
    expect(await values()).toHaveLength(3);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect(server.violations).toEqual([]);
  });

  test.each([
    [{}, "'properties'"],
    [{ properties: {} }, "'itemsKeyValue'"],
    [{ properties: { itemsKeyValue: { note: 'x' } } }, "search key 'value'"],
    [{ properties: { itemsKeyValue: { value: 'x' }, isDeleted: true } }, "'isDeleted'"],
  ])('are refused as %j', async (body, text) => {
    const { server, call, put } = await started();
    await put(csv);
    const refused = await call('PUT', '/builders/watchlistItems/x', body);
    expect(refused.json.error.message).toContain(text);
    expect(server.violations).toHaveLength(1);
  });

  test('come in pages', async () => {
    const { server, token, call, put } = await started({ pageSize: 4 });
    const lines = Array.from({ length: 10 }, (_, index) => `v${index}`);
    await put({ contentType: 'text/csv', rawContent: `value\r\n${lines.join('\r\n')}` });
    const seen: string[] = [];
    let page = await call('GET', '/builders/watchlistItems');
    for (;;) {
      for (const { properties: of } of page.json.value) seen.push(of.itemsKeyValue.value);
      if (page.json.nextLink === undefined) break;
      page = await ask(page.json.nextLink, { headers: { authorization: `Bearer ${token}` } });
    }
    expect(seen).toEqual(lines);
    expect(server.requests.filter(({ path }) => path.endsWith('Items'))).toHaveLength(3);
  });

  test('are of lists that there are, and need verbs that there are', async () => {
    const { call, put } = await started();
    expect((await call('GET', '/builders/watchlistItems')).status).toBe(404);
    await put(csv);
    expect((await call('POST', '/builders/watchlistItems', {})).status).toBe(405);
    expect((await call('POST', '/builders/watchlistItems/x', {})).status).toBe(405);
    expect((await call('POST', '/builders', {})).status).toBe(405);
    expect((await call('POST', '', {})).status).toBe(405);
  });
});

test('readers may not write', async () => {
  const { server, put } = await started();
  await put(csv);
  const token = await tokenOf(server, reader);
  expect((await at(server, token, '/watchlists/builders')).status).toBe(200);
  for (const method of ['PUT', 'DELETE'])
    expect((await at(server, token, '/watchlists/builders', { method, json: {} })).status).toBe(
      403,
    );
  const rows = '/watchlists/builders/watchlistItems/x';
  expect((await at(server, token, rows, { method: 'PUT', json: {} })).status).toBe(403);
});

test('rows are read as RFC 4180 writes them', () => {
  expect(rowsOf('a,b\r\n"1,2","x ""y"""\n\n,z\n"multi\nline",w', ',')).toEqual([
    ['a', 'b'],
    ['1,2', 'x "y"'],
    ['', 'z'],
    ['multi\nline', 'w'],
  ]);
  expect(rowsOf('a\tb\n1\t2\n', '\t')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(rowsOf('', ',')).toEqual([]);
});
