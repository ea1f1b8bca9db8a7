import {
  accepts,
  type Compare,
  type LowerReport,
  numberOf,
  type PlaceTest,
  shapeOf,
} from '#backend';
import type { EventField, Expression } from './ast.ts';
import { anyOf, call, compare, field, integer, string, type Truth } from './build.ts';
import { lowerList } from './lower-list.ts';
import { assumeKey } from './lower-place.ts';
import { lowerText, type ValueTest } from './lower-text.ts';
import { lowerTimeTest } from './lower-time.ts';
import { placePath } from './place-path.ts';
import { enumValues, enumZero, plainPath } from './udm.ts';

/** The predicate that a test of a place is; false on events whose field is absent. */
export function lowerTest({ test, ...leaf }: PlaceTest, report: LowerReport): Truth {
  switch (test.kind) {
    case 'time':
      return lowerTimeTest(test, leaf, report);
    case 'in-list':
      return lowerList({ ...leaf, test }, report);
    default:
      return lowerValue({ ...leaf, test }, report);
  }
}

/** A test of a value by what the rule says of it. */
interface OwnTest extends Omit<PlaceTest, 'test'> {
  readonly test: ValueTest;
}

function lowerValue(leaf: OwnTest, report: LowerReport): Truth {
  const { place } = leaf.at;
  const at = field(placePath(leaf.at));
  const any: Expression = { kind: 'quantified', quantifier: 'any', of: at };
  switch (place.type) {
    case 'string':
      return lowerText(at, leaf, report);
    case 'label':
      assumeKey(leaf.at, report);
      return lowerText(at, leaf, report);
    case 'repeated':
      return lowerText(any, leaf, report);
    case 'enum':
      return lowerEnum(at, at, leaf, report);
    case 'repeated-enum':
      return lowerEnum(any, at, leaf, report);
    case 'int':
      return lowerInt(at, leaf, report);
    case 'bool':
      return leaf.test.kind === 'exists' || accepts(leaf.test, 'true')
        ? compare('=', at, { kind: 'boolean', value: true })
        : false;
    case 'time':
      return lowerTime(at, leaf, report);
    default:
      throw new Error(`The mapping gives ${place.path} the unknown type "${place.type}"`);
  }
}

/** Enumerations compare with `=` only, so that the test is tried on each value. */
function lowerEnum(
  operand: Expression,
  at: EventField,
  { test, span }: OwnTest,
  report: LowerReport,
): Truth {
  const path = plainPath(at.path);
  const zero = enumZero(path);
  if (test.kind === 'exists') return compare('!=', operand, string(zero));
  const values = enumValues(path);
  if (values === undefined) {
    report.report({
      code: 'chronicle/unknown-enumeration',
      message: `The values of the enumeration ${path} aren't known, so that it can only be tested for presence.`,
      span,
    });
    return false;
  }
  const passing = values.filter((value) => value !== zero && accepts(test, value));
  return anyOf(passing.map((value) => compare('=', operand, string(value))));
}

function lowerInt(at: EventField, { test, span }: OwnTest, report: LowerReport): Truth {
  switch (test.kind) {
    case 'exists':
      return compare('!=', at, integer(0));
    case 'in-network':
      return false;
    case 'compare':
      return order(at, test);
    case 'match': {
      const shape = shapeOf(test.pattern);
      if (shape.kind !== 'equals') break;
      const value = numberOf(shape.text);
      const exact =
        value !== undefined && Number.isSafeInteger(value) && String(value) === shape.text;
      return exact && value !== 0 ? compare('=', at, integer(value)) : false;
    }
    case 'regex':
      break;
  }
  return lowerText(call('cast.as_string', at), { test, span, holds: 'anything' }, report);
}

/** An order test of whole numbers; their bound is whole as well. */
function order(at: EventField, { order, bound }: Compare): Truth {
  const above = order === 'gt' || order === 'gte';
  if (Math.abs(bound) > Number.MAX_SAFE_INTEGER) return above === bound < 0;
  if (order === 'gt' || order === 'lte') {
    return compare(above ? '>' : '<=', at, integer(Math.floor(bound)));
  }
  return compare(above ? '>=' : '<', at, integer(Math.ceil(bound)));
}

function lowerTime(
  at: EventField,
  { test, span, at: { field: raw } }: OwnTest,
  report: LowerReport,
): Truth {
  if (test.kind === 'exists') {
    const seconds = field([...at.path, { kind: 'name', name: 'seconds' }]);
    return compare('>', seconds, integer(0));
  }
  report.report({
    code: 'chronicle/time-as-text',
    message: `Google SecOps keeps ${raw.name} as a point in time, so that its text can't be tested.`,
    span,
  });
  return false;
}
