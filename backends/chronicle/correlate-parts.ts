import type { LowerReport, MappedCorrelation } from '#backend';
import type { Expression, Outcome } from './ast.ts';
import type { RuleMember, VariableMaker } from './correlate-variables.ts';
import {
  eventVariable,
  freeName,
  pivotVariable,
  valueVariable,
  variableName,
} from './identifiers.ts';

/** What a condition adds to a rule whose window ends with some event of the group. */
export interface ConditionParts {
  /** Predicates in blocks, one for each event variable. */
  readonly events: readonly Expression[];
  readonly outcome: readonly Outcome[];
  /** What has to hold beside the pivot event. */
  readonly condition: readonly Expression[];
}

/** What the parts are made from. */
export interface ConditionInput {
  readonly plan: MappedCorrelation;
  readonly members: readonly RuleMember[];
  readonly make: VariableMaker;
  /** Names that are taken: keys and outputs. */
  readonly taken: readonly string[];
  readonly report: LowerReport;
}

/** A condition that any event satisfies. */
export const nothing: ConditionParts = { events: [], outcome: [], condition: [] };

/** Refuses the condition. */
export function refuse({ plan, report }: ConditionInput, slug: string, message: string): undefined {
  report.report({ code: `chronicle/${slug}`, message, span: plan.spans.condition });
  return undefined;
}

/** The indexes of all members. */
export function allMembers({ members }: ConditionInput): readonly number[] {
  return members.map((_, index) => index);
}

/** `$e` for every event of the group. */
export function anyEvent(input: ConditionInput): readonly Expression[] {
  return input.make.variable(eventVariable, allMembers(input));
}

/** `$name`. */
export const exists = (name: string): Expression => ({ kind: 'variable', name });

/** An event variable's name for each member. */
export function memberNames({ members, taken }: ConditionInput): readonly string[] {
  const names: string[] = [];
  for (const { name } of members) {
    const all = [...names, ...taken, eventVariable, pivotVariable, valueVariable];
    names.push(freeName(variableName(name), all));
  }
  return names;
}
