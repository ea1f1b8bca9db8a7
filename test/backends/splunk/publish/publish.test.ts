import { expect, test } from 'vitest';
import type { Goal } from '#backend';
import {
  app,
  builtOf,
  desiredOf,
  installation,
  lookup,
  publish,
  publisherOf,
  ruleText,
  seenOf,
  shippedFiles,
  walk,
} from './kit.ts';

const id = '6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1';
const key = `rule:${id}`;

const lookups = Object.entries(shippedFiles().shared).flatMap(([, path]) => {
  const [, name] = /lookups\/(.*)\.csv$/.exec(path) ?? [];
  return name === undefined ? [] : [lookup(name)];
});

test.each(['text', 'typed'] as const)(
  'all shipped rules get there, and then nothing is to be done: values as %s',
  { timeout: 120_000 },
  async (style) => {
    const server = await installation({ style, objects: lookups });
    const publisher = await publisherOf(server.url);
    const wanted = desiredOf(publisher, shippedFiles());
    expect(wanted.length).toBeGreaterThan(150);
    const first = await publish(publisher, wanted);
    expect(first.problems).toEqual([]);
    expect(first.writes.length).toBeGreaterThanOrEqual(wanted.length);
    const writes = server.requests.length;
    expect(await publish(publisher, wanted)).toEqual({ writes: [], problems: [] });
    // Two lists, of which one has a page.
    expect(server.requests.length - writes).toBe(2);
    expect(server.violations).toEqual([]);
  },
);

test('a rule gets another title without being gone for a moment', async () => {
  const server = await installation();
  const publisher = await publisherOf(server.url);
  await publish(publisher, desiredOf(publisher, builtOf([ruleText()])));
  const [, renamed] = desiredOf(publisher, builtOf([ruleText({ title: 'Image gone' })]));
  if (renamed === undefined) throw new Error('no rule');
  const goal: Goal = { kind: 'present', object: renamed, attempt: 0 };
  const { writes } = await walk(publisher, goal, await seenOf(publisher, key));
  expect(writes.map(({ what, call }) => [what, new URL(call.url).pathname])).toEqual([
    ['create saved search', `/servicesNS/nobody/${app}/saved/searches`],
    ['delete saved search', `/servicesNS/nobody/${app}/saved/searches/Image%20deregistered`],
  ]);
  expect(writes[0]?.leadsTo?.name).toBe('Image deregistered, Image gone');
  expect((await seenOf(publisher, key))?.projection).toEqual(renamed.projection);
  expect(server.violations).toEqual([]);
});
