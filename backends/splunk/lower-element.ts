import {
  foldPredicate,
  type LowerReport,
  type MappedPlace,
  type PlaceElement,
  type PlaceLeaf,
  type PlaceTest,
  type Predicate,
} from '#backend';
import type { EvalExpr } from './ast.ts';
import { assumeDigits, tellsDigits } from './big-numbers.ts';
import { calculate, call, compare, field, joined, not, number, string } from './eval-build.ts';
import { canName, fieldName, reportName, stepsName } from './field-name.ts';
import { conditions, type EvalContext, type Within } from './lower-conditions.ts';
import { assumeNoNull, readLeaf } from './lower-leaf.ts';
import { textsStand } from './lower-pair.ts';
import { shapeOfText } from './text-shape.ts';

/**
 * That some element of an array satisfies a predicate. Splunk keeps the fields of all elements side by side, so
 * the elements are taken from the event's text: `json_array_to_mv` gives each as JSON, `mvmap` looks at each
 * (Search Reference, "JSON functions", "Multivalue eval functions"). Elements of which only their own text is
 * asked are the values of a field.
 */
export function elementCondition(
  element: PlaceElement,
  context: EvalContext,
  within: Within,
): EvalExpr | undefined {
  const { where } = element;
  if (areValues(element)) {
    const name = fieldName(element.at);
    const value = (): EvalExpr => field(name);
    const inner: Inner = { element, context, value, isText: () => [], fromJson: false };
    const passes = toInner(where, inner);
    if (passes === undefined) return undefined;
    const count = call('mvcount', call('mvfilter', passes));
    return compare(within === 'plain' ? count : call('coalesce', count, number(0)), '>', number(0));
  }
  const path = arrayPath(element, context);
  if (path === undefined) return undefined;
  const json = call('json_extract', field('_raw'), string(path));
  const name = context.helpers.column('siemc_elements', (column) => [
    {
      kind: 'eval',
      fields: [{ name: column, value: call('json_array_to_mv', json, call('true')) }],
    },
  ]);
  const each = field(name);
  const passes = toInner(where, {
    element,
    context,
    value: (steps) => (steps === '' ? textOf(each) : call('spath', each, string(steps))),
    isText: (steps) => (steps === '' ? [call('match', each, string('^[^\\[{]'))] : []),
    fromJson: true,
  });
  if (passes === undefined) return undefined;
  const guard = holdsOfNothing(where) ? [compare(each, '!=', string('null'))] : [];
  const found = call('if', joined('and', [...guard, passes]), number(1), call('null'));
  return call('isnotnull', call('mvmap', each, found));
}

/** The tests of which an event has to pass all so that an element can satisfy the predicate. */
export function neededTests(element: PlaceElement): readonly PlaceTest[] {
  return asked(element.where).map((test) => ({ ...test, at: wholePlace(element.at, test.at) }));
}

function asked(node: Predicate<PlaceLeaf>): readonly PlaceTest[] {
  if (node.kind === 'field') return [node];
  const every = node.kind === 'all' || (node.kind === 'any' && node.of.length === 1);
  return every ? node.of.flatMap(asked) : [];
}

/** The place of a field of an element, told from the event. */
function wholePlace(array: MappedPlace, inner: MappedPlace): MappedPlace {
  const { steps } = inner.field;
  const path = steps.length === 0 ? fieldName(array) : `${fieldName(array)}.*`;
  return { field: inner.field, place: { ...inner.place, path }, rest: steps };
}

/** Whether all fields of an element can be named; if not, that is reported. */
export function areNamed(element: PlaceElement, report: LowerReport): boolean {
  const places = placesIn(element.where).map((place) => wholePlace(element.at, place));
  const unnamed = [element.at, ...places].find((place) => !canName(place));
  if (unnamed === undefined) return true;
  reportName(unnamed, element.span, report);
  return false;
}

/** Whether only the elements' own texts are asked, which are the values of a field. */
export function areValues(element: PlaceElement): boolean {
  const { where } = element;
  return !holdsOfNothing(where) && leavesOf(where).every(isOwnTest) && areTogether(element);
}

/** Whether the fields of the elements have the array's name before theirs. */
function areTogether({ at, where }: PlaceElement): boolean {
  const { path } = at.place;
  return placesIn(where).every(({ field, place }) => {
    const own = field.steps.length === 0 ? path : `${path}.${stepsName(field.steps)}`;
    return place.path === own || (path.includes('*') && place.path === path);
  });
}

function placesIn(where: Predicate<PlaceLeaf>): readonly MappedPlace[] {
  return leavesOf(where).flatMap((leaf) =>
    leaf.kind === 'pair' ? [leaf.at, leaf.other] : [leaf.at],
  );
}

/** How the values of an element are said. */
interface Inner {
  readonly element: PlaceElement;
  readonly context: EvalContext;
  value(path: string): EvalExpr;
  /** That the element itself is a text, if that is what is asked. */
  isText(path: string): readonly EvalExpr[];
  /** Whether values are taken from JSON, and so whether all digits of numbers are there is open. */
  readonly fromJson: boolean;
}

/** The text of a scalar: what stands in an object of one key. */
function textOf(json: EvalExpr): EvalExpr {
  const object = calculate(calculate(string('{"value":'), '.', json), '.', string('}'));
  return call('spath', object, string('value'));
}

/** A predicate over one element, never NULL within a negation; nothing when something was reported. */
function toInner(
  node: Predicate<PlaceLeaf>,
  inner: Inner,
  within: Within = 'plain',
): EvalExpr | undefined {
  switch (node.kind) {
    case 'all':
    case 'any': {
      const parts = node.of.map((part) => toInner(part, inner, within));
      const of = parts.filter((part) => part !== undefined);
      return of.length < parts.length ? undefined : joined(node.kind === 'all' ? 'and' : 'or', of);
    }
    case 'not': {
      const of = toInner(node.of, inner, 'negation');
      return of && not(of);
    }
    case 'field':
      return ofTest(node, inner, within);
    case 'pair': {
      const { at, other } = node;
      if (isMany(at.field.steps) || isMany(other.field.steps))
        return refuse(inner, node.span, 'many');
      const [left, right] = [at, other].map((place) => ({
        value: inner.value(stepsName(place.field.steps)),
        maybeNull: !place.field.never.includes('null'),
      }));
      if (left === undefined || right === undefined) return undefined;
      if (inner.fromJson) assumeDigits(inner.context.report);
      const own = [at, other].flatMap((place) => inner.isText(stepsName(place.field.steps)));
      return joined('and', [...own, textsStand(node, left, right, inner.context, within)]);
    }
    case 'element':
      return refuse(inner, node.span, 'nested');
    case 'keyword':
      return refuse(inner, node.span, 'keyword');
  }
}

function ofTest(test: PlaceTest, inner: Inner, within: Within): EvalExpr | undefined {
  const { context } = inner;
  const { steps } = test.at.field;
  const path = stepsName(steps);
  const leaf = readLeaf(test);
  const value = inner.value(path);
  const passes = conditions(leaf, value, context);
  if (passes === undefined) return undefined;
  assumeNoNull(leaf, context.report);
  if (inner.fromJson && tellsDigits(test)) assumeDigits(context.report);
  const guards = leaf.standIns.map((text) => compare(value, '!=', string(text)));
  const present = call('isnotnull', value);
  const exists = test.test.kind === 'exists';
  if (!isMany(steps)) {
    const guarded = within === 'negation' || exists ? [present] : [];
    return joined('and', [...inner.isText(path), ...guarded, ...passes, ...guards]);
  }
  const [only] = passes;
  if (guards.length > 0) return refuse(inner, test.span, 'many');
  if (exists) return present;
  if (passes.length === 1 && only?.kind === 'call' && only.name === 'match')
    return call('isnotnull', call('mvfind', ...only.args));
  return refuse(inner, test.span, 'many');
}

const problems = {
  many: {
    code: 'splunk/element-of-many',
    message: 'Within an element the search can only match several values with patterns.',
    hint: 'Ask for a text or a regular expression.',
  },
  nested: {
    code: 'splunk/nested-elements',
    message: 'The search can look at the elements of one array only, not at arrays within arrays.',
    hint: 'Ask for fields of the inner array without a block of its own.',
  },
  keyword: {
    code: 'splunk/element-keyword',
    message: 'A keyword searches the whole event, not an element.',
    hint: 'Name the field that should hold the text.',
  },
} as const;

function refuse(
  { context }: Pick<Inner, 'context'>,
  span: PlaceElement['span'],
  problem: keyof typeof problems,
): undefined {
  context.report.report({ ...problems[problem], span });
  return undefined;
}

/** The path of an array in the record, which is the event's text; nothing when it can't be said, which is reported. */
function arrayPath({ at, span }: PlaceElement, context: EvalContext): string | undefined {
  const { report, source } = context;
  const { steps, name } = at.field;
  if (source.raw !== 'json') {
    report.report({
      code: 'splunk/elements-source',
      message: `Elements are taken from the event's text, and the source "${source.name}" doesn't declare it to be JSON.`,
      span,
    });
    return undefined;
  }
  const shape = shapeOfText(context.mapping);
  if (shape.kind === 'unknown') {
    report.report({
      code: 'splunk/elements-text',
      message: `Elements are taken from the event's text, and by the mapping of "${source.name}" nobody knows its form.`,
      span,
    });
    return undefined;
  }
  if (isMany(steps.slice(0, -1))) return refuse({ context }, span, 'nested');
  const keys = [...(shape.kind === 'wrapped' ? shape.keys : []), ...steps.map(({ key }) => key)];
  if (keys.every((key) => /^[A-Za-z0-9_-]+$/.test(key))) return keys.join('.');
  report.report({
    code: 'splunk/field-name',
    message: `No manual says how json_extract reads the path "${name}".`,
    span,
    hint: 'Keys may hold letters, digits, "_" and "-".',
  });
  return undefined;
}

function leavesOf(where: Predicate<PlaceLeaf>): readonly PlaceLeaf[] {
  const several = (of: readonly (readonly PlaceLeaf[])[]): readonly PlaceLeaf[] => of.flat();
  return foldPredicate<readonly PlaceLeaf[], PlaceLeaf>(where, {
    all: several,
    any: several,
    not: (of) => of,
    field: (leaf) => [leaf],
    pair: (leaf) => [leaf],
    element: (leaf) => [leaf],
    keyword: () => [],
  });
}

/** Whether an element without any value satisfies the predicate. */
function holdsOfNothing(where: Predicate<PlaceLeaf>): boolean {
  return foldPredicate<boolean, PlaceLeaf>(where, {
    all: (of) => of.every(Boolean),
    any: (of) => of.some(Boolean),
    not: (of) => !of,
    field: () => false,
    pair: () => false,
    element: () => false,
    keyword: () => false,
  });
}

/** Whether a leaf asks for the element's own text only. */
function isOwnTest(leaf: PlaceLeaf): boolean {
  return leaf.kind === 'field' && leaf.at.field.steps.length === 0;
}

function isMany(steps: readonly { readonly array: boolean }[]): boolean {
  return steps.some(({ array }) => array);
}
