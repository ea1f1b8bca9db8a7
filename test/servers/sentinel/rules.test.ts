import { describe, expect, test } from 'vitest';
import { loadKusto } from '../../support/kusto.ts';
import { at, id, other, properties, scope, started, tokenOf } from './kit.ts';

describe('rules', () => {
  test('are made, read and deleted', async () => {
    const { server, put, get, remove } = await started();
    const made = await put(id);
    expect(made).toMatchObject({
      status: 201,
      json: {
        id: `${scope}/alertRules/${id}`,
        name: id,
        type: 'Microsoft.SecurityInsights/alertRules',
        kind: 'Scheduled',
        etag: expect.stringMatching(/^"[0-9a-f-]+"$/),
      },
    });
    expect((await get(id.toUpperCase())).json).toEqual(made.json);
    expect((await remove(id)).status).toBe(200);
    expect((await remove(id)).status).toBe(204);
    expect(await get(id)).toMatchObject({ status: 404, json: { error: { code: 'NotFound' } } });
    expect(server.violations).toEqual([]);
  });

  test('are told with members that nobody sent, and texts that are normalised', async () => {
    const { put } = await started();
    const { properties: told } = (await put(id, { queryPeriod: 'PT24H' })).json;
    expect(told).toMatchObject({
      query: 'AWSCloudTrail\r\n| where EventName == "CreateRole"\r\n',
      queryPeriod: 'PT24H',
      alertRuleTemplateName: null,
      customDetails: null,
      eventGroupingSettings: { aggregationKind: 'SingleAlert' },
      incidentConfiguration: {
        createIncident: true,
        groupingConfiguration: { enabled: false, lookbackDuration: 'PT5H' },
      },
      lastModifiedUtc: expect.any(String),
    });
    const dotNet = await started({ durations: 'shortest' });
    const again = (await dotNet.put(id, { queryPeriod: 'PT25H', queryFrequency: 'PT60M' })).json;
    expect(again.properties).toMatchObject({ queryPeriod: 'P1DT1H', queryFrequency: 'PT1H' });
  });

  test('are replaced whole: what is left out is gone', async () => {
    const { put, get } = await started();
    const first = await put(id, { description: 'x', tactics: ['Persistence'] });
    const second = await put(id);
    expect(second.status).toBe(200);
    expect(second.json.properties).toMatchObject({ description: null, tactics: [] });
    expect(second.json.etag).not.toBe(first.json.etag);
    expect((await get(id)).json).toEqual(second.json);
  });

  test('are not written over what somebody else wrote', async () => {
    const { server, put, get } = await started();
    const { etag } = (await put(id)).json;
    server.portal.edit(id, { severity: 'Low' });
    const refused = await put(id, { severity: 'Medium' }, { etag });
    expect(refused).toMatchObject({
      status: 409,
      json: {
        error: {
          code: 'Conflict',
          message: `Newer instance of rule '${id}' exists for workspace 'sentinel' (Etag does not match). Data was not saved.`,
        },
      },
    });
    const now = (await get(id)).json;
    expect(now.properties.severity).toBe('Low');
    expect((await put(id, {}, { etag: now.etag })).status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  test('heed If-Match only where the service does', async () => {
    for (const [ifMatch, status] of [
      ['ignored', 200],
      ['heeded', 412],
    ] as const) {
      const { server, token, put } = await started({ ifMatch });
      await put(id);
      const asked = (match: string) => ({
        method: 'PUT',
        json: { kind: 'Scheduled', properties },
        headers: { 'if-match': match },
      });
      expect((await at(server, token, `/alertRules/${id}`, asked('"old"'))).status).toBe(status);
      expect((await at(server, token, `/alertRules/${id}`, asked('*'))).status).toBe(200);
    }
  });

  test('leave their id behind for a day', async () => {
    const { server, put, remove } = await started();
    await put(id);
    await remove(id);
    const refused = await put(id.toUpperCase());
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'BadRequest' } } });
    expect(refused.json.error.message).toContain('was recently deleted');
    expect((await put(other)).status).toBe(201);
    await server.clock.sleep(24 * 3600_000);
    const again = await at(server, await tokenOf(server), `/alertRules/${id}`, {
      method: 'PUT',
      json: { kind: 'Scheduled', properties: { ...properties, displayName: 'B' } },
    });
    expect(again.status).toBe(201);
  });

  test('keep their kind', async () => {
    const { server, put } = await started();
    server.portal.make({ id, kind: 'NRT', properties: { ...properties, displayName: 'theirs' } });
    expect((await put(id)).json.error.message).toContain("can't be changed from NRT to Scheduled");
  });

  test('have names that no other rule has, and tables that there are', async () => {
    const { put } = await started({ missingTables: ['GCPAuditLogs'] });
    await put(id);
    expect((await put(other)).json.error.message).toContain("name 'Role created' exists already");
    expect((await put(id)).status).toBe(200);
    const query = (text: string) => put(other, { displayName: 'B', query: text });
    expect((await query('GCPAuditLogs | take 1')).json.error.message).toBe(
      'Failed to run the analytics rule query. One of the tables does not exist.',
    );
    expect((await query('T | where a == "GCPAuditLogs" // GCPAuditLogs')).status).toBe(201);
  });

  test('have queries that compile', async () => {
    const analyse = loadKusto();
    const compiles = (query: string) =>
      analyse(query).find(({ severity }) => severity === 'Error')?.message;
    const { put } = await started({ compiles });
    expect((await put(id)).status).toBe(201);
    const refused = await put(id, { query: 'AWSCloudTrail | where EventNam == 1' });
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toMatch(
      /^Failed to run the analytics rule query\. .*EventNam/,
    );
  });

  test('may be enabled up to a limit of each kind', async () => {
    const { server, put } = await started({ limits: { Scheduled: 2 } });
    server.portal.make({ id: 'nrt', kind: 'NRT', properties: { ...properties, displayName: 'n' } });
    const names = ['a', 'b', 'c'];
    const statuses = names.map((name) => put(name, { displayName: name }));
    expect((await Promise.all(statuses)).map(({ status }) => status).sort()).toEqual([
      201, 201, 400,
    ]);
    expect((await put('d', { displayName: 'd', enabled: false })).status).toBe(201);
    expect((await put('d', { displayName: 'd' })).status).toBe(400);
    // Those that are enabled can still be written.
    const enabled = server
      .state()
      .rules.find(({ kind, properties: of }) => kind === 'Scheduled' && of['enabled']);
    expect(
      (await put(enabled?.id ?? '', { displayName: enabled?.properties['displayName'] })).status,
    ).toBe(200);
  });

  test('up to 512 unless something else is said', async () => {
    const { server, put } = await started();
    for (let index = 0; index < 512; index++)
      server.portal.make({
        id: `r${index}`,
        kind: 'Scheduled',
        properties: { ...properties, displayName: `${index}` },
      });
    expect((await put(id)).json.error.message).toContain('512');
    expect((await put(id, { enabled: false })).status).toBe(201);
  });

  test('of preview versions are NRT, too', async () => {
    const { server, token, put, get } = await started();
    const { queryFrequency, queryPeriod, triggerOperator, triggerThreshold, ...rest } = properties;
    const write = (version: string) =>
      at(server, token, `/alertRules/${id}`, {
        method: 'PUT',
        version,
        json: { kind: 'NRT', properties: { ...rest, subTechniques: ['T1078.004'] } },
      });
    expect((await write('2025-09-01')).status).toBe(400);
    expect((await write('2025-10-01-preview')).status).toBe(201);
    // The stable version tells what it can't write.
    expect((await get(id)).json.kind).toBe('NRT');
    expect((await put(other, { subTechniques: ['T1078.004'] })).status).toBe(400);
    expect(
      (
        await put(
          other,
          { displayName: 'B', subTechniques: ['T1078.004'] },
          {},
          '2025-10-01-preview',
        )
      ).status,
    ).toBe(201);
  });
});
