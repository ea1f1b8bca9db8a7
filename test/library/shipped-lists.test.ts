import { expect, test } from 'vitest';
import { shippedLists } from '../support/shipped.ts';

const lists = [...(await shippedLists()).lists];
const day = 24 * 60 * 60 * 1000;

test('each list of what was seen before says over which time', () => {
  const known = lists.filter(([name]) => /(?:^|_)known_/.test(name));
  expect(known.length).toBeGreaterThan(5);
  const spans = known.map(([name, { baseline }]) => [name, baseline?.window]);
  expect(spans).toEqual(known.map(([name]) => [name, 90 * day]));
});
