import type { Bound } from '#backend';
import type { Expression } from './ast.ts';
import { call, compare, string } from './build.ts';
import { lowerValue } from './correlate-keys.ts';
import {
  anyEvent,
  type ConditionInput,
  type ConditionParts,
  exists,
  refuse,
} from './correlate-parts.ts';
import { windowKindOf } from './correlate-window.ts';
import { eventVariable, freeName } from './identifiers.ts';
import { placesOf } from './lower-outputs.ts';
import { operators } from './operators.ts';

/**
 * The sum or the mean of numbers, in windows without a pivot: beside one, aggregations go over pairs of
 * events. The mean is a quotient, because `avg` "may not be supported in detections" ("YARA-L 2.0 functions
 * for dashboards").
 */
export function lowerNumbers(input: ConditionInput): ConditionParts | undefined {
  const { plan, members, make, taken, report } = input;
  const { condition } = plan;
  if (condition.kind !== 'sum' && condition.kind !== 'avg') return undefined;
  if (windowKindOf(plan) === 'sliding') {
    return refuse(input, 'no-numbers', 'Beside a pivot event YARA-L adds up pairs of events.');
  }
  if (condition.bounds.some(({ value }) => value < 0)) {
    return refuse(input, 'count-bounds', 'YARA-L has no negative numbers to compare with.');
  }
  const alternatives = members.map(({ values: [expression] }, index) => ({
    where: make.wheres[index] ?? false,
    expression,
  }));
  const places = alternatives.flatMap(({ expression }) =>
    expression === undefined ? [] : placesOf(expression),
  );
  if (places.some(({ place }) => place.type !== 'string' && place.type !== 'label')) {
    return refuse(
      input,
      'no-numbers',
      'Google SecOps keeps no single text there to read a number from.',
    );
  }
  const value = lowerValue(plan, alternatives, { ...condition.fields[0], fold: false }, report);
  if (value === undefined) return undefined;
  const isNumber = call('re.regex', value.value, string('(?s)^-?[0-9]+(\\.[0-9]+)?$'));
  const number = call('cast.as_float', value.value);
  const isSum = condition.kind === 'sum';
  const name = freeName(isSum ? 'total' : 'average', taken);
  const sum = isSum ? call('sum', call('if', isNumber, number)) : quotient(number);
  return {
    // There is no mean of nothing, so that events without a number don't matter to it.
    events: [...anyEvent(input), ...(isSum ? [] : [isNumber])],
    outcome: [{ name, value: sum }],
    condition: [
      exists(eventVariable),
      ...condition.bounds.map(({ order, value: bound }) => compareFloat(order, name, bound)),
    ],
  };
}

function quotient(number: Expression): Expression {
  const [left, right] = [call('sum', number), call('count', number)];
  return { kind: 'arithmetic', operator: '/', left, right };
}

/** "float: compare against a float literal". */
function compareFloat(order: Bound['order'], name: string, value: number): Expression {
  const digits = value.toFixed(7).replace(/0+$/, '');
  const text = digits.endsWith('.') ? `${digits}0` : digits;
  return compare(operators[order], exists(name), { kind: 'number', text });
}
