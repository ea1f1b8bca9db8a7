import type { Bound, CorrelationCondition, Presence } from '#backend';
import { leastCount } from '#backend';
import type { Expression, NamedExpression, Operator } from '../ast.ts';
import { binary, call, chain, complement, name, number, text } from '../build.ts';
import type { Names } from './names.ts';
import type { Made } from './parts.ts';

/** What is computed of a group's events, and what must hold of it. */
export interface Measure {
  /** Operators on events before they are summarized. */
  readonly prepare: readonly Operator[];
  /** Aggregates over events. */
  readonly of: readonly NamedExpression[];
  /** Columns whose distinct values are counted: kept apart until then. Without them sums add up to sums. */
  readonly apart: readonly string[];
  readonly holds: Expression;
}

/** The columns of the events that a condition reads. */
export interface Columns {
  /** Per rule: whether it finds the event. */
  readonly flags: readonly string[];
  readonly values: readonly Made[];
}

/** How a condition is measured; `ordered` isn't a matter of amounts. */
export function measure(
  condition: Exclude<CorrelationCondition, { kind: 'ordered' }>,
  columns: Columns,
  names: Names,
): Measure {
  const plain = { prepare: [], apart: [] };
  switch (condition.kind) {
    case 'count': {
      const column = names.take('EventCount');
      return {
        ...plain,
        of: [{ name: column, value: call('count') }],
        holds: bounded(name(column), condition.bounds),
      };
    }
    case 'distinct':
      return distinct(condition.bounds, columns, names);
    case 'sum':
    case 'avg':
    case 'percentile':
      return numeric(condition, columns, names);
    case 'members':
    case 'presence':
      return presence(condition, columns, names);
  }
}

/** What adds up over moments. */
export function summed(aggregates: readonly NamedExpression[]): readonly NamedExpression[] {
  return aggregates.map(({ name: column }) => ({
    name: column,
    value: call('sum', name(column ?? '')),
  }));
}

function bounded(of: Expression, bounds: readonly Bound[]): Expression {
  if (bounds.length === 0) return { kind: 'bool', value: true };
  return chain(
    'and',
    bounds.map(({ order, value }) => binary(operators[order], of, number(value))),
  );
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '==', neq: '!=' } as const;

function distinct(bounds: readonly Bound[], { values }: Columns, names: Names): Measure {
  const column = names.take('DistinctCount');
  const parts = values.map((value) => name(value.column));
  const [only] = parts;
  const tuple = call('tostring', call('pack_array', ...parts));
  const present = chain(
    'and',
    parts.map((part) => call('isnotempty', part)),
  );
  const counted = parts.length === 1 && only !== undefined ? only : tuple;
  return {
    prepare: expandAll(values),
    of: [{ name: column, value: call('count_distinctif', counted, present) }],
    apart: values.map((value) => value.column),
    holds: bounded(name(column), bounds),
  };
}

/** A row for each value; an event without any keeps its row. */
function expandAll(values: readonly Made[]): readonly Operator[] {
  return values.flatMap(({ column, list }): readonly Operator[] => {
    const some = binary('>', call('array_length', name(column)), number(0));
    const of = call('iff', some, name(column), { kind: 'dynamic', value: [''] });
    return list
      ? [
          {
            kind: 'mv-expand',
            index: undefined,
            columns: [{ name: column, of, type: 'string' }],
            limit: undefined,
          },
        ]
      : [];
  });
}

function numeric(
  condition: Extract<CorrelationCondition, { kind: 'sum' | 'avg' | 'percentile' }>,
  { values }: Columns,
  names: Names,
): Measure {
  const [value] = values;
  const column = name(value?.column ?? '');
  const isNumber = names.take('IsNumber');
  const form = binary('matches regex', column, text('^-?[0-9]+(\\.[0-9]+)?$'));
  const prepare: readonly Operator[] = [
    ...expandAll(values),
    { kind: 'extend', columns: [{ name: isNumber, value: form }] },
  ];
  const zero: Expression = { kind: 'real', value: 0 };
  const amount = call('todouble', column);
  const counted = (wanted: string, of: Expression): NamedExpression => ({
    name: names.take(wanted),
    value: call('countif', of),
  });
  const total: NamedExpression = {
    name: names.take('Total'),
    value: call('sum', call('iff', name(isNumber), amount, zero)),
  };
  const sum = name(total.name ?? '');
  if (condition.kind === 'sum')
    return { prepare, apart: [], of: [total], holds: bounded(sum, condition.bounds) };
  const numbers = counted('Numbers', name(isNumber));
  const count = name(numbers.name ?? '');
  const some = binary('>', count, number(0));
  if (condition.kind !== 'percentile') {
    const holds = chain('and', [some, bounded(binary('/', sum, count), condition.bounds)]);
    return { prepare, apart: [], of: [total, numbers], holds };
  }
  const below = (bound: number, included: boolean): NamedExpression =>
    counted(
      included ? 'UpToBound' : 'BelowBound',
      chain('and', [name(isNumber), binary(included ? '<=' : '<', amount, number(bound))]),
    );
  const ranked = condition.bounds.map((bound) => atRank(bound, condition.percentile, count, below));
  return {
    prepare,
    apart: [],
    of: [numbers, ...ranked.flatMap(({ of }) => of)],
    holds: chain('and', [some, ...ranked.map(({ holds }) => holds)]),
  };
}

/**
 * A bound on the number at the rank floor(share * n), at most n - 1, of n numbers in order: it is at least x
 * when no more than rank many numbers are below x. So nothing has to be put in order, and no list is cut off.
 */
function atRank(
  { order, value }: Bound,
  percentile: number,
  count: Expression,
  below: (bound: number, included: boolean) => NamedExpression,
): { readonly of: readonly NamedExpression[]; readonly holds: Expression } {
  const rank = rankOf(percentile, count);
  const reaches = (column: NamedExpression): Expression =>
    binary(rank.isLast ? '<' : '<=', name(column.name ?? ''), rank.of);
  const misses = (column: NamedExpression): Expression =>
    binary(rank.isLast ? '>=' : '>', name(column.name ?? ''), rank.of);
  if (order === 'eq' || order === 'neq') {
    const [least, most] = [below(value, false), below(value, true)];
    const holds =
      order === 'eq'
        ? chain('and', [reaches(least), misses(most)])
        : chain('or', [misses(least), reaches(most)]);
    return { of: [least, most], holds };
  }
  const column = below(value, order === 'gt' || order === 'lte');
  return {
    of: [column],
    holds: order === 'gt' || order === 'gte' ? reaches(column) : misses(column),
  };
}

/**
 * The rank, or for the last one how many there are. It needs no floor beside whole numbers; the product comes
 * first, or 29 of 100 would be rank 28 in floating numbers.
 */
function rankOf(
  percentile: number,
  count: Expression,
): { readonly of: Expression; readonly isLast: boolean } {
  if (percentile >= 100) return { of: count, isLast: true };
  if (percentile <= 0) return { of: number(0), isLast: false };
  return { of: binary('/', binary('*', number(percentile), count), number(100)), isLast: false };
}

function presence(
  condition: Extract<CorrelationCondition, { kind: 'members' | 'presence' }>,
  { flags }: Columns,
  names: Names,
): Measure {
  const of = flags.map(
    (flag): NamedExpression => ({
      name: names.take(`${flag}_events`),
      value: call('countif', name(flag)),
    }),
  );
  const found = of.map((column) => binary('>', name(column.name ?? ''), number(0)));
  const holds =
    condition.kind === 'presence'
      ? isSatisfied(condition.of, found)
      : leastCount(condition.bounds) === found.length
        ? chain('and', found)
        : bounded(added(found), condition.bounds);
  return { prepare: [], apart: [], of, holds };
}

function added(found: readonly Expression[]): Expression {
  return found
    .map((one) => call('iff', one, number(1), number(0)))
    .reduce((sum, one) => binary('+', sum, one));
}

function isSatisfied(node: Presence, found: readonly Expression[]): Expression {
  switch (node.kind) {
    case 'and':
    case 'or':
      return chain(
        node.kind,
        node.of.map((part) => isSatisfied(part, found)),
      );
    case 'not':
      return complement(isSatisfied(node.of, found));
    case 'member':
      return found[node.index] ?? { kind: 'bool', value: false };
  }
}
