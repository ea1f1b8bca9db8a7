import type { Expression as FieldExpression, LowerReport, MappedPlace } from '#backend';
import type { Expression } from './ast.ts';
import { allOf, anyOf, call, type Truth } from './build.ts';
import { conjuncts } from './lower.ts';
import { placesOf } from './lower-outputs.ts';
import { hasQuantifier } from './quantifiers.ts';

/** What the events of one rule have: where they are found, and the field that is asked. */
export interface Alternative {
  /** The rule's predicate on `$e`. */
  readonly where: Truth;
  readonly expression: FieldExpression<MappedPlace> | undefined;
}

/** A value, and the events that have it. */
export interface Choice<Value> {
  readonly where: Truth;
  readonly value: Value;
}

/**
 * The different expressions of rules and where each is asked, in the order of the rules. Each event is
 * known to be one of some rule, so that what all rules ask for needn't be tested again.
 */
export function choicesOf(
  alternatives: readonly Alternative[],
): readonly Choice<FieldExpression<MappedPlace> | undefined>[] {
  const texts = alternatives.map(({ where }) => new Set(conjuncts(where).map(textOf)));
  const isCommon = (node: Expression): boolean => texts.every((known) => known.has(textOf(node)));
  const own = ({ where }: Alternative): Truth =>
    typeof where === 'boolean' ? where : allOf(conjuncts(where).filter((node) => !isCommon(node)));
  const expressions = new Map(
    alternatives.map(({ expression }) => [whereKept(expression), expression]),
  );
  return [...expressions].map(([text, value]) => {
    const same = alternatives.filter(({ expression }) => whereKept(expression) === text);
    return { where: anyOf(same.map(own)), value };
  });
}

/**
 * The value of an event by the rule that finds it: "you can use if statements in both the outcome and
 * events sections" ("Use nested if statements for more complex logic", whose example assigns one to a
 * match variable).
 */
export function chooseBy(
  choices: readonly Choice<Expression>[],
  report: LowerReport,
): Expression | undefined {
  const [first, ...others] = choices;
  if (first === undefined || others.length === 0) return first?.value;
  const otherwise = chooseBy(others, report);
  if (otherwise === undefined || first.where === true) return first.value;
  if (first.where === false) return otherwise;
  if (hasQuantifier(first.where)) assumeListTests(report);
  return call('if', first.where, first.value, otherwise);
}

/** No page shows `any` in the condition of an `if`; it "takes a similar form as expressions in the events section". */
export function assumeListTests(report: LowerReport): void {
  report.assume('The condition of an "if" may test a list with "any", as the events section may.');
}

/** Fields of several logs may be kept in one place. */
function whereKept(expression: Alternative['expression']): string {
  const places = expression === undefined ? [] : placesOf(expression);
  return textOf(places.map(({ place, rest }) => [place, rest]));
}

function textOf(node: unknown): string {
  return JSON.stringify(node) ?? '';
}
