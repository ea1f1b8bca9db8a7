import { describe, expect, test } from 'vitest';
import { at, foreign, kept, searches, started } from './kit.ts';
import { publisher } from './model.ts';

describe('access lists', () => {
  const acl = `${searches}/a/acl`;
  const wanted = {
    owner: 'nobody',
    sharing: 'global',
    'perms.read': '*',
    'perms.write': 'admin, power',
  };

  test('are set with owner and sharing, and read back', async () => {
    const server = await started({ objects: [foreign('a')] });
    expect((await at(server, acl, { form: wanted })).status).toBe(200);
    expect((await at(server, acl)).json.entry[0].acl).toMatchObject({
      sharing: 'global',
      perms: { read: ['*'], write: ['admin', 'power'] },
    });
    // It is the same object still, for all apps now; and no longer for this role to change.
    expect(server.state()).toHaveLength(1);
    expect((await at(server, '/servicesNS/nobody/search/saved/searches/a')).status).toBe(200);
    expect((await at(server, `${searches}/a`, { form: { search: 'x' } })).status).toBe(403);
  });

  test.each([
    [{ sharing: 'app' }, 'The following required arguments are missing: owner.'],
    [{ owner: 'nobody' }, 'The following required arguments are missing: sharing.'],
    [{ owner: 'nobody', sharing: 'all' }, 'Invalid value for argument "sharing": "all".'],
    [{ owner: 'nobody', sharing: 'user' }, 'What is private needs an owner that is a user.'],
    [
      { owner: 'nobody', sharing: 'app', app: 'x' },
      'Argument "app" is not supported by this handler.',
    ],
  ])('are refused as %j', async (form, text) => {
    const server = await started({ objects: [foreign('a')] });
    expect(await at(server, acl, { form })).toMatchObject({
      status: 400,
      json: { messages: [{ text }] },
    });
    expect(server.violations).toEqual([{ request: 0, message: text }]);
  });

  test('are no form at all when they are sent as JSON', async () => {
    const server = await started({ objects: [foreign('a')] });
    expect((await at(server, acl, { json: wanted })).status).toBe(400);
    expect(server.violations[0]).toEqual({ request: 0, message: 'Bodies are forms.' });
  });

  test('move a private object among the shared ones, unless its name is taken there', async () => {
    const server = await started();
    const own = `/servicesNS/${publisher.name}/siemc/saved/searches`;
    const share = (name: string) =>
      at(server, `${own}/${name}/acl`, { form: { owner: publisher.name, sharing: 'app' } });
    for (const name of ['a', 'b']) await at(server, own, { form: { name, search: 'mine' } });
    expect((await share('a')).status).toBe(200);
    expect(kept(server)).toMatchObject([
      { name: 'b', sharing: 'user' },
      { name: 'a', sharing: 'app', owner: publisher.name },
    ]);
    expect((await at(server, own, { form: { name: 'a', search: 'x' } })).status).toBe(409);
    await at(server, searches, { form: { name: 'b', search: 'ours' } });
    expect((await share('b')).status).toBe(409);
    expect(kept(server)).toHaveLength(3);
  });

  test('may not be found at first, or be forgotten in spite of a 200', async () => {
    const late = await started({ acl: { lag: 1000 } });
    await at(late, searches, { form: { name: 'a', search: 'x' } });
    expect((await at(late, acl, { form: wanted })).status).toBe(404);
    await late.clock.sleep(1000);
    expect((await at(late, acl, { form: wanted })).status).toBe(200);
    const forgetful = await started({ objects: [foreign('a')], acl: { forgets: 1 } });
    const shared = async () => (await at(forgetful, acl)).json.entry[0].acl.sharing;
    expect((await at(forgetful, acl, { form: wanted })).status).toBe(200);
    expect(await shared()).toBe('app');
    await at(forgetful, acl, { form: wanted });
    expect(await shared()).toBe('global');
  });
});
