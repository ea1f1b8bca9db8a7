import { describe, expect, test } from 'vitest';
import { at, ruleText, started } from './kit.ts';
import { instance } from './model.ts';

describe('rules', () => {
  test('are made with an id of the server, and read back with a line feed more', async () => {
    const { server, make, below } = await started();
    const text = ruleText('role_created');
    const rule = await make(text);
    expect(rule).toEqual({
      name: expect.stringMatching(new RegExp(`^${instance}/rules/ru_[0-9a-f-]{36}$`)),
      displayName: 'role_created',
      author: 'siemc',
      severity: { displayName: 'High' },
      metadata: { rule_id: '11111111-2222-4333-8444-555555555555' },
      text: `${text}\n`,
      type: 'SINGLE_EVENT',
      allowedRunFrequencies: ['LIVE'],
      etag: expect.any(String),
      revisionId: expect.stringMatching(/^v_\d{10}_\d{9}$/),
      createTime: '2026-01-05T08:00:00.000Z',
      revisionCreateTime: '2026-01-05T08:00:00.000Z',
      compilationState: 'SUCCEEDED',
      nearRealTimeLiveRuleEligible: true,
      inputsUsed: { usesUdm: true },
    });
    expect((await at(server, below(rule))).json).toEqual(rule);
    expect((await at(server, '/rules/ru_none')).json.error).toMatchObject({
      code: 404,
      status: 'NOT_FOUND',
    });
    expect(server.violations).toEqual([]);
  });

  test('may have the same name twice', async () => {
    const { server, make } = await started();
    const [first, second] = [await make(ruleText('a')), await make(ruleText('a'))];
    expect(first.name).not.toBe(second.name);
    const found = await at(server, '/rules?filter=display_name:a');
    expect(found.json.rules).toHaveLength(2);
    expect((await at(server, '/rules?filter=display_name:b')).json).toEqual({});
  });

  test('are listed without their texts unless they are asked for', async () => {
    const { server, make } = await started();
    const rule = await make(ruleText('a'));
    const [basic] = (await at(server, '/rules')).json.rules;
    expect(Object.keys(basic).sort()).toEqual(
      ['allowedRunFrequencies', 'author', 'displayName', 'etag', 'name', 'severity', 'type'].sort(),
    );
    expect((await at(server, '/rules?view=FULL')).json.rules).toEqual([rule]);
    expect((await at(server, '/rules?view=BASIC')).json.rules).toEqual([basic]);
    expect((await at(server, '/rules?view=SOME')).status).toBe(400);
    expect((await at(server, '/rules?filter=text:a')).status).toBe(400);
  });

  test('come in pages, whose tokens count for their own listing alone', async () => {
    const { server, make } = await started({ longestPage: 7 });
    for (let index = 0; index < 20; index++) await make(ruleText(`r${index}`));
    const names: string[] = [];
    let token = '';
    do {
      const { json } = await at(server, `/rules?view=FULL&pageSize=1000&pageToken=${token}`);
      names.push(...json.rules.map(({ displayName }: { displayName: string }) => displayName));
      token = json.nextPageToken ?? '';
    } while (token !== '');
    expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `r${index}`));
    const { nextPageToken } = (await at(server, '/rules?pageSize=5')).json;
    expect(
      (await at(server, `/rules?pageSize=5&pageToken=${nextPageToken}`)).json.rules,
    ).toHaveLength(5);
    for (const query of [
      `view=FULL&pageToken=${nextPageToken}`,
      'pageToken=x',
      'pageSize=-1',
      'pageSize=x',
    ])
      expect((await at(server, `/rules?${query}`)).json.error.status).toBe('INVALID_ARGUMENT');
  });

  test('are a hundred a page unless more are asked for, and a thousand at most', async () => {
    const { server, make } = await started();
    for (let index = 0; index < 101; index++) await make(ruleText(`r${index}`));
    const count = async (query: string) => (await at(server, `/rules${query}`)).json.rules.length;
    expect([await count(''), await count('?pageSize=0'), await count('?pageSize=5000')]).toEqual([
      100, 100, 101,
    ]);
  });

  test('have a revision for each text', async () => {
    const { server, make, patch, below } = await started();
    const rule = await make(ruleText('a'));
    await server.clock.sleep(1000);
    const same = (await patch(rule, { text: ruleText('a') })).json;
    expect([same.revisionId, same.etag]).toEqual([rule.revisionId, rule.etag]);
    const changed = (await patch(rule, { text: ruleText('b'), etag: rule.etag })).json;
    expect(changed).toMatchObject({
      name: rule.name,
      displayName: 'b',
      createTime: rule.createTime,
    });
    expect(changed.revisionId).not.toBe(rule.revisionId);
    expect(changed.etag).not.toBe(rule.etag);
    const revisions = (await at(server, `${below(rule)}:listRevisions?view=FULL`)).json.rules;
    expect(revisions.map(({ revisionId }: typeof rule) => revisionId)).toEqual([
      changed.revisionId,
      rule.revisionId,
    ]);
    expect((await at(server, `${below(rule)}@${rule.revisionId}`)).json.displayName).toBe('a');
    expect((await at(server, `${below(rule)}@v_1`)).status).toBe(404);
    const view = `${below(rule)}?view=REVISION_METADATA_ONLY`;
    expect(Object.keys((await at(server, view)).json)).toEqual([
      'name',
      'revisionId',
      'revisionCreateTime',
    ]);
  });

  test('are not written over what somebody else wrote', async () => {
    const { server, make, patch } = await started();
    const rule = await make(ruleText('a'));
    const id = rule.name.replace(/.*\//, '');
    server.console.edit(id, ({ revisions }) => ({
      revisions: [{ ...revisions[0], text: `${ruleText('theirs')}\n` }],
    }));
    const refused = await patch(rule, { text: ruleText('b'), etag: rule.etag });
    expect(refused).toMatchObject({
      status: 409,
      json: { error: { code: 409, status: 'ABORTED' } },
    });
    expect((await patch(rule, { text: ruleText('b') })).json.displayName).toBe('b');
    expect(server.violations).toEqual([]);
  });

  test('are kept only when they compile', async () => {
    const { server, make, patch } = await started();
    const broken = await at(server, '/rules', { json: { text: 'rule a {' } });
    expect(broken).toMatchObject({ status: 400, json: { error: { status: 'INVALID_ARGUMENT' } } });
    const rule = await make(ruleText('a'));
    const list = ruleText('a', { events: '    $e.principal.ip in %approved' });
    expect((await patch(rule, { text: list })).json.error.message).toContain(
      '%approved does not exist',
    );
    server.console.list({
      id: 'approved',
      description: 'x',
      syntaxType: 'REFERENCE_LIST_SYNTAX_TYPE_REGEX',
      entries: ['a'],
    });
    expect((await patch(rule, { text: list })).json.error.message).toContain('%approved');
    server.console.list({
      id: 'approved',
      description: 'x',
      syntaxType: 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING',
      entries: ['a'],
    });
    expect((await patch(rule, { text: list })).json.referenceLists).toEqual([
      `${instance}/referenceLists/approved`,
    ]);
    const using = await at(server, '/rules?filter=reference_lists:approved');
    expect(using.json.rules).toHaveLength(1);
    // A text that doesn't compile is no request that breaks the documentation.
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['create', {}, 'text is required'],
    ['create', { text: '' }, 'text is required'],
    ['create', { text: 1 }, "'text'"],
    ['create', { text: ruleText('a'), displayName: 'x' }, 'Unknown name "displayName"'],
    ['update', { text: ruleText('a'), enabled: true }, 'Unknown name "enabled"'],
    ['update', {}, 'text is required'],
    ['mask', { text: ruleText('a') }, 'Invalid field "displayName"'],
  ])('refuse to %s of %j, which counts as wrong', async (verb, json, text) => {
    const { server, make, patch } = await started();
    const refused =
      verb === 'create'
        ? await at(server, '/rules', { json })
        : await patch(
            await make(ruleText('a')),
            json,
            `?updateMask=${verb === 'mask' ? 'display_name' : 'text'}`,
          );
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toContain(text);
    expect(server.violations).toHaveLength(1);
  });

  test('are deleted, those with detections by force', async () => {
    const { server, make, below } = await started();
    const rule = await make(ruleText('a'));
    server.console.edit(rule.name.replace(/.*\//, ''), () => ({ detections: 3 }));
    const remove = (query = '') => at(server, `${below(rule)}${query}`, { method: 'DELETE' });
    expect((await remove()).json.error.status).toBe('FAILED_PRECONDITION');
    expect(await remove('?force=true')).toMatchObject({ status: 200, json: {} });
    expect((await remove()).status).toBe(404);
    const other = await make(ruleText('b'));
    server.console.discard(other.name.replace(/.*\//, ''));
    expect(server.state().rules).toEqual([]);
    expect(() => server.console.edit('ru_none', () => ({}))).toThrow('there is no rule');
  });
});

test('people write rules that are not read here, and they are told all the same', async () => {
  const { server } = await started();
  const text = `rule theirs {
  meta:
    author = "them"
    managed = "no"
  events:
    $e.metadata.event_type = "USER_LOGIN" $e.principal.ip in %approved $e.principal.ip in cidr %nets.range
    strings.some_new_function($e.principal.hostname) = 1
  match: $user over 10m
  condition: $e
}`;
  const id = server.console.make(text);
  expect((await at(server, '/rules?view=FULL')).json.rules).toMatchObject([
    {
      name: `${instance}/rules/${id}`,
      displayName: 'theirs',
      author: 'them',
      metadata: { managed: 'no' },
      type: 'MULTI_EVENT',
      referenceLists: [`${instance}/referenceLists/approved`],
      dataTables: [`${instance}/dataTables/nets`],
    },
  ]);
  expect((await at(server, '/rules', { json: { text } })).status).toBe(400);
});

describe('verifying a text', () => {
  test('answers 200 whether it compiles or not', async () => {
    const { server } = await started();
    const verify = (text: string) => at(server, ':verifyRuleText', { json: { ruleText: text } });
    expect(await verify(ruleText('a'))).toMatchObject({ status: 200, json: { success: true } });
    const broken = await verify('rule a {\n  meta\n');
    expect(broken.status).toBe(200);
    expect(broken.json.success).toBeUndefined();
    expect(broken.json.compilationDiagnostics).toEqual([
      {
        message: expect.any(String),
        severity: 'ERROR',
        position: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 },
      },
    ]);
    const list = await verify(ruleText('a', { events: '    $e.principal.ip in %none' }));
    expect(list.json.compilationDiagnostics[0].message).toContain('%none');
    expect(list.json.compilationDiagnostics[0].position).toBeUndefined();
    expect((await verify('')).status).toBe(400);
  });

  test('may be there in one version alone', async () => {
    const { server } = await started({ versions: { 'rules.verifyRuleText': ['v1alpha'] } });
    const verify = (version: string) =>
      at(server, ':verifyRuleText', { version, json: { ruleText: ruleText('a') } });
    expect(await verify('v1')).toMatchObject({
      status: 404,
      text: expect.stringContaining('<html>'),
    });
    expect((await verify('v1alpha')).status).toBe(200);
    expect((await at(server, '/rules', { version: 'v1beta' })).status).toBe(200);
    expect((await at(server, '/rules', { version: 'v2' })).status).toBe(404);
  });
});
