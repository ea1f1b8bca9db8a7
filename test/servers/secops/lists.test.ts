import { afterEach, describe, expect, test } from 'vitest';
import { always, at, ruleText } from './kit.ts';
import { instance } from './model.ts';
import { type SecopsServer, startSecops } from './secops.ts';

const servers: SecopsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function started(): Promise<SecopsServer> {
  const server = await startSecops({ rate: always });
  servers.push(server);
  return server;
}

const syntax = (name: string): string => `REFERENCE_LIST_SYNTAX_TYPE_${name}`;
const valued = (...values: readonly string[]) => values.map((value) => ({ value }));
const plain = {
  description: 'x',
  entries: valued('a', 'b'),
  syntaxType: syntax('PLAIN_TEXT_STRING'),
};

describe('reference lists', () => {
  const make = (server: SecopsServer, id: string, more: object = {}) =>
    at(server, `/referenceLists?referenceListId=${id}`, { json: { ...plain, ...more } });
  const patch = (
    server: SecopsServer,
    json: object,
    query = `?updateMask=${Object.keys(json).join(',')}`,
  ) => at(server, `/referenceLists/approved${query}`, { method: 'PATCH', json });

  test('are made, read and changed', async () => {
    const server = await started();
    const made = await make(server, 'approved');
    expect(made).toMatchObject({
      status: 200,
      json: { ...plain, name: `${instance}/referenceLists/approved`, displayName: 'approved' },
    });
    expect((await at(server, '/referenceLists/approved')).json).toEqual(made.json);
    expect((await patch(server, { entries: valued('c') })).json).toMatchObject({
      description: 'x',
      entries: valued('c'),
    });
    expect((await patch(server, { description: 'y' }, '')).json).toMatchObject({
      description: 'y',
      entries: valued('c'),
    });
    expect(
      (await patch(server, { description: 'z' }, '?updateMask=*')).json.entries,
    ).toBeUndefined();
    expect((await make(server, 'approved')).json.error).toMatchObject({
      code: 409,
      status: 'ALREADY_EXISTS',
    });
    expect((await at(server, '/referenceLists/none')).status).toBe(404);
    expect((await at(server, '/referenceLists/none', { method: 'PATCH', json: {} })).status).toBe(
      404,
    );
    expect(server.violations).toEqual([]);
  });

  test('are listed by name, without entries unless they are asked for', async () => {
    const server = await started();
    for (const id of ['b', 'a']) await make(server, id);
    const lists = async (query = '') =>
      (await at(server, `/referenceLists${query}`)).json.referenceLists;
    expect((await lists()).map(({ displayName }: { displayName: string }) => displayName)).toEqual([
      'a',
      'b',
    ]);
    expect((await lists())[0].entries).toBeUndefined();
    expect((await lists('?view=REFERENCE_LIST_VIEW_FULL'))[0].entries).toEqual(plain.entries);
    expect(
      (await at(server, '/referenceLists/a?view=REFERENCE_LIST_VIEW_BASIC')).json.entries,
    ).toBeUndefined();
  });

  test('know the rules that name them', async () => {
    const server = await started();
    await make(server, 'approved');
    const text = ruleText('a', { events: '    $e.principal.ip in %approved' });
    const { name } = (await at(server, '/rules', { json: { text } })).json;
    expect((await at(server, '/referenceLists/approved')).json).toMatchObject({
      rules: [name],
      ruleAssociationsCount: 1,
    });
  });

  test.each(['', '1a', 'a-b', 'ä', 'a'.repeat(256)])('can not be called "%s"', async (id) => {
    const server = await started();
    expect((await make(server, encodeURIComponent(id))).status).toBe(400);
    expect(server.violations).toHaveLength(1);
  });

  test.each([
    ['no description', { description: undefined }],
    ['no entries', { entries: undefined }],
    ['no syntax', { syntaxType: undefined }],
    ['a member too many', { displayName: 'x' }],
    ['entries that are texts', { entries: ['a'] }],
    ['entries with more', { entries: [{ value: 'a', note: 'b' }] }],
  ])('with %s are refused, and count as wrong', async (_, more) => {
    const server = await started();
    expect((await make(server, 'a', more)).status).toBe(400);
    expect(server.violations).toHaveLength(1);
  });

  test.each([
    ['REGEX', 'a+', '(a'],
    ['CIDR', '10.0.0.0/8', '10.0.0.0/33'],
    ['PLAIN_TEXT_STRING', 'x'.repeat(512), 'x'.repeat(513)],
    ['PLAIN_TEXT_STRING', 'a b', ''],
    ['PLAIN_TEXT_STRING', '(a', 'a\nb'],
  ])('of %s hold %s and not %s', async (kind, right, wrong) => {
    const server = await started();
    const syntaxType = syntax(kind);
    const verify = async (...values: readonly string[]) =>
      (
        await at(server, ':verifyReferenceList', {
          json: { syntaxType, entries: valued(...values) },
        })
      ).json;
    expect(await verify(right)).toEqual({ success: true });
    expect(await verify(right, wrong)).toEqual({
      errors: [{ lineNumber: 2, errorMessage: expect.any(String) }],
    });
    expect((await make(server, 'a', { syntaxType, entries: valued(right) })).status).toBe(200);
    expect((await make(server, 'b', { syntaxType, entries: valued(wrong) })).status).toBe(400);
    await make(server, 'approved', { syntaxType, entries: valued(right) });
    expect((await patch(server, { entries: valued(wrong) })).status).toBe(400);
  });

  test('are of their syntax for good, and no larger than 6 MB', async () => {
    const server = await started();
    await make(server, 'approved');
    expect((await patch(server, { syntaxType: syntax('REGEX') })).status).toBe(400);
    expect((await patch(server, { rules: [] })).status).toBe(400);
    expect(server.violations).toHaveLength(2);
    const entries = valued(...Array.from({ length: 12_000 }, () => 'x'.repeat(512)));
    expect((await patch(server, { entries })).json.error.message).toContain('6 MB');
    expect((await make(server, 'b', { syntaxType: syntax('TYPE_UNSPECIFIED') })).status).toBe(400);
    expect((await at(server, ':verifyReferenceList', { json: {} })).status).toBe(400);
  });
});

describe('data tables', () => {
  const columnInfo = [
    { columnIndex: 0, originalColumn: 'address', columnType: 'CIDR', keyColumn: true },
    { columnIndex: 1, originalColumn: 'note', columnType: 'STRING' },
  ];
  const make = (server: SecopsServer, more: object = {}, id = 'networks') =>
    at(server, `/dataTables?dataTableId=${id}`, {
      json: { description: 'x', columnInfo, ...more },
    });
  const parent = `${instance}/dataTables/networks`;
  const bulk = (
    server: SecopsServer,
    verb: string,
    rows: readonly (readonly string[])[],
    of = parent,
  ) =>
    at(server, `/dataTables/networks/dataTableRows:${verb}`, {
      json: { requests: rows.map((values) => ({ parent: of, dataTableRow: { values } })) },
    });
  const rowsOf = async (server: SecopsServer, query = '') =>
    ((await at(server, `/dataTables/networks/dataTableRows${query}`)).json.dataTableRows ?? []).map(
      ({ values }: { values: readonly string[] }) => values,
    );

  test('are made, read, changed and deleted', async () => {
    const server = await started();
    const made = await make(server);
    expect(made).toMatchObject({
      status: 200,
      json: {
        name: parent,
        displayName: 'networks',
        columnInfo: [{ originalColumn: 'address' }, { columnIndex: 1 }],
      },
    });
    expect((await at(server, '/dataTables/networks')).json).toEqual(made.json);
    expect((await at(server, '/dataTables')).json.dataTables).toEqual([made.json]);
    expect((await make(server)).json.error.status).toBe('ALREADY_EXISTS');
    const patch = (json: object, mask: string) =>
      at(server, `/dataTables/networks?updateMask=${mask}`, { method: 'PATCH', json });
    expect((await patch({ description: 'y' }, 'description')).json.description).toBe('y');
    expect((await patch({ rowTimeToLive: '24h' }, 'row_time_to_live')).json.rowTimeToLive).toBe(
      '24h',
    );
    expect(server.violations).toEqual([]);
    expect((await patch({ columnInfo }, 'columnInfo')).status).toBe(400);
    expect((await at(server, '/dataTables/networks', { method: 'DELETE' })).status).toBe(200);
    for (const method of ['GET', 'DELETE'])
      expect((await at(server, '/dataTables/networks', { method })).status).toBe(404);
    expect((await patch({}, 'description')).status).toBe(404);
  });

  test.each([
    ['no description', { description: undefined }],
    ['no columns', { columnInfo: [] }],
    ['columns of one name', { columnInfo: [columnInfo[0], { ...columnInfo[0], columnIndex: 1 }] }],
    ['indexes with a gap', { columnInfo: [{ ...columnInfo[0], columnIndex: 1 }] }],
    ['a column of no type', { columnInfo: [{ columnIndex: 0, originalColumn: 'a' }] }],
    ['a column of another type', { columnInfo: [{ ...columnInfo[0], columnType: 'IP' }] }],
    ['a name with a blank', { columnInfo: [{ ...columnInfo[0], originalColumn: 'a b' }] }],
    ['a time that is none', { rowTimeToLive: 'soon' }],
    ['a member too many', { rows: [] }],
  ])('with %s are refused, and count as wrong', async (_, more) => {
    const server = await started();
    expect((await make(server, more)).status).toBe(400);
    expect((await make(server, {}, '1a')).status).toBe(400);
    expect(server.violations).toHaveLength(2);
  });

  test('take rows by their keys, and replace all of them', async () => {
    const server = await started();
    await make(server);
    await bulk(server, 'bulkCreate', [
      ['10.0.0.0/8', 'a'],
      ['192.0.2.0/24', 'b'],
    ]);
    await bulk(server, 'bulkCreate', [['10.0.0.0/8', 'c']]);
    expect(await rowsOf(server)).toEqual([
      ['10.0.0.0/8', 'c'],
      ['192.0.2.0/24', 'b'],
    ]);
    expect(await rowsOf(server, '?filter=192')).toEqual([['192.0.2.0/24', 'b']]);
    expect((await at(server, '/dataTables/networks')).json.approximateRowCount).toBe('2');
    expect((await at(server, '/dataTables/networks', { method: 'DELETE' })).json.error.status).toBe(
      'FAILED_PRECONDITION',
    );
    await bulk(server, 'bulkReplace', [['198.51.100.0/24', '']]);
    expect(await rowsOf(server)).toEqual([['198.51.100.0/24', '']]);
    const one = await at(server, '/dataTables/networks/dataTableRows', {
      json: { values: ['10.1.0.0/16', 'd'] },
    });
    expect(one.json.name).toMatch(new RegExp(`^${parent}/dataTableRows/[0-9a-f]{32}$`));
    const path = one.json.name.slice(instance.length);
    expect((await at(server, path, { method: 'DELETE' })).status).toBe(200);
    expect((await at(server, path, { method: 'DELETE' })).status).toBe(404);
    expect(server.violations).toEqual([]);
    expect((await at(server, '/dataTables/networks?force=true', { method: 'DELETE' })).status).toBe(
      200,
    );
    expect((await bulk(server, 'bulkCreate', [['10.0.0.0/8', 'a']])).status).toBe(404);
    expect((await at(server, '/dataTables/networks/dataTableRows')).status).toBe(404);
    expect(
      (await at(server, '/dataTables/networks/dataTableRows', { json: { values: [] } })).status,
    ).toBe(404);
    expect((await at(server, path, { method: 'DELETE' })).status).toBe(404);
  });

  test('refuse rows that do not fit, or too many of them', async () => {
    const server = await started();
    await make(server);
    const many = Array.from({ length: 1001 }, (_, index) => [
      `10.0.${index >> 8}.${index & 255}/32`,
      '',
    ]);
    for (const rows of [[['10.0.0.0/8']], [['x', '']], many, []])
      expect((await bulk(server, 'bulkReplace', rows)).status).toBe(400);
    expect((await bulk(server, 'bulkCreate', [['10.0.0.0/8', '']], 'else')).status).toBe(400);
    const large = Array.from({ length: 999 }, (_, index) => [
      `10.0.${index >> 8}.${index & 255}/32`,
      'x'.repeat(4100),
    ]);
    expect((await bulk(server, 'bulkCreate', large)).json.error.message).toContain('4 MB');
    expect(
      (await at(server, '/dataTables/networks/dataTableRows', { json: { values: ['x'] } })).status,
    ).toBe(400);
    expect(server.violations).toHaveLength(7);
    expect(await rowsOf(server)).toEqual([]);
    expect((await bulk(server, 'bulkCreate', many.slice(1))).status).toBe(200);
    expect(await rowsOf(server, '?pageSize=1000')).toHaveLength(1000);
  });

  test('are named by rules, which need their columns, and are not deleted then', async () => {
    const server = await started();
    const text = (column: string) =>
      ruleText('a', { events: `    $e.principal.ip in cidr %networks.${column}` });
    const verify = async (column: string) =>
      (await at(server, ':verifyRuleText', { json: { ruleText: text(column) } })).json.success;
    expect(await verify('address')).toBeUndefined();
    await make(server);
    expect([await verify('address'), await verify('else')]).toEqual([true, undefined]);
    const rule = (await at(server, '/rules', { json: { text: text('address') } })).json;
    expect(rule.dataTables).toEqual([parent]);
    expect((await at(server, '/dataTables/networks')).json.rules).toEqual([rule.name]);
    expect((await at(server, '/dataTables/networks?force=true', { method: 'DELETE' })).status).toBe(
      400,
    );
    expect((await at(server, '/rules?filter=data_tables:networks')).json.rules).toHaveLength(1);
    expect(server.state().dataTables).toHaveLength(1);
    expect(server.state().referenceLists).toEqual([]);
  });
});
