import { describe, expect, test } from 'vitest';
import { type Desired, type Observed, type Read, RemoteProblem } from '#backend';
import {
  absent,
  applyAll,
  builtOf,
  ids,
  present,
  type Session,
  session,
  sessionAt,
  shipped,
  textOf,
} from './support.ts';

const [id] = ids;
const key = `rule:${id}`;

/** The only object of what is built. */
function only({ desired }: Session, text: string): Desired {
  const [object] = desired(builtOf({ [id]: text }));
  if (object === undefined) throw new Error('nothing is built');
  return object;
}

async function found({ find }: Session): Promise<Observed> {
  const seen = await find(key);
  if (seen === undefined) throw new Error(`there is no ${key}`);
  return seen;
}

function ruleOf({ server }: Session, seen: Observed) {
  const rule = server.state().rules.find((one) => one.id === seen.id);
  if (rule === undefined) throw new Error(`there is no ${seen.id}`);
  return rule;
}

describe.for([false, true])('new rules are enabled at once: %s', (enabledAtOnce) => {
  test('all that is shipped is brought there once, lists first, and a second time nothing is to do', {
    timeout: 120_000,
  }, async () => {
    const all = await session({ enabledAtOnce });
    const { server, publisher, desired, observe } = all;
    const built = shipped();
    const ruleIds = built.rules.map((rule) => rule.id);
    const wanted = desired(built);
    const lists = wanted.filter(({ kind }) => kind === 'reference list');
    expect(wanted.length - lists.length).toBeGreaterThan(80);
    expect(lists.length).toBeGreaterThan(5);
    const writes = await applyAll(all, wanted, ruleIds);
    // A list is one request, a rule two: it is made, then it is said how it runs.
    expect(writes.length).toBe(lists.length + 2 * (wanted.length - lists.length));
    const { rules, referenceLists } = server.state();
    expect(referenceLists.length).toBe(lists.length);
    expect(rules.length).toBe(built.rules.length);
    expect(rules.every(({ deployment }) => deployment.enabled && deployment.alerting)).toBe(true);
    const before = server.requests.length;
    const seen = new Map((await observe(ruleIds)).map((one) => [one.key, one]));
    expect(server.requests.length - before).toBe(3);
    expect([...seen.keys()].sort()).toEqual(wanted.map((one) => one.key).sort());
    for (const object of wanted) {
      const now = seen.get(object.key);
      expect(publisher.next(present(object), now)).toBeUndefined();
      expect([object.key, now?.projection]).toEqual([object.key, object.projection]);
    }
    expect(server.requests.filter(({ reply }) => (reply?.status ?? 500) >= 300)).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('a rule that nobody should run any more is there, disabled', async () => {
    const one = await session({ enabledAtOnce });
    const object = only(one, textOf(id, { status: 'deprecated' }));
    await one.reach(present(object), undefined);
    const seen = await found(one);
    expect(ruleOf(one, seen).deployment).toMatchObject({ enabled: false, alerting: false });
    expect(one.server.violations).toEqual([]);
  });

  test('who is killed after any request goes on from what is there', async () => {
    const one = await session({ enabledAtOnce });
    const object = only(one, textOf(id, { window: '10m' }));
    const goal = present(object);
    const writes: string[] = [];
    for (let seen = await one.find(key); ; seen = await one.find(key)) {
      const write = one.publisher.next(goal, seen);
      if (write === undefined) break;
      writes.push(write.what);
      await one.send(write.call);
    }
    expect(writes[0]).toBe('create');
    expect(writes.length).toBeLessThanOrEqual(3);
    expect((await found(one)).projection).toEqual(object.projection);
    expect(one.server.violations).toEqual([]);
  });
});

test('a changed rule is one request, also when its name changes', async () => {
  const one = await session();
  await one.reach(present(only(one, textOf(id))), undefined);
  const before = await found(one);
  const renamed = only(one, textOf(id, { name: 'another_name', user: 'bo' }));
  const { writes } = await one.reach(present(renamed), before);
  expect(writes.map(({ what }) => what)).toEqual(['update text']);
  const after = await found(one);
  expect([after.id, after.name]).toEqual([before.id, 'another_name']);
  expect(one.server.state().rules).toHaveLength(1);
  expect(one.server.violations).toEqual([]);
});

test('edits in the console show: of the text and of the deployment, not of line ends', async () => {
  const one = await session();
  const object = only(one, textOf(id));
  await one.reach(present(object), undefined);
  const applied = await found(one);
  const { console } = one.server;
  const rule = ruleOf(one, applied);
  const [revision] = rule.revisions;
  const withText = (text: string) => ({
    revisions: [...rule.revisions, { ...revision, text }] as unknown as typeof rule.revisions,
  });
  console.edit(applied.id, () => withText(revision.text.replaceAll('\n', '\r\n')));
  expect((await found(one)).projection).toEqual(applied.projection);
  console.edit(applied.id, () => withText(revision.text.replace('"ana"', '"eve"')));
  const edited = await found(one);
  expect(edited.projection).not.toEqual(applied.projection);
  expect(one.publisher.next(present(object), edited)?.what).toBe('update text');
  console.edit(applied.id, () => ({
    ...withText(revision.text),
    deployment: { ...rule.deployment, alerting: false },
  }));
  const silenced = await found(one);
  expect(silenced.projection).not.toEqual(applied.projection);
  const { writes } = await one.reach(present(object), silenced);
  expect(writes.map(({ what }) => what)).toEqual(['set alerting']);
  expect((await found(one)).projection).toEqual(object.projection);
  expect(one.server.violations).toEqual([]);
});

test('rules of others are nobody of ours, and their names are told', async () => {
  const one = await session();
  const { console } = one.server;
  console.make(textOf(undefined, { name: 'without_id' }));
  console.make(textOf('99999999-0000-4000-8000-000000000000', { name: 'with_another_id' }));
  console.make('rule not_read_here { meta: events: graph.x = $y condition: #y over 5 }');
  console.list({ id: 'vips', description: 'Ours', syntaxType: 'X', entries: [] });
  const seen = await one.observe();
  expect(seen.map(({ key: own, claims }) => [own, ...claims])).toEqual([
    [undefined, 'rule name:without_id'],
    [undefined, 'rule name:with_another_id'],
    [undefined, 'rule name:not_read_here'],
    [undefined, 'reference list:vips'],
  ]);
});

test('two rules of one id are two objects, unless one of them is archived', async () => {
  const one = await session();
  const object = only(one, textOf(id));
  await one.reach(present(object), undefined);
  const twin = one.server.console.make(textOf(id, { name: 'a_copy' }));
  const keys = async () => (await one.observe()).map((seen) => seen.key);
  expect(await keys()).toEqual([key, key]);
  const archive = (rule: string, time: number) =>
    one.server.console.edit(rule, ({ deployment }) => ({
      deployment: { ...deployment, enabled: false, archived: true, archiveTime: time },
    }));
  archive(twin, 2000);
  const seen = await one.observe();
  expect(seen.map((rule) => [rule.key, rule.claims])).toEqual([
    [key, ['rule name:a_rule']],
    [undefined, []],
  ]);
  // Of those that are all archived the newest counts.
  archive(seen[0]?.id ?? '', 1000);
  expect((await found(one)).id).toBe(twin);
  const { writes } = await one.reach(present(object), await found(one));
  expect(writes.map(({ what }) => what)).toEqual(['unarchive', 'update text', 'deploy']);
  expect(one.server.violations).toEqual([]);
});

test('a rule that was changed meanwhile is read again before it is changed', async () => {
  const one = await session();
  await one.reach(present(only(one, textOf(id))), undefined);
  const stale = await found(one);
  one.server.console.edit(stale.id, () => ({ detections: 3 }));
  const goal = present(only(one, textOf(id, { user: 'bo' })));
  const write = one.publisher.next(goal, stale);
  expect(write && (await one.write(write))).toEqual({ kind: 'moved' });
  const now = await one.one(goal, stale);
  expect(now?.facts?.['etag']).not.toBe(stale.facts?.['etag']);
  const { writes } = await one.reach(goal, now);
  expect(writes).toHaveLength(1);
});

test('a rule that was made without a reply is found by its name and id', async () => {
  const one = await session();
  one.server.console.make(textOf(ids[1]));
  const goal = present(only(one, textOf(id)));
  const write = one.publisher.next(goal, undefined);
  if (write === undefined) throw new Error('nothing to do');
  expect(write.repeatable).toBe(false);
  expect(await one.one(goal, undefined)).toBeUndefined();
  await one.send(write.call);
  const now = await one.one(goal, undefined);
  expect(now).toMatchObject({ key, name: 'a_rule' });
  expect((await one.reach(goal, now)).writes.map(({ what }) => what)).toEqual(['deploy']);
  expect(one.server.state().rules).toHaveLength(2);
  expect(one.server.violations).toEqual([]);
});

test('each method may be of a version of its own', async () => {
  const options = {
    versions: { 'rules.verifyRuleText': ['v1alpha'], 'rules.create': ['v1beta'] },
  };
  const one = await session(options, {
    apiVersions: { verifyRuleText: 'v1alpha', createRule: 'v1beta' },
  });
  await applyAll(one, [only(one, textOf(id))]);
  expect(one.server.state().rules).toHaveLength(1);
  expect(one.server.violations).toEqual([]);
});

describe('rules that are not wanted any more', () => {
  test('are disabled and archived, and come back', async () => {
    const one = await session();
    const object = only(one, textOf(id));
    await one.reach(present(object), undefined);
    const seen = await found(one);
    const retired = one.publisher.retired(seen);
    if (retired === undefined) throw new Error('it stays');
    const { writes } = await one.reach(present(retired), seen);
    expect(writes.map(({ what }) => what)).toEqual(['disable', 'archive']);
    const archived = await found(one);
    expect(archived.projection).toEqual(retired.projection);
    expect(archived.claims).toEqual([]);
    expect(one.publisher.retired(archived)?.projection).toEqual(retired.projection);
    expect(one.publisher.next(present(retired), archived)).toBeUndefined();
    const back = await one.reach(present(object), archived);
    expect(back.writes.map(({ what }) => what)).toEqual(['unarchive', 'deploy']);
    expect((await found(one)).projection).toEqual(object.projection);
    expect(one.server.violations).toEqual([]);
  });

  test('are only disabled where that is wished', async () => {
    const one = await session({}, { retired: 'disabled' });
    const object = only(one, textOf(id));
    await one.reach(present(object), undefined);
    const seen = await found(one);
    const retired = one.publisher.retired(seen);
    if (retired === undefined) throw new Error('it stays');
    expect((await one.reach(present(retired), seen)).writes).toHaveLength(1);
    const after = await found(one);
    expect(ruleOf(one, after).deployment).toMatchObject({ enabled: false, archived: false });
    expect(one.publisher.next(present(retired), after)).toBeUndefined();
  });

  test('are deleted with their detections', async () => {
    const one = await session();
    const object = only(one, textOf(id));
    await one.reach(present(object), undefined);
    const seen = await found(one);
    one.server.console.edit(seen.id, () => ({ detections: 3 }));
    const write = one.publisher.next(absent, seen);
    expect(write && (await one.write(write))).toEqual({ kind: 'done', now: undefined });
    expect(write && (await one.write(write))).toEqual({ kind: 'done', now: undefined });
    expect(await one.find(key)).toBeUndefined();
    expect(one.server.violations).toEqual([]);
  });
});

describe('run frequencies', () => {
  test.for([
    { window: undefined, runFrequency: 'DAILY', sent: 'LIVE', kept: 'LIVE' },
    { window: '10m', runFrequency: 'LIVE', sent: 'LIVE', kept: 'LIVE_CUSTOMIZABLE' },
    { window: '10m', runFrequency: 'auto', sent: 'LIVE', kept: 'LIVE_CUSTOMIZABLE' },
    { window: '10m', runFrequency: 'DAILY', sent: 'HOURLY', kept: 'HOURLY_CUSTOMIZABLE' },
  ])('$runFrequency over $window is $kept', async ({ window, runFrequency, sent, kept }) => {
    const one = await session({}, { deployment: { runFrequency } });
    const object = only(one, textOf(id, window === undefined ? {} : { window }));
    await one.reach(present(object), undefined);
    const body = one.server.requests.at(-1)?.body ?? '';
    expect(JSON.parse(body)).toEqual({ enabled: true, alerting: true, runFrequency: sent });
    const seen = await found(one);
    expect(ruleOf(one, seen).deployment.runFrequency).toBe(kept);
    expect(one.publisher.next(present(object), seen)).toBeUndefined();
    expect(seen.projection).toEqual(object.projection);
    expect(one.server.violations).toEqual([]);
  });

  test('a rule over more than two days runs daily, whatever is asked for', async () => {
    const one = await session();
    // What such a rule means isn't known here: it was made by other means.
    const made = one.server.console.make(textOf(id, { window: '3d' }));
    const object = only(one, textOf(id, { window: '3d' }));
    const { writes } = await one.reach(present(object), await found(one));
    expect(writes.map(({ call }) => call.json)).toEqual([{ enabled: true, alerting: true }]);
    const after = await found(one);
    expect(ruleOf(one, after)).toMatchObject({ id: made, deployment: { runFrequency: 'DAILY' } });
    expect(after.projection).toEqual(object.projection);
  });

  test('a schedule that somebody customized stays when the frequency changes', async () => {
    const one = await session({}, { deployment: { runFrequency: 'HOURLY' } });
    const text = textOf(id, { window: '10m' });
    await one.reach(present(only(one, text)), undefined);
    one.server.console.edit((await found(one)).id, ({ deployment }) => ({
      deployment: { ...deployment, enrichment: true, adjustment: '60s' },
    }));
    const live = sessionAt(one.server, { deployment: { runFrequency: 'LIVE' } });
    const { writes, now } = await live.reach(present(only(live, text)), await found(one));
    expect(writes.map(({ call }) => call.json)).toEqual([
      {
        runFrequency: 'LIVE_CUSTOMIZABLE',
        scheduleCustomizations: {
          ensureEnrichmentCompleteness: true,
          lateArrivingDataAdjustment: '60s',
        },
      },
    ]);
    expect(ruleOf(one, now as Observed).deployment).toMatchObject({
      enrichment: true,
      adjustment: '60s',
    });
    expect(one.server.violations).toEqual([]);
  });
});

describe('what is refused', () => {
  test('is said before it is written, with its place', async () => {
    const one = await session();
    const object = only(one, textOf(id, { list: 'nobody_keeps' }));
    const [check] = one.publisher.checks?.(object, undefined) ?? [];
    expect(check?.problems(await one.send(check.call))).toEqual([
      'reference list or data table column %nobody_keeps does not exist.',
    ]);
    const wrong = { ...object, projection: { ...object.projection, text: 'rule x {\n  meta\n}' } };
    const [second] = one.publisher.checks?.(wrong, undefined) ?? [];
    const [problem] = second?.problems(await one.send(second.call)) ?? [];
    expect(problem).toMatch(/^Line 3, column 1: .*\.$/);
    const seen = { ...(await one.reach(present(only(one, textOf(id))), undefined)).now };
    expect(one.publisher.checks?.(only(one, textOf(id)), seen as Observed)).toEqual([]);
  });

  test('is said with the permission that is missing', async () => {
    const account = 'siemc@example-project.iam.gserviceaccount.com';
    const one = await session({
      accounts: [{ email: account, denied: ['chronicle.rules.create'] }],
    });
    const write = one.publisher.next(present(only(one, textOf(id))), undefined);
    expect(write && (await one.write(write))).toEqual({
      kind: 'refused',
      message: expect.stringContaining("Permission 'chronicle.rules.create' denied"),
      hint: expect.stringContaining('Grant chronicle.rules.create to the account'),
    });
  });

  test('is told where a rule over single events becomes one over several', async () => {
    const one = await session();
    const { now } = await one.reach(present(only(one, textOf(id))), undefined);
    const goal = present(only(one, textOf(id, { window: '10m' })));
    const write = one.publisher.next(goal, now);
    expect(write && (await one.write(write))).toEqual({
      kind: 'refused',
      message: expect.stringContaining('run frequency'),
      hint: expect.stringContaining('give it a new id'),
    });
  });

  test('pages that lead nowhere are told', async () => {
    const one = await session({ longestPage: 1 });
    for (const name of ['a', 'b', 'c']) one.server.console.make(textOf(undefined, { name }));
    expect(await one.observe()).toHaveLength(3);
    one.server.fail(() => ({ kind: 'looping-links' }));
    await expect(one.observe()).rejects.toMatchObject({ code: 'publish/paging' });
    one.server.fail(() => ({ kind: 'foreign-links', origin: 'https://example.org' }));
    await expect(one.observe()).rejects.toThrow('Invalid page token');
  });

  test('pages that are too much to take in are asked for in smaller parts', async () => {
    const one = await session();
    for (let n = 0; n < 12; n += 1) one.server.console.make(textOf(undefined, { name: `r${n}` }));
    const narrow: Read = async (call) => {
      const reply = await one.read(call);
      if (JSON.stringify(reply.json).length < 8000) return reply;
      throw new RemoteProblem('publish/too-large', 'The reply is too large.');
    };
    const seen = await one.publisher.observe(narrow, []);
    expect(seen).toHaveLength(12);
    const sizes = one.calls.map(({ url }) => /\/rules\?pageSize=(\d+)/.exec(url)?.[1]);
    expect(sizes.filter((size) => size !== undefined)).toEqual(['1000', '100', '10', '10']);
    const never: Read = () => Promise.reject(new RemoteProblem('publish/too-large', 'Too large.'));
    await expect(one.publisher.observe(never, [])).rejects.toThrow('Too large.');
  });

  test('an instance that there is not is told', async () => {
    const one = await session();
    const elsewhere = sessionAt(one.server, { location: 'us' });
    await expect(elsewhere.observe()).rejects.toMatchObject({ code: 'publish/not-found' });
  });
});
