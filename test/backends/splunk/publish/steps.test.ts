import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Desired, Goal, Observed, Publisher } from '#backend';
import type { SplunkServer } from '../../../servers/splunk/splunk.ts';
import {
  app,
  builtOf,
  desiredOf,
  installation,
  publisherOf,
  ruleText,
  seenOf,
  send,
  settings,
  walk,
} from './kit.ts';

const id = '6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1';
const key = `rule:${id}`;
const title = 'Image deregistered';

function ruleOf(publisher: Publisher, text: string, packaged = settings): Desired {
  const found = desiredOf(publisher, builtOf([text], packaged)).find((one) => one.key === key);
  if (found === undefined) throw new Error('there is no rule');
  return found;
}

function present(object: Desired): Goal {
  return { kind: 'present', object, attempt: 0 };
}

/** An installation with the rule. */
async function published(
  text: string = ruleText(),
  more: Parameters<typeof installation>[0] = {},
): Promise<{
  readonly server: SplunkServer;
  readonly publisher: Publisher;
  readonly object: Desired;
  readonly seen: () => Promise<Observed | undefined>;
}> {
  const server = await installation(more);
  const publisher = await publisherOf(server.url);
  const object = ruleOf(publisher, text);
  await walk(publisher, present(object), undefined);
  return { server, publisher, object, seen: () => seenOf(publisher, key) };
}

/** The forms that were sent to saved searches since a request. */
function formsSince({ requests }: SplunkServer, since: number): readonly object[] {
  return requests
    .slice(since)
    .filter(({ method, path }) => method === 'POST' && path.includes('/saved/searches'))
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
}

describe('an update', () => {
  test('sends what differs and nothing else', async () => {
    const { server, publisher, seen } = await published();
    const since = server.requests.length;
    const changed = ruleOf(publisher, ruleText({ more: 'level: critical\ndescription: Look.\n' }));
    const { writes, seen: now } = await walk(publisher, present(changed), await seen());
    expect(writes).toHaveLength(1);
    expect(formsSince(server, since)).toEqual([{ description: 'Look.', 'alert.severity': '5' }]);
    expect(now?.projection).toEqual(changed.projection);
    expect((await seen())?.projection).toEqual(changed.projection);
    expect(server.violations).toEqual([]);
  });

  test('puts back what the rule says no more', async () => {
    const { server, publisher, seen } = await published(
      ruleText({
        more: 'description: Look.\n',
        siemc:
          'siemc: { schedule: { every: 5m, delay: 15m }, suppress: { for: 1h, by: [who] }, entities: { who: userIdentity.arn } }',
      }),
    );
    expect(Object.values((await seen())?.projection ?? {})).toMatchObject([
      {
        'alert.suppress': true,
        'alert.suppress.fields': ['who'],
        'alert.suppress.period': '3600s',
        'alert.digest_mode': false,
      },
    ]);
    const since = server.requests.length;
    const plain = ruleOf(publisher, ruleText({ siemc: '' }));
    const { writes } = await walk(publisher, present(plain), await seen());
    expect(writes).toHaveLength(1);
    expect(formsSince(server, since)).toMatchObject([
      {
        description: '',
        is_scheduled: '0',
        alert_type: 'always',
        'alert.digest_mode': '1',
        'alert.suppress': '0',
        'alert.track': 'auto',
        'dispatch.earliest_time': '',
      },
    ]);
    expect((await seen())?.projection).toEqual(plain.projection);
    expect(server.violations).toEqual([]);
  });

  test('of a rule for Enterprise Security keeps the actions that others added', async () => {
    const es = { ...settings, enterpriseSecurity: true };
    const server = await installation();
    const publisher = await publisherOf(server.url, es);
    const plain = ruleOf(publisher, ruleText(), settings);
    await walk(publisher, present(plain), undefined);
    server.edit({ name: title, app, settings: { actions: 'email', 'action.email.to': 'a@b.c' } });
    const before = await seenOf(publisher, key);
    expect(publisher.next(present(plain), before)).toBeUndefined();
    // The same title: only what makes it a correlation search differs.
    const [settingsOfEs = {}] = Object.values(ruleOf(publisher, ruleText(), es).projection);
    const wanted = { ...plain, projection: { [title]: settingsOfEs } };
    const { writes } = await walk(publisher, present(wanted), before);
    expect(writes.map(({ what }) => what)).toEqual(['update saved search', 'set permissions']);
    expect(server.state()[0]).toMatchObject({
      sharing: 'global',
      settings: { actions: 'correlationsearch,notable,email', 'action.email.to': 'a@b.c' },
    });
    const back = await walk(publisher, present(plain), await seenOf(publisher, key));
    expect(server.state()[0]?.settings['actions']).toBe('email');
    expect(back.seen?.projection).toEqual(plain.projection);
    expect(server.violations).toEqual([]);
  });
});

describe('what people change in Splunk', () => {
  test.each([
    ['search', 'index=other'],
    ['cron_schedule', '0 0 * * *'],
    ['alert.severity', '1'],
    ['disabled', '1'],
    ['alert.track', '0'],
    ['is_scheduled', '0'],
    ['action.siemc.version', '9'],
    ['alert.suppress', '1'],
  ])('is seen: %s', async (name, value) => {
    const { server, publisher, object, seen } = await published();
    server.edit({
      name: title,
      app,
      settings: {
        [name]: value,
        ...(name === 'alert.suppress' && { 'alert.suppress.period': '1h' }),
      },
    });
    expect((await seen())?.projection).not.toEqual(object.projection);
    const { writes } = await walk(publisher, present(object), await seen());
    expect(writes.map(({ what }) => what)).toEqual(['update saved search']);
    expect((await seen())?.projection).toEqual(object.projection);
  });

  test('of access is seen, too', async () => {
    const { server, publisher, object, seen } = await published();
    server.edit({ name: title, app, write: ['admin', 'detection_engineer', 'user'] });
    const { writes } = await walk(publisher, present(object), await seen());
    expect(writes.map(({ what }) => what)).toEqual(['set permissions']);
    expect((await seen())?.projection).toEqual(object.projection);
    expect(server.violations).toEqual([]);
  });

  test.each([
    { actions: 'email', 'action.email.to': 'soc@example.org' },
    { 'display.page.search.mode': 'fast', max_concurrent: '3' },
    { 'alert.suppress.period': '2h', 'alert.suppress.fields': 'a' },
    { alert_condition: 'search count > 5' },
  ] as Record<string, string>[])(
    'that siemc says nothing of is none of its business: %o',
    async (edit) => {
      const { server, publisher, object, seen } = await published();
      server.edit({ name: title, app, settings: edit });
      expect((await seen())?.projection).toEqual(object.projection);
      expect(publisher.next(present(object), await seen())).toBeUndefined();
    },
  );

  test.each([
    ['[', 'no JSON'],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'too deep'],
    [`${'["]\\"",'.repeat(50_000)}1${']'.repeat(50_000)}`, 'too deep, with brackets in texts'],
    ['"text"', 'JSON, but no map'],
  ])('into JSON that is none is seen, and mended', async (value) => {
    const es = { ...settings, enterpriseSecurity: true };
    const server = await installation();
    const publisher = await publisherOf(server.url, es);
    const object = ruleOf(publisher, ruleText(), es);
    await walk(publisher, present(object), undefined);
    const { name = '' } = server.state()[0] ?? {};
    server.edit({ name, app, settings: { 'action.correlationsearch.metadata': value } });
    const { writes } = await walk(publisher, present(object), await seenOf(publisher, key));
    expect(writes.map(({ what }) => what)).toEqual(['update saved search']);
    expect((await seenOf(publisher, key))?.projection).toEqual(object.projection);
  });

  test('in how a search is laid out is nothing', async () => {
    const { server, publisher, object, seen } = await published();
    const { search = '' } = server.state()[0]?.settings ?? {};
    for (const other of [
      search.replaceAll('\n', ' \n'),
      search.replaceAll('\n', '\r\n'),
      search.replaceAll(/\s*\n\s*/g, ' '),
    ]) {
      server.edit({ name: title, app, settings: { search: other } });
      expect(publisher.next(present(object), await seen())).toBeUndefined();
    }
    server.edit({ name: title, app, settings: { search: search.replace('Image', 'Imago') } });
    expect(publisher.next(present(object), await seen())).toBeDefined();
  });
});

describe('what comes with the app', () => {
  /** As if the app had been installed with the rule. */
  async function installed(): Promise<Awaited<ReturnType<typeof published>>> {
    const all = await published();
    all.server.edit({ name: title, app, removable: false });
    return all;
  }

  test('is updated like any other', async () => {
    const { publisher, object, seen } = await installed();
    expect(publisher.next(present(object), await seen())).toBeUndefined();
    const changed = ruleOf(publisher, ruleText({ more: 'level: low\n' }));
    await walk(publisher, present(changed), await seen());
    expect(publisher.next(present(changed), await seen())).toBeUndefined();
  });

  test('is disabled where it would be deleted: the old title of a rule, and a rule that is gone', async () => {
    const { server, publisher, seen } = await installed();
    const renamed = ruleOf(publisher, ruleText({ title: 'Image gone' }));
    const { writes, seen: last } = await walk(publisher, present(renamed), await seen());
    expect(writes.map(({ what }) => what)).toEqual(['create saved search', 'disable saved search']);
    expect((await seen())?.projection).toEqual(last?.projection);
    expect(publisher.stuck?.(present(renamed), await seen())).toBeUndefined();
    const absent: Goal = { kind: 'absent' };
    const gone = await walk(publisher, absent, await seen());
    expect(gone.writes.map(({ what }) => what)).toEqual(['delete saved search']);
    expect(publisher.stuck?.(absent, await seen())).toBe(
      'The saved search "Image deregistered" comes with the app, and Splunk doesn\'t delete such over REST: it is disabled until an app without it is installed.',
    );
    expect(server.violations).toEqual([]);
  });
});

test('a rule that nobody wants is disabled, and once it is there is nothing to do', async () => {
  const { server, publisher, seen } = await published();
  const before = await seen();
  const off = before && publisher.retired(before);
  if (off === undefined) throw new Error('it is not there');
  const since = server.requests.length;
  await walk(publisher, present(off), before);
  expect(formsSince(server, since)).toEqual([{ disabled: '1' }]);
  const now = await seen();
  expect(now?.projection).toEqual(off.projection);
  expect(now && publisher.retired(now)).toEqual(off);
  expect(publisher.next(present(off), now)).toBeUndefined();
  expect(publisher.checks?.(off, now)).toEqual([]);
  await walk(publisher, { kind: 'absent' }, now);
  expect(await seen()).toBeUndefined();
  expect(publisher.next({ kind: 'absent' }, undefined)).toBeUndefined();
});

test('a macro is left as it is: others may name it', async () => {
  const { server, publisher } = await published();
  const name = 'siemc_index_aws_cloudtrail';
  server.edit({ kind: 'macros', name, app, settings: { definition: '(index=main)' } });
  const seen = await seenOf(publisher, `macro:${name}`);
  expect(seen?.projection).toMatchObject({ [name]: { definition: '(index=main)' } });
  expect(seen && publisher.retired(seen)).toBeUndefined();
});

describe('whatever is there', () => {
  const texts = [
    ruleText(),
    ruleText({ more: 'description: Older.\nlevel: low\n', event: 'CopyImage' }),
    ruleText({ title: 'Image gone', siemc: '' }),
    ruleText({
      title: 'Ünï/100% [x] "y" + z?#',
      siemc:
        'siemc: { version: 2.0.0, schedule: { every: 1h, delay: 15m }, suppress: { for: 1h, by: [who] }, entities: { who: userIdentity.arn } }',
    }),
  ];
  const moves = fc.array(
    fc.record({
      to: fc.constantFrom(...texts),
      es: fc.boolean(),
      // After so many writes it is killed.
      writes: fc.nat({ max: 5 }),
      edit: fc.constantFrom({}, { settings: { disabled: '1' } }, { removable: false }),
    }),
    { minLength: 1, maxLength: 4 },
  );

  /** Sends some of the writes to a goal, each of which does what it says. */
  async function begin(publisher: Publisher, goal: Goal, writes: number): Promise<void> {
    let seen = await seenOf(publisher, key);
    for (let count = 0; count < writes; count += 1) {
      const write = publisher.next(goal, seen);
      if (write === undefined) return;
      expect((await send(write.call)).status).toBeLessThan(300);
      seen = await seenOf(publisher, key);
      expect(seen?.projection).toEqual(write.leadsTo?.projection);
      expect(seen?.facts).toEqual(write.leadsTo?.facts);
    }
  }

  test.each(['text', 'typed'] as const)(
    'the way to a rule is short, and each step leads to what is told: values as %s',
    async (style) => {
      const walked = async (all: typeof moves extends fc.Arbitrary<infer T> ? T : never) => {
        const server = await installation({ style });
        for (const { to, es, writes, edit } of all) {
          const packaged = { ...settings, enterpriseSecurity: es };
          const publisher = await publisherOf(server.url, packaged);
          const object = ruleOf(publisher, to, packaged);
          for (const { name } of server.state()) server.edit({ name, app, ...edit });
          const before = server.state().length;
          await begin(publisher, present(object), writes);
          // Wherever it was killed, it gets there.
          const rest = await walk(publisher, present(object), await seenOf(publisher, key));
          expect(rest.writes.length).toBeLessThanOrEqual(3 + before);
          const last = await seenOf(publisher, key);
          expect(publisher.next(present(object), last)).toBeUndefined();
          expect(last?.projection).toEqual(rest.seen?.projection);
          const left = server.state().filter(({ removable }) => !removable).length;
          if (left === 0) expect(last?.projection).toEqual(object.projection);
          expect(server.state().length).toBeLessThanOrEqual(left + 1);
        }
        expect(server.violations).toEqual([]);
      };
      await fc.assert(fc.asyncProperty(moves, walked), { numRuns: 40 });
    },
  );
});
