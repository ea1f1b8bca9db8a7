import type { Expression, LowerReport, MappedCorrelation, MappedPlace } from '#backend';
import type { Aggregate, Assignment, Command, EvalExpr } from '../ast.ts';
import { calculate, call, compare, field, joined, number } from '../eval-build.ts';
import { checkOutput, placesOf } from '../lower-outputs.ts';
import type { Member } from './members.ts';
import { isPlainColumn, outputName } from './names.ts';
import { assign, evaluate, type Hits, keep, noted, type OutputColumn, type Rows } from './shape.ts';
import { readValue } from './values.ts';

/** The outputs of a correlation over events. */
export interface Outputs {
  readonly made: readonly Assignment[];
  /** The columns whose values are gathered. */
  readonly sources: readonly string[];
  readonly columns: readonly OutputColumn[];
}

interface Source extends OutputColumn {
  readonly made: readonly Assignment[];
}

/** What each output shows: a value of the group itself, or what its events have. */
export function readOutputs(
  plan: MappedCorrelation,
  members: readonly Member[],
  keys: readonly { readonly name: string }[],
  flags: readonly string[],
  report: LowerReport,
): Outputs {
  const sources = plan.outputs.flatMap((output, index): readonly Source[] => {
    const each = members.map((member) => member.outputs[index]);
    const places = each.flatMap((one) => (one === undefined ? [] : placesOf(one)));
    if (places.length === 0 || !checkOutput(output, places, report)) return [];
    // That is the group's value.
    if (plan.groupBy.some(({ name }) => name === output.name)) return [];
    const name = outputName(output.name, plan);
    const same = plan.groupBy.findIndex((_, at) =>
      members.every((member, m) => JSON.stringify(member.keys[at]) === JSON.stringify(each[m])),
    );
    const key = keys[same]?.name;
    if (key !== undefined) return [{ from: key, name, key: true, made: [] }];
    const value = unionOf(
      each,
      flags,
      plan.disjoint,
      (one) => readValue(one, 'nothing', output.span, report).value,
    );
    if (value.kind === 'field' && isPlainColumn(value.name)) {
      const shown = value.name === output.name ? output.name : name;
      return [{ from: value.name, name: shown, key: false, made: [] }];
    }
    return [{ from: name, name, key: false, made: [assign(name, value)] }];
  });
  const gathered = sources.filter(({ key }) => !key);
  return {
    made: sources.flatMap(({ made }) => made),
    sources: gathered.map(({ from }) => from),
    columns: sources.map(({ from, name, key }) => ({ from, name, key })),
  };
}

/** Whether there are outputs for which values have to be gathered. */
export function areGathered(outputs: readonly OutputColumn[]): boolean {
  return outputs.some(({ key }) => !key);
}

/**
 * Keeps the hits, with what their group's events have from one window before the first of them to the last:
 * so no row for every pair of a hit and an event is needed. Where eventstats reaches its memory limit it adds
 * nothing (limits.conf, max_mem_usage_mb); that a row is a hit therefore stands on the row itself.
 */
export function gather(
  { keys, outputs }: Rows,
  hits: Hits,
  gathering: Gathering,
): readonly Command[] {
  const { window, certain, note } = gathering;
  const [at, completed] = [field('siemc_at'), field('siemc_completed')];
  const conditions = [hits.isHit, certain].filter((each) => each !== undefined);
  const verdict =
    conditions.length === 0 ? at : call('if', joined('and', conditions), at, call('null'));
  const isHit = call('isnotnull', completed);
  const isShown = joined('and', [
    compare(at, '>=', calculate(field('siemc_from'), '-', number(window))),
    compare(at, '<=', field('siemc_to')),
  ]);
  const bounds = [
    { name: 'min', of: { kind: 'field', name: 'siemc_completed' }, as: 'siemc_from' },
    { name: 'max', of: { kind: 'field', name: 'siemc_completed' }, as: 'siemc_to' },
  ] as const;
  const gathered = outputs.filter(({ key }) => !key).map(valuesOf);
  const own =
    JSON.stringify(hits.time) === JSON.stringify(at) ? [] : [assign('siemc_at', hits.time)];
  return [
    ...keep([hits.isEvent]),
    ...evaluate([...own, assign('siemc_completed', verdict)], note),
    noted(
      { kind: 'eventstats', options: [], aggregates: bounds, by: keys },
      'Shown is what the group has from one window before its first hit to its last.',
    ),
    ...keep([joined('or', [isHit, isShown])]),
    { kind: 'eventstats', options: [], aggregates: gathered, by: keys },
    ...keep([isHit]),
  ];
}

/** Which window's values are gathered, and which hits this run is about. */
export interface Gathering {
  readonly window: number;
  readonly certain: EvalExpr | undefined;
  readonly note: string | undefined;
}

/** `values(…)` of an output. */
export function valuesOf({ from, name }: OutputColumn): Aggregate {
  return { name: 'values', of: { kind: 'field', name: from }, as: name };
}

function unionOf(
  expressions: readonly (Expression<MappedPlace> | undefined)[],
  flags: readonly string[],
  disjoint: boolean,
  read: (expression: Expression<MappedPlace>) => EvalExpr,
): EvalExpr {
  const values = expressions.map((each) => each && read(each));
  const [first] = values;
  const texts = new Set(values.map((each) => JSON.stringify(each)));
  if (texts.size === 1 && first !== undefined) return first;
  const pairs = values.flatMap((value, index) => {
    const found = compare(field(flags[index] ?? ''), '==', number(1));
    return value === undefined ? [] : [{ found, value }];
  });
  if (disjoint) return call('case', ...pairs.flatMap(({ found, value }) => [found, value]));
  const parts = pairs.map(({ found, value }) => call('if', found, value, call('null')));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : call('mvappend', ...parts);
}
