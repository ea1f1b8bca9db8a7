import { describe, expect, onTestFinished, test } from 'vitest';
import { perMinute } from '../http/bucket.ts';
import { ask } from '../http/client.ts';
import { faultsAt } from '../http/faults.ts';
import { at, ruleText, started } from './kit.ts';
import { editor, instance } from './model.ts';
import { startSecops } from './secops.ts';

describe('limits', () => {
  test('let each method through once a second', async () => {
    const server = await startSecops();
    onTestFinished(() => server.close());
    const list = () => at(server, '/rules');
    expect((await list()).status).toBe(200);
    expect(await list()).toMatchObject({
      status: 429,
      json: { error: { status: 'RESOURCE_EXHAUSTED' } },
    });
    expect((await at(server, '/referenceLists')).status).toBe(200);
    await server.clock.sleep(1000);
    expect((await list()).status).toBe(200);
  });

  test('may be others, also of one method', async () => {
    const { server } = await started({ rates: { 'rules.verifyRuleText': perMinute(3) } });
    const verify = async () =>
      (await at(server, ':verifyRuleText', { json: { ruleText: ruleText('a') } })).status;
    expect([await verify(), await verify(), await verify(), await verify()]).toEqual([
      200, 200, 200, 429,
    ]);
    await server.clock.sleep(20_000);
    expect([await verify(), await verify()]).toEqual([200, 429]);
  });
});

describe('refusals', () => {
  test('name the permission that is missing', async () => {
    const limited = {
      ...editor,
      denied: ['chronicle.rules.create', 'chronicle.ruleDeployments.update'],
    };
    const { server } = await started({ accounts: [limited] });
    const refused = await at(server, '/rules', { json: { text: ruleText('a') } });
    expect(refused).toMatchObject({
      status: 403,
      json: {
        error: {
          status: 'PERMISSION_DENIED',
          message: expect.stringContaining("'chronicle.rules.create' denied"),
          details: [
            { reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'chronicle.rules.create' } },
          ],
        },
      },
    });
    expect((await at(server, '/rules')).status).toBe(200);
    expect((await at(server, '/rules/x/deployment', { method: 'PATCH', json: {} })).status).toBe(
      403,
    );
  });

  test('tell of tokens that are unknown or expired', async () => {
    const { server } = await started();
    const token = server.tokenFor(editor.email);
    expect((await at(server, '/rules', { token })).status).toBe(200);
    await server.clock.sleep(3600_000);
    for (const wrong of [token, 'x', ''])
      expect(await at(server, '/rules', { token: wrong })).toMatchObject({
        status: 401,
        json: { error: { code: 401, status: 'UNAUTHENTICATED' } },
      });
  });

  test('tell of instances and methods that there are not', async () => {
    const { server } = await started();
    const elsewhere = await ask(`${server.url}/v1/${instance.replace('eu', 'us')}/rules`);
    expect(elsewhere.json.error.status).toBe('NOT_FOUND');
    for (const path of ['/else', '/rules/a/b'])
      expect(await at(server, path)).toMatchObject({
        status: 404,
        text: expect.stringContaining('<html>'),
      });
    const list = await at(server, '/referenceLists/a', { method: 'DELETE' });
    expect(list).toMatchObject({ status: 404, json: undefined });
    expect(server.violations).toHaveLength(3);
  });

  test('tell of bodies that are no JSON, or are not called so', async () => {
    const { server } = await started();
    for (const [body, type] of [
      ['{', 'application/json'],
      ['[]', 'application/json'],
      [JSON.stringify({ text: ruleText('a') }), 'text/plain'],
    ] as const) {
      const response = await fetch(`${server.url}/v1/${instance}/rules`, {
        method: 'POST',
        body,
        headers: {
          authorization: `Bearer ${server.tokenFor(editor.email)}`,
          'content-type': type,
        },
      });
      expect(response.status).toBe(400);
    }
    expect(server.violations).toHaveLength(3);
  });

  test('of faults are worded as Google words them', async () => {
    const { server } = await started();
    const words = [
      'UNAUTHENTICATED',
      'ABORTED',
      'RESOURCE_EXHAUSTED',
      'INTERNAL',
      undefined,
      'UNAVAILABLE',
    ];
    for (const [index, status] of ([401, 409, 429, 500, 502, 503] as const).entries()) {
      server.fail(faultsAt({ [index]: { kind: 'status', status, effect: false } }));
      const answer = await at(server, '/rules');
      expect([answer.status, answer.json?.error.status]).toEqual([status, words[index]]);
    }
  });
});
