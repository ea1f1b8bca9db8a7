import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Desired, Observed } from '#backend';
import { inTurn } from '../../src/publish/apply/in-turn.ts';
import { canonical, fingerprint } from '../../src/publish/fingerprint.ts';
import type { PlannedState } from '../../src/publish/model.ts';
import { goalOf } from '../../src/publish/plan/base.ts';
import { changesBetween } from '../../src/publish/plan/changes.ts';
import { type Decided, inOrder } from '../../src/publish/plan/order.ts';

function desired(key: string, needs: readonly string[], claims: readonly string[] = []): Desired {
  return { key, kind: 'rule', name: key, projection: {}, needs, claims };
}

function observed(key: string, claims: readonly string[]): Observed {
  return { key, kind: 'rule', name: key, id: key, projection: {}, claims };
}

function decided(object: Desired, seen?: Observed, state: PlannedState = 'update'): Decided {
  return { key: object.key, state, goal: goalOf(object), seen };
}

test('lists come before the rules that name them, names are free before they are taken', () => {
  const order = inOrder([
    decided(desired('rule:a', ['list:x'], ['name:new'])),
    decided(desired('rule:b', []), observed('rule:b', ['name:new'])),
    { key: 'rule:c', state: 'disable', goal: goalOf(desired('rule:c', [])), seen: undefined },
    { key: 'list:z', state: 'delete', goal: { kind: 'absent' }, seen: observed('list:z', []) },
    decided(desired('list:x', []), undefined, 'create'),
  ]);
  expect(order.map(({ key }) => key)).toEqual(['list:x', 'rule:b', 'rule:a', 'rule:c', 'list:z']);
});

test('names that go in a circle end in some order', () => {
  const order = inOrder([
    decided(desired('rule:a', [], ['name:b']), observed('rule:a', ['name:a'])),
    decided(desired('rule:b', [], ['name:a']), observed('rule:b', ['name:b'])),
  ]);
  expect(order.map(({ key }) => key).sort()).toEqual(['rule:a', 'rule:b']);
});

test('what is done at once is no more than may be, and begins when what it needs has ended', async () => {
  const graphs = fc.record({
    atOnce: fc.integer({ min: 1, max: 4 }),
    needs: fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 }),
    waits: fc.array(fc.nat(3), { minLength: 10, maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(graphs, async ({ atOnce, needs, waits }) => {
      const values = needs.map((_, index) => ({ key: `${index}` }));
      const before = new Map(
        needs.map((others, index) => [`${index}`, others.filter((one) => one < index).map(String)]),
      );
      const ended = new Set<string>();
      let running = 0;
      await inTurn(values, before, atOnce, async ({ key }) => {
        running += 1;
        expect(running).toBeLessThanOrEqual(atOnce);
        expect(before.get(key)?.every((one) => ended.has(one))).toBe(true);
        for (let wait = waits[Number(key)] ?? 0; wait > 0; wait -= 1) await Promise.resolve();
        running -= 1;
        ended.add(key);
      });
      expect(ended.size).toBe(values.length);
    }),
  );
});

test('what one throws comes out when those under way are through', async () => {
  let ended = 0;
  const work = inTurn([{ key: 'a' }, { key: 'b' }], new Map(), 2, async ({ key }) => {
    if (key === 'a') throw new Error('broken');
    await Promise.resolve();
    ended += 1;
  });
  await expect(work).rejects.toThrow('broken');
  expect(ended).toBe(1);
});

test('two values have one fingerprint exactly if they are the same JSON, whatever the order of keys', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(json, json, (a, b) => {
      const shuffled = Object.fromEntries(Object.entries(a).reverse());
      const [one, other] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      expect(fingerprint(JSON.parse(JSON.stringify(shuffled)))).toBe(fingerprint(one));
      expect(fingerprint(one) === fingerprint(other)).toBe(canonical(one) === canonical(other));
      expect(changesBetween(one, other).length === 0).toBe(canonical(one) === canonical(other));
    }),
  );
});
