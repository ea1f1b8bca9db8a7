import { describe, expect, test } from 'vitest';
import type { Desired } from '#backend';
import {
  absent,
  applyAll,
  builtOf,
  ids,
  present,
  type Session,
  session,
  textOf,
} from './support.ts';

const [id] = ids;

function listOf(entries: readonly string[], syntax = 'PLAIN_TEXT_STRING', description?: string) {
  return {
    description: description ?? 'The list builders of detection rules.',
    entries: entries.map((value) => ({ value })),
    syntaxType: `REFERENCE_LIST_SYNTAX_TYPE_${syntax}`,
  };
}

function wanted({ desired }: Session, list: object): Desired {
  const [object] = desired(builtOf({}, { builders: list }));
  if (object === undefined) throw new Error('nothing is built');
  return object;
}

test('a list is there before the rule that names it', async () => {
  const one = await session();
  const built = builtOf(
    { [id]: textOf(id, { list: 'builders' }) },
    { builders: listOf(['b', 'a']) },
  );
  const all = one.desired(built);
  expect(all.map(({ key, needs }) => [key, needs])).toEqual([
    ['list:builders', []],
    [`rule:${id}`, ['list:builders']],
  ]);
  await applyAll(one, all);
  expect(one.server.state().referenceLists).toMatchObject([
    { id: 'builders', entries: ['a', 'b'] },
  ]);
  expect(one.server.state().rules).toHaveLength(1);
  expect(one.server.violations).toEqual([]);
});

test('a list that is kept by somebody else is not needed', async () => {
  const one = await session();
  const [rule] = one.desired(builtOf({ [id]: textOf(id, { list: 'vips' }) }));
  expect(rule?.needs).toEqual([]);
});

test('entries and the description are changed, and the order of entries says nothing', async () => {
  const one = await session();
  await applyAll(one, [wanted(one, listOf(['b', 'a']))]);
  const before = await one.find('list:builders');
  expect(one.publisher.next(present(wanted(one, listOf(['a', 'b']))), before)).toBeUndefined();
  const writes = await applyAll(one, [wanted(one, listOf(['a', 'c']))]);
  expect(
    writes.map(({ call }) => [call.url.replace(/^.*\/referenceLists/, ''), call.json]),
  ).toEqual([['/builders?updateMask=entries', { entries: [{ value: 'a' }, { value: 'c' }] }]]);
  one.server.console.list({
    ...listOf([]),
    id: 'builders',
    entries: ['a', 'c'],
    description: 'The list builders of detection rules. Ask Ana.',
  });
  const more = await applyAll(one, [wanted(one, listOf(['a', 'c']))]);
  expect(more.map(({ call }) => call.json)).toEqual([
    { description: 'The list builders of detection rules.' },
  ]);
  expect(one.server.violations).toEqual([]);
});

test('a list of the same name that somebody else keeps is in the way', async () => {
  const one = await session();
  one.server.console.list({ ...listOf([]), id: 'builders', entries: ['x'], description: 'Mine' });
  const object = wanted(one, listOf(['a']));
  const [seen] = await one.observe();
  expect(seen?.key).toBeUndefined();
  expect(seen?.claims).toEqual(object.claims);
  // Somebody was faster than a plan that knew of none.
  const write = one.publisher.next(present(object), undefined);
  expect(write && (await one.write(write))).toEqual({ kind: 'moved' });
  expect((await one.one(present(object), undefined))?.key).toBeUndefined();
});

describe('what can not be done', () => {
  test('lists are not deleted, and not retired', async () => {
    const one = await session();
    await applyAll(one, [wanted(one, listOf(['a']))]);
    const seen = await one.find('list:builders');
    if (seen === undefined) throw new Error('there is no list');
    expect(one.publisher.next(absent, seen)).toBeUndefined();
    expect(one.publisher.stuck?.(absent, seen)).toBe("Google SecOps can't delete reference lists.");
    expect(one.publisher.retired(seen)).toBeUndefined();
  });

  test('a list keeps its type', async () => {
    const one = await session();
    await applyAll(one, [wanted(one, listOf(['a']))]);
    const seen = await one.find('list:builders');
    const goal = present(wanted(one, listOf(['a'], 'REGEX')));
    expect(one.publisher.next(goal, seen)).toBeUndefined();
    expect(one.publisher.stuck?.(goal, seen)).toBe(
      "The reference list builders is of the type PLAIN_TEXT_STRING, and the type of a list can't be changed to REGEX: give the list another name.",
    );
    const same = present(wanted(one, listOf(['a'])));
    expect(one.publisher.stuck?.(same, seen)).toBeUndefined();
  });

  test('entries that are none of their type are said before they are written', async () => {
    const one = await session();
    const object = wanted(one, listOf(['a', '['], 'REGEX'));
    const [check] = one.publisher.checks?.(object, undefined) ?? [];
    const problems = check?.problems(await one.send(check.call)) ?? [];
    expect(problems).toEqual([expect.stringMatching(/^Entry 1: .*\.$/)]);
  });
});
