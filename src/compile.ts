import type { Backend } from './backend/backend.ts';
import {
  capabilityProblems,
  lengthProblem,
  noMapping,
  unusedApproximations,
} from './backend/limits.ts';
import type { ReleasedRule } from './backend/package.ts';
import { releasedRule } from './backend/release.ts';
import {
  type Diagnostic,
  type FindingReport,
  type Report,
  reportIn,
} from './diagnostics/diagnostic.ts';
import { applyMapping } from './fields/apply.ts';
import { applyCorrelation } from './fields/apply-correlation.ts';
import type { Evidence, Mapping } from './fields/mapping.ts';
import { mappingsOf } from './fields/mappings.ts';
import { findLogSource, likelyLogSource, undeclaredSource } from './logsource/catalog.ts';
import type { LogSource } from './logsource/log-source.ts';
import { buildDetection, buildPlan } from './plan/build.ts';
import { buildCorrelation } from './plan/build-correlation.ts';
import { type Catalog, shippedCatalog } from './plan/catalog.ts';
import type { CorrelationPlan } from './plan/correlation.ts';
import type { EventPlan } from './plan/event-plan.ts';
import { checkNesting, findRule } from './plan/find-rule.ts';
import type { Plan } from './plan/plan.ts';
import { sourcesOf } from './plan/sources-of.ts';
import { readRules } from './rule/read.ts';
import type {
  CorrelationRule,
  DetectionRule,
  FilterRule,
  FindingRule,
  Rule,
  RuleLogSource,
} from './rule/rule.ts';
import { type RuleSet, ruleSet } from './rule/rule-set.ts';
import type { Tuning } from './rule/tune.ts';
import type { SourceFile } from './text/source-file.ts';

/*
 * The whole compiler, top to bottom:
 *
 *   text ──1──▶ rules ──2──▶ plan ──3──▶ mapped plan ──4──▶ query text
 *                             │
 *                             └─▶ evaluate(plan, records): what the rule means
 */

/** 1. Reads the rules of a file: YAML, schema, conditions, modifiers; with what a project sets in them. */
export function read(
  file: SourceFile,
  report: Report,
  tunings: readonly Tuning[] = [],
): readonly Rule[] {
  return readRules(file, report, tunings);
}

/**
 * 2. What a rule means. The rules that a correlation names, and the filters that narrow a rule, are those of a
 * set, by default of none; log sources, lists and windows those of a catalog, by default the shipped ones.
 */
export function plan(
  rule: FindingRule,
  report: Report,
  rules: RuleSet = ruleSet([rule]),
  catalog: Catalog = shippedCatalog(),
): Plan | undefined {
  const found = reportIn(rule.file, report);
  return rule.kind === 'detection'
    ? planDetection(rule, found, rules, catalog)
    : planCorrelation(rule, found, rules, catalog);
}

/** 2, of a filter by itself: what is wrong with it over its log source. */
export function planFilter(
  filter: FilterRule,
  report: Report,
  catalog: Catalog = shippedCatalog(),
): void {
  const found = reportIn(filter.file, report);
  const source = sourceOf(filter.logsource, found, catalog);
  buildDetection(filter, { source, catalog, report: found, element: undefined });
}

/** A log source that nobody declares has flat records. */
function sourceOf(named: RuleLogSource, found: FindingReport, { sources }: Catalog): LogSource {
  const source = findLogSource(sources, named);
  if (source !== undefined) return source;
  const hint = likelyLogSource(sources, named);
  const message = 'siemc has no log source like this: its fields are not checked.';
  if (hint !== undefined)
    found({ code: 'plan/log-source', severity: 'warning', message, span: named.span, hint });
  return undeclaredSource(named);
}

function planDetection(
  rule: DetectionRule,
  found: FindingReport,
  rules: RuleSet,
  catalog: Catalog,
): EventPlan | undefined {
  const source = sourceOf(rule.logsource, found, catalog);
  const unread = rules.unreadFilters();
  for (const path of unread) {
    const message = `A filter may be in ${path}, which can't be read whole: what it excludes isn't known.`;
    found({ code: 'filter/unread', message, span: rule.span });
  }
  for (const { code, span } of rule.settings.approximate) {
    const message = `A rule over single events loses nothing: "${code}" is for correlations.`;
    found({ code: 'rule/unused-approximation', severity: 'warning', message, span });
  }
  const built = buildPlan(rule, source, catalog, rules.filtersOf(rule), found);
  return unread.length > 0 ? undefined : built;
}

/** The rules that a correlation names are told about where they stand; here only that they can't be used. */
function planCorrelation(
  rule: CorrelationRule,
  found: FindingReport,
  rules: RuleSet,
  catalog: Catalog,
): CorrelationPlan | undefined {
  if (!checkNesting(rule, rules, found)) return undefined;
  return buildCorrelation(
    rule,
    (name, report) => {
      const named = findRule(name, rule, rules, report);
      if (named === undefined) return undefined;
      const made = partOf(named, rules, catalog);
      if (made !== undefined) return { name, rule: named, plan: made };
      const message = `The rule "${name.name}" has errors (${named.file.path}).`;
      report({ code: 'correlation/broken-rule', message, span: name.span });
      return undefined;
    },
    found,
  );
}

/** Plans of rules that take part in correlations; without it nested ones were planned again on every way to them. */
const parts = new WeakMap<RuleSet, WeakMap<Catalog, Map<Rule, Plan | undefined>>>();

function partOf(rule: FindingRule, rules: RuleSet, catalog: Catalog): Plan | undefined {
  const ofRules = parts.get(rules) ?? new WeakMap<Catalog, Map<Rule, Plan | undefined>>();
  parts.set(rules, ofRules);
  const known = ofRules.get(catalog) ?? new Map<Rule, Plan | undefined>();
  ofRules.set(catalog, known);
  if (!known.has(rule)) {
    const made = plan(rule, () => {}, rules, catalog);
    known.set(rule, made);
  }
  return known.get(rule);
}

/** What became of a plan on one target. */
export interface Compiled {
  readonly status: 'ok' | 'refused';
  readonly query: string | undefined;
  /** The query with all that packaging needs to know. */
  readonly release: ReleasedRule | undefined;
  /** One for each of the plan's log sources, in their order, as far as the target has them. */
  readonly mappings: readonly Mapping[];
  readonly evidence: Evidence | undefined;
  readonly assumptions: readonly string[];
  /** The interpreter's switches of which the query needs the default reading. */
  readonly switches: readonly string[];
  /** Losses that the author accepts and that the query takes: their codes, and what differs. */
  readonly approximations: readonly { readonly code: string; readonly what: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** 3 and 4. The query of a plan on a target, or why the target can't say it. */
export function compile(plan: Plan, file: SourceFile, backend: Backend): Compiled {
  const diagnostics: Diagnostic[] = [];
  const assumptions = new Set<string>();
  const switches = new Set<string>();
  const approximations = new Map<string, string>();
  const seen = new Set<string>();
  const report = reportIn(file, (diagnostic) => {
    const { code, message, at } = diagnostic;
    const key = JSON.stringify([code, message, at.file.path, at.span.start, at.span.end]);
    // A value that is tested in several places is refused for each of them.
    if (!seen.has(key)) diagnostics.push(diagnostic);
    seen.add(key);
  });
  const sources = sourcesOf(plan);
  const mappings = sources.flatMap(
    ({ name }) => mappingsOf(backend).find(({ source }) => source === name) ?? [],
  );
  const refused = (): Compiled => ({
    status: 'refused',
    query: undefined,
    mappings,
    release: undefined,
    evidence: undefined,
    assumptions: [],
    switches: [],
    approximations: [],
    diagnostics,
  });
  const [mapping] = mappings;
  if (mapping === undefined || mappings.length < sources.length) {
    const known = new Set(mappings.map(({ source }) => source));
    for (const source of sources.filter(({ name }) => !known.has(name)))
      report(noMapping(source, plan, backend));
    return refused();
  }
  for (const problem of capabilityProblems(plan, mappings, backend)) report(problem);
  if (diagnostics.length > 0) return refused();
  // 3. Sigma's field names become places of the target.
  const mapped =
    plan.kind === 'event'
      ? applyMapping(plan, mapping, backend, report)
      : applyCorrelation(plan, mappings, backend, report);
  if (mapped === undefined) return refused();
  // 4. The target's own words for it, printed.
  const query = backend.compile(mapped, {
    report,
    assume(text, switchName) {
      assumptions.add(text);
      if (switchName !== undefined) switches.add(switchName);
    },
    approximate: (code, what) => approximations.set(code, what),
  });
  const tooLong = query === undefined ? undefined : lengthProblem(query, plan, backend);
  if (tooLong !== undefined) report(tooLong);
  if (query === undefined || tooLong !== undefined) return refused();
  const told = diagnostics.length;
  const said = {
    evidence: mapped.evidence,
    assumptions: [...assumptions].sort(),
    approximations: [...approximations].map(([code, what]) => ({ code, what })),
  };
  const release = releasedRule(plan, mapped, query, mappings, backend, said);
  backend.packageProblems?.(release, report, backend.settings);
  if (diagnostics.slice(told).some(({ severity }) => severity === 'error')) return refused();
  for (const unused of unusedApproximations(plan, backend, [...approximations.keys()]))
    report(unused);
  return {
    status: 'ok',
    query,
    mappings,
    release,
    ...said,
    switches: [...switches].sort(),
    diagnostics,
  };
}
