import { describe, expect, test } from 'vitest';
import { at, foreign, scheduled, searches, started } from './kit.ts';

describe('saved searches', () => {
  test('are made, read, changed in part and deleted', async () => {
    const server = await started();
    const form = { name: 'Role created', search: 'index=a', description: 'x' };
    const made = await at(server, searches, { form });
    expect(made.status).toBe(201);
    expect(made.json.entry[0]).toMatchObject({
      name: 'Role created',
      author: 'nobody',
      acl: { app: 'siemc', owner: 'nobody', sharing: 'app' },
      content: { search: 'index=a', description: 'x', qualifiedSearch: 'search index=a' },
    });
    const path = `${searches}/Role%20created`;
    expect((await at(server, path, { form: { search: '| tstats count' } })).status).toBe(200);
    expect((await at(server, path)).json.entry[0].content).toMatchObject({
      search: '| tstats count',
      qualifiedSearch: '| tstats count',
      description: 'x',
    });
    expect((await at(server, path, { method: 'DELETE' })).status).toBe(200);
    for (const method of ['GET', 'DELETE'])
      expect(await at(server, path, { method })).toMatchObject({
        status: 404,
        json: { messages: [{ type: 'ERROR', text: 'Could not find object id=Role created' }] },
      });
    expect((await at(server, path, { form: { search: 'x' } })).status).toBe(404);
    expect(server.violations).toEqual([]);
  });

  test('have names that stand in paths, whatever is in them', async () => {
    const server = await started();
    for (const name of ['a/b', '100% + "ü" & more?', 'x#y', 'a+b']) {
      expect((await at(server, searches, { form: { name, search: 'x' } })).status).toBe(201);
      const read = await at(server, `${searches}/${encodeURIComponent(name)}`);
      expect(read.json.entry[0].name).toBe(name);
      const { pathname } = new URL(read.json.entry[0].id);
      expect((await at(server, pathname)).json.entry[0].name).toBe(name);
    }
    // A plus sign in a path is no blank.
    expect((await at(server, `${searches}/a+b`)).status).toBe(200);
    expect((await at(server, `${searches}/x+y`)).status).toBe(404);
  });

  test('are not made twice', async () => {
    const server = await started();
    const form = { name: 'a', search: 'index=a' };
    await at(server, searches, { form });
    expect(await at(server, searches, { form })).toMatchObject({
      status: 409,
      json: { messages: [{ text: expect.stringContaining("with name 'a'. A saved search") }] },
    });
    const elsewhere = '/servicesNS/nobody/search/saved/searches';
    expect((await at(server, elsewhere, { form })).status).toBe(201);
    expect(server.violations).toEqual([]);
  });

  test('have defaults for all that nobody set, and truth values as digits', async () => {
    const form = {
      name: 'a',
      search: 'x',
      ...scheduled,
      is_visible: 'false',
      actions: 'notable, risk',
    };
    const expected = { is_scheduled: '1', is_visible: '0', disabled: '0', 'alert.severity': '3' };
    const server = await started();
    const { content } = (await at(server, searches, { form })).json.entry[0];
    expect(content).toMatchObject({
      ...expected,
      'action.notable': '1',
      'action.risk': '1',
      'action.email': '0',
    });
    const typed = await started({ style: 'typed' });
    expect((await at(typed, searches, { form })).json.entry[0].content).toMatchObject({
      is_scheduled: true,
      is_visible: false,
      'alert.severity': 3,
      'action.notable': true,
      schedule_window: '0',
    });
    expect(server.state()[0]?.settings).toMatchObject({ is_visible: 'false' });
    // An action is on because it is in the list, and for no other reason.
    await at(server, `${searches}/a`, { form: { actions: 'risk', 'action.notable': '1' } });
    expect((await at(server, `${searches}/a`)).json.entry[0].content).toMatchObject({
      'action.notable': '0',
      'action.risk': '1',
    });
  });

  test('come 30 at a time unless more are asked for', async () => {
    const objects = Array.from({ length: 65 }, (_, index) => foreign(`s${100 + index}`));
    const server = await started({ objects });
    const page = async (query: string) => (await at(server, `${searches}?${query}`)).json;
    const first = await page('');
    expect(first.paging).toEqual({ total: 65, perPage: 30, offset: 0 });
    expect(first.entry.map(({ name }: { name: string }) => name)).toEqual(
      objects.slice(0, 30).map(({ name }) => name),
    );
    expect((await page('offset=60')).entry).toHaveLength(5);
    expect((await page('count=50&offset=50')).entry).toHaveLength(15);
    for (const all of ['count=0', 'count=-1']) expect((await page(all)).entry).toHaveLength(65);
    expect((await page('count=1&sort_dir=desc')).entry[0].name).toBe('s164');
    expect((await page('search=name%3D%22s120%22')).paging.total).toBe(1);
    expect((await page('search=s12')).paging.total).toBe(10);
    expect((await at(server, `${searches}?count=many`)).status).toBe(400);
  });

  test('are answered as Atom unless JSON is asked for', async () => {
    const server = await started();
    const form = { name: 'a<b', search: 'x="&"' };
    const made = await at(server, searches, { form, mode: '' });
    expect(made.headers.get('content-type')).toContain('xml');
    expect(made.text).toContain('<title>a&#60;b</title>');
    expect(made.text).toContain('<s:key name="search">x=&#34;&#38;&#34;</s:key>');
    const again = await at(server, searches, { form, mode: '' });
    expect(again.text).toContain('<msg type="ERROR">Unable to create saved search');
    // A form may ask for JSON, too.
    const inForm = await at(server, searches, { form: { ...form, output_mode: 'json' }, mode: '' });
    expect(inForm).toMatchObject({ status: 409, json: { messages: [{ type: 'ERROR' }] } });
  });

  test.each([
    ['nothing', {}, 'The following required arguments are missing: name, search.'],
    ['no search', { name: 'a' }, 'The following required arguments are missing: search.'],
    ['brackets in a name', { name: 'a[b]', search: 'x' }, 'Invalid name: a[b]'],
    [
      'an unknown argument',
      { name: 'a', search: 'x', searhc: 'y' },
      'Argument "searhc" is not supported by this handler.',
    ],
    [
      'no cron schedule',
      { name: 'a', search: 'x', is_scheduled: '1' },
      'A scheduled search needs the argument "cron_schedule".',
    ],
    [
      'names in a cron schedule',
      { name: 'a', search: 'x', cron_schedule: '0 0 * * MON' },
      'Invalid value for argument "cron_schedule": "0 0 * * MON".',
    ],
    [
      'a truth value that is none',
      { name: 'a', search: 'x', disabled: 'yes' },
      'Invalid value for argument "disabled": "yes".',
    ],
    [
      'an unknown severity',
      { name: 'a', search: 'x', 'alert.severity': '7' },
      'Invalid value for argument "alert.severity": "7".',
    ],
    [
      'a custom alert without a condition',
      { name: 'a', search: 'x', alert_type: 'custom' },
      'The alert type "custom" needs the argument "alert_condition".',
    ],
    [
      'a count without a threshold',
      { name: 'a', search: 'x', alert_type: 'number of events' },
      'The alert type "number of events" needs the arguments "alert_comparator" and "alert_threshold".',
    ],
    [
      'throttling without a period',
      { name: 'a', search: 'x', 'alert.suppress': '1' },
      'Throttling needs the argument "alert.suppress.period".',
    ],
    [
      'throttling per result without fields',
      {
        name: 'a',
        search: 'x',
        'alert.suppress': '1',
        'alert.suppress.period': '1h',
        'alert.digest_mode': '0',
      },
      'Throttling of per-result alerts needs the argument "alert.suppress.fields".',
    ],
    [
      'real time per result',
      { name: 'a', search: 'x', 'dispatch.earliest_time': 'rt-5m', 'alert.digest_mode': '0' },
      'windowed real-time per result alerts require field based alert throttling to be enabled',
    ],
    [
      'annotations that are no JSON',
      { name: 'a', search: 'x', 'action.correlationsearch.annotations': '{' },
      'The value of argument "action.correlationsearch.annotations" is no JSON.',
    ],
    [
      'annotations that are no lists',
      { name: 'a', search: 'x', 'action.correlationsearch.annotations': '{"cve":"x"}' },
      'Invalid value for argument "action.correlationsearch.annotations".',
    ],
    [
      'risk of an unknown object',
      {
        name: 'a',
        search: 'x',
        'action.risk.param._risk':
          '[{"risk_object_field":"u","risk_object_type":"host","risk_score":1}]',
      },
      'Invalid value for argument "action.risk.param._risk".',
    ],
    [
      'drilldowns without times',
      {
        name: 'a',
        search: 'x',
        'action.notable.param.drilldown_searches': '[{"name":"n","search":"s"}]',
      },
      'Invalid value for argument "action.notable.param.drilldown_searches".',
    ],
  ])('cannot be made with %s, and the request counts as wrong', async (_, form, text) => {
    const server = await started();
    expect(await at(server, searches, { form })).toMatchObject({
      status: 400,
      json: { messages: [{ type: 'ERROR', text }] },
    });
    expect(server.violations).toEqual([{ request: 0, message: text }]);
    expect(server.state()).toEqual([]);
  });

  test('that somebody else made wrongly can be changed', async () => {
    const settings = { search: 'x', cron_schedule: '0 0 * * MON', is_scheduled: '1' };
    const server = await started({ objects: [foreign('a', { settings })] });
    expect((await at(server, `${searches}/a`, { form: { is_scheduled: '0' } })).status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  test('cannot be renamed by an update, which may rely on what is there', async () => {
    const server = await started();
    await at(server, searches, {
      form: { name: 'a', search: 'x', ...scheduled, is_scheduled: '0' },
    });
    expect((await at(server, `${searches}/a`, { form: { is_scheduled: '1' } })).status).toBe(200);
    expect((await at(server, `${searches}/a`, { form: { cron_schedule: '' } })).status).toBe(400);
    expect(await at(server, `${searches}/a`, { form: { name: 'a', search: 'y' } })).toMatchObject({
      status: 400,
      json: { messages: [{ text: 'Argument "name" is not supported by this handler.' }] },
    });
    expect(server.violations).toHaveLength(2);
  });
});
