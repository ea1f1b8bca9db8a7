import { join } from 'node:path';
import type { RulePath } from '../library/discover.ts';
import { otherRules } from '../library/elsewhere.ts';
import { show } from '../library/paths.ts';
import { type RuleFile, readRuleFile } from '../library/read-rules.ts';
import { textOf } from '../library/text-of.ts';
import type { FilterRule, Rule } from '../rule/rule.ts';
import { coversSource, isNamed } from '../rule/rule-set.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { atRoot, belowRoot, type InputChange } from './input-files.ts';
import type { Side } from './side.ts';

/**
 * The rule files, by their paths below the root, whose rules a change can affect: those that changed, what correlations
 * and filters tie to them, and those whose tests or samples changed. Nothing: it may be any.
 */
export function affectedFiles(
  changes: readonly InputChange[],
  base: Side,
  head: Side,
): ReadonlySet<string> | undefined {
  if (base.project === undefined || head.project === undefined) return undefined;
  const isOfRules = ({ kind }: InputChange): boolean =>
    kind === 'rule' || kind === 'test' || kind === 'sample';
  if (!changes.every(isOfRules)) return undefined;
  const pathsOf = (kind: InputChange['kind']): readonly string[] =>
    changes.filter((one) => one.kind === kind).map(({ path }) => path);
  const changed = pathsOf('rule');
  for (const side of [base, head]) side.put(changed);
  const read = [...filesOf(base, changed), ...filesOf(head, changed)];
  // What can't be read whole may be a filter of any rule.
  if (read.some(({ lost }) => lost)) return undefined;
  const rules = read.flatMap((file) => file.rules.map(({ rule }) => rule));
  const tests = [...pathsOf('test'), ...testsWith(pathsOf('sample'), base, head)];
  const found = new Set([...changed, ...rulesBeside(tests, base, head)]);
  for (const path of tiedFiles(rules, changed, head)) found.add(path);
  return found;
}

/** The changed rule files as a side has them. */
function filesOf({ project, files, cwd }: Side, paths: readonly string[]): readonly RuleFile[] {
  if (project === undefined) return [];
  return paths
    .filter((path) => files.get(path)?.kind === 'rule')
    .map((path) => atRoot(project, path))
    .map((path) => readRuleFile({ path, shown: show(cwd, path) }, () => {}, project.tunings));
}

/** A quoted text may hold letters by their numbers. */
const escapes = /\\[xu]/;

/** Test files that may name one of some samples. They are looked for on both sides, since either may be the only one. */
function testsWith(samples: readonly string[], base: Side, head: Side): readonly string[] {
  if (samples.length === 0) return [];
  const names = samples.map((path) => (path.split('/').at(-1) ?? path).split(/\s+/));
  const found = [base, head].flatMap(({ project, files, put }) => {
    const tests = [...files].flatMap(([path, { kind }]) => (kind === 'test' ? [path] : []));
    put(tests);
    return tests.filter((path) => {
      if (project === undefined) return false;
      const text = textOf(atRoot(project, path)) ?? '';
      const isNamedIn = names.some((words) => words.every((word) => text.includes(word)));
      return isNamedIn || escapes.test(text);
    });
  });
  return [...new Set(found)];
}

/** The rule files that test files stand beside. */
function rulesBeside(tests: readonly string[], ...sides: readonly Side[]): readonly string[] {
  const stems = tests.map((path) => path.replace(/\.test\.yaml$/, ''));
  const paths = stems.flatMap((stem) => [`${stem}.yml`, `${stem}.yaml`]);
  return paths.filter((path) => sides.some(({ files }) => files.get(path)?.kind === 'rule'));
}

/**
 * Files that didn't change and whose rules do: correlations that name a changed rule, the rules that a changed filter
 * narrows, and parts of all these correlations, which may get or lose queries of their own.
 */
function tiedFiles(
  rules: readonly Rule[],
  changed: readonly string[],
  { project, cwd, detections }: Side,
): ReadonlySet<string> {
  const found = new Set<string>();
  if (project === undefined) return found;
  const { tunings } = project;
  const known = changed.map((path) => atRoot(project, path));
  const nothing = known.map(
    (path): RuleFile => ({ path: { path, shown: '' }, file: undefined, rules: [], lost: false }),
  );
  const others = otherRules(detections, nothing, tunings);
  const pathOf = ({ file }: Rule): string => belowRoot(project, join(cwd, file.path));
  const add = (some: readonly Rule[]): void => {
    for (const rule of some) found.add(pathOf(rule));
  };
  const waiting: Rule[] = [...rules];
  const seen = new Set<Rule>();
  for (const filter of rules.filter((rule) => rule.kind === 'filter'))
    waiting.push(...narrowedBy(filter, others));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!rules.includes(next)) add([next]);
    if (next.kind === 'correlation') {
      const parts = next.rules.flatMap(({ name }) => named(name, others.mentioning(name)));
      add(parts);
    }
    const rule = next;
    const names = [rule.id, rule.name].filter((name) => name !== undefined);
    for (const { rule: correlation } of others.correlationsOf(names))
      if (correlation.rules.some(({ name }) => isNamed(rule, name))) waiting.push(correlation);
  }
  return found;
}

function named(name: string, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.kind !== 'filter' && isNamed(rule, name));
}

/** The rules in files that didn't change which a filter narrows. */
function narrowedBy(filter: FilterRule, others: ReturnType<typeof otherRules>): readonly Rule[] {
  const some =
    filter.rules === 'any'
      ? others.all()
      : filter.rules.flatMap(({ name }) => named(name, others.mentioning(name)));
  return some.filter((rule) => rule.kind === 'detection' && coversSource(filter, rule));
}

/** The rule files of a side that are among some, or all of them; they are put on disk. */
export function ruleFilesOf(
  { project, cwd, files, put }: Side,
  among: ReadonlySet<string> | undefined,
): readonly RulePath[] {
  if (project === undefined) return [];
  const found = [...files].flatMap(([path, { kind }]) =>
    kind === 'rule' && among?.has(path) !== false ? [path] : [],
  );
  put(found);
  return found
    .map((path) => atRoot(project, path))
    .sort(byCodePoint)
    .map((path) => ({ path, shown: show(cwd, path) }));
}
