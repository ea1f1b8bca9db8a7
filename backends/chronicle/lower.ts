import {
  foldPredicate,
  type LowerReport,
  type MappedPlan,
  type Mapping,
  type PlaceLeaf,
  type Span,
  spansOf,
} from '#backend';
import type { Expression, Rule } from './ast.ts';
import { allOf, anyOf, compare, field, notOf, string, type Truth } from './build.ts';
import { eventVariable, ruleName } from './identifiers.ts';
import { checkLists } from './lower-list.ts';
import { lowerOutputs } from './lower-outputs.ts';
import { lowerPair } from './lower-pair.ts';
import { lowerSuppression } from './lower-suppression.ts';
import { lowerTest } from './lower-test.ts';
import { metaOf } from './meta.ts';
import { parsePath } from './parse.ts';

/** Says a plan as a single-event rule, or reports what YARA-L can't say and returns nothing. */
export function lower(plan: MappedPlan, report: LowerReport): Rule | undefined {
  const watched = watch(report);
  const where = lowerWhere(plan, watched);
  const suppression = lowerSuppression(plan, watched);
  const outcome = lowerOutputs(plan, suppression.outcome, watched);
  const events = [...scopeOf(plan.mapping), ...conjuncts(where)];
  checkLists(events, [plan], watched);
  if (watched.hasFailed()) return undefined;
  return {
    name: ruleName(plan.rule.title),
    meta: metaOf(plan.rule),
    events,
    match: undefined,
    outcome,
    condition: { kind: 'variable', name: eventVariable },
    options: suppression.options,
  };
}

/** A report that remembers whether anything was refused. */
export interface WatchedReport extends LowerReport {
  hasFailed(): boolean;
}

/** Watches a report for refusals. */
export function watch(report: LowerReport): WatchedReport {
  let failed = false;
  return {
    ...report,
    report(finding) {
      failed ||= finding.severity === undefined || finding.severity === 'error';
      report.report(finding);
    },
    hasFailed: () => failed,
  };
}

/** The predicate of a plan on the event `$e`; reports when no event can satisfy it. */
export function lowerWhere(plan: MappedPlan, report: WatchedReport): Truth {
  const where = foldPredicate<Truth, PlaceLeaf>(plan.where, {
    all: allOf,
    any: anyOf,
    not: notOf,
    field: (leaf) => lowerTest(leaf, report),
    pair: (leaf) => lowerPair(leaf, report),
    element: ({ span }) => {
      report.report({
        code: 'chronicle/elements',
        message: 'Google SecOps keeps the elements of this array apart from each other.',
        span,
      });
      return false;
    },
    keyword: ({ span }) => {
      report.report({
        code: 'chronicle/keyword',
        message: 'A Google SecOps rule has no access to the raw log, which keywords search.',
        span,
        hint: 'Test a field instead.',
      });
      return false;
    },
  });
  if (where === false && !report.hasFailed()) {
    report.report({
      code: 'chronicle/never',
      message: 'No event can satisfy the rule as Google SecOps stores the log.',
      span: spanOf(plan),
    });
  }
  return where;
}

/** Only the log type: the constants of vendor and product say no more. */
export function scopeOf(mapping: Mapping): readonly Expression[] {
  const logType = mapping.scope['log_type'];
  if (logType === undefined) return [];
  return [compare('=', field(parsePath('metadata.log_type')), string(logType))];
}

/** The predicates side by side that a predicate is. */
export function conjuncts(where: Truth): readonly Expression[] {
  if (typeof where === 'boolean') return [];
  return where.kind === 'all' ? where.of : [where];
}

/** Where the rule tests anything. */
function spanOf(plan: MappedPlan): Span {
  return spansOf(plan.where)[0] ?? { start: 0, end: 0 };
}
