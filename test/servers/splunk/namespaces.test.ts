import { describe, expect, test } from 'vitest';
import { at, foreign, kept, scheduled, searches, started } from './kit.ts';
import { admin, type Knowledge, publisher, viewer } from './model.ts';

describe('namespaces', () => {
  test('give a user a private copy of what is shared, which hides it from nobody else', async () => {
    const server = await started({ objects: [foreign('a')] });
    const own = `/servicesNS/${publisher.name}/siemc/saved/searches/a`;
    const changed = await at(server, own, { form: { search: 'mine' } });
    expect(changed.json.entry[0].acl).toMatchObject({
      sharing: 'user',
      owner: publisher.name,
      perms: null,
    });
    expect(kept(server).map(({ sharing, settings }) => [sharing, settings?.['search']])).toEqual([
      ['app', 'index=foreign'],
      ['user', 'mine'],
    ]);
    const seen = async (path: string, token: string) =>
      (await at(server, path, { token })).json.entry[0].content.search;
    expect(await seen(own, publisher.token)).toBe('mine');
    expect(await seen(`${searches}/a`, publisher.token)).toBe('index=foreign');
    expect(await seen(`/servicesNS/${viewer.name}/siemc/saved/searches/a`, viewer.token)).toBe(
      'index=foreign',
    );
    // Of both, the wildcard shows both.
    const all = await at(server, '/servicesNS/-/siemc/saved/searches');
    expect(all.json.paging.total).toBe(2);
    // The copy goes first; what is shared stays.
    await at(server, own, { method: 'DELETE' });
    expect(kept(server)).toMatchObject([{ sharing: 'app' }]);
  });

  test('make what a user makes private to that user', async () => {
    const server = await started();
    const own = `/servicesNS/${publisher.name}/siemc/saved/searches`;
    await at(server, own, { form: { name: 'a', search: 'x' } });
    expect(kept(server)).toMatchObject([{ sharing: 'user', owner: publisher.name }]);
    expect((await at(server, `${searches}/a`)).status).toBe(404);
    expect(
      (await at(server, `/servicesNS/-/-/saved/searches/a`, { token: viewer.token })).status,
    ).toBe(404);
    expect(
      (await at(server, `/servicesNS/-/-/saved/searches/a`, { token: admin.token })).status,
    ).toBe(200);
    const wild = '/servicesNS/-/siemc/saved/searches';
    expect((await at(server, wild, { form: { name: 'b', search: 'x' } })).status).toBe(400);
  });

  test('show what other apps share with everybody, and copy it into the app that changes it', async () => {
    const shared = foreign('a', { app: 'search', sharing: 'global' });
    const server = await started({ objects: [shared, foreign('b', { app: 'search' })] });
    const names = (await at(server, searches)).json.entry.map(({ name }: Knowledge) => name);
    expect(names).toEqual(['a']);
    await at(server, `${searches}/a`, { form: { description: 'ours' } });
    expect(kept(server).filter(({ name }) => name === 'a')).toMatchObject([
      { app: 'search', settings: { search: 'index=foreign' } },
      { app: 'siemc', settings: { search: 'index=foreign', description: 'ours' } },
    ]);
  });

  test('are there only for apps and users that there are', async () => {
    const server = await started();
    const path = '/servicesNS/nobody/nowhere/saved/searches';
    expect(await at(server, path)).toMatchObject({
      status: 404,
      json: { messages: [{ text: 'Application does not exist: nowhere' }] },
    });
    const as = (owner: string, token: string) =>
      at(server, `/servicesNS/${owner}/siemc/saved/searches`, { token });
    expect((await as('admin', publisher.token)).status).toBe(403);
    expect((await as(publisher.name, admin.token)).status).toBe(200);
    expect((await as('ghost', admin.token)).status).toBe(404);
  });
});

describe('permissions', () => {
  test('keep those from writing who may only read', async () => {
    const server = await started({ objects: [foreign('a')] });
    const { token } = viewer;
    const form = { search: 'x' };
    expect((await at(server, searches, { token })).json.paging.total).toBe(1);
    expect(await at(server, `${searches}/a`, { token, form })).toMatchObject({
      status: 403,
      json: {
        messages: [
          { text: expect.stringContaining("User 'viewer' with roles { user } cannot write") },
        ],
      },
    });
    expect((await at(server, searches, { token, form: { name: 'b', ...form } })).status).toBe(403);
    expect((await at(server, `${searches}/a`, { token, method: 'DELETE' })).status).toBe(403);
    expect(
      (await at(server, `${searches}/a/acl`, { token, form: { owner: 'viewer', sharing: 'app' } }))
        .status,
    ).toBe(403);
    expect(kept(server)).toMatchObject([{ settings: { search: 'index=foreign' } }]);
    expect(server.violations).toEqual([]);
  });

  test('refuse arguments that a role may not set, and let others set them', async () => {
    const server = await started();
    const form = { name: 'a', search: 'x', schedule_priority: 'higher' };
    expect(await at(server, searches, { form })).toMatchObject({
      status: 400,
      json: {
        messages: [{ text: 'Argument "schedule_priority" is not supported by this handler.' }],
      },
    });
    expect(server.violations).toEqual([]);
    expect((await at(server, searches, { form, token: admin.token })).status).toBe(201);
    const unscheduled = { ...publisher, capabilities: [] };
    const other = await started({ users: [unscheduled] });
    const asked = { form: { name: 'a', search: 'x', ...scheduled } };
    expect((await at(other, searches, asked)).status).toBe(400);
  });

  test('keep what an app brings along', async () => {
    const server = await started({ objects: [foreign('a', { removable: false })] });
    expect((await at(server, `${searches}/a`)).json.entry[0].acl.removable).toBe(false);
    expect((await at(server, `${searches}/a`, { method: 'DELETE' })).status).toBe(403);
  });
});
