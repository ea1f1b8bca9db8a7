import type { PlaceTest } from '#backend';
import type { Expression } from './ast.ts';
import { binary, bool, call, chain, name, path } from './build.ts';
import { mayTakeArray, mayTakeBag, tellsBooleans, tellsDates } from './json-text.ts';
import { type LeafContext, locateLeaf } from './lower-context.ts';
import type { Elements } from './lower-elements.ts';
import { type Location, locate, rootOf, textOf } from './lower-place.ts';
import { acceptsEmpty, lowerTests, type Subject } from './lower-test.ts';
import { joinTimes, lowerBool, lowerTyped } from './lower-typed.ts';
import { printExpression } from './print.ts';

/** Leaves of one place, one of which must hold, as one expression. */
export function lowerLeaves(
  leaves: readonly PlaceTest[],
  context: LeafContext,
): Expression | undefined {
  const [first] = leaves;
  if (first === undefined) return bool(false);
  const location = locateLeaf(first, context);
  if (location === undefined) return undefined;
  const dynamic = location.kind === 'json' || location.kind === 'dynamic';
  if (location.kind === 'string' || dynamic) return lowerText(leaves, location, context);
  if (location.kind !== 'bool')
    return any(joinTimes(leaves).map((leaf) => lowerTyped(leaf, location, context)));
  const listed = leaves.filter(isListed);
  const others = leaves.filter((leaf) => !isListed(leaf));
  const column = name(location.column);
  const asText = call('tolower', call('tostring', column));
  return any([
    ...(others.length === 0 ? [] : [lowerBool(others, column)]),
    ...(listed.length === 0 ? [] : [lowerAll(listed, asText, context)]),
  ]);
}

function isListed({ test }: PlaceTest): boolean {
  return test.kind === 'in-list';
}

function any(parts: readonly (Expression | undefined)[]): Expression | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === parts.length ? chain('or', said) : undefined;
}

function subjectOf(leaf: PlaceTest, text: Expression, context: LeafContext): Subject {
  const { exact, lists, report } = context;
  const address = leaf.at.field.type === 'address';
  return { text, span: leaf.span, address, exact, lists, report };
}

/** Tests of text: of a string column, of a value in JSON, or of the elements of an array in it. */
function lowerText(
  leaves: readonly PlaceTest[],
  location: Location,
  context: LeafContext,
): Expression | undefined {
  if (location.kind === 'string') return lowerAll(leaves, name(location.column), context);
  if (location.arrays.length > 0) {
    const inner = { ...context, exact: false };
    return context.elements.some(location, (text) =>
      lowerJson(leaves, { text, strict: undefined }, inner),
    );
  }
  return lowerJson(leaves, { text: textOf(location), strict: strictText(location) }, context);
}

/** A value in JSON as text, and its text without any conversion if there is a way to it. */
interface JsonText {
  readonly text: Expression;
  readonly strict: Expression | undefined;
}

/** Leaves of a value in JSON, by what has to be done so that their test sees its text: each is said once. */
function lowerJson(
  leaves: readonly PlaceTest[],
  of: JsonText,
  context: LeafContext,
): Expression | undefined {
  const cared = leaves.map((leaf) => {
    const care = careOf(leaf, of);
    if (care.dates && !care.strict) context.report.assume(datesKept, 'json-dates');
    return { leaf, guards: guardsOf(of, care), text: readAs(of, care) };
  });
  return any(
    alike(cared, ({ guards }) => guards).map((guarded) => {
      const tests = alike(guarded, ({ text }) => [text]).map((same) =>
        lowerAll(
          same.map(({ leaf }) => leaf),
          same[0].text,
          context,
        ),
      );
      const said = any(tests);
      return said && chain('and', [...guarded[0].guards, said]);
    }),
  );
}

/** The items of which the same is read, together, in the order of the first of each. */
function alike<Item>(
  items: readonly Item[],
  read: (item: Item) => readonly Expression[],
): readonly (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = JSON.stringify(read(item).map((part) => printExpression(part)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** What a test of a value in JSON needs beside the test. */
interface Care {
  /** It may tell a date from the form that parse_json gives it. */
  readonly dates: boolean;
  readonly strict: boolean;
  /** It may tell the two texts that a boolean may have. */
  readonly booleans: boolean;
  /** It may hold of the text of a property bag or of an array without values, which are no values. */
  readonly bags: boolean;
  readonly arrays: boolean;
  /** It holds of the empty text, which an absent element has. */
  readonly empty: boolean;
}

function careOf({ test, at }: PlaceTest, { strict }: JsonText): Care {
  const [dates, booleans] = [tellsDates(test), tellsBooleans(test)];
  return {
    dates,
    strict: dates && !booleans && strict !== undefined,
    booleans,
    bags: at.field.type === 'any' && mayTakeBag(test),
    arrays: at.field.type === 'any' && mayTakeArray(test),
    empty: at.field.many && acceptsEmpty(test),
  };
}

/** What a text in JSON that looks like a date rests on. */
export const datesKept = 'parse_json keeps the text of strings that look like dates.';

/** The text of a value as a test needs it. */
function readAs({ text, strict }: JsonText, care: Care): Expression {
  if (care.strict && strict !== undefined) return strict;
  return care.booleans ? booleanText(text) : text;
}

/** What must hold so that there is a value, not an object or an array, and not none. */
function guardsOf({ text }: JsonText, { bags, arrays, empty }: Care): readonly Expression[] {
  const [value] = text.kind === 'call' ? text.args : [];
  const containers = [...(bags ? ['dictionary'] : []), ...(arrays ? ['array'] : [])].map(
    (type): Expression => ({ kind: 'string', value: type }),
  );
  const [container] = containers;
  const guards: Expression[] = [];
  if (container !== undefined && value !== undefined) {
    const type = call('gettype', value);
    guards.push(
      containers.length === 1
        ? binary('!=', type, container)
        : { kind: 'in', op: '!in', left: type, of: containers },
    );
  }
  if (empty) guards.push(call('isnotempty', text));
  return guards;
}

function lowerAll(
  leaves: readonly PlaceTest[],
  text: Expression,
  context: LeafContext,
): Expression | undefined {
  const [first] = leaves;
  if (first === undefined) return bool(false);
  const { absent } = first.at.place;
  const said = lowerTests(
    leaves.map(({ test }) => test),
    subjectOf(first, text, context),
  );
  if (said === undefined || absent === undefined) return said;
  const present = binary('!=', text, { kind: 'string', value: absent });
  return leaves.some(({ test }) => test.kind === 'exists') ? chain('and', [said, present]) : said;
}

/** The value's text where parse_json may have converted it. */
function strictText({ kind, column, keys }: Location): Expression | undefined {
  if (kind !== 'json' || keys.length === 0 || keys.some((key) => /['"\\[\].$*]/.test(key)))
    return undefined;
  const steps = keys.map((key) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `['${key}']`,
  );
  return call('extract_json', { kind: 'string', value: `$${steps.join('')}` }, name(column));
}

/** A text in which booleans are `true` and `false` whatever tostring makes of them. */
function booleanText(text: Expression): Expression {
  const [value] = text.kind === 'call' ? text.args : [];
  if (value === undefined) return text;
  const isBool = binary('==', call('gettype', value), { kind: 'string', value: 'bool' });
  return call('iff', isBool, call('tolower', text), text);
}

/** The value of a place as text, for outputs. */
export function lowerValue(at: PlaceTest['at'], elements: Elements): Expression | undefined {
  const location = locate(at, elements.own);
  if (location === undefined) return undefined;
  if (location.arrays.length > 0) return elements.joined(location);
  if (location.kind === 'json' || location.kind === 'dynamic') {
    return call('tostring', path(rootOf(location), location.keys));
  }
  return name(location.column);
}
