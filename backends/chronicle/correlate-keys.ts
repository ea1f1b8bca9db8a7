import type {
  CorrelationPlan,
  Expression as FieldExpression,
  GroupKey,
  LowerReport,
  MappedCorrelation,
  MappedPlace,
} from '#backend';
import type { Expression } from './ast.ts';
import { call, compare, field, type Truth } from './build.ts';
import { type Alternative, choicesOf, chooseBy } from './correlate-choice.ts';
import {
  eventVariable,
  freeName,
  pivotVariable,
  valueVariable,
  variableName,
} from './identifiers.ts';
import { placesOf } from './lower-outputs.ts';
import { lowerAssumption } from './lower-pair.ts';
import { placePath } from './place-path.ts';
import type { KeyValue } from './tuple.ts';

/** The match variable of a rule without group-by: YARA-L needs one, and all events share the log type. */
export const wholeLog = 'log_type';

/** The match variables that the keys of a correlation become, by position. */
export function keyNames({ groupBy }: Pick<CorrelationPlan, 'groupBy'>): readonly string[] {
  const names: string[] = [];
  for (const { name } of groupBy) {
    const taken = [...names, eventVariable, pivotVariable, valueVariable];
    names.push(freeName(variableName(name), taken));
  }
  return names;
}

/** A key or a counted value as the rule names it. */
type Asked = Pick<GroupKey, 'name' | 'fold' | 'span'>;

/**
 * What the events of some rules have as one value: where rules keep it in different fields, each event the
 * field of the rule that finds it.
 */
function lowerOne(
  alternatives: readonly Alternative[],
  asked: Asked,
  report: LowerReport,
): KeyValue | undefined {
  const choices = choicesOf(alternatives);
  const allowed = choices.length === 1 ? single : several;
  const known = choices.flatMap(({ where, value }) => {
    const read = readKey(value, allowed, asked, report);
    return read === undefined ? [] : [{ where, value: read }];
  });
  const chosen = known.length < choices.length ? undefined : chooseBy(known, report);
  return chosen && foldKey(chosen, asked.fold, report);
}

/** A limit of `if`: it is "subject to the function depth limit of 20", and other functions stand in it. */
const maxChoices = 15;

/** Why an event has no one value, if rules keep it in different fields. */
function whyNot(
  { disjoint }: Pick<CorrelationPlan, 'disjoint'>,
  alternatives: readonly Alternative[],
): string | undefined {
  const { length } = choicesOf(alternatives);
  if (length === 1) return undefined;
  if (!disjoint) return 'an event that two of the rules find may have several values';
  return length > maxChoices ? 'YARA-L nests 20 functions at most' : undefined;
}

/** A counted value; reports one that can't be told. */
export function lowerValue(
  plan: MappedCorrelation,
  alternatives: readonly Alternative[],
  asked: Asked,
  report: LowerReport,
): KeyValue | undefined {
  const why = whyNot(plan, alternatives);
  if (why === undefined) return lowerOne(alternatives, asked, report);
  return refuseDifferent('different-values', asked, why, report);
}

/** One of several values that are counted together, as one text; reports one that can't be told. */
export function lowerPart(
  alternatives: readonly Alternative[],
  asked: Asked,
  report: LowerReport,
): KeyValue | undefined {
  if (choicesOf(alternatives).length === 1) return lowerOne(alternatives, asked, report);
  const why = 'several values are counted as one text, which would say each field many times';
  return refuseDifferent('different-values', asked, why, report);
}

function refuseDifferent(
  slug: string,
  { name, span }: Asked,
  why: string,
  report: LowerReport,
): undefined {
  report.report({
    code: `chronicle/${slug}`,
    message: `"${name}" is another field in each rule, and ${why}.`,
    span,
    hint: 'Make the rules exclude each other, or name a field that they share.',
  });
}

function readKey(
  expression: FieldExpression<MappedPlace> | undefined,
  allowed: readonly string[],
  { span, name }: Asked,
  report: LowerReport,
): Expression | undefined {
  const places = expression === undefined ? [] : placesOf(expression);
  const types = places.length === 1 ? allowed : several;
  const wrong = places.find(({ place }) => !types.includes(place.type));
  const [only] = places;
  if (wrong === undefined && only !== undefined) {
    const reads = places.map((at) => field(placePath(at)));
    return places.length === 1 ? field(placePath(only)) : call('strings.coalesce', ...reads);
  }
  report.report({
    code: 'chronicle/key-type',
    message: `YARA-L can't tell the values of "${name}": ${wrong === undefined ? 'it has no place' : (reasons[wrong.place.type] ?? 'its type has no text')}.`,
    span,
  });
  return undefined;
}

function foldKey(read: Expression, fold: boolean, report: LowerReport): KeyValue {
  if (!fold) return { value: read, isFunction: read.kind !== 'field' };
  report.assume(lowerAssumption, 'to-lower-beyond-ascii');
  return { value: call('strings.to_lower', read), isFunction: true };
}

const single: readonly string[] = ['string', 'label', 'int', 'repeated'];
const several: readonly string[] = ['string', 'label'];
const reasons: Readonly<Record<string, string>> = {
  repeated: 'several fields are asked for it, and one of them is a list',
  'repeated-enum': 'Google SecOps keeps names of its own there',
  enum: 'Google SecOps keeps names of its own there',
  time: 'Google SecOps keeps a point in time there, not its text',
  int: 'several fields are asked for it, and one of them is a number',
  bool: 'a missing truth value is false there',
};

/** `$name = value`. */
export function define(name: string, value: Expression): Expression {
  return compare('=', { kind: 'variable', name }, value);
}

/** The keys of some of a correlation's members, by position; reports those that can't be told. */
export function lowerKeys(
  plan: MappedCorrelation,
  members: readonly number[],
  wheres: readonly Truth[],
  report: LowerReport,
): readonly (KeyValue | undefined)[] {
  return plan.groupBy.map((asked, at) => {
    const alternatives = members.flatMap((index) => {
      const member = plan.members[index];
      if (member?.kind !== 'event') return [];
      return [{ where: wheres[index] ?? false, expression: member.keys[at] }];
    });
    const why = whyNot(plan, alternatives);
    return why === undefined
      ? lowerOne(alternatives, asked, report)
      : refuseDifferent('different-keys', asked, why, report);
  });
}
