import type { MappedPlace, PlacePair } from '#backend';
import type { BinaryOperator, Expression } from './ast.ts';
import { binary, call, chain, name, number, path, text } from './build.ts';
import { type LeafContext, locateLeaf } from './lower-context.ts';
import { datesKept } from './lower-leaf.ts';
import { type Location, rootOf } from './lower-place.ts';

const operators = {
  equals: '==',
  startswith: 'startswith_cs',
  endswith: 'endswith_cs',
  contains: 'contains_cs',
} as const satisfies Readonly<Record<PlacePair['relation'], BinaryOperator>>;

/** How two values stand to each other, as texts; beyond ASCII only `tolower` leaves case out of account. */
export function lowerPair(pair: PlacePair, context: LeafContext): Expression | undefined {
  const [left, right] = [sideOf(pair.at, pair, context), sideOf(pair.other, pair, context)];
  if (left === undefined || right === undefined) return undefined;
  const relate = (a: Side, b: Side): Expression => {
    const test = binary(operators[pair.relation], a.text, b.text);
    return chain('and', [...a.guards, ...b.guards, test]);
  };
  if (left.array === undefined && right.array === undefined) return relate(left, right);
  if (left.array !== undefined && right.array !== undefined) {
    if (pair.relation === 'equals')
      return shared(listOf(left, left.array, context), listOf(right, right.array, context));
    context.report.report({
      code: 'sentinel/pair-of-many',
      message: `Both "${pair.at.field.name}" and "${pair.other.field.name}" may have several values; of two arrays KQL can only tell whether they share one.`,
      span: pair.span,
      hint: 'Compare for equality, or with a field that has one value.',
    });
    return undefined;
  }
  const many = left.array ?? right.array;
  if (many === undefined) return undefined;
  return context.elements.some(many, () => {
    const element = left.array === undefined ? right : left;
    return chain('and', [call('isnotempty', element.plain), relate(left, right)]);
  });
}

/** Some value is in both. */
function shared(left: Expression, right: Expression): Expression {
  return binary('>', call('array_length', call('set_intersect', left, right)), number(0));
}

function listOf(
  { text: of, guards }: Side,
  array: Location,
  { elements }: LeafContext,
): Expression {
  const form = guards.length === 0 ? of : call('iff', chain('and', guards), of, text(''));
  return elements.list(array, 'make_set_if', () => form);
}

/** A side of a pair as text, and what must hold for it to be a value's. */
interface Side {
  /** As it is compared, and before its case was left out of account. */
  readonly text: Expression;
  readonly plain: Expression;
  readonly guards: readonly Expression[];
  /** The array of whose elements it is the text of one. */
  readonly array: Location | undefined;
}

function sideOf(at: MappedPlace, pair: PlacePair, context: LeafContext): Side | undefined {
  const location = locateLeaf({ at, span: pair.span }, context);
  if (location === undefined) return undefined;
  const fold = (of: Expression): Expression => (pair.cased ? of : call('tolower', of));
  const column = name(location.column);
  switch (location.kind) {
    case 'string':
      return { text: fold(column), plain: column, guards: [], array: undefined };
    case 'bool':
      return {
        text: call('tolower', call('tostring', column)),
        plain: call('tostring', column),
        guards: [call('isnotnull', column)],
        array: undefined,
      };
    case 'whole':
      return {
        text: call('tostring', column),
        plain: call('tostring', column),
        guards: [call('isnotnull', column)],
        array: undefined,
      };
    case 'json':
    case 'dynamic':
      return jsonSide(at, location, pair, context);
    default:
      context.report.report({
        code: 'sentinel/pair-type',
        message: `"${location.column}" keeps the ${location.kind === 'datetime' ? 'time' : 'number'} of "${at.field.name}", not its text, so that it can't be compared with another field.`,
        span: pair.span,
      });
      return undefined;
  }
}

/** A value in JSON: neither an object nor an array is one, and tostring's text of a boolean isn't documented. */
function jsonSide(
  { field }: MappedPlace,
  location: Location,
  { cased }: PlacePair,
  { elements, report }: LeafContext,
): Side {
  const { type } = field;
  if (type !== 'boolean' && type !== 'number') report.assume(datesKept, 'json-dates');
  const isElement = location.arrays.length > 0;
  const value = path(isElement ? name(elements.item(location)) : rootOf(location), location.keys);
  const plain = call('tostring', value);
  const kind = call('gettype', value);
  const whenBoolean = binary('==', kind, text('bool'));
  const cases = type === 'any' ? call('iff', whenBoolean, call('tolower', plain), plain) : plain;
  return {
    text: cased && type !== 'boolean' ? cases : call('tolower', plain),
    plain,
    guards:
      type === 'any'
        ? [{ kind: 'in', op: '!in', left: kind, of: [text('dictionary'), text('array')] }]
        : [],
    array: isElement ? location : undefined,
  };
}
