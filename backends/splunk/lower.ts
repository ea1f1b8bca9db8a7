import type { LowerReport, MappedPlan } from '#backend';
import type { Command, SearchExpr, SplQuery } from './ast.ts';
import { type EvalContext, toEval } from './lower-eval.ts';
import { lowerOutputs } from './lower-outputs.ts';
import { newlyIndexed } from './lower-schedule.ts';
import { checkNames, lowerScope, watched } from './lower-scope.ts';
import { firstSearch, toSearch } from './lower-search.ts';

/**
 * Says a plan in SPL: the conditions that `search` can say stand in the first command, where Splunk
 * finds events by its index; each other one is a `where` of its own.
 */
export function lower(plan: MappedPlan, lowerReport: LowerReport): SplQuery | undefined {
  const { report, failed } = watched(lowerReport);
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
  if (plan.schedule !== undefined) rest.push(newlyIndexed(plan.schedule));
  if (failed()) return undefined;
  return { commands: [firstSearch(search), ...rest] };
}
