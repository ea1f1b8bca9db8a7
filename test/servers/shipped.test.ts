import { afterEach, expect, test } from 'vitest';
import type { Backend, PackagedRule } from '#backend';
import { analyticsRule, analyticsRuleId } from '../../backends/sentinel/package/analytics-rule.ts';
import { backends } from '../support/backends.ts';
import { loadKusto } from '../support/kusto.ts';
import { releasedRules } from '../support/released.ts';
import { shippedLists } from '../support/shipped.ts';
import { ask } from './http/client.ts';
import type { TestServer } from './http/server.ts';
import { always, at as atInstance } from './secops/kit.ts';
import { startSecops } from './secops/secops.ts';
import { at as atWorkspace, tokenOf } from './sentinel/kit.ts';
import { startSentinel } from './sentinel/sentinel.ts';
import { publisher } from './splunk/model.ts';
import { startSplunk } from './splunk/splunk.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function rulesOf(id: string): Promise<readonly PackagedRule[]> {
  const backend: Backend | undefined = backends.find((one) => one.id === id);
  if (backend === undefined) throw new Error(`there is no target ${id}`);
  const rules = await releasedRules(backend);
  expect(rules.length).toBeGreaterThan(80);
  return rules;
}

test('Splunk takes every shipped rule', async () => {
  const server = await startSplunk();
  servers.push(server);
  const send = (path: string, form: Record<string, string>) =>
    ask(`${server.url}/servicesNS/nobody/siemc/${path}?output_mode=json`, {
      form,
      headers: { authorization: `Bearer ${publisher.token}` },
    });
  for (const { facts, query } of await rulesOf('splunk')) {
    const search = query.trim();
    const q = search.startsWith('|') ? search : `search ${search}`;
    const parsed = await send('search/v2/parser', { q, parse_only: '1' });
    expect([facts.title, parsed.status, parsed.json.messages]).toEqual([
      facts.title,
      200,
      undefined,
    ]);
    const made = await send('saved/searches', { name: facts.title, search });
    expect([facts.title, made.status]).toEqual([facts.title, 201]);
  }
  expect(server.violations).toEqual([]);
});

test('Sentinel takes every shipped rule, whose query compiles', async () => {
  const analyse = loadKusto();
  const server = await startSentinel({
    compiles: (query) => analyse(query).find(({ severity }) => severity === 'Error')?.message,
  });
  servers.push(server);
  const token = await tokenOf(server);
  for (const rule of await rulesOf('sentinel')) {
    const made = await atWorkspace(server, token, `/alertRules/${analyticsRuleId(rule)}`, {
      method: 'PUT',
      json: analyticsRule(rule, {}),
    });
    expect([rule.facts.title, made.status, made.json.error]).toEqual([
      rule.facts.title,
      201,
      undefined,
    ]);
  }
  expect(server.violations).toEqual([]);
});

test('Google SecOps takes every shipped rule, after the lists that it names', async () => {
  const server = await startSecops({ rate: always });
  servers.push(server);
  const rules = await rulesOf('chronicle');
  const create = (text: string) => atInstance(server, '/rules', { json: { text } });
  const named = rules.find(({ query }) => query.includes(' %'));
  expect((await create(named?.query ?? '')).json.error.message).toContain('does not exist');
  const syntax = { string: 'PLAIN_TEXT_STRING', regex: 'REGEX', cidr: 'CIDR' };
  for (const { name, kind, entries } of (await shippedLists()).lists.values()) {
    const list = await atInstance(server, `/referenceLists?referenceListId=${name}`, {
      json: {
        description: name,
        syntaxType: `REFERENCE_LIST_SYNTAX_TYPE_${syntax[kind]}`,
        entries: entries.map((value) => ({ value })),
      },
    });
    expect([name, list.status]).toEqual([name, 200]);
  }
  for (const { facts, query } of rules) {
    const verified = await atInstance(server, ':verifyRuleText', { json: { ruleText: query } });
    expect([facts.title, verified.json]).toEqual([facts.title, { success: true }]);
    const made = await create(query);
    expect([facts.title, made.status]).toEqual([facts.title, 200]);
    expect(made.json.metadata).toMatchObject({ title: expect.any(String) });
  }
  expect(server.violations).toEqual([]);
});
