import type { Expression, LowerReport, MappedCorrelation, MappedPlace } from '#backend';
import type { Assignment, Command, EvalExpr } from '../ast.ts';
import { call, compare, field, number } from '../eval-build.ts';
import { canName } from '../field-name.ts';
import type { EvalContext } from '../lower-eval.ts';
import { placesOf } from '../lower-outputs.ts';
import { fetchEvents, type Member } from './members.ts';
import { eventNumber, flagNames, isPlainColumn, keyName } from './names.ts';
import { readOutputs } from './outputs.ts';
import { assign, evaluate, type Rows, type ValueColumn } from './shape.ts';
import { type Known, readValue, type Value } from './values.ts';

/** A group-by field as a column. */
interface KeyColumn {
  readonly name: string;
  readonly many: boolean;
  readonly made: readonly Assignment[];
}

/** One row for each event that some member finds and each group that it is in. */
export function eventRows(
  plan: MappedCorrelation,
  members: readonly Member[],
  numbered: boolean,
  context: EvalContext,
): Rows {
  const { condition, groupBy } = plan;
  const asks = ['members', 'presence', 'ordered'].includes(condition.kind);
  const named = flagNames(plan);
  const differ = differing(members);
  checkDisjoint(plan, differ.keys || differ.values, context.report);
  const marks = asks || differ.keys || differ.values || differ.outputs ? named : [];
  const fields = 'fields' in condition ? condition.fields : [];
  const read = (
    expressions: readonly (Expression<MappedPlace> | undefined)[],
    known: Known,
    span: MappedCorrelation['spans']['type'],
  ): Value => oneOf(expressions, marks, (each) => readValue(each, known, span, context.report));
  const keys = groupBy.map((key, index): KeyColumn => {
    const each = members.map((member) => member.keys[index]);
    const { value, many } = read(each, 'present', key.span);
    if (value.kind === 'field' && !many && !key.fold && isPlainColumn(value.name))
      return { name: value.name, many, made: [] };
    const name = keyName(plan, index);
    return { name, many, made: folded(name, value, many, key.fold, true, context.report) };
  });
  const values = fields.map((each, index) => {
    const name = fields.length === 1 ? 'siemc_value' : `siemc_value${index + 1}`;
    const expressions = members.map((member) => member.values[index]);
    const { value, many } = read(
      expressions,
      condition.kind === 'distinct' ? 'nothing' : 'numbers',
      each.span,
    );
    checkPlaces(expressions, each.span, context.report);
    const column: ValueColumn = { name, many };
    return { column, made: folded(name, value, many, each.fold, false, context.report) };
  });
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
  const texts = new Set(values.map((each) => JSON.stringify(each)));
  const [first] = values;
  if (texts.size === 1 && first !== undefined) return first;
  const cases = values.flatMap((each, index): readonly EvalExpr[] =>
    each === undefined ? [] : [compare(field(flags[index] ?? ''), '==', number(1)), each.value],
  );
  return { value: call('case', ...cases), many: values.some((each) => each?.many === true) };
}

/** Where it must be so, in small letters; a group's several values once each. */
function folded(
  name: string,
  value: EvalExpr,
  many: boolean,
  fold: boolean,
  key: boolean,
  report: LowerReport,
): readonly Assignment[] {
  const once = (of: EvalExpr): EvalExpr => (many && key ? call('mvdedup', of) : of);
  if (!fold) return [assign(name, once(value))];
  report.assume('lower() also makes letters beyond ASCII small.');
  if (!many) return [assign(name, call('lower', value))];
  const each = call('mvmap', field(name), call('lower', field(name)));
  return [assign(name, value), assign(name, once(each))];
}

function differing(members: readonly Member[]): {
  readonly keys: boolean;
  readonly values: boolean;
  readonly outputs: boolean;
} {
  const differ = (part: 'keys' | 'values' | 'outputs'): boolean =>
    new Set(members.map((member) => JSON.stringify(member[part]))).size > 1;
  return { keys: differ('keys'), values: differ('values'), outputs: differ('outputs') };
}

/** An event found by two members has one row: what depends on the member must not differ for it. */
function checkDisjoint(
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
  { report }: LowerReport,
): void {
  const unnamed = expressions
    .flatMap((each) => (each === undefined ? [] : placesOf(each)))
    .find((place) => !canName(place));
  if (unnamed === undefined) return;
  report({
    code: 'splunk/field-name',
    message: `No manual says under which name Splunk extracts "${unnamed.field.name}".`,
    span,
  });
}
