import type { Backend } from '../backend/backend.ts';
import { runUnitTests, type TestResult } from '../library/testing/run-tests.ts';
import { type SampleStore, samplePath, sampleStore } from '../library/testing/samples.ts';
import type { TestCase, TestFile } from '../library/testing/test-file.ts';
import { readTests, testPathOf } from '../library/testing/tests-of.ts';
import type { Unit } from '../library/units.ts';
import type { Destination, Made } from './destinations.ts';
import { belowRoot } from './input-files.ts';
import type { Flip, RuleRef, TestChange, TestOutcome } from './model.ts';
import { planKey, queryKey } from './run-keys.ts';
import type { Side } from './side.ts';

/** What the tests of both sides say of a rule. */
export interface Verdicts {
  readonly flips: readonly Flip[];
  readonly tests: readonly TestChange[];
}

/** The tests of a side: the cases of a rule, and the records that they name. */
export interface SideTests {
  readonly side: Side;
  readonly samples: SampleStore;
  of(unit: Unit): TestFile | undefined;
}

/** The tests of the rules of a side, each file read when somebody asks for it. */
export function testsOn(side: Side, units: readonly Unit[]): SideTests {
  const { project, cwd, known } = side;
  const read = new Map<string, ReturnType<typeof readTests>>();
  return {
    side,
    samples: sampleStore(project?.samples ?? cwd, project?.root ?? cwd),
    of(unit) {
      const { path } = unit.path;
      if (project !== undefined) side.put([belowRoot(project, testPathOf(path))]);
      const tests = read.get(path) ?? readTests([unit.path], units, known, cwd, () => {});
      read.set(path, tests);
      return tests.of(unit);
    },
  };
}

/** A rule on a side with its tests. */
export interface Tested {
  readonly made: Made;
  readonly tests: SideTests;
  readonly destinations: readonly Destination[];
}

/** A case and what it is made of: equal for cases that say the same of the same records. */
interface Keyed {
  readonly given: TestCase;
  readonly key: string;
}

/**
 * Runs the cases of both sides on both sides' rules, as far as anything can come out otherwise: on the reference, and on
 * each destination whose query differs; on all where the cases do.
 */
export function compareVerdicts(rule: RuleRef, base: Tested, head: Tested): Verdicts {
  const differing = differingDestinations(base, head);
  const isOther =
    differing.length > 0 ||
    (base.made.unit.plan !== undefined &&
      head.made.unit.plan !== undefined &&
      planKey(base.made.unit.plan) !== planKey(head.made.unit.plan));
  const [before, after] = [keyedCases(base), keyedCases(head)];
  const isNewTest = before.map(({ key }) => key).join() !== after.map(({ key }) => key).join();
  if (!isOther && !isNewTest) return { flips: [], tests: [] };
  const both = after.filter(({ key }) => before.some((one) => one.key === key));
  const onlyBefore = before.filter(({ key }) => !both.some((one) => one.key === key));
  const onlyAfter = after.filter(({ key }) => !both.some((one) => one.key === key));
  const ids = isNewTest ? undefined : differing;
  const run = (on: Tested, cases: readonly Keyed[], from: Tested): readonly TestResult[] =>
    cases.length === 0 ? [] : runCases(on, cases, from, ids);
  const shared = { base: run(base, both, head), head: run(head, both, head) };
  const old = {
    base: run(base, onlyBefore, base),
    head: isOther ? run(head, onlyBefore, base) : [],
  };
  const fresh = {
    base: isOther ? run(base, onlyAfter, head) : [],
    head: run(head, onlyAfter, head),
  };
  const flips = isOther
    ? [
        ...flipsOf(rule, 'both', shared.base, shared.head),
        ...flipsOf(rule, 'head', fresh.base, fresh.head),
        ...flipsOf(rule, 'base', old.base, old.head),
      ]
    : [];
  const tests = testChanges(rule, [...shared.base, ...old.base], [...shared.head, ...fresh.head]);
  return { flips, tests };
}

/** The destinations on which a rule's query, or where its fields are, differs. */
function differingDestinations(base: Tested, head: Tested): readonly string[] {
  return [...head.made.on].flatMap(([id, is]) => {
    const was = base.made.on.get(id);
    if (was?.compiled?.query === undefined || is.compiled?.query === undefined) return [];
    return queryKey(was) === queryKey(is) ? [] : [id];
  });
}

/** The cases of a rule with what they are made of, samples too. */
function keyedCases({ made: { unit }, tests }: Tested): readonly Keyed[] {
  const path = testPathOf(unit.path.path);
  const cases = tests.of(unit)?.cases ?? [];
  putSamples(tests.side, cases, path);
  return cases.map((given) => {
    const { name, expect, each, native } = given;
    const events = given.events.map((event) => {
      const sample = sampleOf(event);
      return [event.value, sample === undefined ? null : tests.samples.find(sample, path)];
    });
    const lists = given.lists.map((list) => [list.name, list.entries]);
    return { given, key: JSON.stringify([name, expect, each, native, events, lists]) };
  });
}

function sampleOf({ value }: TestCase['events'][number]): string | undefined {
  const sample = typeof value === 'string' ? undefined : value['$sample'];
  return typeof sample === 'string' ? sample : undefined;
}

/** Sees to it that the records which cases name are on disk. */
function putSamples({ project, put }: Side, cases: readonly TestCase[], testFile: string): void {
  if (project === undefined) return;
  const names = cases.flatMap(({ events }) => events.flatMap((event) => sampleOf(event) ?? []));
  put(names.map((name) => belowRoot(project, samplePath(name, project.samples, testFile))));
}

function runCases(
  { made: { unit }, destinations }: Tested,
  cases: readonly Keyed[],
  from: Tested,
  ids: readonly string[] | undefined,
): readonly TestResult[] {
  const file = from.tests.of(from.made.unit);
  if (file === undefined) return [];
  const path = testPathOf(from.made.unit.path.path);
  // Samples are those of the side that the case is from, wherever the rule is.
  const samples: SampleStore = { find: (name) => from.tests.samples.find(name, path) };
  const given = { ...file, cases: cases.map((one) => one.given) };
  const run = (at: Unit, backends: readonly Backend[]): readonly TestResult[] =>
    runUnitTests({ ...at, variants: new Map() }, backends, samples, () => {}, given);
  const backends = wanted(destinations, ids);
  const isOwn = ({ destination }: Backend): boolean => unit.variants.has(destination);
  const own = backends.filter(isOwn).flatMap((backend) => {
    const results = run(unit.variants.get(backend.destination) ?? unit, [backend]);
    return results.filter(({ target }) => target !== 'sigma');
  });
  const common = backends.filter((backend) => !isOwn(backend));
  return [...run(unit, common), ...own];
}

function wanted(
  destinations: readonly Destination[],
  ids: readonly string[] | undefined,
): readonly Backend[] {
  return destinations
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .map(({ backend }) => backend);
}

/** Results by case and target; of cases with one name the order tells. */
function byCase(results: readonly TestResult[]): ReadonlyMap<string, TestResult> {
  const found = new Map<string, TestResult>();
  for (const result of results) {
    for (let n = 0; ; n += 1) {
      const key = JSON.stringify([result.case, result.target, n]);
      if (found.has(key)) continue;
      found.set(key, result);
      break;
    }
  }
  return found;
}

function flipsOf(
  rule: RuleRef,
  tests: Flip['tests'],
  base: readonly TestResult[],
  head: readonly TestResult[],
): readonly Flip[] {
  const before = byCase(base);
  const flips = [...byCase(head)].flatMap(([key, is]): readonly Flip[] => {
    const was = before.get(key);
    if (was === undefined || was.actual === is.actual) return [];
    if (was.status === 'refused' || is.status === 'refused') return [];
    const { case: name, target, expected } = is;
    return [
      {
        rule,
        case: name,
        tests,
        targets: [target],
        expected,
        before: was.actual,
        after: is.actual,
      },
    ];
  });
  return withTargets(flips, ({ targets: _, rule: __, ...rest }) => rest);
}

function testChanges(
  rule: RuleRef,
  base: readonly TestResult[],
  head: readonly TestResult[],
): readonly TestChange[] {
  const [before, after] = [byCase(base), byCase(head)];
  const changes = [...new Set([...after.keys(), ...before.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const result = is ?? was;
    if (result === undefined || was?.status === 'refused' || is?.status === 'refused') return [];
    // A case that came or went is a change of the tests, unless it fails.
    const hasPassed = was === undefined || was.status === 'passed';
    const passes = is === undefined || is.status === 'passed';
    if (hasPassed === passes || is === undefined) return [];
    const { case: name, target, expected } = result;
    const change: TestChange = {
      rule,
      case: name,
      targets: [target],
      expected,
      before: outcomeOf(was),
      after: outcomeOf(is),
    };
    return [change];
  });
  return withTargets(changes, ({ targets: _, rule: __, ...rest }) => rest);
}

function outcomeOf(result: TestResult | undefined): TestOutcome | undefined {
  if (result === undefined || result.status === 'refused') return undefined;
  return { status: result.status, actual: result.actual };
}

/** What several targets say alike is told once. */
function withTargets<Told extends { readonly targets: readonly string[] }>(
  told: readonly Told[],
  rest: (one: Told) => object,
): readonly Told[] {
  const same = new Map<string, Told>();
  for (const one of told) {
    const key = JSON.stringify(rest(one));
    const first = same.get(key);
    const targets = [...new Set([...(first?.targets ?? []), ...one.targets])];
    same.set(key, { ...(first ?? one), targets });
  }
  return [...same.values()];
}
