import { didYouMean } from '../diagnostics/suggest.ts';
import type { Field } from '../logsource/field.ts';
import { accepts } from '../match/accepts.ts';
import type { Relation } from '../match/compile-relation.ts';
import { equals, type Test } from '../match/test.ts';
import { timeParts } from '../match/time.ts';
import type { Item, Value } from '../rule/rule.ts';
import { joinRanges } from '../rule/window.ts';
import { buildKeyword } from './build-keyword.ts';
import { buildTests } from './build-test.ts';
import { casesOf, type ItemContext } from './item-context.ts';
import { always } from './normalize.ts';
import type { Predicate } from './predicate.ts';

/** How many texts the values of one line may stand for. */
const mostTests = 10_000;

/** What one line of a selection means. */
export function buildItem(item: Item, context: ItemContext): Predicate {
  const names = item.modifiers.map(({ name }) => name);
  const of = names.includes('all')
    ? item.values.map((value) => buildValue(item, names, value, context))
    : joinTimes(
        item.values.map((value) => buildValue(item, names, value, context)),
        context,
      );
  const count = of.reduce(
    (sum, part) => sum + ('of' in part && Array.isArray(part.of) ? part.of.length : 1),
    0,
  );
  if (count > Math.max(mostTests, of.length)) {
    const message = `The values stand for ${count} texts, more than ${mostTests}.`;
    const hint = names.includes('expand')
      ? 'Take "inline" of the list away in the configuration, so that the SIEM keeps it, or split the line.'
      : 'Split the line.';
    context.report({ code: 'rule/too-many-texts', message, span: item.span, hint });
    return always;
  }
  const joined: Predicate = { kind: names.includes('all') ? 'all' : 'any', of };
  return names.includes('neq') ? { kind: 'not', of: joined } : joined;
}

/** Several times that one field may have are one test. */
function joinTimes(parts: readonly Predicate[], { report }: ItemContext): readonly Predicate[] {
  const [first] = parts;
  if (first?.kind !== 'field' || first.test.kind !== 'time') return parts;
  const { field, test, span } = first;
  const ranges = parts.flatMap((part) =>
    part.kind === 'field' && part.test.kind === 'time' ? part.test.ranges : [],
  );
  const last = parts.at(-1);
  const [least, most] = timeParts[test.part];
  const joined = joinRanges(ranges);
  if (joined[0]?.from === least && joined[0].to === most) {
    const message = 'Together these are all times that there are: the test excludes nothing.';
    report({ code: 'rule/all-times', message, span });
  }
  const end = last !== undefined && 'span' in last ? last.span.end : span.end;
  return [{ kind: 'field', field, test: { ...test, ranges: joined }, span: { ...span, end } }];
}

function buildValue(
  { field, keySpan }: Item,
  names: readonly string[],
  value: Value,
  context: ItemContext,
): Predicate {
  if (field === undefined) return buildKeyword(names, value, context);
  const listed = names.includes('expand');
  const named: NamedAt = { name: field, span: keySpan, listed };
  if (value.kind === 'null' || (names.includes('exists') && value.kind === 'boolean')) {
    const present = value.kind === 'boolean' && value.text === 'true';
    const leaf = testField(named, { kind: 'exists' }, value, context);
    return present ? leaf : { kind: 'not', of: leaf };
  }
  if (names.includes('fieldref')) return buildPair(named, names, value, context);
  const tests = buildTests(names, value, context.catalog, context.report);
  const [only] = tests ?? [];
  if (tests === undefined) return always;
  if (only !== undefined && tests.length === 1) return testField(named, only, value, context);
  return { kind: 'any', of: tests.map((test) => testField(named, test, value, context)) };
}

interface NamedAt {
  readonly name: string;
  readonly span: Item['keySpan'];
  /** Whether the values come from lists. */
  readonly listed: boolean;
}

/** The test on a field; on a derived one it is told by cases: the first of its fields that is present. */
function testField(named: NamedAt, test: Test, value: Value, context: ItemContext): Predicate {
  const cases = casesOf(named.name, named.span, context);
  const of = cases.map(({ field, before }): Predicate => {
    const holds = testPlain(field, test, value, named.listed, context);
    return before.length === 0 ? holds : { kind: 'all', of: [...before, holds] };
  });
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'any', of };
}

/** The test on a field of the record. */
function testPlain(
  field: Field,
  test: Test,
  value: Value,
  listed: boolean,
  { source, report }: ItemContext,
): Predicate {
  const { span } = value;
  const isOwn =
    source.open.includes('**') || (field.name === source.time && field.steps.length > 0);
  if (test.kind === 'time' && !isOwn) {
    const message = `Only the event's own time, "${source.time}", is known as a time in ${source.title}.`;
    report({ code: 'plan/no-time', message, span });
  }
  // A list's entries mean themselves, whether the query holds them or the SIEM keeps the list.
  const tests = listed ? [test] : alike(test, field);
  const texts = field.type === 'boolean' ? ['true', 'false'] : field.values;
  const known =
    texts === undefined || test.kind === 'exists' || test.kind === 'in-list'
      ? tests
      : testsOfKnown(field, texts, tests, value, listed, report);
  const of = known.map((one): Predicate => ({ kind: 'field', field, test: one, span }));
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'any', of };
}

/**
 * Those of alternative tests that a field of few texts, as booleans are, can pass: if together they take all, they ask
 * for presence; that none takes any is a slip.
 */
function testsOfKnown(
  field: Field,
  texts: readonly string[],
  tests: readonly Test[],
  value: Value,
  listed: boolean,
  report: ItemContext['report'],
): readonly Test[] {
  const able = tests.filter((test) => texts.some((text) => accepts(test, text)));
  if (able.length > 0) {
    const all = texts.every((text) => able.some((test) => accepts(test, text)));
    return all ? [{ kind: 'exists' }] : able;
  }
  // What is in a list is nobody's slip.
  if (listed) return [];
  const { span } = value;
  const given = 'text' in value ? value.text : '';
  const hint = didYouMean(given, texts);
  const isBoolean = field.type === 'boolean';
  const what = isBoolean ? 'true or false' : `only ever ${texts.join(' or ')}`;
  const message = `"${field.name}" is ${what}, and "${given}" matches ${isBoolean ? 'neither' : 'none of them'}.`;
  const code = isBoolean ? 'plan/never-of-boolean' : 'plan/never-of-values';
  report({ code, message, span, ...(hint && { hint }) });
  return tests;
}

/** The test, and those for the other texts that the log source has for the same. */
function alike(test: Test, { same }: Field): readonly Test[] {
  if (test.kind !== 'match' || test.cased || test.pattern.length !== 1) return [test];
  const group = same.find((texts) => texts.some((text) => accepts(test, text)));
  return typeof test.pattern[0] !== 'string' || group === undefined
    ? [test]
    : group.map((text) => equals(text));
}

/** The field beside another; of derived ones each case beside each. */
function buildPair(
  named: NamedAt,
  names: readonly string[],
  value: Value,
  context: ItemContext,
): Predicate {
  // The reader of the rule has told of it.
  if (value.kind !== 'string') return always;
  const { span } = value;
  const relation =
    (['startswith', 'endswith', 'contains'] as const satisfies readonly Relation[]).find((name) =>
      names.includes(name),
    ) ?? 'equals';
  const others = casesOf(value.text, span, context);
  const cased = names.includes('cased');
  const of = casesOf(named.name, named.span, context).flatMap((left) =>
    others.map((right): Predicate => {
      const { field } = left;
      const pair: Predicate = { kind: 'pair', field, other: right.field, relation, cased, span };
      const before = [...left.before, ...right.before];
      return before.length === 0 ? pair : { kind: 'all', of: [...before, pair] };
    }),
  );
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'any', of };
}
