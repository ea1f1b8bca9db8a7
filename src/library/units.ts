import type { Backend } from '../backend/backend.ts';
import { type Compiled, compile, plan, read } from '../compile.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { type Levels, settleIn } from '../lint/settle.ts';
import { type Catalog, shippedCatalog } from '../plan/catalog.ts';
import type { Plan } from '../plan/plan.ts';
import type { FindingRule, Rule, Tuned } from '../rule/rule.ts';
import { type RuleSet, ruleSet } from '../rule/rule-set.ts';
import type { Tuning } from '../rule/tune.ts';
import type { Span } from '../text/span.ts';
import type { RulePath } from './discover.ts';
import { type Detections, otherRules } from './elsewhere.ts';
import { checkFilters, checkNames } from './filters.ts';
import { lintUnits } from './lint-units.ts';
import { type Owner, ownersOf } from './owners.ts';
import { checkTunings, tunedIn } from './project/tunings.ts';
import { readRuleFile } from './read-rules.ts';

/** A rule on its way: read and planned. */
export interface Unit {
  readonly path: RulePath;
  readonly rule: FindingRule;
  readonly plan: Plan | undefined;
  /** The correlations that the rule takes part in, if none of them gives it a query of its own. */
  readonly owners: readonly Owner[];
  /** The title of one of them, when the rule has no query of its own on any target. */
  readonly partOf: string | undefined;
  /** The lists and log sources that it was planned with. */
  readonly catalog: Catalog;
  /** How much findings matter to the project. */
  readonly levels: Levels;
  /** The same rule with other lists. */
  planWith(catalog: Catalog): Plan | undefined;
  /** The same rule as another text of its file says it; nothing where that text has errors. */
  reread(text: string): ((catalog: Catalog) => Plan | undefined) | undefined;
  /** What the project sets in the rule and in those that it is made of. */
  readonly tuned: readonly Tuned[];
  /** The targets that the rule is meant for, in the backends' order. */
  readonly targets: readonly string[];
  /** What was found while reading and planning this rule. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same rule as destinations have it where something else is set in it or in lists. */
  readonly variants: ReadonlyMap<string, Unit>;
}

/** A rule on one target. */
export interface TargetUnit extends Compiled {
  readonly unit: Unit;
  readonly backend: Backend;
}

/**
 * Reads and plans every rule of the files; one bad file never stops the others. What correlations name, and
 * which correlations name the rules, is looked for in all of the project.
 */
export function loadUnits(
  paths: readonly RulePath[],
  targets: readonly string[],
  report: Report,
  detections?: Detections,
  catalog: Catalog = shippedCatalog(),
  levels: Levels = new Map(),
  tunings: readonly Tuning[] = [],
): readonly Unit[] {
  const held: Diagnostic[] = [];
  const hold: Report = (diagnostic) => held.push(diagnostic);
  const files = paths.map((path) => readRuleFile(path, hold, tunings));
  const rules = files.flatMap((file) => file.rules.map(({ rule }) => rule));
  const others = otherRules(detections, files, tunings);
  const set = ruleSet(rules, others);
  const told = new Set<string>();
  const once: Report = (diagnostic) => {
    const key = keyOf(diagnostic);
    if (!told.has(key)) hold(diagnostic);
    told.add(key);
  };
  const units = files.flatMap(({ path, rules: own }) =>
    own.flatMap(({ rule, diagnostics }, index): readonly Omit<Unit, 'owners' | 'partOf'>[] => {
      if (rule.kind === 'filter') return [];
      const found: Diagnostic[] = [];
      const planned = planWhole(rule, (diagnostic) => found.push(diagnostic), set, catalog);
      found.push(...targetProblems(rule, targets));
      for (const diagnostic of found) once(diagnostic);
      const tuned = tunings.length === 0 ? [] : tunedIn(rule, set);
      const unit = { path, rule, plan: planned, targets: targetsOf(rule, targets), tuned };
      const planWith = (other: Catalog): Plan | undefined => plan(rule, () => {}, set, other);
      const reread: Unit['reread'] = (text) => {
        const file = { ...rule.file, text };
        let failed = false;
        const made = read(file, ({ code, severity }) => {
          // A place that a tunable names may be gone: that is nothing that the rule means.
          if (severity === 'error' && code !== 'rule/tunable') failed = true;
        }).map((one) => ({ ...one, broken: false }));
        const same = made[index];
        if (same === undefined || same.kind === 'filter' || failed) return undefined;
        const beside = rules.filter((one) => one.file !== rule.file);
        const rereadSet = ruleSet([...made, ...beside], others);
        return (other) => plan(same, () => {}, rereadSet, other);
      };
      const diagnosed = [...diagnostics, ...found];
      return [
        { ...unit, catalog, levels, planWith, reread, diagnostics: diagnosed, variants: new Map() },
      ];
    }),
  );
  const filters = rules.filter((rule) => rule.kind === 'filter');
  const project = {
    planned: rules,
    mentioning: (name: string): readonly Rule[] => [...rules, ...others.mentioning(name)],
    all: (): readonly Rule[] => [...rules, ...others.all()],
  };
  checkFilters(filters, project, set, catalog, once);
  // A filter that misses its rules leaves them wider than meant, wherever it stands.
  for (const filter of others.filters()) checkNames(filter, project, set, once);
  checkTunings(tunings, project, set, once);
  const names = rules.flatMap(({ name, id }) => [name, id].filter((one) => one !== undefined));
  const elsewhere = others.correlationsOf(names).map(({ path, rule }) => {
    const planned = plan(rule, () => {}, set, catalog);
    return { path, rule, plan: planned, targets: targetsOf(rule, targets) };
  });
  const correlations = [...units, ...elsewhere].flatMap(({ rule, ...rest }) =>
    rule.kind === 'correlation' ? [{ rule, ...rest }] : [],
  );
  const owners = ownersOf(correlations, set);
  const owned = units.map((unit) => withOwners(unit, owners.get(unit.rule) ?? []));
  return lintUnits(owned, filters, held, levels, report);
}

/** A filter's mistakes are found with each rule that it narrows, and told once. */
function keyOf({ code, message, at }: Diagnostic): string {
  return JSON.stringify([code, message, at.file.path, at.span.start, at.span.end]);
}

/** The same rule with these owners. */
export function withOwners(unit: Omit<Unit, 'owners' | 'partOf'>, owners: readonly Owner[]): Unit {
  const open = { ...unit, owners, partOf: undefined };
  const [first] = soundOwners(open);
  const isPart = first !== undefined && ownTargets(open).length === 0;
  return isPart ? { ...open, partOf: first.title } : open;
}

/** Owners without errors, and those of the same file: what is written for one correlation stays its part. */
export function soundOwners({ owners, path }: Unit): readonly Owner[] {
  return owners.filter((owner) => !owner.broken || owner.path.path === path.path);
}

/**
 * The owners that speak for a rule on a target: those that are for the target. What stands in the file of its
 * owner is written for it alone, and has no query of its own anywhere.
 */
export function ownersOn(unit: Unit, target: string): readonly Owner[] {
  return soundOwners(unit).filter(
    ({ targets, path }) => targets.includes(target) || path.path === unit.path.path,
  );
}

/** The targets on which a rule has a query of its own. */
function ownTargets(unit: Unit): readonly string[] {
  return unit.targets.filter((target) => ownersOn(unit, target).length === 0);
}

/** A rule without errors has a plan. */
function planWhole(
  rule: FindingRule,
  report: Report,
  set: RuleSet,
  catalog: Catalog,
): Plan | undefined {
  let told = rule.broken;
  const planned = plan(
    rule,
    (diagnostic) => {
      if (diagnostic.severity === 'error') told = true;
      report(diagnostic);
    },
    set,
    catalog,
  );
  if (planned === undefined && !told) {
    throw new Error(`"${rule.title}" (${rule.file.path}) has no errors, and no plan.`);
  }
  return planned;
}

function targetsOf({ settings }: FindingRule, targets: readonly string[]): readonly string[] {
  return targets.filter((target) => settings.targets?.includes(target) ?? true);
}

/** Targets of the rule's settings that nobody knows. */
function targetProblems(rule: FindingRule, targets: readonly string[]): readonly Diagnostic[] {
  const { settings } = rule;
  const unknown = (settings.targets ?? []).filter((target) => !targets.includes(target));
  const losses = settings.approximate.filter(({ target }) => !targets.includes(target));
  return [
    ...unknown.map((target) => unknownTarget(rule, target, targets)),
    ...losses.map(({ target, span }) => unknownLossTarget(rule, target, span, targets)),
  ];
}

function unknownTarget(rule: FindingRule, target: string, known: readonly string[]): Diagnostic {
  const hint = didYouMean(target, known) ?? `The targets are ${known.join(', ')}.`;
  return {
    code: 'rule/unknown-target',
    severity: 'error',
    message: `There is no target "${target}": "siemc.targets" would leave the rule without a query.`,
    at: { file: rule.file, span: rule.span },
    hint,
  };
}

function unknownLossTarget(
  { file }: FindingRule,
  target: string,
  span: Span,
  known: readonly string[],
): Diagnostic {
  const hint = didYouMean(target, known) ?? `The targets are ${known.join(', ')}.`;
  const message = `There is no target "${target}" that could lose anything.`;
  return { code: 'rule/unknown-target', severity: 'error', message, at: { file, span }, hint };
}

/** Compiles a rule for those of the backends that it has a query of its own on, or on other targets. */
export function compileUnit(
  unit: Unit,
  backends: readonly Backend[],
  targets: readonly string[] = ownTargets(unit),
): readonly TargetUnit[] {
  return backends
    .filter(({ id }) => targets.includes(id))
    .flatMap((backend) => {
      const at = unit.variants.get(backend.destination) ?? unit;
      const { plan: planned, rule } = at;
      if (planned === undefined) return [];
      const compiled = compile(planned, rule.file, backend);
      const diagnostics = compiled.diagnostics
        .map((diagnostic) => withTunings(diagnostic, at.tuned))
        .flatMap((diagnostic) => settleIn(rule, diagnostic, at.levels) ?? []);
      return [{ unit: at, backend, ...compiled, diagnostics }];
    });
}

/** The same rules, each with what it is at destinations; these have the same files, and so the same rules. */
export function withVariants(
  units: readonly Unit[],
  at: ReadonlyMap<string, readonly Unit[]>,
): readonly Unit[] {
  if (at.size === 0) return units;
  return units.map((unit, index) => {
    const same = [...at].flatMap(([id, others]) => {
      const other = others[index];
      return other === undefined || other.path.path !== unit.path.path
        ? []
        : [[id, other] as const];
    });
    return { ...unit, variants: new Map(same) };
  });
}

/** What a target refuses elsewhere in the rule may come of what the project sets in it. */
function withTunings(diagnostic: Diagnostic, tuned: readonly Tuned[]): Diagnostic {
  const { severity, message, at } = diagnostic;
  if (severity !== 'error' || tuned.length === 0 || at.file.about !== undefined) return diagnostic;
  const names = [...new Set(tuned.map(({ name }) => `"${name}"`))].join(', ');
  return { ...diagnostic, message: `${message} The configuration sets ${names} of this rule.` };
}
