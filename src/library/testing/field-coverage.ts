import { type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { settleIn } from '../../lint/settle.ts';
import type { Field } from '../../logsource/field.ts';
import { fieldValues } from '../../logsource/record.ts';
import type { CorrelationPlan } from '../../plan/correlation.ts';
import type { Expression } from '../../plan/event-plan.ts';
import { fieldsIn } from '../../plan/fields-of.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Predicate } from '../../plan/predicate.ts';
import type { Span } from '../../text/span.ts';
import { partsBeside } from '../parts.ts';
import type { Unit } from '../units.ts';

/** A raw record in the canonical shape of its log source. */
export interface SeenRecord {
  readonly source: string;
  readonly record: unknown;
}

/** Something that a rule reads, and the fields of log sources of which any gives it. */
interface Read {
  readonly name: string;
  readonly span: Span;
  readonly from: readonly { readonly source: string; readonly field: Field }[];
}

/**
 * Tells what a rule and its parts read and none of the events of its tests has: a test, a group or an output of a
 * misspelled field looks right, and nothing else tells. Of a derived field any of its fields will do.
 */
export function reportUncovered(
  unit: Unit,
  units: readonly Unit[],
  records: readonly SeenRecord[],
  report: Report,
): void {
  if (records.length === 0) return;
  for (const { rule, plan, levels } of [unit, ...partsBeside(unit, units)]) {
    const told = new Set<string>();
    const found = reportIn(rule.file, (diagnostic) => {
      const settled = settleIn(rule, diagnostic, levels);
      if (settled !== undefined) report(settled);
    });
    for (const { name, span, from } of plan === undefined ? [] : readsOf(plan)) {
      const isThere = from.some(({ source, field }) =>
        records.some((one) => one.source === source && fieldValues(one.record, field).length > 0),
      );
      const key = name;
      // A filter in a file of its own has the tests of no rule.
      if (isThere || from.length === 0 || told.has(key) || span.file !== undefined) continue;
      told.add(key);
      const message = `No event of the tests has "${name}", which the rule reads.`;
      const hint = 'Is the name right? Add a case with an event that has the field.';
      found({ code: 'test/uncovered-field', severity: 'warning', message, span, hint });
    }
  }
}

function readsOf(plan: Plan): readonly Read[] {
  if (plan.kind === 'correlation') return joinedReads(plan);
  const source = plan.source.name;
  const outputs = plan.outputs.map(({ span, value }) => {
    const from = fieldsIn(value).map((field) => ({ source, field }));
    return { name: namesOf(from.map(({ field }) => field)), span, from };
  });
  return [...testReads(plan.where, source, []), ...outputs];
}

/** The names of fields, each once. */
function namesOf(fields: readonly Field[]): string {
  return [...new Set(fields.map(({ name }) => name))].join('" or "');
}

/** Tests of fields; those of one derived field stand at one place. */
function testReads(node: Predicate, source: string, above: readonly Field[]): readonly Read[] {
  const bySpan = new Map<string, { span: Span; fields: Field[] }>();
  const visit = (part: Predicate): void => {
    if (part.kind === 'all' || part.kind === 'any') part.of.forEach(visit);
    else if (part.kind === 'not') visit(part.of);
    else if (part.kind === 'field') {
      const place = `${part.span.start} ${part.span.file?.path ?? ''}`;
      const group = bySpan.get(place) ?? { span: part.span, fields: [] };
      bySpan.set(place, group);
      group.fields.push(part.field);
    }
  };
  visit(node);
  const whole = (field: Field): Field => ({
    ...field,
    steps: [...above.flatMap(({ steps }) => steps), ...field.steps],
  });
  // Which of its fields a derived one is, is asked at its name, without its other fields.
  const groups = [...bySpan.values()].map(({ span, fields }) => ({
    span,
    fields,
    names: namesOf(fields),
  }));
  const several = groups.filter(({ fields }) =>
    fields.some(({ name }) => name !== fields[0]?.name),
  );
  const isCase = ({ fields }: { readonly fields: readonly Field[] }): boolean =>
    several.some(
      (group) =>
        fields.length < group.fields.length &&
        fields.every(({ name }) => group.fields.some((field) => field.name === name)),
    );
  const alone = groups
    .filter((group) => !isCase(group))
    .map(({ span, fields, names }): Read => {
      const from = fields.map((field) => ({ source, field: whole(field) }));
      return { name: names, span, from };
    });
  return [...alone, ...leavesOf(node).flatMap((leaf) => otherReads(leaf, source, above, whole))];
}

type Leaf = Exclude<Predicate, { readonly kind: 'all' | 'any' | 'not' }>;

function leavesOf(node: Predicate): readonly Leaf[] {
  if (node.kind === 'all' || node.kind === 'any') return node.of.flatMap(leavesOf);
  return node.kind === 'not' ? leavesOf(node.of) : [node];
}

/** Fields held against each other, and those of elements. */
function otherReads(
  leaf: Leaf,
  source: string,
  above: readonly Field[],
  whole: (field: Field) => Field,
): readonly Read[] {
  if (leaf.kind === 'element') return testReads(leaf.where, source, [...above, leaf.array]);
  if (leaf.kind !== 'pair') return [];
  return [leaf.field, leaf.other].map((field) => ({
    name: field.name,
    span: leaf.span,
    from: [{ source, field: whole(field) }],
  }));
}

/** What a correlation itself reads: whatever rule gives it. */
function joinedReads({ members, groupBy, condition, outputs }: CorrelationPlan): readonly Read[] {
  const values = 'fields' in condition ? condition.fields : [];
  const events = members.filter((member) => member.kind === 'event');
  const read = (
    span: Span,
    pick: (member: (typeof events)[number]) => Expression<Field> | undefined,
  ): Read => {
    const from = events.flatMap((member) => {
      const expression = pick(member);
      const fields = expression === undefined ? [] : fieldsIn(expression);
      return fields.map((field) => ({ source: member.plan.source.name, field }));
    });
    return { name: namesOf(from.map(({ field }) => field)), span, from };
  };
  return [
    ...groupBy.map((key, index) => read(key.span, ({ keys }) => keys[index])),
    ...values.map((value, index) => read(value.span, (member) => member.values[index])),
    ...outputs.map((output, index) => read(output.span, (member) => member.outputs[index])),
  ];
}
