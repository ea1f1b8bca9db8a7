import { type Bound, type CorrelationCondition, leastCount, type Presence } from '#backend';
import type { EvalExpr } from '../ast.ts';
import { calculate, call, compare, joined, not, number } from '../eval-build.ts';

/** The numbers that a window is judged by, as expressions. */
export interface Measures {
  readonly count?: EvalExpr;
  readonly distinct?: EvalExpr;
  readonly sum?: EvalExpr;
  /** How many of the values are numbers. */
  readonly numbers?: EvalExpr;
  /** For each bound how many numbers are smaller, and how many smaller or equal. */
  readonly ranks?: readonly { readonly below: EvalExpr; readonly upto: EvalExpr }[];
  /** A percentile itself, where it is at hand. */
  readonly percentile?: EvalExpr;
  /** For each member whether it found something. */
  readonly present?: readonly EvalExpr[];
}

/** What must hold of a window, as conditions of which all must be true. */
export function conditionsOf(
  condition: Exclude<CorrelationCondition, { readonly kind: 'ordered' }>,
  measures: Measures,
): readonly EvalExpr[] {
  switch (condition.kind) {
    case 'count':
      return within(measures.count, condition.bounds);
    case 'distinct':
      return within(measures.distinct, condition.bounds);
    case 'sum':
      return within(measures.sum && rounded(measures.sum), condition.bounds);
    case 'avg': {
      const { sum, numbers } = measures;
      if (sum === undefined || numbers === undefined) return [];
      const mean = calculate(rounded(sum), '/', numbers);
      return [compare(numbers, '>', number(0)), ...within(mean, condition.bounds)];
    }
    case 'percentile':
      return ofPercentile(condition, measures);
    case 'members':
      return ofMembers(condition.bounds, measures.present ?? []);
    case 'presence':
      return [ofPresence(condition.of, measures.present ?? [])];
  }
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '==', neq: '!=' } as const;

function within(value: EvalExpr | undefined, bounds: readonly Bound[]): readonly EvalExpr[] {
  if (value === undefined) return [];
  return bounds.map((bound) => compare(value, operators[bound.order], number(bound.value)));
}

/** What adding and taking away leaves behind the sixth decimal isn't meant. */
function rounded(sum: EvalExpr): EvalExpr {
  return call('round', sum, number(6));
}

/**
 * The number at a rank is at least b where no more numbers than the rank are smaller than b: so running
 * counts decide it, and no list of the window's numbers is needed.
 */
function ofPercentile(
  { bounds, percentile }: Extract<CorrelationCondition, { readonly kind: 'percentile' }>,
  { numbers, ranks = [], percentile: value }: Measures,
): readonly EvalExpr[] {
  if (value !== undefined) return [call('isnotnull', value), ...within(value, bounds)];
  if (numbers === undefined) return [];
  const rank = rankOf(percentile, numbers);
  const decided = bounds.map((bound, index) => {
    const counts = ranks[index];
    return counts === undefined ? [] : ofRank(bound, counts, rank);
  });
  return [compare(numbers, '>', number(0)), ...decided.flat()];
}

/** floor(percentile * n / 100), at most the last; the product comes first, or 29 of 100 would be rank 28. */
function rankOf(percentile: number, numbers: EvalExpr): EvalExpr {
  const last = calculate(numbers, '-', number(1));
  if (percentile === 0) return number(0);
  if (percentile === 100) return last;
  const share =
    Number.isInteger(percentile) && 100 % percentile === 0
      ? calculate(numbers, '/', number(100 / percentile))
      : calculate(calculate(number(percentile), '*', numbers), '/', number(100));
  const rank = call('floor', share);
  // Close to 100 the share may be rounded up to the whole.
  return percentile <= 99 ? rank : call('min', rank, last);
}

/** How the number at a rank stands to a bound. */
function ofRank(
  { order }: Bound,
  { below, upto }: { readonly below: EvalExpr; readonly upto: EvalExpr },
  rank: EvalExpr,
): readonly EvalExpr[] {
  switch (order) {
    case 'gte':
      return [compare(below, '<=', rank)];
    case 'lt':
      return [compare(below, '>', rank)];
    case 'gt':
      return [compare(upto, '<=', rank)];
    case 'lte':
      return [compare(upto, '>', rank)];
    case 'eq':
      return [compare(below, '<=', rank), compare(upto, '>', rank)];
    case 'neq':
      return [joined('or', [compare(below, '>', rank), compare(upto, '<=', rank)])];
  }
}

function ofMembers(bounds: readonly Bound[], present: readonly EvalExpr[]): readonly EvalExpr[] {
  if (leastCount(bounds) === present.length) return present;
  const [first, ...others] = present.map((each) => call('if', each, number(1), number(0)));
  const count = others.reduce<EvalExpr | undefined>(
    (sum, each) => sum && calculate(sum, '+', each),
    first,
  );
  return within(count, bounds);
}

function ofPresence(node: Presence, present: readonly EvalExpr[]): EvalExpr {
  switch (node.kind) {
    case 'and':
    case 'or':
      return joined(
        node.kind,
        node.of.map((part) => ofPresence(part, present)),
      );
    case 'not':
      return not(ofPresence(node.of, present));
    case 'member':
      return present[node.index] ?? call('false');
  }
}
