import { describe, expect, test } from 'vitest';
import { ask } from '../http/client.ts';
import { faultsAt } from '../http/faults.ts';
import { at, id, properties, scope, started, tokenOf } from './kit.ts';
import { reader } from './model.ts';

describe('lists', () => {
  test('come in pages, each with the link to the next, in an order that changes', async () => {
    const { server, token } = await started({ pageSize: 3 });
    const ids = Array.from({ length: 10 }, (_, index) => `r${index}`);
    for (const name of ids)
      server.portal.make({
        id: name,
        kind: 'Scheduled',
        properties: { ...properties, displayName: name },
      });
    const listing = async (): Promise<readonly string[]> => {
      const names: string[] = [];
      let page = await at(server, token, '/alertRules');
      for (;;) {
        names.push(...page.json.value.map(({ name }: { name: string }) => name));
        if (page.json.nextLink === undefined) return names;
        expect(page.json.nextLink.startsWith(server.url)).toBe(true);
        page = await ask(page.json.nextLink, { headers: { authorization: `Bearer ${token}` } });
      }
    };
    const [first, second] = [await listing(), await listing()];
    expect([...first].sort()).toEqual(ids);
    expect([...second].sort()).toEqual(ids);
    expect(first).not.toEqual(second);
    expect((await at(server, token, '/alertRules?$skipToken=x')).status).toBe(400);
  });

  test('and reads show writes only after a while', async () => {
    const { server, token, put, get, remove } = await started({ readDelay: 5000 });
    const count = async () => (await at(server, token, '/alertRules')).json.value.length;
    const { etag } = (await put(id)).json;
    expect([(await get(id)).status, await count()]).toEqual([404, 0]);
    // Writers see each other at once.
    expect((await put(id, { severity: 'Low' }, { etag: '"old"' })).status).toBe(409);
    await server.clock.sleep(5000);
    expect([(await get(id)).json.etag, await count()]).toEqual([etag, 1]);
    await remove(id);
    expect([(await get(id)).status, await count()]).toEqual([200, 1]);
    await server.clock.sleep(5000);
    expect([(await get(id)).status, await count()]).toEqual([404, 0]);
  });
});

describe('the portal', () => {
  test('changes rules, deletes them, and disables those that fail', async () => {
    const { server, put, get } = await started();
    const { etag } = (await put(id)).json;
    server.portal.autoDisable(id, 'The table is gone.');
    const { json } = await get(id);
    expect(json.etag).not.toBe(etag);
    expect(json.properties).toMatchObject({
      displayName: 'AUTO DISABLED Role created',
      enabled: false,
      description: expect.stringContaining('The table is gone.'),
    });
    server.portal.discard(id);
    expect((await put(id)).json.error.message).toContain('was recently deleted');
    expect(() => server.portal.edit(id, {})).toThrow('there is no rule');
  });
});

describe('permissions and throttling', () => {
  test('name what is not allowed', async () => {
    const { server, put } = await started();
    await put(id);
    const token = await tokenOf(server, reader);
    expect((await at(server, token, `/alertRules/${id}`)).status).toBe(200);
    for (const [method, verb] of [
      ['PUT', 'write'],
      ['DELETE', 'delete'],
    ] as const) {
      const json = { kind: 'Scheduled', properties };
      const refused = await at(server, token, `/alertRules/${id}`, { method, json });
      expect(refused).toMatchObject({
        status: 403,
        json: { error: { code: 'AuthorizationFailed' } },
      });
      expect(refused.json.error.message).toContain(
        `action 'Microsoft.SecurityInsights/alertRules/${verb}' over scope '${scope}'`,
      );
    }
    expect(server.state().rules).toHaveLength(1);
  });

  test('let 200 writes through, and ten more each second', async () => {
    const { server, put, get } = await started();
    let last = await put(id);
    expect(last.headers.get('x-ms-ratelimit-remaining-subscription-writes')).toBe('199');
    for (let count = 1; count < 200; count++) last = await put(id);
    expect(last.status).toBe(200);
    const refused = await put(id);
    expect(refused).toMatchObject({ status: 429, json: { error: { code: 'TooManyRequests' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    // Reads have a bucket of their own.
    const read = await get(id);
    expect(read.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
    await server.clock.sleep(1000);
    for (let count = 0; count < 10; count++) expect((await put(id)).status).toBe(200);
    expect((await put(id)).status).toBe(429);
  });

  test('refuse what leads nowhere', async () => {
    const { server, token } = await started();
    const code = async (path: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await ask(server.url + path, { headers })).json.error.code;
    };
    const rules = `${scope}/alertRules?api-version=2025-09-01`;
    expect(await code(rules.replace('subscriptions/0b', 'subscriptions/1b'))).toBe(
      'SubscriptionNotFound',
    );
    expect(await code(rules.replace('/security/', '/else/'))).toBe('ResourceGroupNotFound');
    expect(await code(rules.replace('workspaces/sentinel', 'workspaces/else'))).toBe(
      'ResourceNotFound',
    );
    expect(await code(`${scope}/alertRules`)).toBe('MissingApiVersionParameter');
    expect(await code(`${scope}/alertRules?api-version=2020-01-01`)).toBe(
      'NoRegisteredProviderFound',
    );
    expect(await code(`${scope}/alertRules/x/actions?api-version=2025-09-01`)).toBe(
      'InvalidResourceType',
    );
    expect(server.violations).toHaveLength(3);
    expect((await at(server, token, '/alertRules', { json: {} })).status).toBe(405);
    expect((await at(server, token, '/alertRules/x', { json: {} })).status).toBe(405);
    expect((await at(server, token, '/ALERTRULES')).status).toBe(200);
  });

  test('faults are worded as Azure words them', async () => {
    const { server, token } = await started();
    for (const [index, status] of ([401, 409, 429, 500, 502, 503] as const).entries()) {
      server.fail(faultsAt({ [index + 1]: { kind: 'status', status, effect: false } }));
      const answer = await at(server, token, '/alertRules');
      expect(answer).toMatchObject({ status, json: { error: { code: expect.any(String) } } });
    }
  });
});
