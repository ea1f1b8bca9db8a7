import type {
  CorrelationPlan,
  Expression as FieldExpression,
  LowerReport,
  MappedCorrelation,
  MappedPlace,
  Span,
} from '#backend';
import type { Expression } from './ast.ts';
import { call, compare, field, string } from './build.ts';
import {
  eventVariable,
  freeName,
  pivotVariable,
  valueVariable,
  variableName,
} from './identifiers.ts';
import { placesOf } from './lower-outputs.ts';
import { placePath } from './place-path.ts';

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

/** A placeholder's value on the event `$e`, and what has to hold so that it is one. */
export interface KeyValue {
  readonly value: Expression;
  /** Whether `$placeholder != ""` has to be said: only fields in the match section leave zero values out. */
  readonly isFunction: boolean;
}

/** What a key or a counted value is, or a report of why it can't be told. */
export function lowerKey(
  expression: FieldExpression<MappedPlace> | undefined,
  fold: boolean,
  { span, what }: { readonly span: Span; readonly what: string },
  report: LowerReport,
): KeyValue | undefined {
  const places = expression === undefined ? [] : placesOf(expression);
  const types: readonly string[] = places.length === 1 ? single : several;
  const wrong = places.find(({ place }) => !types.includes(place.type));
  const [only] = places;
  if (wrong !== undefined || only === undefined) {
    report.report({
      code: 'chronicle/key-type',
      message: `YARA-L can't tell the values of ${what}: ${wrong === undefined ? 'it has no place' : (reasons[wrong.place.type] ?? 'its type has no text')}.`,
      span,
    });
    return undefined;
  }
  const reads = places.map((at) => field(placePath(at)));
  const read = places.length === 1 ? field(placePath(only)) : call('strings.coalesce', ...reads);
  if (!fold) return { value: read, isFunction: read.kind !== 'field' };
  report.assume('strings.to_lower lower-cases letters beyond ASCII too.');
  return { value: call('strings.to_lower', read), isFunction: true };
}

const single = ['string', 'label', 'int', 'repeated'];
const several = ['string', 'label'];
const reasons: Readonly<Record<string, string>> = {
  repeated: 'strings.coalesce takes single values, and one of its fields is a list',
  'repeated-enum': 'Google SecOps keeps names of its own there',
  enum: 'Google SecOps keeps names of its own there',
  time: 'Google SecOps keeps a point in time there, not its text',
  int: 'strings.coalesce takes texts, and one of its fields is a number',
  bool: 'a missing truth value is false there',
};

/** The length of all parts but the last stands before them, so that no two tuples have the same text. */
export function tupleOf(parts: readonly KeyValue[]): KeyValue | undefined {
  const [first] = parts;
  if (parts.length < 2) return first;
  const texts = parts.flatMap(({ value }, at) =>
    at === parts.length - 1
      ? [value]
      : [call('cast.as_string', call('strings.length', value)), string(':'), value],
  );
  return { value: call('strings.concat', ...texts), isFunction: true };
}

/** Whether members say a key by the same expressions; else no event variable can stand for them all. */
export function isShared(expressions: readonly unknown[]): boolean {
  const [first, ...others] = expressions.map((one) => JSON.stringify(one));
  return others.every((other) => other === first);
}

/** `$name = value`. */
export function define(name: string, value: Expression): Expression {
  return compare('=', { kind: 'variable', name }, value);
}

/** The keys of some of a correlation's members, by position; reports those that can't be told. */
export function lowerKeys(
  plan: MappedCorrelation,
  members: readonly number[],
  report: LowerReport,
): readonly (KeyValue | undefined)[] {
  return plan.groupBy.map(({ name, fold, span }, at) => {
    const expressions = members.flatMap((index) => {
      const member = plan.members[index];
      return member?.kind === 'event' ? [member.keys[at]] : [];
    });
    if (!isShared(expressions)) {
      report.report({
        code: 'chronicle/different-keys',
        message: `"${name}" is another field in each rule, and an event variable of YARA-L that stands for the events of several rules can have one only.`,
        span,
      });
      return undefined;
    }
    return lowerKey(expressions[0], fold, { span, what: `"${name}"` }, report);
  });
}
