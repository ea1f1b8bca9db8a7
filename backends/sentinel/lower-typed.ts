import { accepts, numberOf, type PlaceTest, shapeOf, type Test } from '#backend';
import type { Expression } from './ast.ts';
import { binary, bool, call, chain, name, number } from './build.ts';
import type { LeafContext } from './lower-context.ts';
import type { Location } from './lower-place.ts';
import { acceptsEmpty, lowerTests } from './lower-test.ts';
import { joinRanges, lowerTime } from './lower-time.ts';

/** Tests of columns that aren't text. */
export function lowerTyped(
  { test, span, at }: PlaceTest,
  location: Location,
  context: LeafContext,
): Expression | undefined {
  const column = name(location.column);
  const present = call('isnotnull', column);
  switch (location.kind) {
    case 'datetime':
      if (test.kind === 'exists') return present;
      if (test.kind === 'time') {
        if (test.part === 'second-of-week') context.week(test.ranges);
        return lowerTime(test, column);
      }
      context.report.report({
        code: 'sentinel/datetime-text',
        message: `"${location.column}" keeps the time of "${at.field.name}", not its text: only whether it exists can be tested.`,
        span,
      });
      return undefined;
    case 'whole':
    case 'real': {
      if (test.kind === 'exists') return present;
      const numeric = lowerNumber(test, column);
      if (numeric !== undefined) return numeric;
      if (location.kind === 'whole') {
        const said = lowerTests([test], {
          text: call('tostring', column),
          span,
          address: false,
          ...context,
        });
        return said !== undefined && acceptsEmpty(test) ? chain('and', [present, said]) : said;
      }
      context.report.report({
        code: 'sentinel/real-text',
        message: `"${location.column}" keeps the number of "${at.field.name}", not its text: only equality and order can be tested.`,
        span,
      });
      return undefined;
    }
    default:
      return bool(false);
  }
}

/** A boolean column has three values: the tests' verdict on the two texts says which pass. */
export function lowerBool(leaves: readonly PlaceTest[], column: Expression): Expression {
  const passes = (text: string): boolean => leaves.some(({ test }) => accepts(test, text));
  const [whenTrue, whenFalse] = [passes('true'), passes('false')];
  if (whenTrue && whenFalse) return call('isnotnull', column);
  if (!whenTrue && !whenFalse) return bool(false);
  return binary('==', column, bool(whenTrue));
}

const orders = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function lowerNumber(test: Test, column: Expression): Expression | undefined {
  if (test.kind === 'compare') {
    return chain('and', [
      call('isnotnull', column),
      binary(orders[test.order], column, number(test.bound)),
    ]);
  }
  if (test.kind !== 'match') return undefined;
  const shape = shapeOf(test.pattern);
  if (shape.kind !== 'equals') return undefined;
  const value = numberOf(shape.text);
  // No number has another text than its canonical one.
  if (value === undefined || String(value) !== shape.text) return bool(false);
  return binary('==', column, number(value));
}

/** Tests of one part of a time are one: their ranges together. */
export function joinTimes(leaves: readonly PlaceTest[]): readonly PlaceTest[] {
  const joined: PlaceTest[] = [];
  for (const leaf of leaves) {
    const { test } = leaf;
    const same = joined.findIndex(
      (one) => test.kind === 'time' && one.test.kind === 'time' && one.test.part === test.part,
    );
    const known = joined[same];
    if (test.kind === 'time' && known?.test.kind === 'time')
      joined[same] = {
        ...known,
        test: { ...test, ranges: joinRanges([...known.test.ranges, ...test.ranges]) },
      };
    else joined.push(leaf);
  }
  return joined;
}
