import type { LowerReport, MappedCorrelation } from '#backend';
import type { Expression, Outcome, Rule } from './ast.ts';
import { lowerCondition } from './correlate-condition.ts';
import { keyNames, wholeLog } from './correlate-keys.ts';
import type { ConditionParts } from './correlate-parts.ts';
import { lowerSuppression } from './correlate-suppression.ts';
import { type RuleMember, type VariableMaker, variableMaker } from './correlate-variables.ts';
import {
  checkWindow,
  lowerWindow,
  spanFilter,
  tellLoss,
  windowKindOf,
} from './correlate-window.ts';
import { eventsIn } from './engine/fields-of.ts';
import {
  eventVariable,
  freeName,
  outcomeName,
  pivotVariable,
  riskScore,
  ruleName,
  valueVariable,
} from './identifiers.ts';
import { watch } from './lower.ts';
import { checkLists } from './lower-list.ts';
import { checkOutcomes, lowerSet, riskScoreOf } from './lower-outputs.ts';
import { metaOf } from './meta.ts';
import { renameEvent } from './rename-event.ts';

/**
 * Says a correlation as a rule with a window that ends with any event of the group, `$pivot`, or reports
 * what YARA-L can't say and returns nothing. What is counted or has to be there are event variables of
 * their own beside it.
 */
export function correlate(plan: MappedCorrelation, report: LowerReport): Rule | undefined {
  const watched = watch(report);
  const members = ruleMembers(plan, watched);
  const kind = windowKindOf(plan);
  const isSliding = kind === 'sliding';
  checkWindow(plan, kind, watched);
  checkGroup(plan, watched);
  if (watched.hasFailed()) return undefined;
  const filter = isSliding ? spanFilter(plan) : undefined;
  const make = variableMaker(plan, members, filter, watched);
  const keys = keyNames(plan);
  const shown = shownOutputs(plan, members);
  const taken = [...keys, wholeLog, riskScore, ...shown.map(({ name }) => name)];
  const parts = lowerCondition({ plan, members, make, taken, report: watched });
  if (watched.hasFailed() || parts === undefined) return undefined;
  const { events, condition } = assemble(plan, { make, parts, isSliding, shows: shown.length > 0 });
  const outcome = [...riskScoreOf(plan.rule), ...parts.outcome, ...shown];
  checkOutcomes(outcome, plan.outputs.at(-1)?.span, watched);
  const said = [...events, ...outcome.map(({ value }) => value)];
  checkLists(
    said,
    members.map((member) => member.plan),
    watched,
  );
  if (watched.hasFailed()) return undefined;
  const isAlone = countEvents(events) === 1;
  if (!isAlone) assumeWindow(plan, isSliding, filter !== undefined, watched);
  const window = lowerWindow(plan, kind, filter !== undefined && !isAlone);
  const options = lowerSuppression(plan, window, watched);
  if (watched.hasFailed()) return undefined;
  const loss = tellLoss(kind, window, plan, watched);
  return {
    name: ruleName(plan.rule.title),
    meta: [
      ...metaOf(plan.rule),
      ...(loss === undefined ? [] : [{ key: 'approximation', value: loss }]),
    ],
    events,
    match: { variables: keys.length === 0 ? [wholeLog] : keys, window },
    outcome,
    condition,
    options,
  };
}

interface Assembly {
  readonly make: VariableMaker;
  readonly parts: ConditionParts;
  readonly isSliding: boolean;
  /** Whether there are outputs, which read `$e`. */
  readonly shows: boolean;
}

/** Adds the pivot event, and any event of the group where something has to be read off it or to exist. */
function assemble(
  { members }: MappedCorrelation,
  { make, parts, isSliding, shows }: Assembly,
): Pick<Rule, 'events' | 'condition'> {
  const all = members.map((_, index) => index);
  const isBounded = isSliding || parts.condition.some((node) => !isUnbounded(node));
  const hasEvent = parts.events.some((node) => eventsIn(node, new Map()).includes(eventVariable));
  const addsEvent = !hasEvent && (shows || !isBounded);
  const events = [
    ...(isSliding ? make.variable(pivotVariable, all) : []),
    ...(addsEvent ? make.variable(eventVariable, all) : []),
    ...parts.events,
  ];
  const conditions = [
    ...(isSliding ? [variable(pivotVariable)] : []),
    ...(addsEvent || !isBounded ? [variable(eventVariable)] : []),
    ...parts.condition,
  ];
  const [only = variable(pivotVariable)] = conditions;
  // What is only about a placeholder needs to be said once.
  const texts = events.map((node) => JSON.stringify(node));
  return {
    events: events.filter((_, at) => texts.indexOf(texts[at] ?? '') === at),
    condition: conditions.length === 1 ? only : { kind: 'all', of: conditions.flatMap(flat) },
  };
}

/** Without a group-by all events share the log type, of one log source. */
function checkGroup({ groupBy, mappings, spans }: MappedCorrelation, report: LowerReport): void {
  if (groupBy.length > 0 || mappings.length === 1) return;
  report.report({
    code: 'chronicle/no-group',
    message:
      'A YARA-L rule needs a match variable, and the events of several log sources have no value that all of them share.',
    span: spans.type,
    hint: 'Group them by a field, or by an alias of the fields.',
  });
}

function flat(node: Expression): readonly Expression[] {
  return node.kind === 'all' ? node.of : [node];
}

function countEvents(events: readonly Expression[]): number {
  return new Set(events.flatMap((node) => eventsIn(node, new Map()))).size;
}

function ruleMembers(plan: MappedCorrelation, report: LowerReport): readonly RuleMember[] {
  return plan.members.flatMap((member) => {
    if (member.kind === 'event') return [member];
    report.report({
      code: 'chronicle/nested-correlation',
      message: `"${member.name}" is a correlation itself, and a YARA-L rule has one window only.`,
      span: member.span,
    });
    return [];
  });
}

/** What the windows of several event variables rest on beside documentation. */
function assumeWindow(
  plan: MappedCorrelation,
  isSliding: boolean,
  isFiltered: boolean,
  report: LowerReport,
): void {
  if (isSliding && !isFiltered) {
    report.assume(
      'A sliding window includes events that are exactly its duration before the pivot event.',
      'sliding-window-far-end',
    );
  }
  if (isSliding || !plan.disjoint) {
    report.assume(
      'An event may stand for several event variables at the same time.',
      'one-event-in-two-variables',
    );
  }
}

/** The outputs as sets over the window's events, without those that the match variables show. */
function shownOutputs(plan: MappedCorrelation, members: readonly RuleMember[]): readonly Outcome[] {
  const taken = [...keyNames(plan), wholeLog, pivotVariable, valueVariable, riskScore];
  const keys = plan.groupBy.map(({ name }) => name);
  const shown: Outcome[] = [];
  for (const [at, { name }] of plan.outputs.entries()) {
    if (keys.includes(name)) continue;
    const values = members.flatMap((member) => member.outputs[at] ?? []);
    const different = [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
    if (different.length === 0) continue;
    const free = freeName(outcomeName(name), [...taken, ...shown.map((one) => one.name)]);
    shown.push({ name: free, value: renameEvent(lowerSet(different), eventVariable) });
  }
  return shown;
}

const variable = (name: string): Expression => ({ kind: 'variable', name });

/** Whether a condition holds without any event. */
function isUnbounded(node: Expression): boolean {
  return node.kind === 'not' || (node.kind === 'comparison' && node.operator === '<=');
}
