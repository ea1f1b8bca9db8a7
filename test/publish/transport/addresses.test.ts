import { describe, expect, test } from 'vitest';
import type { ApiCall } from '../../../src/backend/api.ts';
import { problemOf, startedStore, startStore, wayTo } from './kit.ts';

describe('the token goes', () => {
  test('to the origins of the publisher only', async () => {
    const { store, way } = await startedStore();
    const other = await startStore();
    const { host } = new URL(other.url);
    const foreign = [
      other.url,
      store.url.replace('127.0.0.1', 'localhost'),
      'https://127.0.0.1',
      'https://example.test',
    ];
    for (const origin of foreign) {
      const call: ApiCall = { method: 'GET', url: `${origin}/a`, pace: 'reads' };
      const problem = await problemOf(way.read(call));
      expect(problem).toMatchObject({ name: 'RemoteProblem', code: 'publish/foreign-host' });
      await expect(way.send(call, true)).rejects.toMatchObject({ code: 'publish/foreign-host' });
    }
    expect((await problemOf(way.read({ method: 'GET', url: other.url, pace: '' }))).message).toBe(
      `An address leads to ${host}, and the token is for ${store.url} only.`,
    );
    expect([...store.requests, ...other.requests]).toEqual([]);
    expect(way.sent).toEqual(new Map());
  });

  test('to each of them, however they are written', async () => {
    const store = await startStore();
    const other = await startStore();
    const origins = [`${store.url}/`, other.url];
    const way = wayTo({ origin: store.url, clock: store.clock, origins });
    await way.get('/a');
    await way.read({ method: 'GET', url: `${other.url}/a`, pace: 'reads' });
    expect([store.requests.length, other.requests.length]).toEqual([1, 1]);
  });
});

describe('an address', () => {
  const url = 'https://siem.example.test';
  test.each([
    ['/only/a/path', 'There is no such address.'],
    ['https://', 'There is no such address.'],
    [
      'http://siem.example.test/',
      "The address at siem.example.test doesn't begin with https://, which only those of this machine needn't.",
    ],
    [
      'http://127.0.0.1.example.test/',
      "The address at 127.0.0.1.example.test doesn't begin with https://, which only those of this machine needn't.",
    ],
    [
      'ftp://127.0.0.1/',
      "The address at 127.0.0.1 doesn't begin with https://, which only those of this machine needn't.",
    ],
    [
      'https://me:pass@siem.example.test/',
      'The address at siem.example.test has a user or a password in it.',
    ],
    [
      'https://siem.example.test@other.example.test/',
      'The address at other.example.test has a user or a password in it.',
    ],
    [
      `${url}/rules/../macros`,
      'The address at siem.example.test has a segment of dots in its path.',
    ],
    [`${url}/rules/%2E./x`, 'The address at siem.example.test has a segment of dots in its path.'],
    [`${url}/rules/.`, 'The address at siem.example.test has a segment of dots in its path.'],
    [
      `${url}/a\nb`,
      'The address at siem.example.test has a control character or a backslash in it.',
    ],
    [
      `${url}\\@other.example.test/`,
      'The address at siem.example.test has a control character or a backslash in it.',
    ],
  ])('has to be one that is read in one way (%j)', async (address, message) => {
    const { way } = await startedStore({ origins: [url, 'http://127.0.0.1', 'ftp://127.0.0.1'] });
    const call: ApiCall = { method: 'GET', url: address, pace: 'reads' };
    expect(await problemOf(way.read(call))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/address',
      message,
    });
  });

  test('keeps its dots elsewhere', async () => {
    const { store, way } = await startedStore();
    await way.get('/a..b/.c/...?x=../y#z');
    expect(store.requests.map(({ path, query }) => [path, query.get('x')])).toEqual([
      ['/a..b/.c/...', '../y'],
    ]);
  });
});

describe('a header', () => {
  test.each(['"a"\r\nx: y', 'a\nb', '\u0000', 'ä€'])('is one header (%j)', async (value) => {
    const { store, way } = await startedStore();
    expect(await problemOf(way.get('/a', { headers: { 'If-Match': value } }))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/header',
      message:
        'The header "If-Match" holds a line break, or another character that no header takes.',
    });
    expect(store.requests).toEqual([]);
  });

  test.each(['Authorization', 'host', 'Content-Length', 'content-type'])(
    '%s is for the transport',
    async (name) => {
      const { store, way } = await startedStore();
      await expect(way.get('/a', { headers: { [name]: 'x' } })).rejects.toThrow(Error);
      expect(store.requests).toEqual([]);
    },
  );
});

test('a form of whole characters only', async () => {
  const { store, way } = await startedStore();
  const call: ApiCall = {
    method: 'POST',
    url: `${store.url}/a`,
    pace: '',
    form: [['search', 'a\ud800b']],
  };
  await expect(way.send(call, false)).rejects.toMatchObject({
    code: 'publish/text',
    message: 'The text of "search" has half of a character in it.',
  });
  expect(store.requests).toEqual([]);
});
