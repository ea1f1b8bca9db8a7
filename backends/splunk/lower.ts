import type { LowerReport, MappedPlan, PlaceTest, Predicate } from '#backend';
import type { Command, SearchExpr, SplQuery } from './ast.ts';
import { canName, fieldName } from './field-name.ts';
import { type EvalContext, toEval } from './lower-eval.ts';
import { lowerOutputs } from './lower-outputs.ts';
import { equals, toSearch, withoutPresence } from './lower-search.ts';

/**
 * Says a plan in SPL: the conditions that `search` can say stand in the first command, where Splunk
 * finds events by its index; each other one is a `where` of its own.
 */
export function lower(plan: MappedPlan, lowerReport: LowerReport): SplQuery | undefined {
  let failed = false;
  const report: LowerReport = {
    report(finding) {
      failed = true;
      lowerReport.report(finding);
    },
    assume: lowerReport.assume,
  };
  const context: EvalContext = { source: plan.source, report };
  const search: SearchExpr[] = [...lowerScope(plan, report)];
  const rest: Command[] = [];
  for (const part of plan.where.kind === 'all' ? plan.where.of : [plan.where]) {
    if (!checkNames(part, report)) continue;
    const said = toSearch(part, report);
    if (said === undefined) {
      const where = toEval(part, context);
      if (where !== undefined) rest.push({ kind: 'where', where });
    } else if (said.kind === 'all') search.push(...said.of);
    else search.push(said);
  }
  rest.push(...lowerOutputs(plan, report));
  if (failed) return undefined;
  const of = withoutPresence(search);
  const [only] = of;
  const where: SearchExpr = of.length === 1 && only !== undefined ? only : { kind: 'all', of };
  return { commands: [{ kind: 'search', where }, ...rest] };
}

/** Where the events are: an index macro that each installation defines, and what narrows it. */
function lowerScope({ mapping, rule }: MappedPlan, report: LowerReport): readonly SearchExpr[] {
  return Object.entries(mapping.scope).flatMap(([key, value]): readonly SearchExpr[] => {
    if (key === 'macro' && /^[A-Za-z0-9_]+$/.test(value)) {
      return [{ kind: 'macro', name: value, args: undefined }];
    }
    if (['index', 'sourcetype', 'source', 'host'].includes(key) && /^[!#%-)+-_a-~]+$/.test(value)) {
      return [equals(key, value)];
    }
    report.report({
      code: 'splunk/scope',
      message: `The mapping's scope "${key}: ${value}" can't be said: it takes a macro's name, index, sourcetype, source and host.`,
      span: rule.span,
    });
    return [];
  });
}

function checkNames(predicate: Predicate<PlaceTest>, report: LowerReport): boolean {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return predicate.of.map((part) => checkNames(part, report)).every(Boolean);
    case 'not':
      return checkNames(predicate.of, report);
    case 'keyword':
      return true;
    case 'field':
      if (canName(predicate.at)) return true;
      report.report({
        code: 'splunk/field-name',
        message: `No manual says under which name Splunk extracts "${fieldName(predicate.at)}".`,
        span: predicate.span,
        hint: 'Keys may hold letters, digits, "_", "-", ":", "@", "/" and blanks.',
      });
      return false;
  }
}
