import { describe, expect, test } from 'vitest';
import type { ApiCall } from '#backend';
import { isMap } from '#backend';
import { operationNames } from '../../backends/chronicle/publish/operations.ts';
import {
  absent,
  applyAll,
  builtOf,
  ids,
  present,
  session,
  shipped,
  textOf,
} from '../backends/chronicle/publish/support.ts';
import { spec, specFile, specsPresent } from './api-specs.ts';

type JsonMap = Readonly<Record<string, unknown>>;

const document = specFile('secops/chronicle-v1-rules.openapi.json');
const paths = isMap(document) && isMap(document['paths']) ? document['paths'] : {};

/** What the specification says against a request: of its path, what it asks, and its body. */
function problemsOf({ method, url, json }: ApiCall): readonly string[] {
  const { pathname, searchParams } = new URL(url);
  const entry = Object.entries(paths).find(([template]) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/:]+')}$`).test(decodeURIComponent(pathname)),
  );
  const operation = isMap(entry?.[1]) ? entry[1][method.toLowerCase()] : undefined;
  if (!isMap(operation)) return [`there is no ${method} ${pathname}`];
  const parameters = (operation['parameters'] as readonly JsonMap[]).filter(
    (one) => one['in'] === 'query',
  );
  const names = parameters.map((one) => one['name']);
  const stray = [...searchParams.keys()].filter((name) => !names.includes(name));
  const missing = parameters.filter(
    (one) => one['required'] === true && !searchParams.has(String(one['name'])),
  );
  return [
    ...stray.map((name) => `${method} ${pathname} has no parameter ${name}`),
    ...missing.map((one) => `${method} ${pathname} needs ${one['name']}`),
    ...(json === undefined ? [] : spec('secops', schemaOf(operation))(json)),
  ];
}

function schemaOf(operation: JsonMap): string {
  const reference = /"requestBody".*?"\$ref":"#\/([^"]+)"/.exec(JSON.stringify(operation))?.[1];
  return reference ?? 'components/schemas/none';
}

describe.skipIf(!specsPresent)('by the specification of the API', () => {
  test('what is no request of it is told', () => {
    const base = 'https://x/v1/projects/p/locations/l/instances/i';
    const call = { method: 'PATCH', url: `${base}/rules/r`, pace: 'x' } as const;
    expect(problemsOf({ ...call, url: `${base}/rulez` })).toHaveLength(1);
    expect(problemsOf({ ...call, method: 'PUT' })).toHaveLength(1);
    expect(problemsOf({ ...call, url: `${base}/rules/r?mask=text` })).toHaveLength(1);
    expect(problemsOf({ ...call, url: `${base}/rules/r/deployment` })).toHaveLength(1);
    expect(problemsOf({ ...call, json: { text: 1 } })).toHaveLength(1);
  });

  test('every request that publishing makes is one of it', async () => {
    const one = await session();
    const built = shipped();
    const ruleIds = [...built.rules.map(({ id }) => id), ...ids];
    const all = one.desired(built);
    // Of rules whose names are of one length one: enough, and of all kinds.
    const rules = new Map(all.map((object) => [object.name.length, object]));
    const some = new Set(rules.values());
    const wanted = all.filter((object) => object.kind !== 'rule' || some.has(object));
    await applyAll(one, wanted, ruleIds);
    const [id] = ids;
    const changed = textOf(id, { user: 'bo' });
    for (const text of [textOf(id), changed]) {
      const [object] = one.desired(builtOf({ [id]: text }));
      if (object === undefined) throw new Error('nothing is built');
      await one.reach(present(object), await one.find(object.key));
    }
    const [first] = wanted.filter(({ kind }) => kind !== 'rule');
    if (first === undefined) throw new Error('there is no list');
    const changedList = { ...first, projection: { ...first.projection, entries: ['x'] } };
    await one.reach(present(changedList), await one.find(first.key));
    await one.one(present(changedList), undefined);
    const seen = await one.find(`rule:${id}`);
    if (seen === undefined) throw new Error('there is no rule');
    const retired = one.publisher.retired(seen);
    if (retired === undefined) throw new Error('it stays');
    await one.reach(present(retired), seen);
    await one.one(absent, seen);
    await one.one(present(retired), undefined);
    await one.reach(absent, seen);
    expect(one.calls.flatMap(problemsOf)).toEqual([]);
    const made = new Set(one.calls.map(({ pace }) => pace));
    expect(operationNames.filter((name) => !made.has(name))).toEqual([]);
    expect(one.server.violations).toEqual([]);
  });
});
