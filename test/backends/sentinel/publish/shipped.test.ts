import { expect, test } from 'vitest';
import type { Desired } from '#backend';
import { analyticsRuleId } from '../../../../backends/sentinel/package/analytics-rule.ts';
import { publishing } from '../../../../backends/sentinel/publish/publishing.ts';
import type { SentinelOptions } from '../../../servers/sentinel/sentinel.ts';
import { idsOf, present, reachAll, settingsFor, shippedFiles, startSite } from './support.ts';

const built = shippedFiles();
const objects: readonly Desired[] = publishing
  .publisher({
    destination: 'sentinel',
    settings: settingsFor('http://127.0.0.1:1'),
    package: {},
  })
  .desired(built, (path) => expect.fail(path));

test('what is built is a rule for each template, and a list for each watchlist', () => {
  const keys = objects.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => key.startsWith('rule:')).length).toBe(
    built.rules.filter(({ files }) => files.some((path) => path.endsWith('.arm.json'))).length,
  );
  expect(keys.filter((key) => key.startsWith('list:')).length).toBe(
    built.shared.filter((path) => path.endsWith('.csv')).length,
  );
  const needed = new Set(objects.flatMap(({ needs }) => needs));
  expect(needed.size).toBeGreaterThan(10);
  expect([...needed].filter((key) => !keys.includes(key))).toEqual([]);
});

const services: readonly (readonly [string, SentinelOptions])[] = [
  ['as documented', {}],
  ['that writes durations as .NET', { durations: 'shortest', pageSize: 7 }],
  ['that heeds If-Match, and shows writes late', { ifMatch: 'heeded', readDelay: 20_000 }],
];

test.each(services)('all are made by a service %s; then nothing is to do', async (_, options) => {
  const site = await startSite(options);
  const reached = await reachAll(site, objects);
  for (const [key, { sent, refused }] of reached) {
    expect([key, refused]).toEqual([key, undefined]);
    expect([key, sent.map(({ method }) => method)]).toEqual([key, ['PUT']]);
  }
  await site.server.clock.sleep(60_000);
  const there = await site.publisher.observe(site.read, idsOf(objects));
  expect(there.map(({ key }) => key).sort()).toEqual(objects.map(({ key }) => key).sort());
  const byKey = new Map(there.map((one) => [one.key, one]));
  for (const object of objects) {
    expect(byKey.get(object.key)?.projection).toEqual(object.projection);
    expect(byKey.get(object.key)?.claims).toEqual(object.claims);
    expect(site.publisher.next(present(object), byKey.get(object.key))).toBeUndefined();
    expect(site.publisher.stuck?.(present(object), byKey.get(object.key))).toBeUndefined();
  }
  expect(site.server.state().rules.map(({ id }) => id)).toEqual(
    expect.arrayContaining(idsOf(objects).map((id) => analyticsRuleId({ id }))),
  );
  expect(site.server.violations).toEqual([]);
});

test('a thousand rules are observed by their pages alone', async () => {
  const site = await startSite({ pageSize: 100 });
  const [rule] = objects.filter(({ rule: of }) => of !== undefined);
  for (let number = 0; number < 1000; number += 1)
    site.server.portal.make({
      id: analyticsRuleId({ id: `rule-${number}` }),
      kind: 'Scheduled',
      properties: {
        ...(rule?.projection['properties'] as object),
        displayName: `Rule ${number}`,
      },
    });
  const before = site.server.requests.length;
  const ids = Array.from({ length: 500 }, (_, number) => `rule-${number}`);
  const there = await site.publisher.observe(site.read, ids);
  expect(site.server.requests.slice(before).map(({ method }) => method)).toEqual(
    Array.from({ length: 11 }, () => 'GET'),
  );
  expect(there.length).toBe(1000);
  expect(there.filter(({ key }) => key !== undefined).length).toBe(500);
  expect(site.server.violations).toEqual([]);
});
