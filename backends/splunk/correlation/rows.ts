import type { Expression, LowerReport, MappedCorrelation, MappedPlace, ValueField } from '#backend';
import { foldedByLower } from '../assumptions.ts';
import type { Assignment, Command, EvalExpr } from '../ast.ts';
import { call, compare, field, number } from '../eval-build.ts';
import { canName, reportName } from '../field-name.ts';
import type { EvalContext } from '../lower-conditions.ts';
import { placesOf } from '../lower-outputs.ts';
import { fetchEvents, type Member } from './members.ts';
import { eventNumber, flagNames, isFree, isPlainColumn, keyName } from './names.ts';
import { readOutputs } from './outputs.ts';
import { assign, evaluate, type Rows, type ValueColumn } from './shape.ts';
import { type Known, readValue, type Value } from './values.ts';

/** A group-by field as a column. */
interface KeyColumn {
  readonly name: string;
  readonly many: boolean;
  readonly made: readonly Assignment[];
}

/** What a condition counts or computes with: its fields, and for each the members' own expressions. */
export interface Asked {
  readonly plan: MappedCorrelation;
  readonly fields: readonly ValueField[];
  readonly expressions: readonly (readonly (Expression<MappedPlace> | undefined)[])[];
  /** How the columns are called. */
  readonly name: string;
}

/** One row for each event that some member finds and each group that it is in. */
export function eventRows(
  plan: MappedCorrelation,
  members: readonly Member[],
  numbered: boolean,
  context: EvalContext,
  asked: readonly Asked[] = ownFields(plan, members),
): Rows {
  const { condition, groupBy } = plan;
  const asks = ['members', 'presence', 'ordered'].includes(condition.kind);
  const named = flagNames(plan);
  const differ = differing(members);
  for (const each of new Set([plan, ...asked.map((ask) => ask.plan)])) {
    const values = asked.some((ask) => ask.plan === each && areDifferent(ask));
    checkDisjoint(each, values || (each === plan && differ.keys), context.report);
  }
  const marks = asks || asked.some(areDifferent) || differ.keys || differ.outputs ? named : [];
  const read = (
    expressions: readonly (Expression<MappedPlace> | undefined)[],
    known: Known,
    span: MappedCorrelation['spans']['type'],
  ): Value => oneOf(expressions, marks, (each) => readValue(each, known, span, context.report));
  const said = groupBy.map(({ span }, index) =>
    read(
      members.map((member) => member.keys[index]),
      'present',
      span,
    ),
  );
  const plain = said.map(({ value, many }, index) =>
    value.kind === 'field' && !many && groupBy[index]?.fold === false && isPlainColumn(value.name)
      ? value.name
      : undefined,
  );
  const keys = said.map(({ value, many }, index): KeyColumn => {
    const column = plain[index];
    if (column !== undefined && isFree(plain, index, plan)) return { name: column, many, made: [] };
    const name = keyName(plan, index);
    const fold = groupBy[index]?.fold === true;
    return { name, many, made: folded(name, value, many, fold, true, context.report) };
  });
  const values = asked.flatMap((ask) =>
    ask.fields.map((each, index) => {
      const name = valueNames(ask)[index] ?? '';
      const expressions = ask.expressions[index] ?? [];
      const known = ask.plan.condition.kind === 'distinct' ? 'nothing' : 'numbers';
      const { value, many } = read(expressions, known, each.span);
      checkPlaces(expressions, each.span, context.report);
      const column: ValueColumn = { name, many };
      return { column, made: folded(name, value, many, each.fold, false, context.report) };
    }),
  );
  const outputs = readOutputs(plan, members, keys, marks, context.report);
  const made = [
    ...values.flatMap((each) => each.made),
    ...outputs.made,
    ...keys.flatMap((key) => key.made),
  ];
  const kept = [
    '_time',
    ...keys.map((key) => key.name),
    ...values.map(({ column }) => column.name),
    ...(asks ? marks : []),
    ...outputs.sources,
  ];
  const columns = keys.map((key) => key.name);
  return {
    commands: [
      ...fetchEvents(plan, members, marks, context),
      ...evaluate(made),
      { kind: 'fields', mode: 'keep', fields: [...new Set(kept)] },
      { kind: 'fields', mode: 'remove', fields: ['_raw'] },
      ...(numbered ? numberEvents() : []),
      ...keys.flatMap(({ name, many }): readonly Command[] =>
        many ? [{ kind: 'mvexpand', field: name, limit: undefined }] : [],
      ),
    ],
    keys: columns,
    values: values.map(({ column }) => column),
    flags: asks ? marks : [],
    outputs: outputs.columns,
  };
}

/** The columns of what is asked for. */
export function valueNames(asked: Asked | undefined): readonly string[] {
  const { fields, name } = asked ?? { fields: [], name: '' };
  return fields.map((_, index) => (fields.length === 1 ? name : `${name}${index + 1}`));
}

function ownFields(plan: MappedCorrelation, members: readonly Member[]): readonly Asked[] {
  if (!('fields' in plan.condition)) return [];
  const { fields } = plan.condition;
  const expressions = fields.map((_, index) => members.map(({ values }) => values[index]));
  return [{ plan, fields, expressions, name: 'siemc_value' }];
}

/** Whether the members that have a part in a condition read its fields from different places. */
function areDifferent({ expressions }: Asked): boolean {
  return expressions.some(
    (each) => new Set(each.flatMap((one) => (one ? [JSON.stringify(one)] : []))).size > 1,
  );
}

/** Gives each event a number of its own, for groups in which it would stand twice. */
function numberEvents(): readonly Command[] {
  return [
    ...evaluate([assign(eventNumber, number(1))]),
    { kind: 'accum', field: eventNumber, as: undefined },
  ];
}

/** One expression, or that of the member which found the event. */
function oneOf(
  expressions: readonly (Expression<MappedPlace> | undefined)[],
  flags: readonly string[],
  read: (expression: Expression<MappedPlace>) => Value,
): Value {
  const values = expressions.map((each) => each && read(each));
  const said = values.filter((each) => each !== undefined);
  const [first] = said;
  if (first !== undefined && new Set(said.map((each) => JSON.stringify(each))).size === 1)
    return first;
  const cases = values.flatMap((each, index): readonly EvalExpr[] =>
    each === undefined ? [] : [compare(field(flags[index] ?? ''), '==', number(1)), each.value],
  );
  return { value: call('case', ...cases), many: values.some((each) => each?.many === true) };
}

/** A value under a name, in lower case where its letter case is no matter; a key's several values once each. */
export function folded(
  name: string,
  value: EvalExpr,
  many: boolean,
  fold: boolean,
  key: boolean,
  report: LowerReport,
): readonly Assignment[] {
  const once = (of: EvalExpr): EvalExpr => (many && key ? call('mvdedup', of) : of);
  if (!fold) return [assign(name, once(value))];
  report.assume(foldedByLower);
  if (!many) return [assign(name, call('lower', value))];
  const each = call('mvmap', field(name), call('lower', field(name)));
  return [assign(name, value), assign(name, once(each))];
}

function differing(members: readonly Member[]): {
  readonly keys: boolean;
  readonly outputs: boolean;
} {
  const differ = (part: 'keys' | 'outputs'): boolean =>
    new Set(members.map((member) => JSON.stringify(member[part]))).size > 1;
  return { keys: differ('keys'), outputs: differ('outputs') };
}

/** An event found by two members has one row: what depends on the member must not differ for it. */
export function checkDisjoint(
  { condition, disjoint, members, spans }: MappedCorrelation,
  differs: boolean,
  { report }: LowerReport,
): void {
  const ordered = condition.kind === 'ordered' && members.length > 2;
  if (disjoint || !(ordered || differs)) return;
  const why = ordered
    ? 'more than two of them can’t be put in order'
    : 'its group or value would depend on which of them is asked';
  report({
    code: 'splunk/overlapping-members',
    message: `The search reads each event once. One event may be found by several of these rules, and then ${why}.`,
    span: ordered ? spans.type : (members[1]?.span ?? spans.type),
    hint: 'Let the rules ask one field for different values, such as "eventName".',
  });
}

function checkPlaces(
  expressions: readonly (Expression<MappedPlace> | undefined)[],
  span: MappedCorrelation['spans']['type'],
  report: LowerReport,
): void {
  const unnamed = expressions
    .flatMap((each) => (each === undefined ? [] : placesOf(each)))
    .find((place) => !canName(place));
  if (unnamed !== undefined) reportName(unnamed, span, report);
}
