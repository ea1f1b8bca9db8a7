import type { Bound } from '#backend';
import type { Expression } from './ast.ts';
import { compare, integer } from './build.ts';
import { define, lowerPart, lowerValue } from './correlate-keys.ts';
import { lowerNumbers } from './correlate-numbers.ts';
import {
  anyEvent,
  type ConditionInput,
  type ConditionParts,
  nothing,
  refuse,
} from './correlate-parts.ts';
import { lowerMembers, lowerOrdered, lowerPresence } from './correlate-presence.ts';
import { isPresent } from './correlate-variables.ts';
import { eventVariable, valueVariable } from './identifiers.ts';
import { renameEvent } from './rename-event.ts';
import { tupleOf } from './tuple.ts';

/** Says a correlation's condition, or reports and returns nothing. */
export function lowerCondition(input: ConditionInput): ConditionParts | undefined {
  const { condition } = input.plan;
  switch (condition.kind) {
    case 'count':
      return lowerCount(input, condition.bounds);
    case 'distinct':
      return lowerDistinct(input);
    case 'members':
      return lowerMembers(input, condition.bounds);
    case 'presence':
      return lowerPresence(input, condition.of);
    case 'ordered':
      return lowerOrdered(input);
    case 'sum':
    case 'avg':
      return lowerNumbers(input);
    case 'percentile':
      return refuse(input, 'no-numbers', 'Rules of YARA-L have no percentiles.');
  }
}

function lowerCount(input: ConditionInput, bounds: readonly Bound[]): ConditionParts | undefined {
  const range = rangeOf(bounds);
  if (range === undefined) return refuse(input, 'count-bounds', notEqual);
  if (range.most < Math.max(1, range.least)) return never(input);
  if (range.least <= 1 && range.most === Number.POSITIVE_INFINITY) return nothing;
  return {
    events: anyEvent(input),
    outcome: [],
    condition: within(eventVariable, range),
  };
}

const notEqual =
  'YARA-L has no "or" between counts of a rule with several event variables, which "neq" needs.';

function never(input: ConditionInput): undefined {
  return refuse(input, 'never', 'No number of events is within these bounds.');
}

function lowerDistinct(input: ConditionInput): ConditionParts | undefined {
  const { plan, members, report } = input;
  if (plan.condition.kind !== 'distinct') return undefined;
  const { fields, bounds } = plan.condition;
  const range = rangeOf(bounds);
  if (range === undefined) return refuse(input, 'count-bounds', notEqual);
  if (range.most < Math.max(0, range.least)) return never(input);
  if (range.least <= 0 && range.most === Number.POSITIVE_INFINITY) return nothing;
  if (range.least <= 0) {
    return refuse(
      input,
      'count-bounds',
      'A placeholder whose number has an upper bound only would also need events without a value, which YARA-L has no form for.',
    );
  }
  const { wheres } = input.make;
  const parts = fields.map((asked, at) => {
    const alternatives = members.map(({ values }, index) => ({
      where: wheres[index] ?? false,
      expression: values[at],
    }));
    return fields.length === 1
      ? lowerValue(plan, alternatives, asked, report)
      : lowerPart(alternatives, asked, report);
  });
  const known = parts.filter((part) => part !== undefined);
  const value = tupleOf(known);
  if (value === undefined || known.length < parts.length) return undefined;
  const pieces = known.length > 1 ? known.map((part) => part.value) : [];
  const own = [
    define(valueVariable, value.value),
    ...pieces.map((piece) => compare('!=', piece, { kind: 'string', value: '' })),
  ].map((node) => renameEvent(node, eventVariable));
  return {
    events: [
      ...anyEvent(input),
      ...own,
      ...(pieces.length === 0 ? [isPresent(valueVariable)] : []),
    ],
    outcome: [],
    condition: within(valueVariable, range),
  };
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** The whole numbers that bounds allow; nothing where some in between are left out. */
function rangeOf(bounds: readonly Bound[]): Range | undefined {
  let [least, most] = [0, Number.POSITIVE_INFINITY];
  for (const { order, value } of bounds) {
    if (order === 'neq') return undefined;
    if (order === 'gt') least = Math.max(least, Math.floor(value) + 1);
    if (order === 'gte' || order === 'eq') least = Math.max(least, Math.ceil(value));
    if (order === 'lt') most = Math.min(most, Math.ceil(value) - 1);
    if (order === 'lte' || order === 'eq') most = Math.min(most, Math.floor(value));
  }
  return { least, most };
}

function within(name: string, { least, most }: Range): readonly Expression[] {
  const count: Expression = { kind: 'count', name };
  return [
    ...(least > 0 ? [compare('>=', count, integer(least))] : []),
    ...(most < Number.POSITIVE_INFINITY ? [compare('<=', count, integer(most))] : []),
  ];
}
