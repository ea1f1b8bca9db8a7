import type { Expression, LowerReport, MappedCorrelation, MappedPlace } from '#backend';
import type { Aggregate, Assignment, Command, EvalExpr } from '../ast.ts';
import { call, compare, field, number } from '../eval-build.ts';
import { checkOutput, nameOf, placesOf } from '../lower-outputs.ts';
import type { Member } from './members.ts';
import { isPlainColumn } from './names.ts';
import { assign, type OutputColumn } from './shape.ts';
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

/**
 * Each output shows the values that the group's events have in the whole time that the search looks at: a
 * list of those of each single window would cost a row for every pair of events.
 */
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
    const taken = plan.groupBy.some(({ name }) => name === output.name);
    const name = taken ? `siemc_${output.name}` : output.name;
    const same = plan.groupBy.findIndex((_, at) =>
      members.every((member, m) => JSON.stringify(member.keys[at]) === JSON.stringify(each[m])),
    );
    const key = keys[same]?.name;
    if (key !== undefined) {
      const own = plan.groupBy[same]?.name === output.name;
      return own ? [] : [{ from: key, name, key: true, made: [] }];
    }
    const value = unionOf(
      each,
      flags,
      plan.disjoint,
      (one) => readValue(one, 'nothing', output.span, report).value,
    );
    if (value.kind === 'field' && isPlainColumn(value.name)) {
      const shown = value.name === name ? name : nameOf(name, plan);
      return [{ from: value.name, name: shown, key: false, made: [] }];
    }
    const shown = nameOf(name, plan);
    return [{ from: shown, name: shown, key: false, made: [assign(shown, value)] }];
  });
  const gathered = sources.filter(({ key }) => !key);
  return {
    made: sources.flatMap(({ made }) => made),
    sources: gathered.map(({ from }) => from),
    columns: sources.map(({ from, name, key }) => ({ from, name, key })),
  };
}

/** Puts onto each row the values of its group. */
export function gather(
  outputs: readonly OutputColumn[],
  by: readonly string[],
): readonly Command[] {
  const gathered = outputs.filter(({ key }) => !key);
  if (gathered.length === 0) return [];
  return [{ kind: 'eventstats', options: [], aggregates: gathered.map(valuesOf), by }];
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
