import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../http/client.ts';
import { faultsAt } from '../http/faults.ts';
import { at, foreign, kept, searches, started } from './kit.ts';
import { startSplunkWeb } from './splunk.ts';

test('people change, make and delete objects in Splunk Web', async () => {
  const server = await started({ objects: [foreign('a')] });
  await server.clock.sleep(1000);
  server.edit({ name: 'a', app: 'siemc', settings: { disabled: '1' } });
  server.edit({ name: 'b', app: 'siemc', settings: { search: 'theirs' } });
  expect(kept(server)).toMatchObject([
    { name: 'a', settings: { search: 'index=foreign', disabled: '1' } },
    { name: 'b', settings: { search: 'theirs' } },
  ]);
  expect(server.state()[0]?.updated).toBe(server.clock.now());
  server.discard({ name: 'a', app: 'siemc' });
  expect((await at(server, `${searches}/a`)).status).toBe(404);
});

test('faults are worded as splunkd words them', async () => {
  const server = await started();
  for (const [index, status] of ([401, 409, 429, 500, 502, 503] as const).entries()) {
    server.fail(faultsAt({ [index]: { kind: 'status', status, effect: false } }));
    const { json } = await at(server, searches);
    expect(json.messages[0].text).toMatch(/\w/);
  }
});

test('Splunk Web knows no endpoint', async () => {
  const web = await startSplunkWeb();
  onTestFinished(() => web.close());
  expect(await ask(`${web.url}${searches}`)).toMatchObject({
    status: 404,
    text: expect.stringContaining('<html>'),
  });
});

test('other addresses and verbs are refused', async () => {
  const server = await started({ objects: [foreign('a')] });
  expect((await at(server, '/en-US/app')).status).toBe(404);
  expect((await at(server, '/services/data/indexes')).status).toBe(404);
  expect((await at(server, searches, { method: 'PUT' })).status).toBe(405);
  expect((await at(server, `${searches}/a/else`)).status).toBe(405);
  expect(server.violations).toHaveLength(4);
  expect((await at(server, `${searches}/`)).status).toBe(200);
  expect((await at(server, '/services/saved/searches')).status).toBe(200);
});
