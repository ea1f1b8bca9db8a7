import type { Field } from '../logsource/field.ts';
import { forgottenText } from '../logsource/field.ts';
import { leavesOf } from '../logsource/record.ts';
import { fieldsOf } from '../plan/fields-of.ts';
import type { EventPlan } from '../plan/plan.ts';

/**
 * Why a record can't come from its source as declared, or nothing. The laws hold inside the domain only;
 * what stands in fields that the rule doesn't read is no matter.
 */
export function outsideDomain(record: unknown, plan: EventPlan): string | undefined {
  const { source } = plan;
  if (source.open.includes('**')) return undefined;
  const read = fieldsOf(plan.where);
  for (const { field, values } of leavesOf(record, source)) {
    for (const declared of read) {
      const list = undeclaredList(field, declared);
      if (list !== undefined) {
        return `"${list}" holds a list, and ${source.title} isn't declared to have one there.`;
      }
      if (declared.name !== field.name) continue;
      if (field.steps.length !== declared.steps.length) {
        return `"${field.name}" is made of a key that holds a dot, which siemc takes for a path.`;
      }
      const found = values.find((value) => isNever(declared, value));
      if (found !== undefined) {
        return `"${field.name}" is ${JSON.stringify(found)}, which ${source.title} is declared never to write.`;
      }
    }
  }
  return undefined;
}

/** The path on the way to a declared field at which the record has a list that isn't declared. */
function undeclaredList(seen: Field, declared: Field): string | undefined {
  for (const [index, step] of seen.steps.entries()) {
    const wanted = declared.steps[index];
    if (wanted?.key !== step.key) return undefined;
    if (step.array && !wanted.array) {
      return seen.steps
        .slice(0, index + 1)
        .map(({ key }) => key)
        .join('.');
    }
  }
  return undefined;
}

function isNever({ never }: Field, value: unknown): boolean {
  return never.some((kind) =>
    kind === 'null' ? value === null : value !== null && String(value) === forgottenText[kind],
  );
}
