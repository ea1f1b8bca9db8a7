import type { LowerReport, MappedPlan } from '#backend';
import type { Command, SearchExpr, SplQuery } from './ast.ts';
import { fieldName } from './field-name.ts';
import { newHelpers } from './helpers.ts';
import type { EvalContext } from './lower-conditions.ts';
import { toEval } from './lower-eval.ts';
import { isFieldOf, lowerOutputs, placesOf } from './lower-outputs.ts';
import { newlyIndexed } from './lower-schedule.ts';
import { checkNames, lowerScope, watched, whereOf } from './lower-scope.ts';
import { conjuncts, firstSearch, furtherSearch, narrowing, toSearch } from './lower-search.ts';
import { asksPrelude, preludeOf } from './prelude.ts';
import { withoutUnread } from './unread.ts';

/**
 * Says a plan in SPL: the conditions that `search` can say stand in the first command, where Splunk
 * finds events by its index; each other one is a `where` of its own.
 */
export function lower(plan: MappedPlan, report: LowerReport): SplQuery | undefined {
  const whole = lowerWhole(plan, report);
  // An output that only is a field of the same name isn't said again.
  const shown = plan.outputs.flatMap(({ value }) => placesOf(value).map(fieldName));
  return whole && { commands: withoutUnread(whole.commands, plan.mapping, shown) };
}

/** The same with all of the mapping's prelude, for more commands behind it. */
export function lowerWhole(plan: MappedPlan, lowerReport: LowerReport): SplQuery | undefined {
  const { report, failed } = watched(lowerReport);
  const helpers = newHelpers((name) => isFieldOf(name, plan));
  const context: EvalContext = { source: plan.source, mapping: plan.mapping, report, helpers };
  const search: SearchExpr[] = [...lowerScope(plan, report)];
  const prelude = preludeOf(plan.mapping);
  const behind: SearchExpr[] = [];
  const rest: Command[] = [];
  for (const part of conjuncts(plan.where, report)) {
    if (!checkNames(part, report)) continue;
    const said = toSearch(part, report);
    if (said === undefined) {
      if (part.kind === 'element') search.push(...narrowing(part));
      rest.push(...whereOf(toEval(part, context), context));
    } else {
      const place = asksPrelude(part, prelude) ? behind : search;
      place.push(...(said.kind === 'all' ? said.of : [said]));
    }
  }
  const names = helpers.names();
  if (names.length > 0) rest.push({ kind: 'fields', mode: 'remove', fields: names });
  rest.push(...lowerOutputs(plan, report));
  if (plan.schedule !== undefined) rest.push(newlyIndexed(plan.schedule));
  if (failed()) return undefined;
  return {
    commands: [firstSearch(search), ...prelude.commands, ...furtherSearch(behind), ...rest],
  };
}
