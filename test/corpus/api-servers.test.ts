import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Answered } from '../servers/http/client.ts';
import { ask } from '../servers/http/client.ts';
import { objectIn } from '../servers/http/message.ts';
import type { TestServer } from '../servers/http/server.ts';
import { always, at as atInstance, ruleText, windowText } from '../servers/secops/kit.ts';
import { instance } from '../servers/secops/model.ts';
import { startSecops } from '../servers/secops/secops.ts';
import { at as atWorkspace, properties, scope, tokenOf } from '../servers/sentinel/kit.ts';
import { startSentinel } from '../servers/sentinel/sentinel.ts';
import { publisher } from '../servers/splunk/model.ts';
import { startSplunk } from '../servers/splunk/splunk.ts';
import { type SpecCheck, spec, specFile, specsPresent } from './api-specs.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** What the specification says of everything that a server answered, by the path; of what is refused, another one. */
function wrongReplies(
  { requests }: TestServer,
  schemas: readonly (readonly [path: RegExp, check: SpecCheck])[],
  refused: SpecCheck,
): readonly string[] {
  return requests.flatMap(({ method, path, reply }) => {
    const { status = 500, body = '' } = reply ?? {};
    const check = status >= 400 ? refused : schemas.find(([pattern]) => pattern.test(path))?.[1];
    if (check === undefined) return [`${method} ${path}: no schema`];
    const value = objectIn(body);
    return body === ''
      ? []
      : check(value).map((problem) => `${method} ${path} ${status}: ${problem}`);
  });
}

const anything: SpecCheck = () => [];

describe.skipIf(!specsPresent)('by the specifications', () => {
  test('what is wrong is told', () => {
    expect(spec('splunk', '$defs/AtomJson')({ entry: [{}] })).toHaveLength(1);
    expect(spec('sentinel', '$defs/AlertRule')({ kind: 'Scheduled' })).not.toEqual([]);
    expect(spec('secops', 'components/schemas/Rule')({ name: 1 })).toHaveLength(1);
    expect(spec('sentinel-limits')({ properties: { query: '' } })).toHaveLength(1);
    expect(spec('sentinel-preview', '$defs/AlertRulePutBody')({ kind: 'NRT' })).not.toEqual([]);
  });

  test("Splunk's answers are right", async () => {
    const server = await startSplunk();
    servers.push(server);
    const at = (path: string, form?: Record<string, string>, method?: string): Promise<Answered> =>
      ask(`${server.url}/servicesNS/nobody/siemc${path}?output_mode=json`, {
        headers: { authorization: `Bearer ${publisher.token}` },
        ...(form && { form }),
        ...(method && { method }),
      });
    const searches = '/saved/searches';
    await at(searches, { name: 'a', search: 'x', ...correlation });
    await at(searches, { name: 'a', search: 'x' });
    await at(`${searches}/a`, { description: 'x', 'alert.suppress.fields': '' });
    await at(`${searches}/a/acl`, { owner: 'nobody', sharing: 'global', 'perms.read': '*' });
    for (const path of [searches, `${searches}/a`, `${searches}/b`]) await at(path);
    await at('/configs/conf-macros', { name: 'm', definition: 'x' });
    await at('/search/v2/parser', { q: 'search `m`' });
    await at('/server/info');
    await at(`${searches}/a`, undefined, 'DELETE');
    expect(server.violations).toEqual([]);
    const atom = spec('splunk', '$defs/AtomJson');
    const schemas = [[/parser$/, anything] as const, [/./, atom] as const];
    expect(wrongReplies(server, schemas, spec('splunk', '$defs/ErrorJson'))).toEqual([]);
    expect(server.requests.map(({ reply }) => reply?.status)).toContain(409);
  });

  test("Splunk's forms are held to the specification where hand-written rules end", async () => {
    const server = await startSplunk();
    servers.push(server);
    const make = (form: Record<string, string>) =>
      ask(`${server.url}/servicesNS/nobody/siemc/saved/searches?output_mode=json`, {
        headers: { authorization: `Bearer ${publisher.token}` },
        form: { name: 'a', search: 'x', ...form },
      });
    const technique = '{"mitre_attack":["1078"]}';
    for (const form of [
      { name: 'x'.repeat(100) },
      { 'dispatch.ttl': 'soon' },
      { 'action.correlationsearch.annotations': technique },
    ])
      expect((await make(form)).status).toBe(400);
    expect(server.violations).toHaveLength(3);
  });

  test("Microsoft's own example is taken, and Sentinel's answers are right", async () => {
    const server = await startSentinel({ pageSize: 1 });
    servers.push(server);
    const token = await tokenOf(server);
    const example = JSON.parse(
      readFileSync('../shared/specs/sentinel/examples/CreateScheduledAlertRule.json', 'utf8'),
    );
    const path = `/alertRules/${example.parameters.ruleId}`;
    const put = (json: object, version?: string, at = path) =>
      atWorkspace(server, token, at, { method: 'PUT', json, ...(version && { version }) });
    expect((await put(example.parameters.alertRule)).status).toBe(201);
    const bare = { kind: 'Scheduled', properties };
    await put(bare, undefined, '/alertRules/x');
    await put(bare, undefined, path);
    server.portal.make({ id: 'nrt', kind: 'NRT', properties: { ...properties, displayName: 'n' } });
    await put({ ...bare, etag: 'x' }, undefined, '/alertRules/x');
    for (const at of ['/alertRules', '/alertRules/x', '/alertRules/none'])
      await atWorkspace(server, token, at);
    await atWorkspace(server, token, path, { method: 'DELETE' });
    await put(bare);
    expect(server.violations).toEqual([]);
    const [rule, list] = ['AlertRule', 'AlertRulesList'].map((name) =>
      spec('sentinel', `$defs/${name}`),
    ) as [SpecCheck, SpecCheck];
    const schemas = [
      [/token$/, anything],
      [/alertRules\/[^/]+$/, rule],
      [/alertRules$/, list],
    ] as const;
    expect(wrongReplies(server, schemas, spec('sentinel', '$defs/CloudError'))).toEqual([]);
    expect(server.requests[0]?.path).not.toContain(scope);
  });

  test('identifiers of entities are held to the list of them', async () => {
    const server = await startSentinel();
    servers.push(server);
    const token = await tokenOf(server);
    expect(specFile('sentinel/entity-identifiers.json')).toHaveProperty('Account.ids');
    const account = (identifier: string) =>
      atWorkspace(server, token, '/alertRules/x', {
        method: 'PUT',
        json: {
          kind: 'Scheduled',
          properties: {
            ...properties,
            entityMappings: [
              { entityType: 'Account', fieldMappings: [{ identifier, columnName: 'x' }] },
            ],
          },
        },
      });
    expect((await account('FullName')).status).toBe(201);
    // It is one, and not enough.
    expect((await account('DisplayName')).json.error.message).toContain('needs one of');
    expect((await account('Mail')).json.error.message).toContain("no identifier 'Mail'");
  });

  test("Google SecOps' answers are right", async () => {
    const server = await startSecops({ rate: always });
    servers.push(server);
    const send = (path: string, json: object, method = 'POST') =>
      atInstance(server, path, { method, json });
    const plain = 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING';
    const entries = [{ value: 'a' }];
    await send('/referenceLists?referenceListId=l', {
      description: 'x',
      entries,
      syntaxType: plain,
    });
    await send(':verifyReferenceList', { entries, syntaxType: plain });
    const columnInfo = [{ columnIndex: 0, originalColumn: 'c', columnType: 'CIDR' }];
    await send('/dataTables?dataTableId=t', { description: 'x', columnInfo });
    const dataTableRow = { values: ['10.0.0.0/8'] };
    const requests = [{ parent: `${instance}/dataTables/t`, dataTableRow }];
    await send('/dataTables/t/dataTableRows:bulkReplace', { requests });
    const text = ruleText('a', { events: '    $e.principal.user.userid in %l' });
    const { name } = (await send('/rules', { text })).json;
    const rule = name.slice(instance.length);
    await send('/rules', { text: windowText('b', '10m') });
    await send(`${rule}?updateMask=text`, { text, etag: 'x' }, 'PATCH');
    await send(
      `${rule}/deployment?updateMask=enabled,alerting,runFrequency`,
      { enabled: true, runFrequency: 'LIVE' },
      'PATCH',
    );
    await send(`${rule}/deployment?updateMask=archived`, { archived: true }, 'PATCH');
    for (const ruleText of [text, 'rule a {']) await send(':verifyRuleText', { ruleText });
    for (const path of [
      '/rules?view=FULL',
      rule,
      `${rule}:listRevisions`,
      `${rule}/deployment`,
      '/rules/-/deployments',
      '/referenceLists',
      '/referenceLists/l',
      '/dataTables',
      '/dataTables/t',
      '/dataTables/t/dataTableRows',
      '/rules/none',
    ])
      await atInstance(server, path);
    expect(server.violations).toEqual([]);
    const schema = (of: string): SpecCheck => spec('secops', `components/schemas/${of}`);
    const schemas = [
      [/:verifyRuleText$/, schema('VerifyRuleTextResponse')],
      [/:verifyReferenceList$/, schema('VerifyReferenceListResponse')],
      [/:listRevisions$/, schema('ListRuleRevisionsResponse')],
      [/\/deployment$/, schema('RuleDeployment')],
      [/\/deployments$/, schema('ListRuleDeploymentsResponse')],
      [/:bulkReplace$/, schema('BulkReplaceDataTableRowsResponse')],
      [/\/dataTableRows$/, schema('ListDataTableRowsResponse')],
      [/\/dataTables\/t$/, schema('DataTable')],
      [/\/referenceLists\/l$/, schema('ReferenceList')],
      [/\/rules\/[^/]+$/, schema('Rule')],
      [/./, anything],
    ] as const;
    expect(wrongReplies(server, schemas, schema('ErrorResponse'))).toEqual([]);
    // What is made or listed has the paths of both: those are told apart by the verb.
    const replies = (verb: string, path: string, of: string) =>
      server.requests
        .filter(({ method, path: at }) => method === verb && at.endsWith(path))
        .flatMap(({ reply }) => schema(of)(objectIn(reply?.body ?? '')));
    for (const [path, made, listed] of [
      ['/rules', 'Rule', 'ListRulesResponse'],
      ['/referenceLists', 'ReferenceList', 'ListReferenceListsResponse'],
      ['/dataTables', 'DataTable', 'ListDataTablesResponse'],
    ] as const)
      expect([...replies('POST', path, made), ...replies('GET', path, listed)]).toEqual([]);
  });
});

/** What makes a search a correlation search of Enterprise Security. */
const correlation = {
  is_scheduled: '1',
  cron_schedule: '*/5 * * * *',
  'dispatch.earliest_time': '-70m@m',
  'dispatch.latest_time': 'now',
  actions: 'correlationsearch,notable,risk',
  'action.correlationsearch.enabled': '1',
  'action.correlationsearch.label': 'a',
  'action.correlationsearch.annotations': '{"mitre_attack":["T1078"],"own":["x"]}',
  'action.correlationsearch.metadata': '{"detection_id":"x"}',
  'action.notable.param.severity': 'high',
  'action.notable.param.drilldown_searches':
    '[{"name":"n","search":"s","earliest_offset":"$info_min_time$","latest_offset":"$info_max_time$"}]',
  'action.risk.param._risk':
    '[{"risk_object_field":"dest","risk_object_type":"system","risk_score":64},{"threat_object_field":"p","threat_object_type":"process_name"}]',
  'alert.suppress': '1',
  'alert.suppress.period': '86400s',
  'alert.suppress.fields': 'dest,user',
  'alert.digest_mode': '1',
} as const;
