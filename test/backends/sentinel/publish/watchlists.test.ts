import { describe, expect, test } from 'vitest';
import type { Observed } from '#backend';
import { analyticsRuleId } from '../../../../backends/sentinel/package/analytics-rule.ts';
import { writesTo } from '../../../../src/publish/plan/simulate.ts';
import { faultsOn } from '../../../servers/http/faults.ts';
import type { SentinelOptions } from '../../../servers/sentinel/sentinel.ts';
import { builtList, builtRule, present, reach, type Site, startSite } from './support.ts';

const name = 'approved_builders';

async function seenIn({ publisher, read }: Site): Promise<Observed | undefined> {
  const there = await publisher.observe(read, []);
  return there.find(({ kind }) => kind === 'watchlist');
}

async function made(entries: readonly string[], options: SentinelOptions = {}) {
  const site = await startSite(options);
  const list = builtList(site.publisher, name, entries);
  const { now } = await reach(site, present(list), undefined);
  return { site, list, now };
}

const rowsOf = ({ server }: Site): readonly unknown[] =>
  server.state().watchlists.flatMap(({ items }) => items.map(({ values }) => values['value']));

describe('a watchlist', () => {
  test('is made by a request with all that it holds', async () => {
    const site = await startSite();
    const entries = ['zoe', 'a "b", c', "it's", 'ünï', '=1+1', ' -x'];
    const list = builtList(site.publisher, name, entries);
    const { sent } = await reach(site, present(list), undefined);
    expect(
      sent.map(({ url, ...call }) => ({ ...call, url: url.replace(site.server.url, '') })),
    ).toMatchInlineSnapshot(`
      [
        {
          "json": {
            "properties": {
              "contentType": "text/csv",
              "description": "The list approved_builders of detection rules.",
              "displayName": "approved_builders",
              "itemsSearchKey": "value",
              "numberOfLinesToSkip": 0,
              "provider": "siemc",
              "rawContent": "value
      " -x"
      =1+1
      "a ""b"", c"
      it's
      zoe
      ünï",
              "source": "approved_builders.csv",
            },
          },
          "method": "PUT",
          "pace": "writes",
          "url": "/subscriptions/0b0b0b0b-1111-4222-8333-444444444444/resourceGroups/security/providers/Microsoft.OperationalInsights/workspaces/sentinel/providers/Microsoft.SecurityInsights/watchlists/approved_builders?api-version=2025-09-01",
        },
      ]
    `);
    expect([...rowsOf(site)].sort()).toEqual([...entries].sort());
    expect(await seenIn(site)).toMatchObject({ key: `list:${name}`, projection: list.projection });
    expect(site.publisher.next(present(list), await seenIn(site))).toBeUndefined();
    expect(site.server.violations).toEqual([]);
  });

  test('without entries has a header', async () => {
    const { site, list } = await made([]);
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    const one = builtList(site.publisher, name, ['a']);
    await reach(site, present(one), await seenIn(site));
    expect(rowsOf(site)).toEqual(['a']);
    expect(site.server.violations).toEqual([]);
  });

  test('gets and loses rows one by one, and keeps what people have set', async () => {
    const { site, now } = await made(['a', 'b', 'c']);
    site.server.portal.watchlist(name, { labels: ['soc'], defaultDuration: 'P30D' }, []);
    const list = builtList(site.publisher, name, ['b', 'd', 'e']);
    const seen = await seenIn(site);
    const { sent } = await reach(site, present(list), seen);
    expect(sent.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'DELETE', 'DELETE']);
    expect(sent.every(({ url }) => url.includes('/watchlistItems/'))).toBe(true);
    expect([...rowsOf(site)].sort()).toEqual(['b', 'd', 'e']);
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(site.server.state().watchlists[0]?.properties).toMatchObject({
      labels: ['soc'],
      defaultDuration: 'P30D',
    });
    expect(now).toBeDefined();
    expect(site.server.violations).toEqual([]);
  });

  test('gets a row again whose place people gave to another one', async () => {
    const { site } = await made(['a']);
    const list = builtList(site.publisher, name, ['a', 'b']);
    const { sent } = await reach(site, present(list), await seenIn(site));
    // As the portal does when somebody edits the cell.
    const json = { properties: { itemsKeyValue: { value: 'c' } } };
    await site.send({ method: 'PUT', url: sent[0]?.url ?? '', json, pace: 'writes' });
    expect((await seenIn(site))?.projection['entries']).toEqual(['a', 'c']);
    const kept = builtList(site.publisher, name, ['a', 'b', 'c']);
    const again = await reach(site, present(kept), await seenIn(site));
    expect(again.sent).toHaveLength(1);
    expect((await seenIn(site))?.projection).toEqual(kept.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('gets many rows at once', async () => {
    const { site } = await made(['a', 'b']);
    const entries = ['a', ...Array.from({ length: 300 }, (_, number) => `new-${number}`)];
    const list = builtList(site.publisher, name, entries);
    const { sent } = await reach(site, present(list), await seenIn(site));
    expect(sent.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
    expect(sent[0]?.json).toMatchObject({ etag: expect.any(String) });
    expect([...rowsOf(site)].sort()).toEqual([...entries].sort());
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('may lose many rows, which plans show', async () => {
    const entries = Array.from({ length: 500 }, (_, number) => `row-${number}`);
    const { site } = await made(entries);
    const list = builtList(site.publisher, name, entries.slice(0, 100));
    const seen = await seenIn(site);
    const planned = writesTo(site.publisher, present(list), seen);
    expect(planned).toHaveLength(400);
    const { sent } = await reach(site, present(list), seen);
    expect(sent).toEqual(planned.map(({ call }) => call));
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('is told otherwise with its etag and its rows as they are', async () => {
    const { site, list } = await made(['a']);
    site.server.portal.watchlist(name, { description: 'Ours now', labels: ['soc'] }, []);
    const { sent } = await reach(site, present(list), await seenIn(site));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.json).toMatchObject({
      etag: expect.any(String),
      properties: { description: `The list ${name} of detection rules.`, labels: ['soc'] },
    });
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(rowsOf(site)).toEqual(['a']);
    expect(site.server.violations).toEqual([]);
  });

  test('loses rows that say more or stand twice', async () => {
    const { site, list } = await made(['a', 'b']);
    site.server.portal.watchlist(name, {}, [
      { value: 'a', note: 'why' },
      { value: 'b', note: '' },
      { value: 'c' },
      { value: '{"note":"why","value":"a"}' },
    ]);
    const seen = await seenIn(site);
    expect(seen?.projection['entries']).toEqual([
      ...['a', 'b', 'b', 'c', '{"note":"why","value":"a"}'],
      { note: 'why', value: 'a' },
    ]);
    await reach(site, present(list), seen);
    expect([...rowsOf(site)].sort()).toEqual(['a', 'b']);
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('of others is never ours, and its alias is in the way', async () => {
    const site = await startSite();
    const own = { displayName: 'Theirs', provider: 'Custom', itemsSearchKey: 'value' };
    site.server.portal.watchlist(name.toUpperCase(), own, [{ value: 'x' }]);
    const list = builtList(site.publisher, name, ['a']);
    const before = site.server.requests.length;
    const seen = await seenIn(site);
    // What it holds isn't asked for.
    expect(site.server.requests.length - before).toBe(2);
    expect(seen).toMatchObject({ key: undefined, name: 'Theirs', claims: list.claims });
    expect(site.publisher.next(present(list), seen)).toBeUndefined();
    expect(site.publisher.stuck?.(present(list), seen)).toContain('did not make');
    expect(site.publisher.retired(seen as Observed)).toBeUndefined();
    expect(site.server.violations).toEqual([]);
  });

  test('is deleted only if that is wanted', async () => {
    const { site, now } = await made(['a']);
    expect(site.publisher.retired(now as Observed)).toBeUndefined();
    const { sent } = await reach(site, { kind: 'absent' }, now);
    expect(sent.map(({ method }) => method)).toEqual(['DELETE']);
    expect(await seenIn(site)).toBeUndefined();
    expect(site.server.violations).toEqual([]);
  });

  test('with another search key is left alone, and told', async () => {
    const { site, list } = await made(['a']);
    const seen = (await seenIn(site)) as Observed;
    const projection = { ...seen.projection, itemsSearchKey: 'ip' };
    const other = { ...seen, projection };
    expect(site.publisher.next(present(list), other)).toBeUndefined();
    expect(site.publisher.stuck?.(present(list), other)).toContain("can't be changed");
  });

  test('that is too large to be sent is refused before', async () => {
    const site = await startSite();
    const entries = Array.from({ length: 40_000 }, (_, at) => `${'x'.repeat(95)}${at}`);
    const list = builtList(site.publisher, name, entries);
    const { refused, sent } = await reach(site, present(list), undefined);
    expect(refused).toContain('larger than the 3.8 MB');
    expect(sent).toEqual([]);
    // Once it is there its rows come in uploads that fit.
    const empty = builtList(site.publisher, name, []);
    const { now } = await reach(site, present(empty), undefined);
    const more = await reach(site, present(list), now);
    expect(more.sent.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(new Set(rowsOf(site))).toEqual(new Set(entries));
    expect(site.server.violations).toEqual([]);
  });
});

describe('a service that takes its time', () => {
  const slow = { watchlistDelay: 10_000 };

  test('is believed that it has taken an upload', async () => {
    const { site, list, now } = await made(['a', 'b'], slow);
    expect(now?.projection).toEqual(list.projection);
    const seen = await seenIn(site);
    expect(seen?.projection).toMatchObject({ state: 'uploading', entries: [] });
    expect(site.publisher.next(present(list), seen)).toBeUndefined();
    expect(site.publisher.next({ kind: 'absent' }, seen)).toBeUndefined();
    expect(site.publisher.stuck?.(present(list), seen)).toContain('being uploaded');
    await site.server.clock.sleep(10_000);
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('is waited for where a reply was lost', async () => {
    const site = await startSite(slow);
    const cut = { kind: 'cut', at: 'start', effect: true } as const;
    const lose = (): void =>
      site.server.fail(
        faultsOn([cut], ({ method, path }) => method === 'PUT' && !/Items/.test(path)),
      );
    lose();
    const { now } = await reach(site, present(builtList(site.publisher, name, ['a'])), undefined);
    expect(rowsOf(site)).toEqual(['a']);
    const entries = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await site.server.clock.sleep(60_000);
    lose();
    const list = builtList(site.publisher, name, entries);
    await reach(site, present(list), { ...(await seenIn(site)), ...now } as Observed);
    await site.server.clock.sleep(60_000);
    expect((await seenIn(site))?.projection).toEqual(list.projection);
    expect([...rowsOf(site)].sort()).toEqual(entries);
    expect(site.server.violations).toEqual([]);
  });

  test('deletes later what it says that it deletes', async () => {
    const { site, list, now } = await made(['a'], slow);
    await site.server.clock.sleep(10_000);
    await reach(site, { kind: 'absent' }, now);
    const seen = await seenIn(site);
    expect(seen?.projection).toMatchObject({ state: 'deleting' });
    expect(site.publisher.next({ kind: 'absent' }, seen)).toBeUndefined();
    expect(site.publisher.next(present(list), seen)).toBeUndefined();
    expect(site.publisher.stuck?.(present(list), seen)).toContain('being deleted');
    expect(await site.publisher.observeOne(site.read, { kind: 'absent' }, now)).toBeUndefined();
    await site.server.clock.sleep(10_000);
    expect(await seenIn(site)).toBeUndefined();
    const again = await reach(site, present(list), undefined);
    expect(again.sent).toHaveLength(1);
    expect(site.server.violations).toEqual([]);
  });
});

test.each(['cut', 'status'] as const)('what is lost of a row (%s) is there once', async (kind) => {
  const { site } = await made(['a', 'b']);
  const list = builtList(site.publisher, name, ['b', 'c']);
  const fault =
    kind === 'cut'
      ? ({ kind, at: 'middle', effect: true } as const)
      : ({ kind, status: 502, effect: true } as const);
  site.server.fail(faultsOn([fault, fault], ({ method }) => method !== 'GET'));
  await reach(site, present(list), await seenIn(site));
  expect([...rowsOf(site)].sort()).toEqual(['b', 'c']);
  expect((await seenIn(site))?.projection).toEqual(list.projection);
  expect(site.server.violations).toEqual([]);
});

describe('pages', () => {
  test('of rules, watchlists and rows are followed to their end', async () => {
    const site = await startSite({ pageSize: 2 });
    const entries = ['a', 'b', 'c', 'd', 'e'];
    const list = builtList(site.publisher, name, entries);
    await reach(site, present(list), undefined);
    const other = builtList(site.publisher, 'other_list', ['x']);
    await reach(site, present(other), undefined);
    for (const id of ['1', '2', '3'])
      await reach(
        site,
        present(builtRule(site.publisher, id, { displayName: `Rule ${id}` })),
        undefined,
      );
    const there = await site.publisher.observe(site.read, ['1', '2']);
    expect(there.map(({ key, id }) => key ?? id).sort()).toEqual(
      [
        analyticsRuleId({ id: '3' }),
        'list:approved_builders',
        'list:other_list',
        'rule:1',
        'rule:2',
      ].sort(),
    );
    expect((await seenIn(site))?.projection['entries']).toEqual(entries);
    expect(site.server.violations).toEqual([]);
  });

  test('that lead back are told', async () => {
    const site = await startSite();
    site.server.fail((_, { method }) => (method === 'GET' ? { kind: 'looping-links' } : undefined));
    await expect(site.publisher.observe(site.read, [])).rejects.toMatchObject({
      name: 'RemoteProblem',
      code: 'publish/paging',
    });
  });

  test('that are none are told', async () => {
    const site = await startSite();
    const of = (status: number, json: unknown) =>
      site.publisher.observe(() => Promise.resolve({ status, headers: {}, json }), []);
    await expect(of(200, { values: [] })).rejects.toMatchObject({
      code: 'publish/unreadable-reply',
    });
    await expect(of(404, { error: {} })).rejects.toMatchObject({ code: 'publish/not-found' });
  });
});
