import { foldPredicate, type LowerReport, type MappedPlan, type PlaceTest } from '#backend';
import type { Expression, Rule } from './ast.ts';
import { allOf, anyOf, compare, field, notOf, string, type Truth } from './build.ts';
import { eventVariable, ruleName } from './identifiers.ts';
import { lowerOutputs } from './lower-outputs.ts';
import { lowerTest } from './lower-test.ts';
import { metaOf } from './meta.ts';
import { parsePath } from './parse.ts';

/** Says a plan as a single-event rule, or reports what YARA-L can't say and returns nothing. */
export function lower(plan: MappedPlan, report: LowerReport): Rule | undefined {
  let failed = false;
  const watched: LowerReport = {
    report(finding) {
      failed ||= finding.severity === undefined || finding.severity === 'error';
      report.report(finding);
    },
    assume: report.assume,
  };
  const where = foldPredicate<Truth, PlaceTest>(plan.where, {
    all: allOf,
    any: anyOf,
    not: notOf,
    field: (leaf) => lowerTest(leaf, watched),
    keyword: ({ span }) => {
      watched.report({
        code: 'chronicle/keyword',
        message: 'A Google SecOps rule has no access to the raw log, which keywords search.',
        span,
        hint: 'Test a field instead.',
      });
      return false;
    },
  });
  const outcome = lowerOutputs(plan, watched);
  if (!failed && where === false) {
    watched.report({
      code: 'chronicle/never',
      message: 'No event can satisfy the rule as Google SecOps stores the log.',
      span: spanOf(plan),
    });
  }
  if (failed) return undefined;
  return {
    name: ruleName(plan.rule.title),
    meta: metaOf(plan.rule),
    events: [...scope(plan), ...conjuncts(where)],
    match: undefined,
    outcome,
    condition: { kind: 'variable', name: eventVariable },
    options: [],
  };
}

/** Only the log type: the constants of vendor and product say no more. */
function scope({ mapping }: MappedPlan): readonly Expression[] {
  const logType = mapping.scope['log_type'];
  if (logType === undefined) return [];
  return [compare('=', field(parsePath('metadata.log_type')), string(logType))];
}

function conjuncts(where: Truth): readonly Expression[] {
  if (typeof where === 'boolean') return [];
  return where.kind === 'all' ? where.of : [where];
}

/** Where the rule tests anything. */
function spanOf(plan: MappedPlan): { readonly start: number; readonly end: number } {
  const spans = foldPredicate<readonly { start: number; end: number }[], PlaceTest>(plan.where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ span }) => [span],
    keyword: ({ span }) => [span],
  });
  return spans[0] ?? { start: 0, end: 0 };
}
