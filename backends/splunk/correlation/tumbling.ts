import type { CorrelationCondition, MappedCorrelation } from '#backend';
import type { Aggregate, AggregateArgument, Command, EvalExpr } from '../ast.ts';
import { calculate, call, compare, field, joined, number, string } from '../eval-build.ts';
import { spanText } from '../lower-schedule.ts';
import { conditionsOf, type Measures } from './condition.ts';
import { numberIn } from './numbers.ts';
import { valuesOf } from './outputs.ts';
import { assign, evaluate, type Hits, milliseconds, noted, type Rows } from './shape.ts';

const bucket = field('siemc_bucket');

/**
 * Windows that begin at whole multiples of their length since 1970, if the condition can be said so: one
 * row for each group that satisfies it.
 */
export function tumbling(rows: Rows, { window, condition }: MappedCorrelation): Hits | undefined {
  if (condition.kind === 'ordered') return undefined;
  if (
    condition.kind === 'distinct' &&
    rows.values.length > 1 &&
    rows.values.some(({ many }) => many)
  )
    return undefined;
  const { before, aggregates, after, measures } = statsOf(rows, condition);
  const start = calculate(
    call('floor', calculate(milliseconds, '/', number(window))),
    '*',
    number(window),
  );
  const conditions = conditionsOf(condition, measures);
  return {
    commands: [
      ...before,
      ...evaluate([assign('siemc_bucket', start)]),
      noted(
        {
          kind: 'stats',
          options: [],
          aggregates: [...aggregates, ...rows.outputs.filter(({ key }) => !key).map(valuesOf)],
          by: ['siemc_bucket', ...rows.keys],
        },
        `window-tumbling: ${tumblingLoss(window)}`,
      ),
      ...after,
      ...(conditions.length === 0
        ? []
        : [{ kind: 'where', where: joined('and', conditions) } as const]),
      ...evaluate([assign('_time', calculate(bucket, '/', number(1000)))]),
    ],
    time: calculate(bucket, '+', number(window)),
    isEnd: true,
    shown: aggregates.flatMap(({ as }) => (as === undefined ? [] : [as])),
  };
}

/** What the approximation loses, in words. */
export function tumblingLoss(window: number): string {
  const length = spanText(window);
  return `fixed windows of ${length} from whole multiples of ${length} since 1970 UTC; events on both sides of such a time aren't seen together, and a row stands for a window, not for an event.`;
}

interface Stats {
  readonly before: readonly Command[];
  readonly aggregates: readonly Aggregate[];
  readonly after: readonly Command[];
  readonly measures: Measures;
}

function statsOf(
  { values, flags, amount }: Rows,
  condition: Exclude<CorrelationCondition, { readonly kind: 'ordered' }>,
): Stats {
  const aggregate = (name: string, of: AggregateArgument | undefined, as: string): Aggregate => ({
    name,
    of,
    as,
  });
  const column = (name: string): AggregateArgument => ({ kind: 'field', name });
  const numbers = aggregate('count', column('siemc_number'), 'siemc_numbers');
  const sum = aggregate('sum', column('siemc_number'), 'siemc_sum');
  switch (condition.kind) {
    case 'count':
      return {
        before: amount === undefined ? [] : evaluate([assign('siemc_count', amount)]),
        aggregates: [
          amount === undefined
            ? aggregate('count', undefined, 'siemc_count')
            : aggregate('sum', column('siemc_count'), 'siemc_count'),
        ],
        after: [],
        measures: { count: field('siemc_count') },
      };
    case 'distinct':
      return {
        before: values.length === 1 ? [] : evaluate([assign('siemc_value', tuple(values))]),
        aggregates: [aggregate('dc', column('siemc_value'), 'siemc_distinct')],
        after: [],
        measures: { distinct: field('siemc_distinct') },
      };
    case 'sum':
    case 'avg':
      return {
        before: readNumbers(values),
        aggregates: condition.kind === 'sum' ? [sum] : [numbers, sum],
        // Of no numbers stats has no sum.
        after: evaluate([assign('siemc_sum', call('coalesce', field('siemc_sum'), number(0)))]),
        measures: { sum: field('siemc_sum'), numbers: field('siemc_numbers') },
      };
    case 'percentile': {
      const name = `exactperc${condition.percentile}`;
      return {
        before: readNumbers(values),
        aggregates: [aggregate(name, column('siemc_number'), 'siemc_percentile')],
        after: [],
        measures: { percentile: field('siemc_percentile') },
      };
    }
    case 'members':
    case 'presence':
      return {
        before: [],
        aggregates: flags.map((flag) => aggregate('max', column(flag), flag)),
        after: [],
        measures: { present: flags.map((flag) => compare(field(flag), '==', number(1))) },
      };
  }
}

/** A row for each number; an event without one keeps its row. */
function readNumbers(values: Rows['values']): readonly Command[] {
  const many = values.filter((value) => value.many);
  return [
    ...evaluate(many.map(({ name }) => assign(name, call('coalesce', field(name), string('-'))))),
    ...many.map(({ name }): Command => ({ kind: 'mvexpand', field: name, limit: undefined })),
    ...evaluate(numberIn(values)),
  ];
}

/** Several values as one text that no others make; nothing where one is missing. */
function tuple(values: Rows['values']): EvalExpr {
  const [first, ...others] = values.map(({ name }) => field(name));
  return others.reduceRight<EvalExpr>(
    (rest, value) => joinTexts(measured(value), rest),
    first === undefined ? string('') : first,
  );
}

function measured(value: EvalExpr): EvalExpr {
  return joinTexts(joinTexts(call('len', value), string(':')), value);
}

function joinTexts(left: EvalExpr, right: EvalExpr): EvalExpr {
  return calculate(left, '.', right);
}
