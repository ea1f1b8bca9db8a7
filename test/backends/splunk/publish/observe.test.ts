import { describe, expect, test } from 'vitest';
import type { BuiltFiles, Desired, Finding, Goal, Publisher, Read } from '#backend';
import { foreign } from '../../../servers/splunk/kit.ts';
import type { Knowledge } from '../../../servers/splunk/model.ts';
import {
  app,
  builtOf,
  checked,
  desiredOf,
  installation,
  lookup,
  publisherOf,
  read,
  ruleText,
  seenOf,
  send,
  settings,
  walk,
} from './kit.ts';

const id = '6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1';
const key = `rule:${id}`;

/** A search of the app that isn't siemc's. */
function other(name: string, more: Partial<Knowledge> = {}): Knowledge {
  return foreign(name, { app, ...more });
}

function ruleOf(publisher: Publisher, built: BuiltFiles = builtOf([ruleText()])): Desired {
  const [rule] = desiredOf(publisher, built).filter((one) => one.key.startsWith('rule:'));
  if (rule === undefined) throw new Error('there is no rule');
  return rule;
}

const wanted = (object: Desired): Goal => ({ kind: 'present', object, attempt: 0 });

describe('what is there', () => {
  test('is read page by page, each saved search once', async () => {
    const marked = (index: number): Knowledge =>
      other(`ours ${index}`, {
        settings: { search: 'index=a', 'action.siemc.rule_id': `id-${index}` },
      });
    const objects = Array.from({ length: 1000 }, (_, index) =>
      index % 2 === 0 ? marked(index) : other(`theirs ${index}`),
    );
    const server = await installation({ objects });
    const publisher = await publisherOf(server.url);
    const found = await publisher.observe(read, []);
    expect(found).toHaveLength(1000);
    expect(
      found
        .filter(({ key: of }) => of !== undefined)
        .map(({ key: of }) => of)
        .sort(),
    ).toEqual(Array.from({ length: 500 }, (_, index) => `rule:id-${2 * index}`).sort());
    expect(server.requests.map(({ query }) => query.get('offset'))).toEqual([
      '0',
      '200',
      '400',
      '600',
      '800',
      '0',
    ]);
    expect(server.violations).toEqual([]);
  });

  test('is read anew when somebody makes or deletes some meanwhile', async () => {
    const objects = Array.from({ length: 450 }, (_, index) => other(`s ${1000 + index}`));
    const server = await installation({ objects });
    const publisher = await publisherOf(server.url);
    let count = 0;
    const disturbed: Read = (call) => {
      if (count++ === 1) server.discard({ name: 's 1000', app });
      return read(call);
    };
    expect(await publisher.observe(disturbed, [])).toHaveLength(449);
    const restless: Read = (call) => {
      server.discard({ name: `s ${1001 + count++}`, app });
      return read(call);
    };
    await expect(publisher.observe(restless, [])).rejects.toMatchObject({ code: 'publish/busy' });
  });

  test('in other apps or with other users is nobody’s concern', async () => {
    const server = await installation({
      objects: [
        foreign('a', { app: 'search', sharing: 'global' }),
        other('b', { owner: 'admin', sharing: 'user' }),
        other('c'),
        other('m', { kind: 'macros', settings: { definition: 'x' } }),
        other('siemc_index_x', { kind: 'macros', settings: { definition: 'x' } }),
      ],
    });
    const publisher = await publisherOf(server.url);
    expect(
      (await publisher.observe(read, [])).map(({ key: of, kind, name, claims }) => ({
        of,
        kind,
        name,
        claims,
      })),
    ).toEqual([
      { of: undefined, kind: 'saved search', name: 'c', claims: ['saved search:c'] },
      { of: undefined, kind: 'search macro', name: 'm', claims: ['search macro:m'] },
      {
        of: 'macro:siemc_index_x',
        kind: 'search macro',
        name: 'siemc_index_x',
        claims: ['search macro:siemc_index_x'],
      },
    ]);
  });

  test('is nothing without the app, or where it is no list', async () => {
    const server = await installation();
    const publisher = await publisherOf(server.url, { app: 'missing' });
    await expect(publisher.observe(read, [])).rejects.toMatchObject({
      code: 'publish/no-app',
      message: `Splunk at ${server.url} has no app "missing".`,
    });
    for (const json of [undefined, [], { entry: [] }, { entry: [{}], paging: { total: 1 } }])
      await expect(
        publisher.observe(() => Promise.resolve({ status: 200, headers: {}, json }), []),
      ).rejects.toMatchObject({ code: 'publish/unreadable-reply' });
  });
});

describe('what somebody else has', () => {
  test('in the way of a rule is told before and after a request, and stays', async () => {
    const server = await installation({ objects: [other('Image deregistered')] });
    const publisher = await publisherOf(server.url);
    const object = ruleOf(publisher);
    const [theirs] = await publisher.observe(read, []);
    expect(theirs?.key).toBeUndefined();
    expect(object.claims).toEqual(theirs?.claims);
    await expect(walk(publisher, wanted(object), undefined)).rejects.toMatchObject({
      code: 'publish/name-taken',
      message:
        'The app has a saved search "Image deregistered" that isn\'t of this rule. Rename or delete one of the two.',
    });
    expect(theirs && publisher.retired(theirs)).toBeUndefined();
    expect(publisher.next({ kind: 'absent' }, theirs)).toBeUndefined();
    expect(publisher.next(wanted(object), theirs)).toBeUndefined();
    expect(server.state()).toEqual([other('Image deregistered')]);
    expect(server.violations).toEqual([]);
  });

  test('in the way of a new title leaves the rule under the old one', async () => {
    const server = await installation({ objects: [other('Image gone')] });
    const publisher = await publisherOf(server.url);
    await walk(publisher, wanted(ruleOf(publisher)), undefined);
    const renamed = ruleOf(publisher, builtOf([ruleText({ title: 'Image gone' })]));
    const { seen } = await walk(publisher, wanted(renamed), await seenOf(publisher, key));
    expect(seen?.name).toBe('Image deregistered');
    expect(publisher.stuck?.(wanted(renamed), seen)).toContain('a saved search "Image gone"');
    expect(server.state().map(({ name }) => name)).toEqual(['Image gone', 'Image deregistered']);
    // Once it is gone the rule gets there.
    server.discard({ name: 'Image gone', app });
    await walk(publisher, wanted(renamed), await seenOf(publisher, key));
    expect(server.state().map(({ name }) => name)).toEqual(['Image gone']);
    expect(server.violations).toEqual([]);
  });
});

test('a name that means another path is never asked for, whatever mark it has', async () => {
  const names = ['.', '..', '_new', 'a/../b'];
  const marked = { search: 'index=a', 'action.siemc.rule_id': id };
  const server = await installation({
    objects: names.map((name) => other(name, { settings: marked })),
  });
  const publisher = await publisherOf(server.url);
  const ours = (await publisher.observe(read, [])).filter((one) => one.key !== undefined);
  expect(ours.map(({ name }) => name)).toEqual(['a/../b']);
  await walk(publisher, { kind: 'absent' }, ours[0]);
  expect(server.state().map(({ name }) => name)).toEqual(['.', '..', '_new']);
  expect(server.violations).toEqual([]);
});

describe('a write', () => {
  test('that was carried out twice over is looked at, and no more', async () => {
    const server = await installation();
    const publisher = await publisherOf(server.url);
    const object = ruleOf(publisher);
    const create = publisher.next(wanted(object), undefined);
    if (create === undefined) throw new Error('nothing to do');
    await send(create.call);
    expect(create.judge(await send(create.call))).toEqual({ kind: 'moved' });
    const seen = await publisher.observeOne(read, wanted(object), undefined);
    expect(publisher.next(wanted(object), seen)).toBeUndefined();
    const remove = publisher.next({ kind: 'absent' }, seen);
    if (remove === undefined) throw new Error('nothing to do');
    await send(remove.call);
    expect(remove.judge(await send(remove.call))).toEqual({ kind: 'done', now: undefined });
    expect(server.violations).toEqual([]);
  });

  test('of what was deleted meanwhile leads to making it again', async () => {
    const server = await installation();
    const publisher = await publisherOf(server.url);
    const before = await walk(publisher, wanted(ruleOf(publisher)), undefined);
    server.discard({ name: 'Image deregistered', app });
    const changed = ruleOf(publisher, builtOf([ruleText({ event: 'CopyImage' })]));
    const { writes } = await walk(publisher, wanted(changed), before.seen);
    expect(writes.map(({ what }) => what)).toEqual(['update saved search', 'create saved search']);
    expect((await seenOf(publisher, key))?.projection).toEqual(changed.projection);
  });

  test('of permissions is believed when they are read, however late they come', async () => {
    for (const acl of [{ forgets: 2 }, { lag: 1 }]) {
      const server = await installation({ acl });
      const publisher = await publisherOf(server.url, { ...settings, enterpriseSecurity: true });
      const object = ruleOf(
        publisher,
        builtOf([ruleText()], { ...settings, enterpriseSecurity: true }),
      );
      const goal = wanted(object);
      let seen = (await walk(publisher, goal, undefined, 1).catch(() => undefined))?.seen;
      for (let count = 0; count < 4; count += 1) {
        seen = await publisher.observeOne(read, goal, seen);
        const write = publisher.next(goal, seen);
        if (write === undefined) break;
        expect(write.judge(await send(write.call))).toEqual({ kind: 'moved' });
        server.clock.advance(1000);
      }
      expect((await seenOf(publisher, object.key))?.projection).toEqual(object.projection);
      expect(server.violations).toEqual([]);
    }
  });

  test('that Splunk refuses is told with what would be right', async () => {
    const server = await installation({ apps: { [app]: ['admin'] } });
    const publisher = await publisherOf(server.url);
    const create = publisher.next(wanted(ruleOf(publisher)), undefined);
    if (create === undefined) throw new Error('nothing to do');
    expect(create.judge(await send(create.call))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Splunk says: User'),
      hint: expect.stringContaining('writeRoles'),
    });
    const reply = (status: number, text?: string) => ({
      status,
      headers: {},
      json: text === undefined ? undefined : { messages: [{ type: 'ERROR', text }] },
    });
    const said = 'Argument "schedule_window" is not supported by this handler.';
    expect(create.judge(reply(400, said))).toEqual({
      kind: 'refused',
      message: `Splunk says: ${said}`,
      hint: "The token's user needs the capabilities schedule_search and edit_search_schedule_window.",
    });
    expect(create.judge(reply(404, `Application does not exist: ${app}`))).toMatchObject({
      kind: 'refused',
      hint: expect.stringContaining('Install the app'),
    });
    expect(create.judge(reply(405))).toEqual({
      kind: 'refused',
      message: "Splunk answers 405 and doesn't say why.",
    });
    expect(create.judge(reply(200, 'no object'))).toEqual({ kind: 'moved' });
  });
});

describe('before a write', () => {
  const list = { name: 'builders', kind: 'string', entries: ['a'], inline: false } as const;
  const withList = `title: Image deregistered by a stranger
id: ${id}
logsource: { product: aws, service: cloudtrail }
detection:
  s: { eventName: DeregisterImage }
  f: { userIdentity.arn|expand: '%builders%' }
  condition: s and not f
siemc: { schedule: { every: 5m, delay: 15m } }
`;

  test('Splunk is asked whether it has the lookups, and parses the search', async () => {
    const server = await installation();
    const publisher = await publisherOf(server.url);
    const object = ruleOf(publisher, builtOf([withList], settings, [list]));
    expect(await checked(publisher, object, undefined)).toEqual([
      'The app "siemc_detections" in Splunk has no lookup "builders", which the search names: install the app as it is built now.',
    ]);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /servicesNS/nobody/siemc_detections/data/transforms/lookups/builders',
      'POST /services/search/v2/parser',
    ]);
    const [lookedFor] = publisher.checks?.(object, undefined) ?? [];
    const forbidden = { messages: [{ type: 'ERROR', text: 'Not for you.' }] };
    expect(lookedFor?.problems({ status: 403, headers: {}, json: forbidden })).toEqual([
      'Splunk doesn\'t show its lookup "builders": Not for you.',
    ]);
    const complete = await installation({ objects: [lookup('builders')] });
    const there = await publisherOf(complete.url);
    expect(await checked(there, object, undefined)).toEqual([]);
    const { seen } = await walk(there, wanted(object), undefined);
    expect(there.checks?.(object, seen)).toEqual([]);
    expect([...server.violations, ...complete.violations]).toEqual([]);
  });

  test.each(['9.0.1', '9.3.2', '10.2.0'])('the parser of version %s is asked', async (version) => {
    const server = await installation({
      version,
      rejects: (query) => (query.includes('CopyImage') ? 'It is no search.' : undefined),
    });
    const publisher = await publisherOf(server.url);
    expect(await checked(publisher, ruleOf(publisher), undefined)).toEqual([]);
    const wrong = ruleOf(publisher, builtOf([ruleText({ event: 'CopyImage' })]));
    expect(await checked(publisher, wrong, undefined)).toEqual([
      "Splunk doesn't parse the search: It is no search.",
    ]);
    expect(server.violations).toEqual([]);
  });

  test('macros that the project names itself are looked for', async () => {
    const server = await installation({
      objects: [other('soc_aws(2)', { kind: 'macros', settings: { definition: 'x' } })],
    });
    const publisher = await publisherOf(server.url);
    const object = ruleOf(publisher);
    const [part] = Object.values(object.projection) as Record<string, string>[];
    const named = (search: string): Desired => ({
      ...object,
      projection: { 'Image deregistered': { ...part, search } },
    });
    const ask = (search: string) => checked(publisher, named(search), undefined);
    expect(await ask('`soc_aws(1,2)` eventName="a"')).toEqual([]);
    expect(await ask('`soc_aws` eventName="a"')).toEqual([
      'The app "siemc_detections" in Splunk has no search macro "soc_aws", which the search names: install the app as it is built now.',
    ]);
    expect(await ask('| foo')).toEqual([
      "Splunk doesn't parse the search: Unknown search command 'foo'.",
    ]);
    expect(server.violations).toEqual([]);
  });
});

describe('what was built', () => {
  const built = builtOf([ruleText()]);
  function findings(files: Partial<BuiltFiles>) {
    const found: (readonly [string, Omit<Finding, 'span'>])[] = [];
    return async () => {
      const publisher = await publisherOf('https://splunk.example.org:8089');
      const objects = publisher.desired({ ...built, ...files }, (path, finding) =>
        found.push([path, finding]),
      );
      return { keys: objects.map(({ key: of }) => of), found };
    };
  }
  const searches = 'app/default/savedsearches.conf';
  const conf = built.read(searches) ?? '';
  const withConf = (text: string): Partial<BuiltFiles> => ({
    read: (path) => (path === searches ? text : built.read(path)),
  });

  test.each([
    ['no file', withConf(''), 'The app has no saved search of the rule "Image deregistered"'],
    ['two stanzas', withConf(`${conf}\n${conf.replace('[Image', '[Imago')}`), 'The app has two'],
    ['no search', withConf(conf.replace(/^search = .*$/ms, '')), 'has no search'],
    ['a title that is a path', withConf(conf.replace(/\[.*\]/, '[..]')), 'needs another title'],
  ])('is told when it lacks what a rule needs: %s', async (_, files, message) => {
    expect(await findings(files)()).toMatchObject({
      keys: ['macro:siemc_index_aws_cloudtrail'],
      found: [
        [searches, { code: 'splunk/no-saved-search', message: expect.stringContaining(message) }],
      ],
    });
  });

  test('is of the rules that the manifest lists', async () => {
    expect(await findings({ rules: [] })()).toEqual({
      keys: ['macro:siemc_index_aws_cloudtrail'],
      found: [],
    });
  });

  test('without metadata has the access of the settings', async () => {
    const publisher = await publisherOf('https://splunk.example.org:8089');
    const bare = {
      ...built,
      read: (path: string) => (path.endsWith('meta') ? undefined : built.read(path)),
    };
    expect(desiredOf(publisher, bare)).toEqual(desiredOf(publisher, built));
  });
});
