import type { CorrelationCondition, MappedCorrelation } from '#backend';
import type { Assignment, Command, EvalExpr } from '../ast.ts';
import { calculate, call, compare, field, joined, number, string } from '../eval-build.ts';
import { conditionsOf } from './condition.ts';
import { numberIn } from './numbers.ts';
import {
  assign,
  evaluate,
  type Hits,
  type Mark,
  milliseconds,
  noted,
  type Rows,
  setMark,
  sortBy,
} from './shape.ts';

type Condition = Exclude<CorrelationCondition, { readonly kind: 'ordered' }>;

const at = field('siemc_at');
const step = field('siemc_step');
/** An event adds to its group's totals when it joins the window and takes away when it leaves. */
const sign = calculate(number(2), '-', step);
const stepsNote = 'Three rows an event: it joins the window (1), is looked at (2) and leaves (3).';
const isLook = compare(step, '==', number(2));

/**
 * Any condition that running totals decide. Each event becomes three rows: it joins the window, it is
 * looked at, and it leaves, in this order where times are equal; so that a look sees all that happened at
 * its time and up to a whole window before. A group's totals end at nought: `accum` needs no groups, and
 * unlike streamstats, which by its manual may count 10,000 events only, it has no limit.
 */
export function sweep(rows: Rows, { window, condition }: MappedCorrelation): Hits {
  if (condition.kind === 'ordered') return { commands: [], time: at, shown: [] };
  const totals = totalsOf(rows, condition, (flag) => flag);
  const conditions = conditionsOf(condition, totals.measures);
  return {
    commands: totalled(rows, { window, condition, totals }),
    isEvent: isLook,
    isHit: conditions.length === 0 ? undefined : joined('and', conditions),
    time: at,
    shown: totals.shown,
  };
}

/**
 * The same as a mark. Rows that it isn't about stay too: they are looked at, but don't join the window.
 */
export function markHits(
  rows: Rows,
  condition: Condition,
  window: number,
  mark: Mark,
): readonly Command[] {
  const totals = totalsOf(rows, condition, (flag) => flag.replace('siemc_', 'siemc_seen_'));
  const note =
    mark.isOwn === undefined
      ? `${mark.name}: ${stepsNote}`
      : `${mark.name}: its own events join its window (1) and leave it (3), all are looked at (2).`;
  return [
    ...totalled(rows, { window, condition, totals, isOwn: mark.isOwn, note }),
    { kind: 'where', where: isLook },
    ...evaluate([setMark(mark, conditionsOf(condition, totals.measures))]),
  ];
}

interface Sweep {
  readonly window: number;
  readonly condition: Condition;
  readonly totals: Totals;
  /** Which rows join and leave; all unless said. */
  readonly isOwn?: EvalExpr | undefined;
  readonly note?: string;
}

/** The rows in order, each with its group's totals at that moment. */
function totalled(
  rows: Rows,
  { window, condition, totals, isOwn, note = stepsNote }: Sweep,
): readonly Command[] {
  const steps = call('mvrange', number(1), number(4));
  return [
    ...evaluate(
      [
        assign('siemc_at', milliseconds),
        assign('siemc_step', isOwn === undefined ? steps : call('if', isOwn, steps, number(2))),
      ],
      note,
    ),
    expand('siemc_step'),
    ...expandValues(rows, condition),
    ...evaluate([moved(window), ...totals.signed]),
    ...(condition.kind === 'distinct' ? countOnce(rows) : []),
    sortBy(rows.keys, ['siemc_at', 'siemc_step']),
    ...totals.signed.map(({ name }): Command => ({ kind: 'accum', field: name, as: undefined })),
  ];
}

interface Totals {
  /** What each row adds. */
  readonly signed: readonly Assignment[];
  readonly measures: Parameters<typeof conditionsOf>[1];
  readonly shown: readonly string[];
}

/** `seen` names the column in which a flag's total is made. */
function totalsOf(
  { flags, amount }: Rows,
  condition: Condition,
  seen: (flag: string) => string,
): Totals {
  switch (condition.kind) {
    case 'count':
      return {
        signed: [assign('siemc_count', amount === undefined ? sign : calculate(amount, '*', sign))],
        measures: { count: field('siemc_count') },
        shown: ['siemc_count'],
      };
    case 'distinct':
      return {
        signed: [assign('siemc_distinct', sign)],
        measures: { distinct: field('siemc_distinct') },
        shown: ['siemc_distinct'],
      };
    case 'sum':
    case 'avg': {
      const counts = assign(
        'siemc_numbers',
        call('if', call('isnotnull', field('siemc_number')), sign, number(0)),
      );
      const sum = assign(
        'siemc_sum',
        calculate(call('coalesce', field('siemc_number'), number(0)), '*', sign),
      );
      return {
        signed: condition.kind === 'sum' ? [sum] : [counts, sum],
        measures: { sum: field('siemc_sum'), numbers: field('siemc_numbers') },
        shown: ['siemc_sum'],
      };
    }
    case 'percentile':
      return ranksOf(condition);
    case 'members':
    case 'presence':
      return {
        signed: flags.map((flag) => assign(seen(flag), calculate(field(flag), '*', sign))),
        measures: { present: flags.map((flag) => compare(field(seen(flag)), '>', number(0))) },
        shown: [],
      };
  }
}

/** How many numbers there are, and for each bound how many lie below it. */
function ranksOf({ bounds }: Extract<Condition, { readonly kind: 'percentile' }>): Totals {
  const value = field('siemc_number');
  const signed = new Map<string, EvalExpr>();
  const count = (name: string, holds: EvalExpr): EvalExpr => {
    signed.set(name, call('if', holds, sign, number(0)));
    return field(name);
  };
  const numbers = count('siemc_numbers', call('isnotnull', value));
  const ranks = bounds.map((bound, index) => {
    const end = bounds.length === 1 ? '' : String(index + 1);
    const [belowName, uptoName] = [`siemc_below${end}`, `siemc_upto${end}`];
    const { order } = bound;
    if (order !== 'gt' && order !== 'lte')
      count(belowName, compare(value, '<', number(bound.value)));
    if (order !== 'gte' && order !== 'lt')
      count(uptoName, compare(value, '<=', number(bound.value)));
    return { below: field(belowName), upto: field(uptoName) };
  });
  return {
    signed: [...signed].map(([name, holds]) => assign(name, holds)),
    measures: { numbers, ranks },
    shown: [],
  };
}

/** One row for each value that joins and leaves; a look stays one row. */
function expandValues({ values }: Rows, condition: Condition): readonly Command[] {
  if (!('fields' in condition)) return [];
  const counted = condition.kind === 'distinct';
  const many = values.filter((value) => value.many);
  const whole = many.map(({ name }) => {
    const value = counted ? field(name) : call('coalesce', field(name), string('-'));
    return assign(name, call('if', isLook, string('-'), value));
  });
  const present = values.map(({ name }) => call('isnotnull', field(name)));
  return [
    ...evaluate(whole),
    ...(counted
      ? [{ kind: 'where', where: joined('or', [isLook, joined('and', present)]) } as const]
      : []),
    ...many.map(({ name }) => expand(name)),
    ...(counted ? [] : evaluate(numberIn(values))),
  ];
}

/** A value counts from when it first is in the window until it last was. */
function countOnce({ keys, values }: Rows): readonly Command[] {
  const [total, one] = [field('siemc_distinct'), number(1)];
  const first = joined('and', [compare(step, '==', one), compare(total, '==', one)]);
  const last = joined('and', [compare(step, '==', number(3)), compare(total, '==', number(0))]);
  const change = call('case', first, one, last, number(-1), call('true'), number(0));
  return [
    noted(
      sortBy([...keys, ...values.map(({ name }) => name)], ['siemc_at', 'siemc_step']),
      'By value: it counts from when it first joins until it last leaves.',
    ),
    { kind: 'accum', field: 'siemc_distinct', as: undefined },
    ...evaluate([assign('siemc_distinct', change)]),
  ];
}

/** The time at which a row stands: who leaves does so a whole window later. */
function moved(window: number): Assignment {
  const later = call('if', compare(step, '==', number(3)), number(window), number(0));
  return assign('siemc_at', calculate(at, '+', later));
}

function expand(field: string): Command {
  return { kind: 'mvexpand', field, limit: undefined };
}
