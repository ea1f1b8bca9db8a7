import { describe, expect, test } from 'vitest';
import type { ApiCall, BuiltFiles, Desired, Goal, Observed, Publisher } from '#backend';
import { splunk } from '../../backends/splunk/index.ts';
import { desiredOf, publisherOf } from '../backends/splunk/publish/kit.ts';
import { bundleOf, listsIn, shippedReleases } from '../support/releases.ts';
import { shippedLists } from '../support/shipped.ts';
import { spec, specFile, specsPresent } from './api-specs.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query?: readonly string[];
  readonly form?: string;
}

const packager = await splunk.packager?.();

/** What a build of the shipped rules hands to a publisher. */
async function builtWith(settings: object): Promise<BuiltFiles> {
  if (packager === undefined) throw new Error('Splunk has no packager.');
  const rules = await shippedReleases(splunk);
  const files = bundleOf(packager, rules, { ...settings }, listsIn(rules, await shippedLists()));
  return {
    destination: 'splunk',
    rules: rules.map(({ id, facts: { title }, stem }) => ({ id, title, stem, files: [] })),
    shared: [...files.keys()],
    read: (path) => files.get(path),
  };
}

/** Every request on the way of an object from nothing to its place, to being disabled, and to nothing. */
function callsOf(publisher: Publisher, object: Desired): readonly ApiCall[] {
  const calls = (publisher.checks?.(object, undefined) ?? []).flatMap(({ call, otherwise }) =>
    otherwise === undefined ? [call] : [call, otherwise.call],
  );
  let seen: Observed | undefined;
  const towards = (goal: Goal): void => {
    for (;;) {
      const write = publisher.next(goal, seen);
      if (write === undefined) return;
      calls.push(write.call);
      seen = write.leadsTo;
    }
  };
  towards({ kind: 'present', object, attempt: 0 });
  const off = seen && publisher.retired(seen);
  if (off !== undefined) towards({ kind: 'present', object: off, attempt: 0 });
  towards({ kind: 'absent' });
  expect(seen).toBeUndefined();
  return calls;
}

/** What is of macros and lookups has no specification. */
const unspecified = /\/(configs\/conf-macros|data\/transforms\/lookups)(\/[^/]+){0,2}$/;

/** What the specification says of a request. */
function problemsOf(
  { method, url, form }: ApiCall,
  operations: readonly Operation[],
): readonly string[] {
  const { pathname, searchParams } = new URL(url);
  if (unspecified.test(pathname)) return [];
  // The parser's older form is told beside the newer one.
  if (method === 'GET' && pathname === '/services/search/parser')
    return spec('splunk', '$defs/ParserForm')(Object.fromEntries(searchParams));
  const operation = operations.find(
    (one) => one.method === method && patternOf(one.path).test(pathname),
  );
  if (operation === undefined) return [`there is no ${method} ${pathname}`];
  const { form: schema } = operation;
  const fields = Object.fromEntries(form ?? []);
  if (Object.keys(fields).length !== (form ?? []).length) return ['a field is given twice'];
  return schema === undefined ? [] : spec('splunk', `$defs/${schema}`)(fields);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

describe.skipIf(!specsPresent)('by the specification', () => {
  const { operations } = (specFile('splunk/rest-operations.json') ?? { operations: [] }) as {
    readonly operations: readonly Operation[];
  };

  test.each([false, true])(
    'every request for the shipped rules is right, with Enterprise Security: %s',
    async (enterpriseSecurity) => {
      const settings = { enterpriseSecurity };
      const publisher = await publisherOf('https://splunk.example.org:8089', settings);
      const objects = desiredOf(publisher, await builtWith(settings));
      expect(objects.length).toBeGreaterThan(150);
      const calls = objects.flatMap((object) => callsOf(publisher, object));
      expect(calls.length).toBeGreaterThan(4 * objects.length);
      for (const call of calls)
        expect([call.url, call.form, problemsOf(call, operations)]).toEqual([
          call.url,
          call.form,
          [],
        ]);
    },
  );

  test('what is wrong is told', () => {
    const url = 'https://splunk.example.org:8089/servicesNS/nobody/a/saved/searches';
    const of = (call: Partial<ApiCall>) =>
      problemsOf({ method: 'POST', url, pace: 'write', ...call }, operations);
    expect(of({ form: [['name', 'a']] })).not.toEqual([]);
    expect(
      of({
        form: [
          ['name', 'a'],
          ['search', 'b'],
          ['search', 'c'],
        ],
      }),
    ).not.toEqual([]);
    expect(of({ url: `${url}/a`, form: [['disabled', 'maybe']] })).not.toEqual([]);
    expect(of({ url: `${url}/a/else` })).not.toEqual([]);
  });
});
