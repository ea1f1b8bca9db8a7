import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Unit } from '../library/units.ts';
import { affectedFiles, ruleFilesOf } from './affected.ts';
import { destinationsOf, type Made, make } from './destinations.ts';
import { effectsOf, standingEffects } from './effects.ts';
import { newErrors, versionFinding } from './findings.ts';
import { groupEdits, type QueryPair } from './groups.ts';
import { belowRoot, changedFiles } from './input-files.ts';
import { matchRules, type RulePair } from './match-rules.ts';
import type { Diff, Flip, QueryDiff, RuleDiff, RuleRef, TestChange } from './model.ts';
import type { Loaded, Side } from './side.ts';
import { compareVerdicts, type Tested, testsOn, type Verdicts } from './verdicts.ts';

/** How the work is done. */
export interface CompareOptions {
  /** Compare all rules, also those that no changed file can affect. */
  readonly isWhole: boolean;
  /** Told of each rule that was compared. */
  step(done: number, all: number): void;
}

/** Compares two sides. Between rules it lets others have their turn: signals, above all. */
export async function compareSides(base: Side, head: Side, options: CompareOptions): Promise<Diff> {
  const changes = changedFiles(base.files, head.files);
  const affected = options.isWhole ? undefined : affectedFiles(changes, base, head);
  const narrow = await compareRules(base, head, affected, options);
  const isOf = ({ path }: { readonly path: string }): boolean => affected?.has(path) !== false;
  // An error where nothing was thought to be affected: the tie between the files isn't one that is known of.
  const isMissed = narrow.errors.some(({ at }) => !isOf({ path: pathOf(head, at.file.path) }));
  const isWhole = affected === undefined || !isMissed;
  const { errors, ...compared } = isWhole
    ? narrow
    : await compareRules(base, head, undefined, options);
  const findings = [...errors, ...compared.findings];
  return { base: base.name, head: head.name, inputs: changes, ...compared, findings };
}

function pathOf({ project, cwd }: Side, shown: string): string {
  return project === undefined ? shown : belowRoot(project, join(cwd, shown));
}

type Compared = Pick<Diff, 'rules' | 'groups' | 'flips' | 'tests' | 'findings'> & {
  readonly errors: readonly Diagnostic[];
};

async function compareRules(
  base: Side,
  head: Side,
  among: ReadonlySet<string> | undefined,
  { step }: CompareOptions,
): Promise<Compared> {
  const isAll = among === undefined;
  const before = load(base, among, isAll);
  await breathe();
  const after = load(head, among, isAll);
  await breathe();
  const pairs = matchRules(before.units, after.units, {
    base: (unit) => unitPath(base, unit),
    head: (unit) => unitPath(head, unit),
  });
  const [were, are] = [destinationsOf(base.backends), destinationsOf(head.backends)];
  const tests = { base: testsOn(base, before.units), head: testsOn(head, after.units) };
  const drafts: Draft[] = [];
  const flips: Flip[] = [];
  const changes: TestChange[] = [];
  const findings: Diagnostic[] = [];
  for (const [index, pair] of pairs.entries()) {
    const was = pair.base && make(pair.base, were);
    const is = pair.head && make(pair.head, are);
    const draft = draftOf(pair, was, is, base, head);
    if (draft !== undefined) drafts.push(draft);
    if (was !== undefined && is !== undefined) {
      const verdicts = verdictsOf(
        { made: was, tests: tests.base, destinations: were },
        { made: is, tests: tests.head, destinations: are },
      );
      flips.push(...verdicts.flips);
      changes.push(...verdicts.tests);
      findings.push(...versionFinding(was, is));
    }
    step(index + 1, pairs.length);
    await breathe();
  }
  const { queries, groups } = groupEdits(drafts.flatMap((draft) => draft.pairs));
  const errors = newErrors(before.diagnostics, after.diagnostics);
  return { rules: rulesWith(drafts, queries), groups, flips, tests: changes, findings, errors };
}

/**
 * What the cases say of a rule. Which events it finds is told of the rule as the project sets it; whether its tests pass,
 * of the rule as it is written, as `siemc test` has it.
 */
function verdictsOf(base: Tested, head: Tested): Verdicts {
  const rule = refOf(head.made.unit);
  const verdicts = compareVerdicts(rule, base, head);
  const isSet = ({ made: { unit } }: Tested): boolean => unit.tuned.length + unit.variants.size > 0;
  if (!isSet(base) && !isSet(head)) return verdicts;
  const [was, is] = [untuned(base), untuned(head)];
  const tests = was && is ? compareVerdicts(rule, was, is).tests : [];
  return { flips: verdicts.flips, tests };
}

/** A rule as it is written. */
function untuned({ made: { unit }, tests, destinations }: Tested): Tested | undefined {
  const { units } = tests.side.load([unit.path], { isAll: false, isTuned: false });
  const same = units.find(({ rule }) => rule.span.start === unit.rule.span.start);
  return (
    same && { made: make(same, destinations), tests: testsOn(tests.side, units), destinations }
  );
}

function load(side: Side, among: ReadonlySet<string> | undefined, isAll: boolean): Loaded {
  const files = ruleFilesOf(side, among);
  return files.length === 0
    ? { units: [], diagnostics: [] }
    : side.load(files, { isAll, isTuned: true });
}

/** Lets signals in. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function unitPath({ project }: Side, { path: { path } }: Unit): string {
  return project === undefined ? path : belowRoot(project, path);
}

/** What names a rule. */
function refOf({ rule, path }: Unit): RuleRef {
  return { id: rule.id, title: rule.title, path: path.shown };
}

/** A rule that differs, its queries not yet compared. */
interface Draft {
  readonly rule: Omit<RuleDiff, 'queries'>;
  readonly pairs: readonly QueryPair[];
}

function draftOf(
  pair: RulePair,
  was: Made | undefined,
  is: Made | undefined,
  base: Side,
  head: Side,
): Draft | undefined {
  const unit = pair.head ?? pair.base;
  if (unit === undefined) return undefined;
  const rule = refOf(unit);
  const isMoved =
    pair.base !== undefined &&
    pair.head !== undefined &&
    unitPath(base, pair.base) !== unitPath(head, pair.head);
  const movedFrom = isMoved ? pair.base?.path.shown : undefined;
  const isOnBoth = was !== undefined && is !== undefined;
  const meaning = isOnBoth && was.meaning !== is.meaning;
  const effects = isOnBoth ? effectsOf(was, is) : standingEffects(was, is);
  const pairs = queryPairs(rule, was, is);
  const state = pair.base === undefined ? 'added' : pair.head === undefined ? 'removed' : 'changed';
  const isSame = !isMoved && !meaning && effects.length + pairs.length === 0;
  if (state === 'changed' && isSame) return undefined;
  return { rule: { rule, state, movedFrom, meaning, effects }, pairs };
}

/** The queries of a rule that differ. */
function queryPairs(
  rule: RuleRef,
  was: Made | undefined,
  is: Made | undefined,
): readonly QueryPair[] {
  const destinations = new Set([...(is?.on.keys() ?? []), ...(was?.on.keys() ?? [])]);
  return [...destinations].flatMap((destination) => {
    const [old, now] = [was, is].map((made) => made?.on.get(destination));
    const [before, after] = [old, now].map((one) =>
      one?.standing.status === 'query' ? one.compiled?.query : undefined,
    );
    const language = (now ?? old)?.compiled?.backend.extension ?? '';
    return before === after ? [] : [{ rule, destination, language, before, after }];
  });
}

/** The rules with their queries, which come in the order of the rules. */
function rulesWith(drafts: readonly Draft[], queries: readonly QueryDiff[]): readonly RuleDiff[] {
  let at = 0;
  return drafts.map(({ rule, pairs }) => {
    const own = queries.slice(at, at + pairs.length);
    at += pairs.length;
    return { ...rule, queries: own };
  });
}
