import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { CorrelationPlan, EventMember } from '../plan/correlation.ts';
import type { EventPlan, Expression } from '../plan/event-plan.ts';
import { fieldsIn, fieldsRead } from '../plan/fields-of.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import { domainOf } from './domain.ts';
import { refute } from './refute.ts';

/** Tells of fields that the log source has in other events only, and never in those that the rule finds. */
export function lintNeverThere(plan: Plan, report: FindingReport): void {
  if (plan.kind === 'correlation') {
    lintJoined(plan, report);
    return;
  }
  const asked = testedIn(plan.where).filter(({ field }) => field.only !== undefined);
  // The field that alone makes the rule impossible; or else one of several that never are together.
  const vain =
    asked.find(({ field }) => isAskedInVain(plan, [field])) ??
    asked.findLast(() => isAskedInVain(plan, fieldsRead(plan)));
  if (vain !== undefined) {
    tell(vain.field, plan, vain.span, 'No event can match the rule', report);
    return;
  }
  for (const { value, span } of plan.outputs) {
    const [field] = neverIn(plan, value);
    if (field !== undefined) tell(field, plan, span, 'The rule shows nothing here', report);
  }
}

function tell(
  field: Field,
  { source }: EventPlan,
  span: Span,
  what: string,
  report: FindingReport,
): void {
  if (field.only === undefined) return;
  const message = `${what}: ${source.title} has "${field.name}" only where "${field.only.field}" is "${field.only.equals}".`;
  report({ code: 'lint/never-there', message, span });
}

/** Of what a correlation joins, counts or shows, what none of its rules' events has. */
function lintJoined(
  { members, groupBy, condition, outputs }: CorrelationPlan,
  report: FindingReport,
): void {
  const events = members.filter((member) => member.kind === 'event');
  if (events.length < members.length) return;
  const values = 'fields' in condition ? condition.fields : [];
  const check = (
    span: Span,
    pick: (member: EventMember) => Expression<Field> | undefined,
    what: string,
  ): void => {
    const found = events.map((member) => {
      const value = pick(member);
      return { member, field: value && neverIn(member.plan, value)[0] };
    });
    const [first] = found;
    if (first?.field === undefined || found.some(({ field }) => field === undefined)) return;
    tell(first.field, first.member.plan, span, what, report);
  };
  for (const [index, { span }] of groupBy.entries())
    check(span, ({ keys }) => keys[index], 'No event is in a group');
  for (const [index, { span }] of values.entries())
    check(span, (member) => member.values[index], 'There is nothing to count');
  for (const [index, { span }] of outputs.entries())
    check(span, (member) => member.outputs[index], 'The rule shows nothing here');
}

/** The fields of a value, if a rule's events have none of them. */
function neverIn(plan: EventPlan, value: Expression<Field>): readonly Field[] {
  const fields = fieldsIn(value);
  return fields.length > 0 && fields.every((field) => isNeverThere(plan, field)) ? fields : [];
}

function isNeverThere({ where, source }: EventPlan, field: Field): boolean {
  if (field.only === undefined || refute(where) !== undefined) return false;
  const there: Predicate = { kind: 'field', field, test: { kind: 'exists' }, span: noSpan };
  return refute({ kind: 'all', of: [where, there, domainOf(source, [field])] }) !== undefined;
}

const noSpan: Span = { start: 0, end: 0 };

/** Whether a rule finds nothing because of where the log source has a field. */
function isAskedInVain(plan: EventPlan, fields: readonly Field[]): boolean {
  if (refute(plan.where) !== undefined) return false;
  const domain = domainOf(plan.source, fields);
  return refute({ kind: 'all', of: [plan.where, domain] }) !== undefined;
}

/** The tests of fields in a predicate that have to hold, or may. */
function testedIn(node: Predicate): readonly { readonly field: Field; readonly span: Span }[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.of.flatMap(testedIn);
    case 'field':
      return [node];
    default:
      return [];
  }
}
