import { accepts, type LowerReport, numberOf, type PlaceTest, shapeOf, type Test } from '#backend';
import type { Expression } from './ast.ts';
import { binary, bool, call, chain, name, number, path } from './build.ts';
import { tellsBooleans, tellsDates } from './json-dates.ts';
import type { Elements } from './lower-elements.ts';
import { type Location, locate, rootOf, textOf } from './lower-place.ts';
import { acceptsEmpty, lowerTests, type Subject } from './lower-test.ts';

/** What leaves of a predicate need to know of the query around them. */
export interface LeafContext {
  readonly elements: Elements;
  readonly report: LowerReport;
  /** The leaf stands below a `not`: null must not come out of it. */
  readonly exact: boolean;
}

/** Leaves of one place, one of which must hold, as one expression. */
export function lowerLeaves(leaves: readonly PlaceTest[], context: LeafContext): Expression | undefined {
  const [first] = leaves;
  if (first === undefined) return bool(false);
  const location = locate(first.at);
  const { report } = context.report;
  if (location === undefined) {
    report({
      code: 'sentinel/place-type',
      message: `The mapping of "${first.at.field.name}" says that "${first.at.place.path}" is a ${first.at.place.type}, which is no type of a column.`,
      span: first.span,
      hint: 'Types are string, bool, datetime, int, long, real, dynamic, and json for a string column that holds JSON.',
    });
    return undefined;
  }
  const dynamic = location.kind === 'json' || location.kind === 'dynamic';
  if (first.at.field.many && location.arrays.length === 0 && !dynamic) {
    report({
      code: 'sentinel/many-values',
      message: `"${first.at.field.name}" may have several values, but the column "${first.at.place.path}" holds one.`,
      span: first.span,
    });
    return undefined;
  }
  const parts = leaves.map((leaf) => lowerTyped(leaf, location, context));
  if (location.kind !== 'string' && !dynamic) return any(parts);
  return lowerText(leaves, location, context);
}

function any(parts: readonly (Expression | undefined)[]): Expression | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === parts.length ? chain('or', said) : undefined;
}

function subjectOf(leaf: PlaceTest, text: Expression, { exact, report }: LeafContext): Subject {
  return { text, span: leaf.span, address: leaf.at.field.type === 'address', exact, report };
}

/** Tests of text: of a string column, of a value in JSON, or of the elements of an array in it. */
function lowerText(leaves: readonly PlaceTest[], location: Location, context: LeafContext): Expression | undefined {
  if (location.arrays.length === 0) {
    return any(groups(leaves, location, context).map(({ text, of }) => lowerAll(of, text, context)));
  }
  return context.elements.some(location, (text) => {
    for (const leaf of leaves) assumeText(leaf, context);
    const inner = { ...context, exact: false };
    const careful = leaves.filter(({ test }) => acceptsEmpty(test));
    const others = leaves.filter(({ test }) => !acceptsEmpty(test));
    const parts: (Expression | undefined)[] = [];
    if (others.length > 0) parts.push(lowerAll(others, booleanText(text, others), inner));
    if (careful.length > 0) {
      const test = lowerAll(careful, booleanText(text, careful), inner);
      parts.push(test === undefined ? undefined : chain('and', [call('isnotempty', text), test]));
    }
    return any(parts);
  });
}

function lowerAll(leaves: readonly PlaceTest[], text: Expression, context: LeafContext): Expression | undefined {
  const [first] = leaves;
  if (first === undefined) return bool(false);
  const { absent } = first.at.place;
  const said = lowerTests(leaves.map(({ test }) => test), subjectOf(first, text, context));
  if (said === undefined || absent === undefined) return said;
  const present = binary('!=', text, { kind: 'string', value: absent });
  return leaves.some(({ test }) => test.kind === 'exists') ? chain('and', [said, present]) : said;
}

interface Group {
  readonly text: Expression;
  readonly of: PlaceTest[];
}

/** Leaves by the expression that gives them the text that their test needs. */
function groups(leaves: readonly PlaceTest[], location: Location, context: LeafContext): readonly Group[] {
  const usual = textOf(location);
  if (location.kind === 'string') return [{ text: usual, of: [...leaves] }];
  const result = new Map<string, Group>();
  for (const leaf of leaves) {
    const dates = tellsDates(leaf.test);
    const booleans = tellsBooleans(leaf.test);
    const strict = dates && !booleans ? strictText(location) : undefined;
    if (dates && strict === undefined) assumeText(leaf, context);
    const kind = strict === undefined ? String(booleans) : 'strict';
    const group = result.get(kind) ?? { text: strict ?? booleanText(usual, [leaf]), of: [] };
    group.of.push(leaf);
    result.set(kind, group);
  }
  return [...result.values()];
}

/** The value's text where parse_json may have converted it. */
function strictText({ kind, column, keys }: Location): Expression | undefined {
  if (kind !== 'json' || keys.some((key) => /['"\\[\].$*]/.test(key))) return undefined;
  const steps = keys.map((key) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `['${key}']`));
  return call('extract_json', { kind: 'string', value: `$${steps.join('')}` }, name(column));
}

function assumeText({ test }: PlaceTest, { report }: LeafContext): void {
  if (tellsDates(test)) {
    report.assume('parse_json keeps the text of strings that look like dates.');
  }
}

/** A text in which booleans are `true` and `false` whatever tostring makes of them. */
function booleanText(text: Expression, leaves: readonly PlaceTest[]): Expression {
  const [value] = text.kind === 'call' ? text.args : [];
  if (value === undefined || !leaves.some(({ test }) => tellsBooleans(test))) return text;
  const isBool = binary('==', call('gettype', value), { kind: 'string', value: 'bool' });
  return call('iff', isBool, call('tolower', text), text);
}

/** Tests of columns that aren't text. */
function lowerTyped({ test, span, at }: PlaceTest, location: Location, context: LeafContext): Expression | undefined {
  const column = name(location.column);
  const present = call('isnotnull', column);
  switch (location.kind) {
    case 'bool':
      return lowerBool(test, column);
    case 'datetime':
      if (test.kind === 'exists') return present;
      context.report.report({
        code: 'sentinel/datetime-text',
        message: `"${location.column}" keeps the time of "${at.field.name}", not its text: only whether it exists can be tested.`,
        span,
      });
      return undefined;
    case 'whole':
    case 'real': {
      if (test.kind === 'exists') return present;
      const numeric = lowerNumber(test, column);
      if (numeric !== undefined) return numeric;
      if (location.kind === 'whole') {
        const said = lowerTests([test], { text: call('tostring', column), span, address: false, ...context });
        return said !== undefined && acceptsEmpty(test) ? chain('and', [present, said]) : said;
      }
      context.report.report({
        code: 'sentinel/real-text',
        message: `"${location.column}" keeps the number of "${at.field.name}", not its text: only equality and order can be tested.`,
        span,
      });
      return undefined;
    }
    default:
      return bool(false);
  }
}

/** A boolean column has three values: the test's verdict on the two texts says which pass. */
function lowerBool(test: Test, column: Expression): Expression {
  const [whenTrue, whenFalse] = [accepts(test, 'true'), accepts(test, 'false')];
  if (whenTrue && whenFalse) return call('isnotnull', column);
  if (!whenTrue && !whenFalse) return bool(false);
  return binary('==', column, bool(whenTrue));
}

const orders = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function lowerNumber(test: Test, column: Expression): Expression | undefined {
  if (test.kind === 'compare') {
    return chain('and', [call('isnotnull', column), binary(orders[test.order], column, number(test.bound))]);
  }
  if (test.kind !== 'match') return undefined;
  const shape = shapeOf(test.pattern);
  if (shape.kind !== 'equals') return undefined;
  const value = numberOf(shape.text);
  // No number has another text than its canonical one.
  if (value === undefined || String(value) !== shape.text) return bool(false);
  return binary('==', column, number(value));
}

/** The value of a place as text, for outputs. */
export function lowerValue(at: PlaceTest['at'], elements: Elements): Expression | undefined {
  const location = locate(at);
  if (location === undefined) return undefined;
  if (location.arrays.length > 0) return elements.joined(location);
  if (location.kind === 'json' || location.kind === 'dynamic') {
    return call('tostring', path(rootOf(location), location.keys));
  }
  return name(location.column);
}
