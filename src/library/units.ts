import type { Backend } from '../backend/backend.ts';
import { type Compiled, compile, plan, read } from '../compile.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Plan } from '../plan/plan.ts';
import type { Rule } from '../rule/rule.ts';
import { type RuleSet, ruleSet } from '../rule/rule-set.ts';
import { type RulePath, rulesIn } from './discover.ts';
import { readTextFile } from './read-file.ts';

/** A rule on its way: read and planned. */
export interface Unit {
  readonly path: RulePath;
  readonly rule: Rule;
  readonly plan: Plan | undefined;
  /** The title of the correlation that the rule is a part of, when it has no query of its own. */
  readonly partOf: string | undefined;
  /** The targets to compile for, in the backends' order. */
  readonly targets: readonly string[];
  /** What was found while reading and planning this rule. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a project's rules are, and relative to what people call them. */
export interface Detections {
  readonly folder: string;
  readonly cwd: string;
}

/** A rule on one target. */
export interface TargetUnit extends Compiled {
  readonly unit: Unit;
  readonly backend: Backend;
}

/**
 * Reads and plans every rule of the files; one bad file never stops the others. Rules that correlations
 * name and that aren't in the files are looked for in `detections`.
 */
export function loadUnits(
  paths: readonly RulePath[],
  targets: readonly string[],
  report: Report,
  detections?: Detections,
): readonly Unit[] {
  const files = paths.map((path) => ({ path, rules: readRulesAt(path, report) }));
  const rules = files.flatMap((file) => file.rules.map(({ rule }) => rule));
  const set = ruleSet(rules, () =>
    detections === undefined ? [] : rulesElsewhere(detections, paths),
  );
  const owners = partsOf(rules, set);
  return files.flatMap((file) =>
    file.rules.map(({ rule, diagnostics }): Unit => {
      const found: Report = (diagnostic) => {
        diagnostics.push(diagnostic);
        report(diagnostic);
      };
      const planned = plan(rule, found, set);
      for (const target of rule.settings.targets ?? []) {
        if (!targets.includes(target)) found(unknownTarget(rule, target, targets));
      }
      const wanted = rule.settings.targets ?? targets;
      return {
        path: file.path,
        rule,
        plan: planned,
        partOf: owners.get(rule),
        targets: targets.filter((target) => wanted.includes(target)),
        diagnostics,
      };
    }),
  );
}

function readRulesAt(
  { path, shown }: RulePath,
  report: Report,
): readonly { readonly rule: Rule; readonly diagnostics: Diagnostic[] }[] {
  const file = readTextFile(path, shown, report);
  return file === undefined ? [] : read(file, report).map((rule) => ({ rule, diagnostics: [] }));
}

/** The other rules of the project; what is wrong in them is told where they are asked for. */
function rulesElsewhere({ folder, cwd }: Detections, known: readonly RulePath[]): readonly Rule[] {
  const silent = (): void => {};
  const paths = new Set(known.map(({ path }) => path));
  return rulesIn(folder, cwd)
    .filter(({ path }) => !paths.has(path))
    .flatMap((path) => readRulesAt(path, silent).map(({ rule }) => rule));
}

/** Rules that only correlations ask for, and one of those: Sigma's `generate` gives them queries of their own. */
function partsOf(rules: readonly Rule[], set: RuleSet): ReadonlyMap<Rule, string> {
  const owners = new Map<Rule, string>();
  const own = new Set<Rule>();
  for (const rule of rules) {
    if (rule.kind !== 'correlation') continue;
    for (const part of rule.rules.flatMap(({ name }) => set.find(name, rule))) {
      if (rule.generate) own.add(part);
      else owners.set(part, rule.title);
    }
  }
  for (const rule of own) owners.delete(rule);
  return owners;
}

function unknownTarget(rule: Rule, target: string, known: readonly string[]): Diagnostic {
  const hint = didYouMean(target, known) ?? `The targets are ${known.join(', ')}.`;
  return {
    code: 'rule/unknown-target',
    severity: 'error',
    message: `There is no target "${target}": "siemc.targets" would leave the rule without a query.`,
    at: { file: rule.file, span: rule.span },
    hint,
  };
}

/** Compiles a rule for those of the backends that it is meant for. */
export function compileUnit(unit: Unit, backends: readonly Backend[]): readonly TargetUnit[] {
  const { plan: planned, rule } = unit;
  if (planned === undefined) return [];
  return backends
    .filter(({ id }) => unit.targets.includes(id))
    .map((backend) => ({ unit, backend, ...compile(planned, rule.file, backend) }));
}
